"""Changes to second factors. That whoever asks has just proved themselves is seen to by the views."""

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from intranet.accounts import actions as accounts
from intranet.accounts.factors import codes, events, queries, sealing
from intranet.accounts.factors.keeping import forget_codes, forget_factors
from intranet.accounts.factors.models import Authenticator, RecoveryCode
from intranet.accounts.models import Person
from intranet.accounts.policy import AccountPermission
from intranet.kernel import clock
from intranet.kernel.errors import Conflict
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.viewer import Viewer


def turn_on(
    session: Session, viewer: Viewer, person: Person, secret: str, step: int, *, spare: int | None
) -> list[str]:
    """Ask for this authenticator from now on; ``step`` is of the code that proved it. Returns the recovery codes, which
    nobody can read again. Every session but ``spare`` ends, and an authenticator from before works no more."""
    held = session.get(Authenticator, person.id)
    sealed = sealing.seal(secret, purpose=queries.KEPT, person_id=person.id)
    if held is None:
        session.add(Authenticator(person_id=person.id, sealed_key=sealed, last_step=step))
    else:
        held.sealed_key, held.last_step, held.created_at = sealed, step, clock.now()
    accounts.end_sessions(session, viewer, person.id, spare=spare)
    record(session, events.FactorTurnedOn(person.id, person.id, held is not None))
    return _fresh_codes(session, person.id)


def turn_off(session: Session, viewer: Viewer, person: Person, *, spare: int | None) -> None:
    """Let the password alone suffice again.

    Raises:
        Refused: it is somebody else's.
        Conflict: the place asks them for one.
    """
    require(AccountPermission.EDIT_OWN, viewer, person)
    if not queries.may_turn_off(session, person):
        raise Conflict("a second factor is asked for here")
    forget_codes(session, person.id)
    accounts.end_sessions(session, viewer, person.id, spare=spare)
    record(session, events.FactorTurnedOff(person.id, viewer.id))


def reset(session: Session, viewer: Viewer, person: Person) -> None:
    """Take away every second factor of somebody who lost it; they are signed out everywhere.

    Raises:
        Refused: the viewer is no admin.
    """
    require(AccountPermission.ADMINISTER, viewer, person)
    forget_factors(session, person.id)
    accounts.end_sessions(session, viewer, person.id)
    record(session, events.FactorsReset(person.id, viewer.id))


def make_codes(session: Session, viewer: Viewer, person: Person) -> list[str]:
    """Ten new recovery codes, to be read this once; the older ones work no more.

    Raises:
        Refused: it is somebody else's.
        Conflict: there is no authenticator that they could stand in for.
    """
    require(AccountPermission.EDIT_OWN, viewer, person)
    if session.get(Authenticator, person.id) is None:
        raise Conflict("no second factor")
    record(session, events.RecoveryCodesMade(person.id, viewer.id))
    return _fresh_codes(session, person.id)


def _fresh_codes(session: Session, person_id: int) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    made = codes.new_recovery_codes()
    session.add_all(RecoveryCode(person_id=person_id, code_hash=codes.recovery_hash(code)) for code in made)
    return made


def spend_step(session: Session, person_id: int, step: int) -> bool:
    """Take the code of one half minute; False where it, or a later one, was taken meanwhile."""
    taken = session.execute(
        update(Authenticator)
        .where(Authenticator.person_id == person_id, Authenticator.last_step < step)
        .values(last_step=step)
        .returning(Authenticator.person_id)
    ).first()
    return taken is not None


def spend_code(session: Session, person_id: int, code_id: int) -> bool:
    """Take a recovery code; False where it was taken meanwhile."""
    taken = session.execute(
        update(RecoveryCode)
        .where(RecoveryCode.id == code_id, RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
        .values(used_at=clock.now())
        .returning(RecoveryCode.id)
    ).first()
    if taken is None:
        return False
    record(session, events.RecoveryCodeUsed(person_id, person_id, queries.codes_left(session, person_id)))
    return True
