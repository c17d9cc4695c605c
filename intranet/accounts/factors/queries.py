"""Reads about second factors."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CompoundSelect, func, select, union_all
from sqlalchemy.orm import Session

from intranet.accounts.factors import codes, sealing
from intranet.accounts.factors.models import Authenticator, RecoveryCode
from intranet.accounts.models import Person
from intranet.accounts.passkeys.models import Passkey
from intranet.accounts.passkeys.queries import passkey_count
from intranet.accounts.queries import site_setting
from intranet.kernel import clock
from intranet.kernel.viewer import Role

KEPT = "authenticator"  # the purpose under which a secret is sealed
SETTING = "second_factor"  # the site setting that says who must have one


class Required(StrEnum):
    """Who must have a second factor."""

    NOBODY = "nobody"
    ADMINS = "admins"
    EVERYONE = "everyone"


class Owed(StrEnum):
    """What somebody still has to do after their password."""

    NOTHING = "nothing"
    PROOF = "proof"
    SET_UP = "set-up"


@dataclass(frozen=True, slots=True)
class Factors:
    """A person's second lock: since when there is an authenticator, None without one; recovery codes not yet used; how
    many passkeys there are."""

    since: datetime | None
    codes_left: int
    passkeys: int

    @property
    def is_on(self) -> bool:
        return self.since is not None


def factors_of(session: Session, person_id: int) -> Factors:
    """What a person has. Three statements."""
    held = session.get(Authenticator, person_id)
    return Factors(held.created_at if held else None, codes_left(session, person_id), passkey_count(session, person_id))


def codes_left(session: Session, person_id: int) -> int:
    """How many recovery codes still work."""
    unused = select(func.count()).select_from(RecoveryCode)
    unused = unused.where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return session.scalar(unused) or 0


def with_factor(session: Session, people: Collection[int]) -> frozenset[int]:
    """Those of these people who have an authenticator or a passkey. One statement."""
    return frozenset(session.scalars(secured(people))) if people else frozenset()


def secured(people: Collection[int] | None = None) -> CompoundSelect[int]:
    """Ids of those, or of all, who have an authenticator or a passkey."""
    found = [select(table.person_id) for table in (Authenticator, Passkey)]
    if people is not None:
        found = [one.where(one.selected_columns[0].in_(people)) for one in found]
    return union_all(*found)


def required(session: Session) -> Required:
    """What the place asks for."""
    return Required(site_setting(session, SETTING, Required.NOBODY))


def must_have(session: Session, person: Person) -> bool:
    """Whether the place asks this person for a second factor."""
    asked = required(session)
    return asked is Required.EVERYONE or (asked is Required.ADMINS and Role.ADMIN in person.roles)


def owed_by(session: Session, person: Person) -> Owed:
    """What stands between this person's password and their session."""
    if session.get(Authenticator, person.id) is not None:
        return Owed.PROOF
    if not must_have(session, person):
        return Owed.NOTHING
    return Owed.PROOF if passkey_count(session, person.id) else Owed.SET_UP


def may_turn_off(session: Session, person: Person) -> bool:
    """Whether this person may do without an authenticator: nobody asks for one, or a passkey takes its place."""
    return not must_have(session, person) or passkey_count(session, person.id) > 0


def step_of(session: Session, person_id: int, typed: str) -> int | None:
    """The half minute that a typed code is of; None where it is wrong, or was used.

    Raises:
        Unreadable: the secret was sealed with another secret key.
    """
    held = session.get(Authenticator, person_id)
    if held is None:
        return None
    secret = sealing.unseal(held.sealed_key, purpose=KEPT, person_id=person_id)
    return codes.matching_step(secret, typed, now=clock.now(), after=held.last_step)


def unreadable(session: Session) -> int:
    """How many authenticators were sealed with another secret key than the present one."""

    def opens(person_id: int, sealed_key: str) -> bool:
        try:
            sealing.unseal(sealed_key, purpose=KEPT, person_id=person_id)
        except sealing.Unreadable:
            return False
        return True

    sealed = session.execute(select(Authenticator.person_id, Authenticator.sealed_key))
    return sum(not opens(*row) for row in sealed)


def unused_code(session: Session, person_id: int, typed: str) -> int | None:
    """The id of the recovery code that was typed; None where it is wrong, or was used."""
    return session.scalar(
        select(RecoveryCode.id).where(
            RecoveryCode.person_id == person_id,
            RecoveryCode.code_hash == codes.recovery_hash(typed),
            RecoveryCode.used_at.is_(None),
        )
    )
