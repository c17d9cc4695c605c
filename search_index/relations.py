"""The port's words for what goes with what: topics with topics, people with people, a draft with what was said,
a person with what they know.

Everything is worked out when it is asked, from documents that the viewer may read; how usual something is, is
counted over what everybody may read. The cost follows the documents of the person or topic that is asked about.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

from search_index.analysis import Word, words
from search_index.expertise import Expert, Weights

Sequenced = tuple[str, ...]
"""Terms that stand in a document one soon after the other."""

MOST_SEQUENCES = 8


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a topic, and the sequences of terms by which it may stand in words: `edge-gateways` as one word,
    as its joined parts, or as two words."""

    topic: str
    written: str
    sequences: tuple[Sequenced, ...]


class Vocabulary:
    """The topics of a company, each with all its names, the usual one first. Made once, asked often."""

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        """`names` by topic label, which is the name in lower case as documents carry it in `topics`."""
        self._topics: dict[str, str] = {}
        self._labels: dict[str, list[str]] = {}
        self._names: dict[str, list[Name]] = {}
        self._starting: dict[str, list[tuple[Name, Sequenced]]] = {}
        for topic, others in names.items():
            for label in dict.fromkeys((topic, *(written.strip().lower() for written in others))):
                if self._topics.setdefault(label, topic) == topic:
                    self._labels.setdefault(topic, []).append(label)
            for written in others:
                sequences = tuple(islice(_sequences(written), MOST_SEQUENCES))
                if sequences:
                    self._add(Name(topic, written, sequences))

    def _add(self, name: Name) -> None:
        self._names.setdefault(name.topic, []).append(name)
        for terms in name.sequences:
            self._starting.setdefault(terms[0], []).append((name, terms))

    def __contains__(self, topic: object) -> bool:
        return topic in self._labels

    def topic_of(self, label: str) -> str:
        """The topic that a document's label names; a label that is not in the vocabulary stands for itself."""
        return self._topics.get(label, label)

    def labels_of(self, topic: str) -> Sequence[str]:
        """Every label that documents about a topic may carry."""
        return self._labels.get(topic, (topic,))

    def names_of(self, topic: str) -> Sequence[Name]:
        """What a topic is called in words; nothing where it is made of words that count nowhere."""
        return self._names.get(topic, ())

    def starting(self, term: str) -> Sequence[tuple[Name, Sequenced]]:
        """Names that may stand in a document as a sequence that begins with this term."""
        return self._starting.get(term, ())


def _sequences(written: str) -> Iterator[Sequenced]:
    """Every way to write a name: each word whole, its parts joined, or its parts one by one."""
    ways = [_ways(word) for word in words(written)]
    for chosen in product(*ways) if ways else ():
        yield tuple(term for way in chosen for term in way)


def _ways(word: Word) -> tuple[Sequenced, ...]:
    if word.pairs:
        return (word.terms,)
    whole = [(term,) for term in word.terms if term == word.terms[0] or term not in word.parts]
    return (*whole, *((word.parts,) if len(word.parts) > 1 else ()))


@dataclass(frozen=True, slots=True)
class RelatedQuery:
    """What goes with `text`, which is a topic's name or any words?"""

    text: str
    audiences: frozenset[int]
    vocabulary: Vocabulary
    limit: int = 6


@dataclass(frozen=True, slots=True)
class RelatedTopic:
    """`together` counts the readable documents that are about both; `strength` tells how far that is from chance
    and orders one answer."""

    topic: str
    together: int
    strength: float


@dataclass(frozen=True, slots=True)
class MeetQuery:
    """Who has the most to say to `person_id`? `without` are people not to propose (those whom they follow, their
    team); the person themself never is. `reasons` is how many shared things are told for each."""

    person_id: int
    audiences: frozenset[int]
    vocabulary: Vocabulary
    without: frozenset[int] = frozenset()
    limit: int = 10
    reasons: int = 3


@dataclass(frozen=True, slots=True)
class Shared:
    """A topic, or else a term, that two people both write about: in how many documents each, and the newest
    document of the other one, in which the term can be seen as it was written."""

    name: str
    is_topic: bool
    mine: int
    theirs: int
    document: str


@dataclass(frozen=True, slots=True)
class Meeting:
    person_id: int
    score: float
    shared: tuple[Shared, ...]
    """Weightiest first; never empty."""


@dataclass(frozen=True, slots=True)
class SimilarQuery:
    """`text` (and `title`) of a draft; `without` are documents not to name, such as the draft's own. `least` is the
    share of what the draft says (0 to 1, rare words weighing more) that a document must say too; unless the draft, or
    a word that keeps company with it or is akin to it, says the share `titled` of the words of its title."""

    text: str
    audiences: frozenset[int]
    title: str = ""
    kinds: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    least: float = 0.0
    titled: float = math.inf
    limit: int = 5


@dataclass(frozen=True, slots=True)
class KnowsQuery:
    """What does one person know, as far as this viewer may see?"""

    person_id: int
    audiences: frozenset[int]
    vocabulary: Vocabulary
    weights: Weights = field(default_factory=Weights)
    without: frozenset[str] = frozenset()
    """Topics not to tell about."""
    with_usual: bool = True
    """Tell also of topics that come from words alone and that the person writes about no more than everybody."""
    limit: int = 20
    offset: int = 0
    """Both in whole pages of 20; a page is shorter where the finder says nothing about some of its topics."""
    evidence: int = 3


@dataclass(frozen=True, slots=True)
class Known:
    """One topic of one person. `expert` is what the finder says of them when it is asked for `name`. The counts
    say why the topic came up: documents that carry it, and documents in whose words it stands without being
    tagged. `is_usual`: it comes from words alone, and the person writes of it no more than everybody does."""

    topic: str
    name: str
    expert: Expert
    is_claimed: bool
    endorsed: int
    tagged: int
    worded: int
    is_usual: bool


@dataclass(frozen=True, slots=True)
class Knows:
    """Surest first, what is usual last."""

    items: tuple[Known, ...]
    total: int
