"""Announcing, acknowledging, and the one reminder."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.groups.models import GroupRole
from intranet.groups.queries import keeps_a_group, roles_in
from intranet.kernel import audience, clock, jobs
from intranet.kernel.errors import Invalid, NotFound, Refused
from intranet.kernel.outbox import record
from intranet.kernel.policy import allows, require
from intranet.kernel.viewer import Viewer
from intranet.people.naming import colleagues, split_names
from intranet.posts.announcements.models import USUAL, Acknowledgement, Announcement
from intranet.posts.events import AnnouncementAcknowledged, AnnouncementReminded
from intranet.posts.finding import find_post
from intranet.posts.models import Post
from intranet.posts.policy import PostPermission

_LONGEST = timedelta(days=366)
_SOON = timedelta(minutes=30)
REMIND = "posts.remind_of_announcement"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementDraft:
    """When it stops standing out (after two weeks where nothing is said), whether readers are asked to acknowledge it,
    when those who did not are reminded, and who answers for it (by name; the author where nobody is named). What
    ``is_urgent`` asks, and reminds after half an hour where nothing else is said."""

    ends_at: datetime | None = None
    asks: bool = False
    is_urgent: bool = False
    remind_at: datetime | None = None
    owner: str = ""


def require_announcing(session: Session, viewer: Viewer, audience_id: int) -> None:
    """Only communicators speak to everyone, and to a group also those who own it.

    Raises:
        Invalid: the viewer may announce, but not to this audience.
        Refused: the viewer may not announce at all.
    """
    keeps = roles_in(session, viewer, [audience_id]).get(audience_id) is GroupRole.OWNER if viewer.id else False
    if not allows(PostPermission.ANNOUNCE, viewer, keeps) and keeps_a_group(session, viewer):
        raise Invalid({"audience": str(_("Announce to a group that you own; to everyone, communicators do."))})
    require(PostPermission.ANNOUNCE, viewer, keeps)


def add_announcement(session: Session, viewer: Viewer, post: Post, draft: AnnouncementDraft) -> None:
    """Give the terms to a post that is being published. Whoever announces has taken note already.

    Raises:
        Refused: it is urgent, and the viewer may not interrupt everybody.
        Invalid: it ends in the past or after a year, the reminder is not before its end, or the owner is nobody.
    """
    now = clock.now()
    ends_at = draft.ends_at or now + USUAL
    if ends_at <= now:
        raise Invalid({"ends_at": str(_("That time is over."))})
    if ends_at > now + _LONGEST:
        raise Invalid({"ends_at": str(_("That is more than a year away."))})
    if draft.remind_at is not None and not now < draft.remind_at < ends_at:
        raise Invalid({"remind_at": str(_("Remind before it ends."))})
    if draft.is_urgent:
        require(PostPermission.ANNOUNCE_URGENTLY, viewer)
    owner_id = _owner(session, post, draft.owner)
    asks, audience_id = draft.asks or draft.is_urgent, post.audience_id
    terms = {"owner_id": owner_id, "ends_at": ends_at, "asks": asks, "is_urgent": draft.is_urgent}
    session.add(Announcement(post_id=post.id, audience_id=audience_id, **terms))
    session.flush()
    if asks:
        session.add(Acknowledgement(post_id=post.id, person_id=post.author_id, audience_id=audience_id))
        remind_at = draft.remind_at or (now + _SOON if draft.is_urgent and now + _SOON < ends_at else None)
        if remind_at is not None:
            jobs.later(session, REMIND, {"post_id": post.id}, at=remind_at)


def _owner(session: Session, post: Post, named: str) -> int:
    names = split_names(named)
    if not names:
        return post.author_id
    (owner, *others) = colleagues(session, names, field="owner")
    if others:
        raise Invalid({"owner": str(_("One person answers for it."))})
    if not audience.readers_among(session, post.audience_id, [owner.id]):
        raise Invalid({"owner": str(_("%(names)s could not read it in this group.", names=owner.name))})
    return owner.id


def _asking(session: Session, post_id: int, *, for_update: bool = False) -> tuple[Post, Announcement]:
    """An announcement that asks for something still.

    Raises:
        NotFound: there is none for this viewer.
        Refused: it has ended.
    """
    post = find_post(session, post_id)
    announcement = session.get(Announcement, post_id, with_for_update=for_update or None)
    if announcement is None or not announcement.asks:
        raise NotFound
    if announcement.ends_at <= clock.now():
        raise Refused(str(_("This announcement has ended. Nothing is asked any more.")))
    return post, announcement


def acknowledge(session: Session, viewer: Viewer, post_id: int) -> None:
    """Say that one has taken note; once is enough, and repeating it changes nothing.

    Raises:
        NotFound: there is no such announcement for this viewer, or it asks for nothing.
        Refused: it has ended, or is for the members of a group that the viewer is not in.
    """
    require(PostPermission.REACT, viewer)
    post, _announcement = _asking(session, post_id)
    if post.audience_id not in audience.joined_ids(session, viewer.member_id):
        raise Refused(str(_("It is for the members of the group.")))
    if session.get(Acknowledgement, (post_id, viewer.member_id)) is not None:
        return
    session.add(Acknowledgement(post_id=post_id, person_id=viewer.member_id, audience_id=post.audience_id))
    record(session, AnnouncementAcknowledged(post_id, post.audience_id, viewer.member_id))


def remind(session: Session, viewer: Viewer, post_id: int) -> None:
    """Remind those who have not acknowledged, which can be done once.

    Raises:
        NotFound: there is no such announcement for this viewer, or it asks for nothing.
        Refused: it has ended, the reminder went out already, or the viewer does not answer for it.
    """
    _post, announcement = _asking(session, post_id, for_update=True)
    require(PostPermission.OVERSEE, viewer, announcement.owner_id)
    if not _remind_once(session, announcement):
        raise Refused(str(_("The reminder has gone out already. There is only one.")))


@jobs.job(REMIND)
def remind_in_time(session: Session, payload: dict[str, Any]) -> None:
    """The reminder at the moment that was chosen, unless somebody sent it before or there is nothing left to ask."""
    try:
        _post, announcement = _asking(session, int(payload["post_id"]), for_update=True)
    except (NotFound, Refused):
        return  # deleted or over
    _remind_once(session, announcement)


def _remind_once(session: Session, announcement: Announcement) -> bool:
    """The row is locked: whoever comes second finds the moment set."""
    if announcement.reminded_at is not None:
        return False
    announcement.reminded_at = clock.now()
    record(session, AnnouncementReminded(announcement.post_id, announcement.audience_id, announcement.owner_id))
    return True
