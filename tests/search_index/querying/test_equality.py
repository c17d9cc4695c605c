"""On real text too, every class of query scores as in stock Whoosh: a stretch of the development corpora."""

import gzip
import json
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from whoosh import query

from search_index.analysis import tokens
from tests.search_index.querying.stock import Both, both

POSTS = 5_500
"""More than 5,000: from there on Whoosh adds up the scores of the words of a pattern."""

QUERIES = 60


class Chance:
    """Picks words of a corpus: as often as they are written, or each as likely."""

    def __init__(self, seed: str, texts: list[str]) -> None:
        self.random = random.Random(seed)
        self.read = [words for text in texts if len(words := tokens(text)[0]) > 5]
        self.known = sorted({word for words in self.read for word in words if len(word) > 3})

    def written(self) -> query.Term:
        return query.Term("text", self.random.choice(self.random.choice(self.read)))

    def word(self) -> str:
        return self.random.choice(self.known)

    def together(self) -> list[query.Query]:
        return [query.Term("text", word) for word in self.random.sample(self.random.choice(self.read), 2)]

    def neighbours(self, most: int) -> list[str]:
        words = self.random.choice([words for words in self.read if len(words) > most])
        start = self.random.randrange(len(words) - most)
        return words[start : start + most]


CLASSES: dict[str, Callable[[Chance], query.Query]] = {
    "term": lambda chance: chance.written(),
    "rare term": lambda chance: query.Term("text", chance.word()),
    "or": lambda chance: query.Or([chance.written() for _ in range(3)]),
    "and": lambda chance: query.And(chance.together()),
    "and not": lambda chance: query.And([chance.written(), query.Not(chance.written())]),
    "and maybe": lambda chance: query.AndMaybe(chance.written(), chance.written()),
    "phrase": lambda chance: query.Phrase("text", chance.neighbours(2)),
    "long phrase": lambda chance: query.Phrase("text", chance.neighbours(4)),
    "loose phrase": lambda chance: query.Phrase("text", chance.neighbours(4)[::2], slop=3),
    "prefix": lambda chance: query.Prefix("text", chance.word()[:3]),
    "wildcard": lambda chance: query.Wildcard("text", f"*{chance.word()[1:5]}*"),
    "fuzzy": lambda chance: query.FuzzyTerm("text", chance.word(), maxdist=1, prefixlength=1),
    "term range": lambda chance: query.TermRange("text", *sorted(chance.random.sample(chance.known[:3_000], 2))),
    "constant": lambda chance: query.ConstantScoreQuery(query.Term("text", chance.word()), 2.5),
}


@pytest.fixture(scope="module")
def texts() -> list[str]:
    folder = os.environ.get("COUTH_EXPERT_BENCH")
    if not folder or not (Path(folder) / "cpython").is_dir():
        pytest.skip("COUTH_EXPERT_BENCH names no folder that holds the corpus cpython")
    with gzip.open(Path(folder) / "cpython" / "posts.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(next(lines))["text"] for _ in range(POSTS)]


@pytest.fixture(scope="module")
def index(texts: list[str]) -> Both:
    return both(texts)


@pytest.mark.parametrize("name", CLASSES)
def test_real_text_scores_as_in_stock_whoosh(index: Both, texts: list[str], name: str) -> None:
    chance = Chance(name, texts)
    for _ in range(QUERIES):
        node = CLASSES[name](chance)
        assert index.ours(node) == pytest.approx(index.stock(node), rel=1e-9), node
