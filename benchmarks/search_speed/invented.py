"""A company that never was: what it wrote has the shape of what companies write, and every run writes the same.

Words follow Zipf's law; people write very differently much; each has a few topics, and a topic has thirty
words of middling frequency; half of what people write is about one of their topics, so that who knows what is
known beforehand. A third of the posts goes to groups. No word changes under English stemming and none is a
stop word, so that every engine indexes the same terms.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from benchmarks.search_speed.corpus import Colleague, Written
from search_index.documents import EVERYONE

Integers = NDArray[np.int64]
Reals = NDArray[np.float64]

VOCABULARY = 100_000
ZIPF = 1.05
TOPIC_WORDS = 30
TOPIC_RANKS = (150, 6_000)
"""From which places of the vocabulary topics take their words, the commoner ones more often."""
MEDIAN_LENGTH, LENGTH_SPREAD, LENGTHS = 18, 0.65, (3, 300)
ON_TOPIC, TOPIC_SHARE = 0.5, 0.35
"""Posts about one of the author's topics, and the share of topic words in them."""
TAGGED, MENTIONING = 0.3, 0.15
"""Of the posts on a topic."""
TO_EVERYONE = 0.65
CHUNK = 100_000
FIRST_GROUP = 1_000
BEGIN, END = 1_672_531_200_000, 1_767_225_600_000
"""2023 to 2025, Unix milliseconds."""

_CONSONANTS, _VOWELS, _ENDS = "bcdfgjklmnprstvwz", "aeiou", ("a", "o", "u", "an", "om", "uk", "op", "ug", "un", "am")
_TITLES = ["engineer", "analyst", "manager", "architect", "designer", "consultant", "director", "technician"]
_DEPARTMENTS = [
    "finance",
    "sales",
    "marketing",
    "legal",
    "operations",
    "research",
    "support",
    "security",
    "data",
    "platform",
]


def vocabulary(size: int = VOCABULARY) -> list[str]:
    """Distinct words that can be spoken, the shortest first as in a language."""
    chance, words = random.Random(7), dict[str, None]()
    while len(words) < size:
        syllables = 1 if len(words) < 400 else 2 if len(words) < 8_000 else 3
        stem = "".join(chance.choice(_CONSONANTS) + chance.choice(_VOWELS) for _ in range(syllables))
        words.setdefault(stem + chance.choice(_CONSONANTS) + chance.choice(_ENDS))
    return list(words)


