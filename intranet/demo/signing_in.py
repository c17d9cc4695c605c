"""Three people of the demo company with passwords that everybody may know."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from intranet.accounts.models import Credential, SiteSetting
from intranet.accounts.passwords import hash_password
from intranet.demo.company import NAME


@dataclass(frozen=True, slots=True)
class SignIn:
    username: str
    password: str
    who: str


SIGN_INS = (
    SignIn("leila", "ebb-and-flow-7", "software engineer, Leeds (member)"),
    SignIn("samuel", "ebb-and-flow-8", "customer support, Leeds (member)"),
    SignIn("ingrid", "ebb-and-flow-9", "head of quality, Gdańsk (admin)"),
)


def hash_passwords() -> dict[str, str]:
    """Username -> hash. Slow on purpose: call it outside of any transaction."""
    return {sign_in.username: hash_password(sign_in.password) for sign_in in SIGN_INS}


def open_doors(session: Session, people: Mapping[str, int], hashes: Mapping[str, str]) -> None:
    """The three get their passwords, and the place its name."""
    session.add_all(Credential(person_id=people[name], password_hash=hashed) for name, hashed in hashes.items())
    if session.get(SiteSetting, "name") is None:
        session.add(SiteSetting(name="name", value=NAME))
