"""How sure the finder is: a probability that follows the evidence."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.confidence_calibration import Seen, fit, reliability
from search_index.engine import Engine
from search_index.expertise import ExpertQuery
from search_index.ranking.confidence import Calibration, confidence_of
from search_index.ranking.question import Question
from tests.search_index.writing import ALL, document, put


def question(*weights: float) -> Question:
    terms = {f"term{place}": weight for place, weight in enumerate(weights)}
    return Question(weights=terms, joined={}, words=tuple(terms), unknown=(), is_long=len(terms) > 3)


@given(st.lists(st.floats(0.01, 15), max_size=5), st.floats(0, 50), st.floats(0, 50), st.integers(0, 10_000_000))
def test_confidence_is_a_probability_and_never_falls_with_the_score(
    weights: list[float], one: float, other: float, documents: int
) -> None:
    low, high = (confidence_of(question(*weights), score, documents) for score in sorted((one, other)))
    assert 0 < low <= high < 1


def test_nobody_else_makes_us_surer_of_somebody(engine: Engine) -> None:
    put(engine, *(document(n, f"welding seams of part {n}", author=1) for n in range(9)))
    put(engine, document(50, "welding seams", author=2), document(51, "lunch", author=3))
    both = engine.experts(ExpertQuery("welding seams", ALL)).items
    alone = engine.experts(ExpertQuery("welding seams", ALL, candidates=frozenset({2}))).items
    assert [expert.confidence for expert in alone] == [both[1].confidence]
    assert both[0].confidence > both[1].confidence


def test_the_fit_finds_what_the_people_were_drawn_from() -> None:
    chance = np.random.default_rng(7)
    features = chance.normal(0, 1, (40_000, 3))
    truth = Calibration(-1.0, 1.5, 0.5, -0.7)
    sure = np.array([truth.probability(tuple(row)) for row in features.tolist()])
    seen = Seen(features, chance.random(len(sure)) < sure)
    found = fit(seen)
    assert (found.start, found.evidence, found.terms, found.rarity) == pytest.approx((-1.0, 1.5, 0.5, -0.7), abs=0.1)
    for line in reliability(found, seen):
        if line.startswith("| 0"):
            said, known = (float(cell) for cell in line.strip("| ").split("|")[2:])
            assert said == pytest.approx(known, abs=0.03)
