"""Experts in words: how sure, because of what, with which proofs, and what makes asking them possible.

Everything here is read with the viewer's own session after the engine has answered: a proof that this viewer may not
read, or that was deleted a moment ago, is left out.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intranet.expertise import wishes
from intranet.expertise.finding import Answer
from intranet.expertise.knowing.unasked import not_to_be_asked
from intranet.expertise.proofs import Proof, proofs_of
from intranet.kernel.text import slugify
from intranet.kernel.viewer import Viewer
from intranet.people.cards import PersonCard, person_cards
from intranet.people.hours import difference, local_clock
from intranet.people.models import Profile
from intranet.people.queries import languages_of
from intranet.search import sources
from intranet.search.sources import Shown
from intranet.topics.models import Endorsement, Skill, Topic
from intranet.topics.wishes import hidden_slugs
from search_index.engine import Expert, Signal
from search_index.ranking.confidence import LIKELY, VERY_LIKELY

_TAGS = 4


@dataclass(frozen=True, slots=True)
class Tag:
    """A topic of somebody, how many colleagues vouch for it, and whether the question is about it."""

    name: str
    slug: str
    count: int
    is_match: bool


@dataclass(frozen=True, slots=True)
class ExpertCard:
    """One person in an answer. ``shares`` are in percent of certain, on a root scale on which little can still be seen;
    ``counts`` are the documents behind each signal, ``last_active`` is None for whoever never wrote about it, and
    ``asked`` counts posts of theirs that only ask. Who is not ``is_askable`` does not want to be asked about it."""

    person: PersonCard
    score: float
    confidence: float
    word: str
    shares: dict[str, int]
    leading: Signal
    counts: dict[Signal, int]
    vouchers: int
    last_active: date | None
    proofs: tuple[Proof, ...]
    tags: tuple[Tag, ...]
    clock: str
    difference: str
    languages: tuple[str, ...]
    manager: PersonCard | None
    is_me: bool
    is_askable: bool
    asked: int = 0

    @property
    def is_very_likely(self) -> bool:
        """Whether there is hardly a doubt that they know it."""
        return self.confidence >= VERY_LIKELY

    @property
    def written(self) -> int:
        """How often they wrote about it themselves."""
        return self.counts[Signal.WROTE] + self.counts[Signal.ANSWERED]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What was read for a whole page of people at once."""

    cards: dict[int, PersonCard]
    languages: dict[int, list[str]]
    managers: dict[int, int]
    hidden: frozenset[tuple[int, str]]
    unasked: frozenset[int]
    tags: dict[int, list[Tag]]
    shown: dict[str, Shown]
    own_zone: str


def sureness(confidence: float) -> str:
    """A probability in words; what they mean was measured, see docs/expert-confidence.md."""
    if confidence >= VERY_LIKELY:
        return str(_("Very likely"))
    return str(_("Likely") if confidence >= LIKELY else _("Perhaps"))


def describe(session: Session, viewer: Viewer, answer: Answer) -> list[ExpertCard]:
    """The people of an answer, best first, in a fixed number of statements."""
    experts = answer.experts.items
    facts = _read(session, viewer, answer.asked.text, experts)
    words = answer.experts.words
    return [
        _card(expert, facts, words, viewer)
        for expert in experts
        if expert.person_id in facts.cards and not facts.cards[expert.person_id].has_left
    ]


def interested(session: Session, answer: Answer) -> list[PersonCard]:
    """Those who only ask about it: who would like to know the answer too."""
    cards = person_cards(session, answer.experts.interested)
    return [cards[person] for person in answer.experts.interested if person in cards and not cards[person].has_left]


def describe_topics(session: Session, viewer: Viewer, asked: Sequence[tuple[str, Expert]]) -> list[ExpertCard | None]:
    """One person on many questions, in as many statements as on one; None for whoever is not here any more."""
    facts = _read(session, viewer, "", [expert for _question, expert in asked])
    cards: list[ExpertCard | None] = []
    for question, expert in asked:
        person = facts.cards.get(expert.person_id)
        named = wishes.names_in(question)
        matching = [replace(tag, is_match=tag.slug in named) for tag in facts.tags.get(expert.person_id, ())]
        told = replace(facts, tags={expert.person_id: matching})
        cards.append(_card(expert, told, question.split(), viewer) if person and not person.has_left else None)
    return cards


