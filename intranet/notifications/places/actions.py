"""Choosing how soon one hears of new posts from a place."""

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.groups.models import Group
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.policy import require
from intranet.kernel.viewer import Viewer
from intranet.notifications.models import Level
from intranet.notifications.places.models import PlaceKind, PlaceWish
from intranet.notifications.places.queries import MOST
from intranet.notifications.policy import NoticePermission
from intranet.topics.models import Topic

_TABLES: dict[PlaceKind, type[Group | Topic | Person]] = {
    PlaceKind.GROUP: Group,
    PlaceKind.TOPIC: Topic,
    PlaceKind.PERSON: Person,
}


def choose(session: Session, viewer: Viewer, kind: PlaceKind, target_id: int, level: Level | None) -> None:
    """Hear of what is new there so soon; None takes the choice back.

    Raises:
        NotFound: there is no such place for this viewer.
        Invalid: they have chosen for too many already.
    """
    require(NoticePermission.KEEP, viewer, viewer.member_id)
    held = session.get(PlaceWish, (viewer.member_id, kind, target_id))
    if level is None:
        if held is not None:
            session.delete(held)
        return
    table = _TABLES[kind]
    if session.scalar(select(table.id).where(table.id == target_id)) is None:
        raise NotFound
    if held is not None:
        held.level = level
        return
    mine = select(func.count()).select_from(PlaceWish).where(PlaceWish.person_id == viewer.member_id)
    if (session.scalar(mine) or 0) >= MOST:
        raise Invalid({"level": str(_("At most %(count)s choices.", count=MOST))})
    session.add(PlaceWish(person_id=viewer.member_id, kind=kind, target_id=target_id, level=level))
