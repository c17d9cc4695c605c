"""What "likely" means: how often the people that the finder is so sure of are the people of record.

`script/bench confidence-calibration DIR…` asks every query of the data sets (see ranking_figures.py) with every
signal they have, and again with every eighth post alone, as in a company that is young. It notes of each person on
the first page how much evidence there is and whether the data set names them, fits `confidence_of` on half A of the
queries and prints how far it can be believed on half B.
What it prints belongs into search_index/ranking/confidence.py and docs/expert-confidence.md.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.engine_corpus import documents
from benchmarks.ranking_figures import Query, read_lines, read_queries
from search_index.documents import EVERYONE
from search_index.expertise import ExpertQuery
from search_index.ranking.confidence import LIKELY, VERY_LIKELY, Calibration, Features, evidence_of
from search_index.ranking.experts import Asked, Ranked
from search_index.storing.opening import empty_corpus
from search_index.storing.schema import analyse

PAGE = 20
"""People of a query that are looked at: the first page."""

THINNED = 8
"""Of so many posts one is left for the smaller corpus."""

STEPS = 60
BINS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Seen:
    """One row for each person on a first page: the features of `evidence_of`, and whether they are of record."""

    features: Values
    is_expert: NDArray[np.bool_]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="script/bench confidence-calibration", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("folder", nargs="+", type=Path, help="a data set: people, posts and queries as JSON lines")
    options = parser.parse_args(arguments)
    rows = {
        size: [row for folder in options.folder for row in _rows(folder, one_of)]
        for size, one_of in (("whole", 1), ("thinned", THINNED))
    }
    every = [row for some in rows.values() for row in some]
    fitted = fit(_seen(every, "A"))
    print(f"fitted on half A: {fitted}\nfitted on both halves: {fit(_seen(every, 'AB'))}")
    for size, some in rows.items():
        print(f"\nwhat the product says, checked on half B, {size}\n")
        print("\n".join(reliability(Calibration(), _seen(some, "B"))))
    print(f"\n{fitted}, checked on half B, whole and thinned\n")
    print("\n".join(reliability(fitted, _seen(every, "B"))))
    return 0


Row = tuple[Query, Features, bool]


def _rows(folder: Path, one_of: int) -> Iterator[Row]:
    people = [str(row["id"]) for row in read_lines(folder, "people")]
    numbers = {person: number for number, person in enumerate(people, 1)}
    corpus = empty_corpus(EVERYONE)
    for document in islice(documents(folder, numbers), 0, None, one_of):
        corpus.add(analyse(document))
    for query in read_queries(folder):
        everybody = ExpertQuery(query.text, frozenset({EVERYONE}))
        standings = Ranked(corpus, everybody)
        asked, public = Asked(everybody, standings), standings.reading.public_documents
        for place in asked.wanted()[:PAGE].tolist():
            person = people[int(asked.ids[asked.standing.people[place]]) - 1]
            evidence = evidence_of(standings.question, float(asked.standing.score[place]), public)
            yield query, evidence, person in query.relevant


def _seen(rows: Sequence[Row], halves: str) -> Seen:
    chosen = [(features, is_expert) for query, features, is_expert in rows if query.half in halves]
    return Seen(np.array([features for features, _ in chosen]), np.array([known for _, known in chosen], np.bool_))


def fit(seen: Seen) -> Calibration:
    """Logistic regression by Newton's method."""
    features = np.column_stack([np.ones(len(seen.features)), seen.features])
    weights = np.zeros(features.shape[1])
    for _ in range(STEPS):
        sure = 1 / (1 + np.exp(-features @ weights))
        slope = features.T @ (seen.is_expert - sure)
        curve = (features * (sure * (1 - sure))[:, None]).T @ features
        weights += np.linalg.solve(curve, slope)
    return Calibration(*(round(float(weight), 3) for weight in weights))


def reliability(calibration: Calibration, seen: Seen) -> list[str]:
    """Predicted and observed, as a table; and the same for the product's three words."""
    sure = np.array([calibration.probability(tuple(row)) for row in seen.features.tolist()])
    lines = ["| the finder says | people | said on average | of record |", "|---|---|---|---|"]
    for low, high in pairwise(BINS):
        inside = (sure >= low) & ((sure < high) | (high == 1.0))
        if inside.any():
            lines.append(_line(f"{low:.2f} to {high:.2f}", sure[inside], seen.is_expert[inside]))
    for name, low, high in (
        ("very likely", VERY_LIKELY, 1.01),
        ("likely", LIKELY, VERY_LIKELY),
        ("perhaps", 0.0, LIKELY),
    ):
        inside = (sure >= low) & (sure < high)
        if inside.any():
            lines.append(_line(f"**{name}**", sure[inside], seen.is_expert[inside]))
    likelihood = np.where(seen.is_expert, np.log(sure), np.log1p(-sure)).mean()
    base = seen.is_expert.mean()
    plain = base * np.log(base) + (1 - base) * np.log1p(-base)
    return [*lines, f"\nlog likelihood a person {likelihood:.3f}; saying {base:.2f} of everybody {plain:.3f}"]


def _line(name: str, sure: Values, is_expert: NDArray[np.bool_]) -> str:
    return f"| {name} | {len(sure)} | {sure.mean():.2f} | {is_expert.mean():.2f} |"
