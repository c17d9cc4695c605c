"""Reads of posts for later."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.groups.queries import GroupCard, group_cards
from intranet.kernel import audience
from intranet.kernel.viewer import Viewer
from intranet.people.hours import zone_of
from intranet.people.models import Profile
from intranet.posts.forms import PostForm
from intranet.posts.models import PostKind
from intranet.posts.scheduled.actions import find_mine
from intranet.posts.scheduled.models import MOST_WAITING, ScheduledPost


@dataclass(frozen=True, slots=True)
class ScheduledCard:
    """A post for later as its author sees it. ``group`` is None for everyone, and for a group that is out of sight."""

    id: int
    title: str
    text: str
    kind: PostKind
    files: int
    goes_at: datetime
    reason: str
    is_for_everyone: bool
    group: GroupCard | None
    zone: ZoneInfo

    @property
    def local(self) -> datetime:
        """When it goes out, by the author's own clock."""
        return self.goes_at.astimezone(self.zone)


def scheduled_cards(session: Session, viewer: Viewer) -> list[ScheduledCard]:
    """The viewer's posts for later, the next first; those that came back before them."""
    mine = select(ScheduledPost).where(ScheduledPost.author_id == viewer.member_id)
    rows = list(session.scalars(mine.order_by(ScheduledPost.goes_at, ScheduledPost.id).limit(MOST_WAITING)))
    groups = group_cards(session, {row.audience_id for row in rows} - {audience.EVERYONE})
    zone = own_zone(session, viewer)
    return sorted((_card(row, groups, zone) for row in rows), key=lambda card: not card.reason)


def scheduled_card(session: Session, viewer: Viewer, scheduled_id: int) -> ScheduledCard:
    """One of them.

    Raises:
        NotFound: there is none.
    """
    row = find_mine(session, viewer, scheduled_id, for_update=False)
    return _card(row, group_cards(session, {row.audience_id} - {audience.EVERYONE}), own_zone(session, viewer))


def _card(row: ScheduledPost, groups: Mapping[int, GroupCard], zone: ZoneInfo) -> ScheduledCard:
    form = PostForm.parse(row.fields)
    is_for_everyone = row.audience_id == audience.EVERYONE
    group = groups.get(row.audience_id)
    files = len(form.files)
    return ScheduledCard(
        row.id, form.title, form.text, form.kind, files, row.goes_at, row.reason, is_for_everyone, group, zone
    )


def own_zone(session: Session, viewer: Viewer, named: str = "") -> ZoneInfo:
    """Whose clock a moment is given by: the zone that the browser names, or the profile's, or that of the server."""
    found = zone_of(named)
    if found is None:
        profile = session.get(Profile, viewer.member_id)
        found = zone_of(profile.timezone) if profile else None
    return found or ZoneInfo("UTC")


def moment_in(text: str, zone: ZoneInfo) -> datetime | None:
    """``2026-11-23T08:00`` on that zone's clocks; None where it is no such moment."""
    try:
        local = datetime.fromisoformat(text)
        return (local if local.tzinfo else local.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
