"""What is to be reached at each size, and what of it was."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from benchmarks.search_speed.engines.rivals import CLASSES
from benchmarks.search_speed.figures import ms, times


class Goals(NamedTuple):
    """Milliseconds, times, seconds and MB; the queries warm, with twenty audiences."""

    expert: tuple[float, float]
    """p50 and p95."""
    keyword: float
    """p95, as the next two."""
    prefix: float
    searchable: float
    stock: float
    """How many times faster than stock Whoosh a common term is at least."""
    tantivy: float
    """How many times as long as tantivy any query takes at most, at p50."""
    rebuild: float
    serving: float
    building: float
    opening: float


GOALS = {
    "small": Goals(
        expert=(1.5, 5),
        keyword=1,
        prefix=5,
        searchable=1,
        stock=500,
        tantivy=2,
        rebuild=15,
        serving=100,
        building=300,
        opening=0.3,
    ),
    "large": Goals(
        expert=(4, 15),
        keyword=5,
        prefix=10,
        searchable=1,
        stock=150,
        tantivy=3,
        rebuild=75,
        serving=300,
        building=500,
        opening=0.5,
    ),
}

Figures = Mapping[str, Any]


def goal_rows(figures: Figures, goals: Goals) -> list[list[str]]:
    """One row per goal whose figure was measured: what, the goal, what was reached, whether it holds."""
    return [[*cells, "yes" if holds else "no"] for *cells, holds in _rows(figures, goals)]


def side_by_side(first: Sequence[Sequence[str]], second: Sequence[Sequence[str]]) -> list[list[str]]:
    """The rows of two sizes in one table, by what they are about; "–" where one was not measured."""
    one, other = ({row[0]: row[1:] for row in rows} for rows in (first, second))
    nothing = ["–"] * 3
    return [[name, *one.get(name, nothing), *other.get(name, nothing)] for name in {**one, **other}]


def _rows(figures: Figures, goals: Goals) -> Iterator[tuple[str, str, str, bool]]:
    classes: Figures = figures.get("classes", {})
    for kind in ("expert", "sentence"):
        if kind in classes:
            yield _both(f"{kind}, p50 / p95 with evidence", goals.expert, classes[kind]["couth"])
    for kind, goal in (("keyword", goals.keyword), ("prefix", goals.prefix), ("suggest", goals.prefix)):
        if (asked := classes.get(f"port-{kind}")) is not None:
            busy = f" (processor {ms(asked['couth']['processor'][1])})"
            name, aim, said, holds = _at_most(f"{kind}, p95", goal, asked["couth"]["p95"], _milliseconds)
            yield name, aim, said + busy, holds
    if "whoosh" in classes.get("common", {}):
        reached = classes["common"]["whoosh"]["against_ours"]
        yield "common term against stock Whoosh", f"≥ {times(goals.stock)}", times(reached), reached >= goals.stock
    yield from _against_tantivy(classes, goals.tantivy)
    for how, spread in figures.get("searchable", {}).items():
        yield _at_most(f"post to searchable, p95, {how}", goals.searchable, spread[1], _milliseconds)
    yield from _sizes(figures, goals)


def _against_tantivy(classes: Figures, goal: float) -> Iterator[tuple[str, str, str, bool]]:
    """The slowest class decides; the others that are too slow are named."""
    measured = {
        kind: 1 / classes[kind]["tantivy"]["against_ours"] for kind in CLASSES if "tantivy" in classes.get(kind, {})
    }
    if measured:
        worst = max(measured.values())
        slow = [f"{kind} {times(ratio)}" for kind, ratio in measured.items() if ratio > goal]
        yield "any query against tantivy, p50", f"≤ {times(goal)}", ", ".join(slow) or times(worst), worst <= goal


def _sizes(figures: Figures, goals: Goals) -> Iterator[tuple[str, str, str, bool]]:
    built = figures.get("building", {}).get("couth")
    if built:
        name, goal, said, holds = _at_most(
            "full rebuild from SQL", goals.rebuild, built["seconds"], lambda value: f"{value:.1f} s"
        )
        yield name, goal, f"{said} (processor {built['processor']:.1f})", holds
    if "couth" in figures.get("serving", {}):
        resident, _, private = figures["serving"]["couth"]
        yield _memory("resident memory serving", goals.serving, resident, private)
    if built:
        _, proportional, private = built["memory"]
        yield _memory("memory building, all processes", goals.building, proportional, private)
    if "couth" in figures.get("opening", {}):
        alone, _ = figures["opening"]["couth"]
        yield _at_most("open to first answer", goals.opening, alone / 1000, lambda value: f"{value:.2f} s")


def _memory(name: str, goal: float, reached: float, private: float) -> tuple[str, str, str, bool]:
    return name, f"{goal:.0f} MB", f"{reached:.0f} MB ({private:.0f} private)", reached <= goal


def _milliseconds(value: float) -> str:
    return f"{ms(value)} ms"


def _both(name: str, goal: tuple[float, float], reached: Figures) -> tuple[str, str, str, bool]:
    holds = reached["p50"] <= goal[0] and reached["p95"] <= goal[1]
    said = f"{ms(reached['p50'])} / {ms(reached['p95'])} ms{_of_the_processor(reached)}"
    return name, f"{goal[0]:g} / {goal[1]:g} ms", said, holds


def _of_the_processor(reached: Figures) -> str:
    """On a busy machine the clock tells of other work too."""
    one, other = reached["processor"]
    return f" (processor {ms(one)} / {ms(other)})"


def _at_most(name: str, goal: float, reached: float, say: Callable[[float], str]) -> tuple[str, str, str, bool]:
    return name, f"{say(goal)}", say(reached), reached <= goal
