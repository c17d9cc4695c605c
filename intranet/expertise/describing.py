"""Experts in words: how sure, because of what, with which proofs, and what makes asking them possible.

Everything here is read with the viewer's own session after the engine has answered: a proof that this viewer may not
read, or that was deleted a moment ago, is left out.
"""

import math
from collections.abc import Iterable, Sequence
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
from intranet.kernel.together import listing
from intranet.kernel.viewer import Viewer
from intranet.people.cards import PersonCard, person_cards
from intranet.people.hours import difference, local_clock
from intranet.people.models import Profile
from intranet.people.queries import languages_of
from intranet.search import sources
from intranet.search.sources import Shown
from intranet.topics.models import Endorsement, Skill, Topic
from intranet.topics.wishes import hidden_slugs
from search_index.expertise import Expert, Signal
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
class Knower:
    """One person in an answer, and why. Who is not ``is_askable`` does not want to be asked about it."""

    person: PersonCard
    score: float
    confidence: float
    proofs: tuple[Proof, ...]
    is_askable: bool

    @property
    def word(self) -> str:
        """The confidence in words."""
        return sureness(self.confidence)

    @property
    def is_very_likely(self) -> bool:
        """Whether there is hardly a doubt that they know it."""
        return self.confidence >= VERY_LIKELY


