"""The proofs that stand on a card: openable, of different threads and words where there are such, matches marked."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from markupsafe import Markup

from intranet.kernel.text import slugify
from intranet.people.cards import PersonCard
from intranet.search import sources
from intranet.search.marking import marked, passage
from intranet.search.sources import Shown
from search_index.documents import Kind
from search_index.expertise import Evidence, Expert, Signal

MOST = 3
LOOKED_AT = 6  # proofs asked of the engine: some are of one thread, which only their texts tell
_QUOTE = 150
_ALIKE = 0.6  # share of common words from which on two texts say the same
_WORD = re.compile(r"\w+")
_THREADED = frozenset({Kind.POST, Kind.COMMENT, Kind.ANSWER, Kind.ARTICLE})
_NAMING_A_TOPIC = frozenset({Kind.SKILL, Kind.ENDORSEMENT, Kind.PRAISE})
_IN_ONES_WORDS = frozenset({Kind.ENDORSEMENT, Kind.PRAISE})
SIGNAL_NAMES = {
    Signal.ANSWERED: lazy_gettext("Answered"),
    Signal.WROTE: lazy_gettext("Wrote"),
    Signal.ENDORSED: lazy_gettext("Endorsed"),
    Signal.WORKED: lazy_gettext("Worked on"),
}


@dataclass(frozen=True, slots=True)
class Proof:
    """One openable piece of evidence for somebody who was asked about ``words``. What is said of it is worked out where
    it is said: a page shows the ``quote``, a program is told the ``excerpt``."""

    evidence: Evidence
    shown: Shown
    words: Sequence[str]
    author: PersonCard | None

    @property
    def kind(self) -> str:
        """What it is: a kind of document."""
        return self.evidence.kind

    @property
    def key(self) -> str:
        """The key of the row behind it."""
        return sources.key_of(self.evidence.id)

    @property
    def signal(self) -> Signal:
        """How it speaks for them."""
        return self.evidence.signal

    @property
    def label(self) -> str:
        """The same in words."""
        return str(SIGNAL_NAMES[self.signal])

    @property
    def url(self) -> str:
        """Where it is read."""
        return self.shown.url

    @property
    def quote(self) -> Markup:
        """Its stretch that answers best, with the question's words marked."""
        return marked(self._text, self.words, most=_QUOTE)

    @property
    def excerpt(self) -> str:
        """The same plain."""
        return passage(self._text, self.words, most=_QUOTE)

    @property
    def _text(self) -> str:
        return self.shown.text if self.kind in _IN_ONES_WORDS else self.shown.whole

    @property
    def note(self) -> str:
        """Whose word it is, where it is not just the person's own post."""
        by = self.author.name if self.author else "?"
        match self.kind:
            case Kind.ENDORSEMENT:
                return str(_("by %(name)s, for %(topic)s", name=by, topic=self.shown.title))
            case Kind.PRAISE:
                return str(_("praised by %(name)s, for %(topic)s", name=by, topic=self.shown.title))
            case Kind.SKILL:
                return str(_("says so"))
            case Kind.POST | Kind.COMMENT | Kind.SAID if self.signal is Signal.WORKED and self.author:
                return str(_("named by %(name)s", name=by))
            case Kind.SAID:
                return str(_("said in a room"))
        return ""


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
    said = ((evidence, shown[evidence.id]) for evidence in chosen)
    return tuple(Proof(evidence, what, words, cards.get(what.by)) for evidence, what in said)


def _names_hidden(
    evidence: Evidence, person: int, shown: Mapping[str, Shown], hidden: Collection[tuple[int, str]]
) -> bool:
    """A claim or a colleague's word names its topic; a post is its author's own to be read."""
    return evidence.kind in _NAMING_A_TOPIC and (person, slugify(shown[evidence.id].title)) in hidden


def _different(found: Sequence[Evidence], shown: Mapping[str, Shown]) -> list[Evidence]:
    """The first few that are of another thread and say something else than those before; then of the others."""
    chosen: list[Evidence] = []
    said: list[_Said] = []
    for evidence in found:
        if len(chosen) == MOST:
            return chosen
        this = _said_in(evidence, shown[evidence.id])
        if not any(_are_alike(this, other) for other in said):
            chosen.append(evidence)
            said.append(this)
    rest = [evidence for evidence in found if evidence not in chosen]
    return chosen + rest[: MOST - len(chosen)]


class _Said(NamedTuple):
    """What a proof is compared by; ``thread`` is empty for what stands in none."""

    kind: str
    thread: str
    words: frozenset[str]


def _said_in(evidence: Evidence, shown: Shown) -> _Said:
    thread = shown.url.partition("#")[0] if evidence.kind in _THREADED else ""
    return _Said(evidence.kind, thread, _words_in(shown.whole))


def _are_alike(one: _Said, other: _Said) -> bool:
    if one.thread and one.thread == other.thread:
        return True
    if one.kind != other.kind:
        return False
    common = len(one.words & other.words)
    return common > _ALIKE * (len(one.words) + len(other.words) - common)


@lru_cache(maxsize=2_000)
def _words_in(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))
