"""What the figures mean: percentiles, ratios over the same questions, and how a table says them."""

import math
from collections.abc import Mapping, Sequence

from benchmarks.search_speed.comparing import Taken


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of the values that at least this share of them does not exceed."""
    return sorted(values)[max(0, math.ceil(len(values) * share) - 1)]


def median(values: Sequence[float]) -> float:
    return percentile(values, 0.5)


def times_as_long(one: Taken, other: Taken) -> float:
    """How many times as long `one` takes, medians over the questions that both answered."""
    both = set(one.asked) & set(other.asked)
    return _median_of(one, both) / _median_of(other, both)


def _median_of(taken: Taken, questions: set[int]) -> float:
    return median([ms for number, ms in zip(taken.asked, taken.wall, strict=True) if number in questions])


def ms(value: float) -> str:
    """Three digits that say something."""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def times(value: float) -> str:
    return f"× {value:,.0f}" if value >= 10 else f"× {value:.1f}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def processor_row(kind: str, taken: Mapping[str, Taken]) -> list[str]:
    """Median and p95 of the processor's time, which other work on the machine lengthens less."""
    return [kind, *(f"{ms(median(one.processor))} / {ms(percentile(one.processor, 0.95))}" for one in taken.values())]


def class_row(kind: str, taken: Mapping[str, Taken], ours: str) -> list[str]:
    """Median and p95 of every engine, then how many times as long the others take as ours."""
    most = max(len(set(one.asked)) for one in taken.values())
    cells = [kind]
    for one in taken.values():
        answered = len(set(one.asked))
        sample = f", {answered} asked" if answered < most else ""
        cells.append(f"{ms(median(one.wall))} / {ms(percentile(one.wall, 0.95))}{sample}")
    if ours in taken:
        cells += [times(times_as_long(one, taken[ours])) for name, one in taken.items() if name != ours]
    return cells
