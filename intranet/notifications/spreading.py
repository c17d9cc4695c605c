"""An announcement and its one reminder reach thousands: the ledger grows by parts, so that no transaction lasts.

Every part is a job that leaves the next one behind in its own transaction; a crash repeats one part, which adds
nothing twice. Open windows hear of the announcement itself and then ask for their counts.
"""

from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.kernel import audience, clock, jobs
from intranet.kernel.ids import new_id
from intranet.notifications.levels import levels_of
from intranet.notifications.mailing import mail_unless_seen
from intranet.notifications.models import Level, Notice, Source
from intranet.notifications.push.sending import push_unless_seen
from intranet.posts.announcements.models import Acknowledgement, Announcement
from intranet.posts.models import Post

SPREAD = "notifications.spread"
_PART = 500


@jobs.job(SPREAD)
def spread(session: Session, payload: dict[str, Any]) -> None:
    """Tell the next few hundred people of an announcement, or remind them of it."""
    post, after = session.get(Post, int(payload["post_id"])), int(payload.get("after", 0))
    if post is None or post.deleted_at is not None:
        return
    matter = _reminder(post) if payload.get("is_reminder") else _news(post)
    people = _next_people(session, post, after)
    told = set(session.scalars(select(Notice.person_id).where(Notice.about == matter["about"])))
    told |= set(session.scalars(select(Acknowledgement.person_id).where(Acknowledgement.post_id == post.id)))
    levels = _levels(session, post, matter["source"], set(people) - told - {post.author_id})
    rows = [
        {**matter, **_row(post, person_id, level, int(payload["event_id"]))}
        for person_id, level in levels.items()
        if level is not Level.NEVER
    ]
    if rows:
        session.execute(insert(Notice), rows)
        at_once = [one for one, level in levels.items() if level is Level.NOW]
        mail_unless_seen(session, at_once, clock.now())
        push_unless_seen(session, at_once, clock.now())
    if len(people) == _PART:
        jobs.later(session, SPREAD, {**payload, "after": people[-1]})


def _levels(session: Session, post: Post, source: Source, people: set[int]) -> dict[int, Level]:
    """What is to be acknowledged reaches everybody: who wants no announcements gets it with what can wait, and what is
    urgent comes at once. Quiet hours hold all the same, outside of the pages that are open."""
    wished, terms = levels_of(session, source, people), session.get(Announcement, post.id)
    if terms is None or not terms.asks:
        return wished
    if terms.is_urgent:
        return dict.fromkeys(wished, Level.NOW)
    return {one: Level.TODAY if level is Level.NEVER else level for one, level in wished.items()}


def _next_people(session: Session, post: Post, after: int) -> list[int]:
    found = select(Person.id).where(Person.id > after, Person.deactivated_at.is_(None))
    if post.audience_id != audience.EVERYONE:
        inside = select(audience.Membership.person_id).where(audience.Membership.audience_id == post.audience_id)
        found = found.where(Person.id.in_(inside))
    return list(session.scalars(found.order_by(Person.id).limit(_PART)))


def _news(post: Post) -> dict[str, Any]:
    thread = f"announcement:{post.id}"
    about = f"item:{post.id}"
    return {"about": about, "thread": thread, "source": Source.ANNOUNCEMENT, "created_at": post.created_at}


def _reminder(post: Post) -> dict[str, Any]:
    about = f"reminder:{post.id}"
    return {"about": about, "thread": about, "source": Source.REMINDER, "created_at": clock.now()}


def _row(post: Post, person_id: int, level: Level, event_id: int) -> dict[str, Any]:
    return {
        "id": new_id(),
        "person_id": person_id,
        "event_id": event_id,
        "level": level,
        "actor_id": post.author_id,
        "post_id": post.id,
        "item_id": post.id,
        "audience_id": post.audience_id,
    }
