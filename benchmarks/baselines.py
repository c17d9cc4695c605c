"""What simpler rules reach on the two corpora, text only, so that a figure never stands alone.

Measured once with the research code that the formula came from; MAP over all queries of a kind. The goal is not to
fall below the formula of the first release in any of the four.
"""

from collections.abc import Mapping

RULES = (
    "most active person",
    "BM25 CombSUM",
    "Balog model 2",
    "expCombMNZ, 300 best posts",
    "the formula, as published",
)

GOAL = "goal"

MAP: Mapping[tuple[str, str], Mapping[str, float]] = {
    ("cpython", "topic"): dict(zip((*RULES, GOAL), (0.071, 0.389, 0.430, 0.431, 0.513, 0.513), strict=True)),
    ("cpython", "description"): dict(zip((*RULES, GOAL), (0.072, 0.131, 0.226, 0.218, 0.328, 0.328), strict=True)),
    ("go", "topic"): dict(zip((*RULES, GOAL), (0.338, 0.484, 0.494, 0.545, 0.571, 0.571), strict=True)),
    ("go", "description"): dict(zip((*RULES, GOAL), (0.351, 0.396, 0.441, 0.479, 0.546, 0.546), strict=True)),
}
"""By corpus and kind of query."""


def baseline_lines(corpus: str, kind: str) -> list[str]:
    """Empty for a corpus that nobody measured before."""
    known = MAP.get((corpus, kind), {})
    return [f"    {rule:<28}MAP {value:.3f}" for rule, value in known.items()]
