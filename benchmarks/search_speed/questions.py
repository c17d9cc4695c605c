"""What the engines are asked: sixty questions of each class, drawn from the corpus by how common words are."""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.search_speed.corpus import Written

EACH = 60
VIEWERS, GROUPS_OF_A_VIEWER = 12, 19

RARE = (5, 50)
"""Posts that hold a rare word."""
COMMON, MIDDLING = (0.03, 0.4), (0.0005, 0.01)
"""Shares of all posts that hold such a word."""

_WORD = re.compile(r"\w+")
_LETTERS = "abcdefghijklmnoprstuvwz"


@dataclass(slots=True)
class Census:
    """What has to be known about all posts to draw questions: filled while they pass by on their way to disk."""

    posts: int = 0
    holding: Counter[str] = field(default_factory=Counter)
    audiences: Counter[int] = field(default_factory=Counter)
    samples: list[list[str]] = field(default_factory=list)

    def watch(self, posts: Iterable[Written]) -> Iterator[Written]:
        chance = random.Random(3)
        for post in posts:
            written = _WORD.findall(post.text.lower())
            self.posts += 1
            self.holding.update(set(written))
            self.audiences[post.audience] += 1
            if len(written) > 3 and chance.random() < 0.01:
                self.samples.append(written)
            yield post


def draw(census: Census) -> dict[str, list[Any]]:
    """Questions of the classes that ask for words, and whom they are asked for."""
    chance = random.Random(5)
    words = {
        word: count for word, count in census.holding.items() if word.isascii() and word.isalpha() and len(word) > 2
    }
    rare = _between(words, *RARE)
    common = _between(words, *(share * census.posts for share in COMMON))
    middling = [word for word in _between(words, *(share * census.posts for share in MIDDLING)) if len(word) > 4]
    groups = [number for number, _ in census.audiences.most_common(400) if number > 1]

    def each(make: Callable[[], str]) -> list[str]:
        return [make() for _ in range(EACH)]

    def pick(*pools: Sequence[str]) -> str:
        return " ".join(chance.choice(pool) for pool in pools)

    return {
        "rare": each(lambda: pick(rare)),
        "common": each(lambda: pick(common)),
        "three": each(lambda: pick(middling, middling, middling)),
        "mixed": each(lambda: pick(middling, middling, common)),
        "phrase": each(lambda: _phrase(census, words, chance)),
        "prefix": each(lambda: pick(middling)[:3]),
        "fuzzy": each(lambda: _mistyped(pick(middling), chance)),
        "keyword": each(lambda: pick(*chance.choice([(middling,), (middling, middling), (middling, common)]))),
        "suggest": each(lambda: chance.choice([pick(middling)[:3], pick(middling, middling)[:-3]])),
        "viewers": [sorted(chance.sample(groups, min(GROUPS_OF_A_VIEWER, len(groups)))) for _ in range(VIEWERS)],
    }


def _between(words: Mapping[str, int], least: float, most: float) -> list[str]:
    return sorted(word for word, count in words.items() if least <= count <= most)


def _phrase(census: Census, words: Mapping[str, int], chance: random.Random) -> str:
    while True:
        written = chance.choice(census.samples)
        place = chance.randrange(len(written) - 1)
        first, second = written[place : place + 2]
        if first in words and second in words and first != second:
            return f"{first} {second}"


def _mistyped(word: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(word))
    return word[:place] + chance.choice(_LETTERS) + word[place + 1 :]