def _read(session: Session, viewer: Viewer, question: str, experts: Sequence[Expert]) -> _Facts:
    people = [expert.person_id for expert in experts]
    managed = select(Profile.person_id, Profile.manager_id).where(
        Profile.person_id.in_(people), Profile.manager_id.is_not(None)
    )
    managers = {person: manager for person, manager in session.execute(managed) if manager is not None}
    shown = sources.show(session, [proof.id for expert in experts for proof in expert.evidence])
    authors = {document.by for document in shown.values()}
    hidden = hidden_slugs(session, [person for person in people if person != viewer.id])
    own_zone = session.scalar(select(Profile.timezone).where(Profile.person_id == viewer.id)) if viewer.id else ""
    return _Facts(
        cards=person_cards(session, {*people, *managers.values(), *authors}),
        languages=languages_of(session, people),
        managers=managers,
        hidden=hidden,
        unasked=not_to_be_asked(session, question, people),
        tags=_tags(session, question, people, hidden),
        shown=shown,
        own_zone=own_zone or "",
    )


def _tags(
    session: Session, question: str, people: Sequence[int], hidden: frozenset[tuple[int, str]]
) -> dict[int, list[Tag]]:
    """Claimed and endorsed topics that are not hidden: those in the question first, then the most vouched for."""
    named = wishes.names_in(question)
    vouched = (
        select(Endorsement.person_id, Endorsement.topic_id, func.count().label("count"))
        .where(Endorsement.person_id.in_(people))
        .group_by(Endorsement.person_id, Endorsement.topic_id)
    )
    counts = {(row.person_id, row.topic_id): int(row[2]) for row in session.execute(vouched)}
    claimed = select(Skill.person_id, Skill.topic_id).where(Skill.person_id.in_(people))
    for person, topic_id in session.execute(claimed):
        counts.setdefault((person, topic_id), 0)
    wanted = {topic_id for _person, topic_id in counts}
    topics = {topic.id: topic for topic in session.scalars(select(Topic).where(Topic.id.in_(wanted)))}
    found: dict[int, list[Tag]] = {}
    for (person, topic_id), number in counts.items():
        if (topic := topics.get(topic_id)) and (person, topic.slug) not in hidden:
            found.setdefault(person, []).append(Tag(topic.name, topic.slug, number, topic.slug in named))
    for tags in found.values():
        tags.sort(key=lambda tag: (not tag.is_match, -tag.count, tag.name))
    return found


def _card(expert: Expert, facts: _Facts, words: Sequence[str], viewer: Viewer) -> ExpertCard:
    person = facts.cards[expert.person_id]
    tags = facts.tags.get(person.id, [])
    known = {tag.slug for tag in tags}
    written = [
        Tag(name, slug, 0, True)
        for name in expert.topics
        if (slug := slugify(name)) not in known and (person.id, slug) not in facts.hidden
    ]
    confidence = float(expert.confidence)
    return ExpertCard(
        person=person,
        score=float(expert.score),
        confidence=confidence,
        word=sureness(confidence),
        shares={signal.value: round(expert.shares.get(signal, 0) * math.sqrt(confidence)) for signal in Signal},
        leading=max(Signal, key=lambda signal: expert.shares.get(signal, 0)),
        counts={signal: expert.counts.get(signal, 0) for signal in Signal},
        vouchers=max((tag.count for tag in tags if tag.is_match), default=0),
        last_active=expert.last_active,
        proofs=proofs_of(expert, words, shown=facts.shown, cards=facts.cards, hidden=facts.hidden),
        tags=tuple([*tags, *written][:_TAGS]),
        clock=local_clock(person.timezone),
        difference=difference(person.timezone, facts.own_zone),
        languages=tuple(facts.languages.get(person.id, ())),
        manager=facts.cards.get(facts.managers.get(person.id, 0)),
        is_me=person.id == viewer.id,
        is_askable=person.id not in facts.unasked,
        asked=expert.asked,
    )
