"""The proofs that stand on a card: openable, of different threads and words where there are such, matches marked."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from markupsafe import Markup

from intranet.kernel.text import slugify
from intranet.people.cards import PersonCard
from intranet.search import sources
from intranet.search.marking import marked
from intranet.search.sources import Shown
from search_index.engine import Evidence, Expert, Kind, Signal

MOST = 3
LOOKED_AT = 6  # proofs asked of the engine: some are of one thread, which only their texts tell
_QUOTE = 150
_ALIKE = 0.6  # share of common words from which on two texts say the same
_WORD = re.compile(r"\w+")
_THREADED = frozenset({Kind.POST, Kind.COMMENT, Kind.ANSWER, Kind.ARTICLE})
_NAMING_A_TOPIC = frozenset({Kind.SKILL, Kind.ENDORSEMENT, Kind.PRAISE})
SIGNAL_NAMES = {
    Signal.ANSWERED: lazy_gettext("Answered"),
    Signal.WROTE: lazy_gettext("Wrote"),
    Signal.ENDORSED: lazy_gettext("Endorsed"),
    Signal.WORKED: lazy_gettext("Worked on"),
}


@dataclass(frozen=True, slots=True)
class Proof:
    """One openable piece of evidence; ``quote`` has the question's words marked, ``excerpt`` is the same plain."""

    kind: str
    key: str
    signal: Signal
    label: str
    url: str
    quote: Markup
    excerpt: str
    note: str
    shown: Shown


def proofs_of(
    expert: Expert,
    words: Sequence[str],
    *,
    shown: Mapping[str, Shown],
    cards: Mapping[int, PersonCard],
    hidden: Collection[tuple[int, str]],
) -> tuple[Proof, ...]:
    """The proofs of one person, loudest first. ``shown`` is what the viewer may read; ``hidden`` are people with topics
    that they do not want to be named for."""
    open_ones = [
        evidence
        for evidence in expert.evidence
        if evidence.id in shown and not _names_hidden(evidence, expert.person_id, shown, hidden)
    ]
    chosen = sorted(_different(open_ones, shown), key=lambda evidence: -evidence.vote)
    return tuple(_proof(evidence, shown[evidence.id], words, cards) for evidence in chosen)


def _names_hidden(
    evidence: Evidence, person: int, shown: Mapping[str, Shown], hidden: Collection[tuple[int, str]]
) -> bool:
    """A claim or a colleague's word names its topic; a post is its author's own to be read."""
    return evidence.kind in _NAMING_A_TOPIC and (person, slugify(shown[evidence.id].title)) in hidden


def _different(found: Sequence[Evidence], shown: Mapping[str, Shown]) -> list[Evidence]:
    """The first few that are of another thread and say something else than those before; then of the others."""
    chosen: list[Evidence] = []
    for evidence in found:
        if len(chosen) < MOST and not any(_alike(evidence, other, shown) for other in chosen):
            chosen.append(evidence)
    rest = [evidence for evidence in found if evidence not in chosen]
    return chosen + rest[: MOST - len(chosen)]


def _alike(one: Evidence, other: Evidence, shown: Mapping[str, Shown]) -> bool:
    left, right = shown[one.id], shown[other.id]
    if one.kind in _THREADED and other.kind in _THREADED and _thread(left) == _thread(right):
        return True
    words, others = (set(_WORD.findall(said.whole.lower())) for said in (left, right))
    return len(words & others) > _ALIKE * len(words | others) and one.kind == other.kind


def _thread(shown: Shown) -> str:
    return shown.url.partition("#")[0]


def _proof(evidence: Evidence, shown: Shown, words: Sequence[str], cards: Mapping[int, PersonCard]) -> Proof:
    author = cards.get(shown.by)
    text, note = shown.whole, ""
    if evidence.kind == Kind.ENDORSEMENT:
        text = shown.text
        note = _("by %(name)s, for %(topic)s", name=author.name if author else "?", topic=shown.title)
    elif evidence.kind == Kind.PRAISE:
        text = shown.text
        note = _("praised by %(name)s, for %(topic)s", name=author.name if author else "?", topic=shown.title)
    elif evidence.kind == Kind.SKILL:
        note = _("says so")
    elif evidence.kind in {Kind.POST, Kind.COMMENT, Kind.SAID} and evidence.signal is Signal.WORKED and author:
        note = _("named by %(name)s", name=author.name)
    elif evidence.kind == Kind.SAID:
        note = _("said in a room")
    quote = marked(text, words, most=_QUOTE)
    return Proof(
        kind=evidence.kind,
        key=sources.key_of(evidence.id),
        signal=evidence.signal,
        label=str(SIGNAL_NAMES[evidence.signal]),
        url=shown.url,
        quote=quote,
        excerpt=quote.striptags(),
        note=note,
        shown=shown,
    )
