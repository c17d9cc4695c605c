"""Where somebody stands in their first minutes."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from intranet.accounts.queries import member_count
from intranet.kernel.policy import ADMIN, allows
from intranet.kernel.prepared import Prepared
from intranet.kernel.tables import BigId
from intranet.kernel.viewer import Viewer
from intranet.people.models import Follow, FollowKind
from intranet.topics.models import Skill, Topic
from intranet.welcome.models import Welcome

NEWCOMER = ("you", "topics", "people", "ask")
FOUNDER = ("company", "invite", "list")

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """``step`` is the one to go on with."""

    step: str
    is_over: bool


def standing_of(session: Session, viewer: Viewer) -> Standing:
    """The viewer's own. Whoever runs a place in which they are alone begins by filling it."""
    row = session.get(Welcome, viewer.member_id)
    step = row.step if row and row.step in {*NEWCOMER, *FOUNDER} else ""
    if not step:
        is_alone = allows(ADMIN, viewer) and member_count(session) <= 1
        step = FOUNDER[0] if is_alone else NEWCOMER[0]
    return Standing(step, is_over=row is not None and row.ended_at is not None)


_BEGUN = Prepared(
    select(Welcome.step).where(Welcome.person_id == bindparam("person", type_=BigId), Welcome.ended_at.is_(None))
)


def unfinished_step(session: Session, viewer: Viewer) -> str | None:
    """The step to go on with; None for who has ended, or was here before there was a beginning. One statement."""
    row = _BEGUN.first(session, {"person": viewer.member_id})
    return None if row is None else row.step or NEWCOMER[0]


@dataclass(frozen=True, slots=True)
class Said:
    """Names of the newest few topics that somebody helps with, and of those that they want to hear about."""

    helps: list[str]
    hears: list[str]


def said_so_far(session: Session, viewer: Viewer) -> Said:
    """What the viewer has said of themselves, for the card under which a colleague will find them."""
    claimed = select(Topic.name).join(Skill, Skill.topic_id == Topic.id).where(Skill.person_id == viewer.member_id)
    followed = (
        select(Topic.name)
        .join(Follow, Follow.target_id == Topic.id)
        .where(Follow.follower_id == viewer.member_id, Follow.kind == FollowKind.TOPIC)
    )
    return Said(
        list(session.scalars(claimed.order_by(Skill.created_at.desc(), Topic.id.desc()).limit(_SHOWN))),
        list(session.scalars(followed.order_by(Follow.created_at.desc(), Topic.id.desc()).limit(_SHOWN))),
    )
