"""The finder is as good on real companies' words as it promises: two corpora, text only, one set of
constants.

Runs where COUTH_EXPERT_BENCH names the folder with the corpora (see benchmarks/ranking_figures.py).
"""

import os
from pathlib import Path

import pytest

from benchmarks.baselines import GOAL, MAP
from benchmarks.engine_corpus import ask_engine
from benchmarks.ranking_figures import Query, figures_of, read_queries, table_of

BENCH = os.environ.get("COUTH_EXPERT_BENCH", "")


@pytest.mark.timeout(900)
@pytest.mark.parametrize("corpus", ["cpython", "go"])
def test_the_ranking_reaches_its_goals(corpus: str, tmp_path: Path) -> None:
    folder = Path(BENCH) / corpus
    if not BENCH or not folder.is_dir():
        pytest.skip(f"COUTH_EXPERT_BENCH names no folder that holds the corpus {corpus}")
    ask = ask_engine(folder, tmp_path / "index")
    for kind in ("topic", "description"):
        queries = [query for query in read_queries(folder) if query.kind == kind]
        table = table_of({query.id: ask(query.text) for query in queries}, queries)
        assert table[:, 0].mean() >= MAP[corpus, kind][GOAL]


def test_figures_are_what_the_textbook_says() -> None:
    relevant = frozenset({"ada", "bo"})
    precision, reciprocal, success, gain = figures_of(["cy", "ada", "ada", "bo"], relevant)
    assert precision == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert reciprocal == pytest.approx(1 / 2)
    assert success == 1
    assert gain == pytest.approx((1 / 1.584963 + 1 / 2) / (1 + 1 / 1.584963), rel=1e-5)
    assert figures_of(["cy"], relevant) == (0, 0, 0, 0)


def test_a_topic_and_its_description_fall_into_the_same_half() -> None:
    for number in range(20):
        topic = Query(f"t{number}", "", "topic", frozenset())
        assert topic.half == Query(f"t{number}+desc", "", "description", frozenset()).half
