"""What the rules look at: who may read a question, who is willing, at work, and how much went to them already."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median_low
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.expertise.knowing.unasked import not_to_be_asked
from intranet.kernel import apart, audience, clock, reach
from intranet.people.hours import zone_of
from intranet.people.models import Profile
from intranet.posts.models import Post, PostTopic
from intranet.questions.routing.choosing import PER_WEEK, Candidate
from intranet.questions.routing.hours import Week, week_from
from intranet.questions.routing.models import AskedPerson, AskingHours, Doing, Why
from intranet.questions.routing.quiet import quiet_times
from intranet.topics.models import UnaskedTopic

_LOOKED_BACK = timedelta(days=90)
_STILL_WAITS = timedelta(days=7)
_MOST_READ = 5_000
_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Known:
    """Why somebody could be asked."""

    person_id: int
    why: Why
    confidence: float = 1.0
    topic: str = ""
    by_id: int | None = None


@dataclass(slots=True)
class _Past:
    """What went to one person before."""

    asked_at: list[datetime] = field(default_factory=list)
    waiting: int = 0
    took: list[timedelta] = field(default_factory=list)

    @property
    def usual_reply(self) -> timedelta | None:
        return median_low(self.took) if self.took else None


def words_of(post: Post) -> str:
    """What a question asks, for the finder."""
    return f"{post.title}\n{post.text}".strip()


def candidates(session: Session, post: Post, asker_id: int, known: Sequence[Known]) -> list[Candidate]:
    """These people as the rules see them, leavers and the asker left out; a fixed number of statements."""
    people = {one.person_id for one in known} - {asker_id}
    here = select(Person.id, Profile.timezone, Profile.focusing_until)
    here = here.outerjoin(Profile, Profile.person_id == Person.id)
    rows = session.execute(here.where(Person.id.in_(people), Person.deactivated_at.is_(None))).all()
    found = {row.id: row for row in rows}
    readers = set(audience.readers_among(session, post.audience_id, found))
    unwilling = _unwilling(session, post, asker_id, found)
    hours = {row.person_id: row for row in session.scalars(select(AskingHours).where(AskingHours.person_id.in_(found)))}
    rests, past = quiet_times(session, found), _past_of(session, found)
    return [
        _candidate(one, found[one.person_id], hours.get(one.person_id), past.get(one.person_id, _Past()), rests)
        for one in _once(known)
        if one.person_id in found and one.person_id in readers and one.person_id not in unwilling
    ]


def _once(known: Iterable[Known]) -> list[Known]:
    first: dict[int, Known] = {}
    for one in known:
        first.setdefault(one.person_id, one)
    return list(first.values())


def _candidate(one: Known, row: Any, hours: AskingHours | None, past: _Past, rests: Any) -> Candidate:
    now = clock.now()
    week = week_of(hours, row.timezone)
    until = [end for end in (row.focusing_until, hours.away_until if hours else None) if end is not None and end > now]
    return Candidate(
        person_id=one.person_id,
        confidence=one.confidence,
        week=week,
        cap=PER_WEEK if hours is None else hours.per_week,
        asked=sum(1 for moment in past.asked_at if moment >= week.monday(now)),
        waiting=past.waiting,
        rests=rests.get(one.person_id),
        away_until=max(until, default=None),
        usual_reply=past.usual_reply,
    )


def week_of(hours: AskingHours | None, timezone: str | None) -> Week:
    """Somebody's working week on the clock of their profile."""
    return week_from(hours.week if hours else None, zone_of(timezone or "") or _UTC)


def _unwilling(session: Session, post: Post, asker_id: int, people: Collection[int]) -> set[int]:
    """Those who do not want to be asked about a topic of it, and those who keep apart from whoever asks."""
    topics = select(PostTopic.topic_id).where(PostTopic.item_id == post.id)
    said = select(UnaskedTopic.person_id).where(UnaskedTopic.topic_id.in_(topics), UnaskedTopic.person_id.in_(people))
    far = reach.blocked_ids(session, asker_id) | apart.deaf_to(session, asker_id)
    return {*session.scalars(said), *not_to_be_asked(session, words_of(post), people), *far}


def _past_of(session: Session, people: Collection[int]) -> dict[int, _Past]:
    since, waits = clock.now() - _LOOKED_BACK, clock.now() - _STILL_WAITS
    asked = select(
        AskedPerson.person_id, AskedPerson.asked_at, AskedPerson.answered_at, AskedPerson.doing, AskedPerson.why
    ).where(AskedPerson.person_id.in_(people), AskedPerson.asked_at > since)
    found: dict[int, _Past] = {}
    for row in session.execute(asked.order_by(AskedPerson.asked_at.desc()).limit(_MOST_READ)):
        past = found.setdefault(row.person_id, _Past())
        past.asked_at.append(row.asked_at)
        if row.answered_at is not None:
            past.took.append(row.answered_at - row.asked_at)
        elif row.doing in {Doing.ASKED, Doing.SEEN, Doing.LATER} and row.asked_at > waits:
            past.waiting += 1
    return found