@dataclass(frozen=True)
class Company:
    """`people` colleagues who wrote `amount` posts."""

    people: int
    amount: int

    @cached_property
    def words(self) -> NDArray[np.object_]:
        return np.array(vocabulary(), dtype=object)

    @cached_property
    def person_ids(self) -> Integers:
        return ((BEGIN - 86_400_000 + np.arange(self.people, dtype=np.int64)) << 16) + 1

    @cached_property
    def topic_words(self) -> Integers:
        """One row per topic, numbers of words."""
        (first, last), shape = TOPIC_RANKS, (max(20, self.people // 20), TOPIC_WORDS)
        drawn: Integers = np.exp(_chance("topics").uniform(math.log(first), math.log(last), size=shape)).astype(
            np.int64
        )
        return drawn

    @cached_property
    def topics_of(self) -> tuple[Integers, Integers]:
        """Of each person: where their topics begin in the second array, one start more than people."""
        chance = _chance("interests")
        counts = chance.integers(1, 5, self.people)
        popular = _running(1 / np.arange(1, len(self.topic_words) + 1) ** 0.7)
        return _starts(counts), np.searchsorted(popular, chance.random(counts.sum()))

    @cached_property
    def groups_of(self) -> tuple[Integers, Integers]:
        """As `topics_of`, with numbers of groups; some groups are far bigger than others."""
        chance = _chance("groups")
        counts = chance.integers(2, 16, self.people)
        big = _running(1 / np.arange(1, max(40, self.people // 25) + 1) ** 0.8)
        return _starts(counts), FIRST_GROUP + np.searchsorted(big, chance.random(counts.sum()))

    @cached_property
    def holders(self) -> tuple[Integers, Integers]:
        """Of each topic: where the people who have it begin in the second array."""
        starts, topics = self.topics_of
        person = np.repeat(np.arange(self.people), np.diff(starts))
        counts = np.bincount(topics, minlength=len(self.topic_words))
        return _starts(counts), person[np.argsort(topics, kind="stable")]

    def topic_name(self, topic: int) -> str:
        return str(self.words[self.topic_words[topic, 0]])

    def colleagues(self) -> Iterator[Colleague]:
        chance = random.Random(11)
        starts, topics = self.topics_of
        places, groups = self.groups_of
        for number, identity in enumerate(self.person_ids.tolist()):
            mine = dict.fromkeys(self.topic_name(topic) for topic in topics[starts[number] : starts[number + 1]])
            skills = tuple(name for name in mine if chance.random() < 0.4)
            first, last = self.words[300 + number * 7919 % 1000], self.words[300 + number * 104_729 % 29_989]
            yield Colleague(
                id=identity,
                name=f"{first.capitalize()} {last.capitalize()}",
                title=_TITLES[number % len(_TITLES)],
                department=_DEPARTMENTS[number % len(_DEPARTMENTS)],
                skills=skills,
                endorsed=tuple((skill, chance.randint(1, 3)) for skill in skills if chance.random() < 0.4),
                audiences=tuple(sorted(set(groups[places[number] : places[number + 1]].tolist()))),
            )

    def posts(self) -> Iterator[Written]:
        """Oldest first."""
        activity = _chance("activity").pareto(1.3, self.people) + 0.2
        writers = _running(activity)
        common = _running(1 / np.arange(1, VOCABULARY + 1) ** ZIPF)
        for start in range(0, self.amount, CHUNK):
            size = min(CHUNK, self.amount - start)
            yield from self._chunk(start, size, writers, common)

    def _chunk(self, start: int, size: int, writers: Reals, common: Reals) -> Iterator[Written]:
        chance = np.random.default_rng([self.people, start])
        authors = np.searchsorted(writers, chance.random(size))
        drawn = chance.lognormal(np.log(MEDIAN_LENGTH), LENGTH_SPREAD, size)
        lengths = np.clip(drawn, *LENGTHS).astype(np.int64)
        topics = np.where(chance.random(size) < ON_TOPIC, _one_of(self.topics_of, authors, chance), -1)
        words = self.words[self._draw_words(topics, lengths, common, chance)].tolist()
        tagged = (topics >= 0) & (chance.random(size) < TAGGED)
        named = np.where((topics >= 0) & (chance.random(size) < MENTIONING), _one_of(self.holders, topics, chance), -1)
        group = _one_of(self.groups_of, authors, chance)
        audiences = np.where(chance.random(size) < TO_EVERYONE, EVERYONE, group)
        span = (END - BEGIN) / self.amount
        created = (BEGIN + start * span + np.sort(chance.random(size)) * size * span).astype(np.int64)
        people = self.person_ids
        for at, (begin, end) in enumerate(pairwise(_starts(lengths).tolist())):
            tags = (self.topic_name(topics[at]),) if tagged[at] else ()
            yield Written(
                id=(int(created[at]) << 16) + ((start + at) & 0xFFFF),
                author=int(people[authors[at]]),
                audience=int(audiences[at]),
                created=int(created[at]),
                mentions=(int(people[named[at]]),) if named[at] >= 0 else (),
                topics=tags,
                text=" ".join([*words[begin:end], *(f"#{tag}" for tag in tags)]),
            )

    def _draw_words(self, topics: Integers, lengths: Integers, common: Reals, chance: np.random.Generator) -> Integers:
        total = int(lengths.sum())
        drawn = np.searchsorted(common, chance.random(total))
        topic = np.repeat(topics, lengths)
        about = (topic >= 0) & (chance.random(total) < TOPIC_SHARE)
        place = (chance.random(total) ** 2 * TOPIC_WORDS).astype(np.int64)  # a topic has its commoner words too
        drawn[about] = self.topic_words[topic[about], place[about]]
        return drawn


def _one_of(lists: tuple[Integers, Integers], owners: Integers, chance: np.random.Generator) -> Integers:
    """One value of each owner's list; -1 for owner -1 and for an empty list."""
    starts, values = lists
    counts = np.diff(starts)[owners]
    place = starts[owners] + (chance.random(len(owners)) * counts).astype(np.int64)
    return np.where((owners >= 0) & (counts > 0), values[np.minimum(place, len(values) - 1)], -1)


def _running(weights: Reals) -> Reals:
    """Cumulative shares, so that a search of a number below 1 draws by weight."""
    sums = np.cumsum(weights)
    shares: Reals = sums / sums[-1]
    return shares


def _starts(counts: Integers) -> Integers:
    return np.concatenate([[0], np.cumsum(counts)])


def _chance(purpose: str) -> np.random.Generator:
    return np.random.default_rng(list(purpose.encode()))
