"""Changes to passkeys. That whoever asks has just proved themselves is seen to by the views."""

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from intranet.accounts import actions as accounts
from intranet.accounts.factors.models import Authenticator
from intranet.accounts.factors.queries import must_have
from intranet.accounts.models import Person
from intranet.accounts.passkeys import events
from intranet.accounts.passkeys.ceremony import NewPasskey
from intranet.accounts.passkeys.models import Passkey
from intranet.accounts.passkeys.queries import own_passkey, passkey_count
from intranet.accounts.policy import AccountPermission
from intranet.accounts.sessions import token_hash
from intranet.kernel import clock
from intranet.kernel.errors import Conflict, Invalid
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.viewer import Viewer

MOST = 20


def check_room(session: Session, person_id: int) -> None:
    """See that there may be one more.

    Raises:
        Invalid: there are twenty.
    """
    if passkey_count(session, person_id) >= MOST:
        raise Invalid({"name": _("Twenty passkeys are the most. Remove one first.")})


def add(session: Session, viewer: Viewer, person: Person, found: NewPasskey, name: str) -> Passkey:
    """Let this device sign them in.

    Raises:
        Refused: it is somebody else's account.
        Invalid: there are twenty, or the device's passkey is known already.
    """
    require(AccountPermission.EDIT_OWN, viewer, person)
    check_room(session, person.id)
    named = token_hash(found.credential)
    if session.scalar(select(Passkey.id).where(Passkey.credential_hash == named)) is not None:
        raise Invalid({"name": _("This passkey is here already.")})
    row = Passkey(
        person_id=person.id,
        credential_hash=named,
        credential_key=found.credential,
        public_key=found.public_key,
        name=name,
        sign_count=found.sign_count,
        is_synced=found.is_synced,
    )
    session.add(row)
    session.flush()
    record(session, events.PasskeyAdded(person.id, viewer.id, row.id))
    return row


def rename(session: Session, viewer: Viewer, passkey_id: int, name: str) -> None:
    """Call one's own passkey something else.

    Raises:
        NotFound: it is not theirs.
    """
    row = own_passkey(session, viewer.member_id, passkey_id)
    row.name = name
    record(session, events.PasskeyRenamed(row.person_id, viewer.id, row.id))


def remove(session: Session, viewer: Viewer, passkey_id: int, *, spare: int | None) -> None:
    """Have one's own passkey sign nobody in any more; every session but ``spare`` ends.

    Raises:
        NotFound: it is not theirs.
        Conflict: a second factor is asked for here, and this is the last.
    """
    row = own_passkey(session, viewer.member_id, passkey_id)
    person = session.get_one(Person, row.person_id)
    is_last = passkey_count(session, person.id) == 1 and session.get(Authenticator, person.id) is None
    if is_last and must_have(session, person):
        raise Conflict("a second factor is asked for here")
    session.delete(row)
    accounts.end_sessions(session, viewer, person.id, spare=spare)
    record(session, events.PasskeyRemoved(person.id, viewer.id, passkey_id))


def note_use(session: Session, passkey_id: int, sign_count: int) -> bool:
    """Keep the device's counter; False where another answer brought it as far meanwhile."""
    further = Passkey.sign_count < sign_count if sign_count else Passkey.sign_count == 0
    moved = session.execute(
        update(Passkey)
        .where(Passkey.id == passkey_id, further)
        .values(sign_count=sign_count, used_at=clock.now())
        .returning(Passkey.id)
    ).first()
    return moved is not None
