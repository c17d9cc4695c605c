"""Asking for a copy, and for deletion; and thinking better of it."""

import secrets

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.accounts.actions import get_person
from intranet.governance.mydata.events import CopyAsked, CopyFetched, ErasureAsked, ErasureWithdrawn
from intranet.governance.mydata.models import GRACE, CopyState, DataCopy, ErasureWish
from intranet.governance.mydata.queries import groups_in_the_way, is_last_admin, ready_copy
from intranet.kernel import clock
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.outbox import record
from intranet.kernel.viewer import Viewer


def ask_copy(session: Session, viewer: Viewer) -> DataCopy:
    """Have the worker make a copy of what is the viewer's; the one that is under way already will do."""
    waiting = select(DataCopy).where(DataCopy.person_id == viewer.member_id, DataCopy.state == CopyState.WAITING)
    found = session.scalar(waiting)
    if found is None:
        found = DataCopy(person_id=viewer.member_id, key=secrets.token_urlsafe(24))
        session.add(found)
        session.flush()
        record(session, CopyAsked(viewer.member_id, viewer.id))
    return found


def fetch_copy(session: Session, viewer: Viewer, copy_id: int) -> DataCopy:
    """The viewer's own copy; that it was taken away is on record.

    Raises:
        NotFound: it is somebody else's, not ready, or gone.
    """
    found = ready_copy(session, viewer.member_id, copy_id)
    record(session, CopyFetched(viewer.member_id, viewer.id))
    return found


def ask_erasure(session: Session, viewer: Viewer, *, takes_words: bool) -> ErasureWish:
    """Be deleted after some days, in which it can be undone. Callers have checked the password.

    Raises:
        Invalid: the viewer is the last admin, or alone owns groups that others are in.
    """
    person = get_person(session, viewer.member_id)
    if is_last_admin(session, person):
        raise Invalid({"erase": str(_("Somebody must run the place: name another admin first."))})
    if groups_in_the_way(session, person.id):
        raise Invalid({"erase": str(_("Your groups need another owner first."))})
    wish = session.get(ErasureWish, person.id)
    if wish is None:
        wish = ErasureWish(person_id=person.id, takes_words=takes_words, due_at=clock.now() + GRACE)
        session.add(wish)
    wish.takes_words = takes_words
    record(session, ErasureAsked(person.id, takes_words, viewer.id))
    return wish


def withdraw_erasure(session: Session, viewer: Viewer) -> None:
    """Stay.

    Raises:
        NotFound: nothing was asked.
    """
    wish = session.get(ErasureWish, viewer.member_id)
    if wish is None or wish.known_as is not None:
        raise NotFound
    session.delete(wish)
    record(session, ErasureWithdrawn(viewer.member_id, viewer.id))
