"""People to meet: who shares one's rare work and is not known yet, with the reason in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from babel.lists import format_list
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.expertise.meeting.lately import said_lately
from intranet.expertise.models import PutOff
from intranet.expertise.vocabulary import Topics, company_topics
from intranet.kernel import apart, clock, reach
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.people.cards import PersonCard, person_cards
from intranet.people.models import FollowKind, Profile
from intranet.people.queries import following_ids
from intranet.search import sources
from intranet.search.index import index_of
from intranet.search.sources import Shown
from intranet.topics.models import HiddenTopic, OptOut, Topic
from search_index.analysis import words
from search_index.relations import Meeting, MeetQuery, Shared

NOT_NOW = timedelta(days=180)
"""For so long somebody who was put off is not proposed again."""

MOST = 24
_REASONS = 3
_SPARE = 2  # asked for in vain: leavers, and those with whom a hidden topic is all that is shared


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that both write about, how often each does, and where to read on."""

    name: str
    url: str
    is_topic: bool
    mine: int
    theirs: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """Somebody to meet, and why: ``reasons`` is never empty."""

    person: PersonCard
    reasons: tuple[Reason, ...]

    @property
    def because(self) -> str:
        """The reasons in one sentence."""
        return _because([reason.name for reason in self.reasons])

    @property
    def because_html(self) -> Markup:
        """The same, each reason leading to where it can be read."""
        link = Markup('<a href="{}"><bdi>{}</bdi></a>')
        return Markup(_because([link.format(reason.url, reason.name) for reason in self.reasons]))  # noqa: S704 (each part is escaped)


def _because(names: Sequence[str]) -> str:
    listed = format_list(names, locale=get_locale())
    return str(_("You both write about %(topics)s", topics=listed))


@dataclass(frozen=True, slots=True)
class Found:
    """What the engine proposes."""

    meetings: tuple[Meeting, ...]
    topics: Topics
    most: int


def look_around(viewer: Viewer, *, most: int = MOST, at_a_glance: bool = False) -> Found:
    """Ask the engine whom somebody should meet. Call it outside any transaction.

    Left out are those whom they follow, their team (manager, reports, and who has the same manager), those put off,
    from whom they keep apart, and whoever does not want to be named for what they know. ``at_a_glance`` is content with
    what was said lately.
    """
    person_id = viewer.member_id
    with runtime().database.reading(viewer) as session:
        topics = company_topics(session)
        query = MeetQuery(
            person_id=person_id,
            audiences=reach.readable_ids(session, person_id),
            vocabulary=topics.vocabulary,
            without=frozenset(_known_already(session, person_id)),
            limit=most * _SPARE,
            reasons=_REASONS,
        )
    meetings = said_lately(query, _ask) if at_a_glance else _ask(query)
    return Found(meetings, topics, most)


def _ask(query: MeetQuery) -> tuple[Meeting, ...]:
    return index_of().ask(lambda engine: engine.meet(query))


def _known_already(session: Session, person_id: int) -> Iterator[int]:
    yield from following_ids(session, person_id, FollowKind.PERSON)
    manager = session.scalar(select(Profile.manager_id).where(Profile.person_id == person_id))
    team = or_(Profile.manager_id == person_id, Profile.manager_id == manager if manager else Profile.person_id == 0)
    yield from session.scalars(select(Profile.person_id).where(team))
    yield from [manager] if manager else []
    recent = PutOff.created_at > clock.now() - NOT_NOW
    yield from session.scalars(select(PutOff.other_id).where(PutOff.person_id == person_id, recent))
    yield from session.scalars(select(OptOut.person_id))
    yield from apart.unheard_ids(session, person_id)


def describe_proposals(session: Session, found: Found) -> list[Proposal]:
    """The same in words, without what the others have hidden or have made unreadable meanwhile."""
    people = [meeting.person_id for meeting in found.meetings]
    cards = person_cards(session, people)
    hidden = _hidden(session, people)
    shown = sources.show(session, {shared.document for meeting in found.meetings for shared in meeting.shared})
    names = _topics(session, found)
    gone = set(session.scalars(select(Person.id).where(Person.id.in_(people), Person.deactivated_at.is_not(None))))
    proposals = []
    for meeting in found.meetings:
        told = _told(meeting, found.topics.ids, names, hidden, shown)
        if told and meeting.person_id in cards and meeting.person_id not in gone:
            proposals.append(Proposal(cards[meeting.person_id], tuple(told)))
    return proposals[: found.most]


def _hidden(session: Session, people: Sequence[int]) -> set[tuple[int, int]]:
    rows = session.execute(select(HiddenTopic.person_id, HiddenTopic.topic_id).where(HiddenTopic.person_id.in_(people)))
    return {(row.person_id, row.topic_id) for row in rows}


def _topics(session: Session, found: Found) -> dict[int, Topic]:
    named = {shared.name for meeting in found.meetings for shared in meeting.shared if shared.is_topic}
    ids = [found.topics.ids[name] for name in named if name in found.topics.ids]
    return {topic.id: topic for topic in session.scalars(select(Topic).where(Topic.id.in_(ids)))}


def _told(
    meeting: Meeting,
    ids: Mapping[str, int],
    topics: Mapping[int, Topic],
    hidden: set[tuple[int, int]],
    shown: Mapping[str, Shown],
) -> list[Reason]:
    reasons: list[Reason] = []
    for shared in meeting.shared:
        if shared.document not in shown:
            continue
        if shared.is_topic:
            topic = topics.get(ids.get(shared.name, 0))
            if topic is not None and (meeting.person_id, topic.id) not in hidden:
                reasons.append(Reason(topic.name, f"/topics/{topic.slug}", True, shared.mine, shared.theirs))
        elif written := _as_written(shared, shown[shared.document]):
            reasons.append(Reason(written, shown[shared.document].url, False, shared.mine, shared.theirs))
    return reasons


def _as_written(shared: Shared, shown: Shown) -> str:
    """A word as it stands in the other's text: the engine knows only its stem."""
    return next((word.raw for word in words(shown.whole) if shared.name in word.terms), "")
