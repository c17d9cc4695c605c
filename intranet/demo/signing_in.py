"""Three people of the demo company with passwords that everybody may know."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from intranet.accounts.models import Credential, SiteSetting
from intranet.accounts.passkeys.models import Passkey
from intranet.accounts.passwords import hash_password
from intranet.accounts.sessions import token_hash
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


def secure(session: Session, people: Iterable[int]) -> None:
    """Two of three have a passkey, as in a company that was asked kindly; no device holds the other half."""
    for number, person_id in enumerate(sorted(people)):
        if number % 3:
            made = secrets.token_urlsafe(32)
            session.add(
                Passkey(
                    person_id=person_id,
                    credential_hash=token_hash(made),
                    credential_key=made,
                    public_key="",
                    name="Work laptop",
                    sign_count=0,
                    is_synced=bool(number % 2),
                )
            )


def open_doors(session: Session, people: Mapping[str, int], hashes: Mapping[str, str]) -> None:
    """The three get their passwords, others a passkey, and the place its name."""
    secure(session, (person_id for name, person_id in people.items() if name not in hashes))
    session.add_all(Credential(person_id=people[name], password_hash=hashed) for name, hashed in hashes.items())
    if session.get(SiteSetting, "name") is None:
        session.add(SiteSetting(name="name", value=NAME))
