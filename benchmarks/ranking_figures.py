"""How good a ranking of people is: the usual figures of information retrieval, with intervals and a paired
test.

A data set is a folder with `people.jsonl`, `posts.jsonl` and `queries.jsonl` (each may end in `.gz`); a
query is `{"id", "text", "kind", "relevant": [person ids]}`. A run gives for each query id the person ids,
best first.
"""

import gzip
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FIGURES = ("MAP", "MRR", "S@5", "nDCG@10")

Table = NDArray[np.float64]
"""One row per query, one column per figure."""


@dataclass(frozen=True, slots=True)
class Query:
    id: str
    text: str
    kind: str
    relevant: frozenset[str]

    @property
    def half(self) -> str:
        """A or B, for choosing on one half and reading the other once; a topic and its description stay
        together."""
        stem = re.sub(r"\+desc$", "", self.id)
        return "AB"[hashlib.md5(stem.encode(), usedforsecurity=False).digest()[0] & 1]


def read_lines(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    packed, plain = folder / f"{name}.jsonl.gz", folder / f"{name}.jsonl"
    with gzip.open(packed, "rt", encoding="utf-8") if packed.exists() else plain.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def read_queries(folder: Path) -> list[Query]:
    return [
        Query(str(row["id"]), str(row["text"]), str(row["kind"]), frozenset(map(str, row["relevant"])))
        for row in read_lines(folder, "queries")
    ]


def figures_of(ranked: Sequence[str], relevant: frozenset[str]) -> tuple[float, float, float, float]:
    """Average precision, reciprocal rank, success among the first five, and nDCG of the first ten."""
    places = [place for place, person in enumerate(dict.fromkeys(ranked), 1) if person in relevant]
    if not places or not relevant:
        return 0.0, 0.0, 0.0, 0.0
    precision = sum(hits / place for hits, place in enumerate(places, 1)) / len(relevant)
    gain = sum(1 / np.log2(place + 1) for place in places if place <= 10)
    ideal = sum(1 / np.log2(place + 1) for place in range(1, min(10, len(relevant)) + 1))
    return precision, 1 / places[0], float(places[0] <= 5), float(gain / ideal)


def table_of(run: Mapping[str, Sequence[str]], queries: Sequence[Query]) -> Table:
    """A query that the run does not answer counts 0."""
    return np.array([figures_of(run.get(query.id, ()), query.relevant) for query in queries]).reshape(-1, len(FIGURES))


def intervals(table: Table, *, rounds: int = 1000, seed: int = 1) -> tuple[Table, Table]:
    """The 95 % bootstrap interval of each column's mean."""
    picks = np.random.default_rng(seed).integers(0, len(table), (rounds, len(table)))
    low, high = np.percentile(table[picks].mean(axis=1), [2.5, 97.5], axis=0)
    return low, high


def paired_p(one: Table, other: Table, *, rounds: int = 10_000, seed: int = 1) -> float:
    """How often chance alone parts two runs this far in MAP: a two-sided paired randomisation test."""
    difference = one[:, 0] - other[:, 0]
    signs = np.random.default_rng(seed).choice((-1.0, 1.0), (rounds, len(difference)))
    return float((np.abs((signs * difference).mean(axis=1)) >= abs(difference.mean()) - 1e-12).mean())


def figures_line(name: str, table: Table) -> str:
    low, high = intervals(table)
    cells = (
        f"{figure} {mean:.3f} [{bottom:.3f}, {top:.3f}]"
        for figure, mean, bottom, top in zip(FIGURES, table.mean(axis=0), low, high, strict=True)
    )
    return f"{name:<28}" + "  ".join(cells)