@dataclass(frozen=True, slots=True)
class ExpertCard(Knower):
    """The same as a card shows them. ``shares`` are in percent of certain, on a root scale on which little can still be
    seen; ``counts`` are the documents behind each signal, ``last_active`` is None for whoever never wrote about it, and
    ``asked`` counts posts of theirs that only ask."""

    shares: dict[str, int]
    leading: Signal
    counts: dict[Signal, int]
    vouchers: int
    last_active: date | None
    tags: tuple[Tag, ...]
    clock: str
    difference: str
    languages: tuple[str, ...]
    manager: PersonCard | None
    is_me: bool
    asked: int = 0

    @property
    def written(self) -> int:
        """How often they wrote about it themselves."""
        return self.counts[Signal.WROTE] + self.counts[Signal.ANSWERED]


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read for all people of an answer at once, and of those beside them."""

    cards: dict[int, PersonCard]
    hidden: frozenset[tuple[int, str]]
    unasked: frozenset[int]
    shown: dict[str, Shown]


@dataclass(frozen=True, slots=True)
class _Facts:
    """The same, with what only cards show."""

    known: _Known
    languages: dict[int, list[str]]
    managers: dict[int, int]
    tags: dict[int, list[Tag]]
    own_zone: str


def sureness(confidence: float) -> str:
    """A probability in words; what they mean was measured, see docs/expert-confidence.md."""
    if confidence >= VERY_LIKELY:
        return str(_("Very likely"))
    return str(_("Likely") if confidence >= LIKELY else _("Perhaps"))


def who_knows(session: Session, viewer: Viewer, answer: Answer) -> list[Knower]:
    """The people of an answer, best first, in a fixed number of statements."""
    experts = answer.experts.items
    known = _read(session, viewer, answer.asked.text, experts)
    words = answer.experts.words
    return [_knower(expert, known, words) for expert in experts if _is_here(known, expert)]


def describe(session: Session, viewer: Viewer, answer: Answer) -> list[ExpertCard]:
    """The same as cards."""
    experts = answer.experts.items
    facts = _read_facts(session, viewer, answer.asked.text, experts)
    words = answer.experts.words
    return [_card(expert, facts, words, viewer) for expert in experts if _is_here(facts.known, expert)]


def interested(session: Session, answer: Answer) -> list[PersonCard]:
    """Those who only ask about it: who would like to know the answer too."""
    cards = person_cards(session, answer.experts.interested)
    return [cards[person] for person in answer.experts.interested if person in cards and not cards[person].has_left]


def describe_topics(session: Session, viewer: Viewer, asked: Sequence[tuple[str, Expert]]) -> list[ExpertCard | None]:
    """One person on many questions, in as many statements as on one; None for whoever is not here any more."""
    facts = _read_facts(session, viewer, "", [expert for _question, expert in asked])
    cards: list[ExpertCard | None] = []
    for question, expert in asked:
        named = wishes.names_in(question)
        matching = [replace(tag, is_match=tag.slug in named) for tag in facts.tags.get(expert.person_id, ())]
        told = replace(facts, tags={expert.person_id: matching})
        is_here = _is_here(facts.known, expert)
        cards.append(_card(expert, told, question.split(), viewer) if is_here else None)
    return cards


def _is_here(known: _Known, expert: Expert) -> bool:
    return expert.person_id in known.cards and not known.cards[expert.person_id].has_left


def _read(
    session: Session, viewer: Viewer, question: str, experts: Sequence[Expert], *, beside: Iterable[int] = ()
) -> _Known:
    """``beside`` are more people whose cards are wanted."""
    people = [expert.person_id for expert in experts]
    shown = sources.show(session, [proof.id for expert in experts for proof in expert.evidence])
    return _Known(
        cards=person_cards(session, {*people, *beside, *(document.by for document in shown.values())}),
        hidden=hidden_slugs(session, [person for person in people if person != viewer.id]),
        unasked=not_to_be_asked(session, question, people),
        shown=shown,
    )


def _read_facts(session: Session, viewer: Viewer, question: str, experts: Sequence[Expert]) -> _Facts:
    people = [expert.person_id for expert in experts]
    managers = {row.person_id: row.manager_id for row in _MANAGERS(session, people=people)}
    own_zone = session.scalar(select(Profile.timezone).where(Profile.person_id == viewer.id)) if viewer.id else ""
    known = _read(session, viewer, question, experts, beside=managers.values())
    return _Facts(
        known=known,
        languages=languages_of(session, people),
        managers=managers,
        tags=_tags(session, question, people, known.hidden),
        own_zone=own_zone or "",
    )


_MANAGERS = listing(
    lambda among: select(Profile.person_id, Profile.manager_id).where(
        Profile.person_id.in_(among("people")), Profile.manager_id.is_not(None)
    )
)
_VOUCHED = listing(
    lambda among: (
        select(Endorsement.person_id, Endorsement.topic_id, func.count().label("number"))
        .where(Endorsement.person_id.in_(among("people")))
        .group_by(Endorsement.person_id, Endorsement.topic_id)
    )
)
_CLAIMED = listing(lambda among: select(Skill.person_id, Skill.topic_id).where(Skill.person_id.in_(among("people"))))
_TOPICS = listing(lambda among: select(Topic.id, Topic.name, Topic.slug).where(Topic.id.in_(among("ids"))))


def _tags(
    session: Session, question: str, people: Sequence[int], hidden: frozenset[tuple[int, str]]
) -> dict[int, list[Tag]]:
    """Claimed and endorsed topics that are not hidden: those in the question first, then the most vouched for."""
    named = wishes.names_in(question)
    counts = {(row.person_id, row.topic_id): row.number for row in _VOUCHED(session, people=people)}
    for row in _CLAIMED(session, people=people):
        counts.setdefault((row.person_id, row.topic_id), 0)
    topics = {topic.id: topic for topic in _TOPICS(session, ids={topic_id for _person, topic_id in counts})}
    found: dict[int, list[Tag]] = {}
    for (person, topic_id), number in counts.items():
        if (topic := topics.get(topic_id)) and (person, topic.slug) not in hidden:
            found.setdefault(person, []).append(Tag(topic.name, topic.slug, number, topic.slug in named))
    for tags in found.values():
        tags.sort(key=lambda tag: (not tag.is_match, -tag.count, tag.name))
    return found


def _knower(expert: Expert, known: _Known, words: Sequence[str]) -> Knower:
    return Knower(
        person=known.cards[expert.person_id],
        score=float(expert.score),
        confidence=float(expert.confidence),
        proofs=proofs_of(expert, words, shown=known.shown, cards=known.cards, hidden=known.hidden),
        is_askable=expert.person_id not in known.unasked,
    )


def _card(expert: Expert, facts: _Facts, words: Sequence[str], viewer: Viewer) -> ExpertCard:
    knower = _knower(expert, facts.known, words)
    person, confidence = knower.person, knower.confidence
    tags = facts.tags.get(person.id, [])
    known = {tag.slug for tag in tags}
    written = [
        Tag(name, slug, 0, True)
        for name in expert.topics
        if (slug := slugify(name)) not in known and (person.id, slug) not in facts.known.hidden
    ]
    return ExpertCard(
        person=person,
        score=knower.score,
        confidence=confidence,
        proofs=knower.proofs,
        is_askable=knower.is_askable,
        shares={signal.value: round(expert.shares.get(signal, 0) * math.sqrt(confidence)) for signal in Signal},
        leading=max(Signal, key=lambda signal: expert.shares.get(signal, 0)),
        counts={signal: expert.counts.get(signal, 0) for signal in Signal},
        vouchers=max((tag.count for tag in tags if tag.is_match), default=0),
        last_active=expert.last_active,
        tags=tuple([*tags, *written][:_TAGS]),
        clock=local_clock(person.timezone),
        difference=difference(person.timezone, facts.own_zone),
        languages=tuple(facts.languages.get(person.id, ())),
        manager=facts.known.cards.get(facts.managers.get(person.id, 0)),
        is_me=person.id == viewer.id,
        asked=expert.asked,
    )
