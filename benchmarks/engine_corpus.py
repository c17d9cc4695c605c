"""A corpus straight into the engine, without the product around it: for tuning, and for the engine's own
test."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from benchmarks.ranking_figures import read_lines
from search_index.documents import EVERYONE, Document, Kind
from search_index.engine import open_engine
from search_index.expertise import ExpertQuery, Weights

DEPTH = 100
"""People asked for per query, as many as the product gives at once."""

TEXT_ONLY = Weights(kinds={Kind.POST: 1.0, Kind.COMMENT: 1.0}, mentions=0.0, topics=0.0)

Ask = Callable[[str], Sequence[str]]
"""A question -> person ids of the data set, best first."""


def documents(folder: Path, numbers: dict[str, int]) -> Iterator[Document]:
    """The posts of a data set; `numbers` gives each person of it a number."""
    for row in read_lines(folder, "posts"):
        yield Document(
            id=f"post:{row['id']}",
            kind=Kind.POST,
            text=row["text"],
            audience_id=EVERYONE,
            created_at=datetime.fromisoformat(row["created_at"]),
            author_id=numbers[str(row["author_id"])],
            mentions=tuple(numbers[str(person)] for person in row.get("mentions", ()) if str(person) in numbers),
            topics=(row["tag"],) if row.get("tag") else (),
        )


def ask_engine(folder: Path, index: Path, weights: Weights = TEXT_ONLY) -> Ask:
    """Build an index of the data set and return what asks it."""
    people = [str(row["id"]) for row in read_lines(folder, "people")]
    numbers = {person: number for number, person in enumerate(people, 1)}
    engine = open_engine(index, writer=True)
    engine.rebuild(documents(folder, numbers), watermark=1)

    def ask(text: str) -> list[str]:
        found = engine.experts(ExpertQuery(text, frozenset({EVERYONE}), weights=weights, limit=DEPTH, evidence=0))
        return [people[expert.person_id - 1] for expert in found.items]

    return ask
