"""What every engine of the comparison can do, and the ways of asking that they share."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from benchmarks.search_speed.corpus import Corpus

TOP = 10
VOTING_POSTS = 1_000

CLASSES = ("rare", "common", "three", "mixed", "phrase", "prefix", "fuzzy", "expert", "sentence")
"""What all engines are asked, as objects of their own query language; the last two ask for people."""

Ask = Callable[[], Sequence[int | str]]
"""Runs one prepared query; gives ids of posts, of people for the classes that ask for people."""


class Rival(Protocol):
    """An engine over the posts of one corpus, in a folder of its own and alone in its process."""

    def __init__(self, folder: Path) -> None: ...

    def build(self, corpus: Corpus) -> None: ...

    def open(self) -> None: ...

    def asking(self, kind: str, text: str) -> Ask:
        """Prepare a question: whatever can be done without looking into the index is done here, untimed."""


def best_voted(hits: Iterable[tuple[int, float]]) -> list[int]:
    """The usual rule where an engine has no people: a person's posts vote, the later in the list the weaker.

    `hits` are authors and scores, best first.
    """
    votes: defaultdict[int, float] = defaultdict(float)
    seen: Counter[int] = Counter()
    for author, score in hits:
        seen[author] += 1
        votes[author] += score / math.log2(seen[author] + 1)
    return sorted(votes, key=lambda author: votes[author], reverse=True)[:TOP]


def asked_words(text: str) -> list[str]:
    """The words of a question without those that ask."""
    return [word for word in text.lower().split() if word not in ("who", "knows", "about", "and", "for")]
