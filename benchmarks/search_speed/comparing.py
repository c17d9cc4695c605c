"""All engines asked the same questions in one run, taking turns, so that a busy moment of the machine hits them all."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.search_speed.engines.processes import Process

BLOCK = 10
"""Questions an engine answers before it is the next one's turn: one alone would measure how a process wakes up."""
ROUNDS, LEAST = 2, 3
WARM = 0.2
"""Share of an engine's time in which it may answer questions once before any is measured."""


@dataclass(slots=True)
class Taken:
    """Milliseconds of one engine in one class, by the clock and of the processor; `found` counts answers that
    held anything."""

    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    found: int = 0
    asked: list[int] = field(default_factory=list)
    """Which questions these were: an engine that ran out of time answered the first few alone."""

    def add(self, questions: Sequence[int], answer: Mapping[str, Any]) -> None:
        self.wall += answer["wall"]
        self.processor += answer["processor"]
        self.found += sum(1 for amount in answer["found"] if amount)
        self.asked += questions[: len(answer["wall"])]


def compare(
    processes: Sequence[Process], kind: str, questions: Sequence[str], seconds: Mapping[str, float]
) -> dict[str, Taken]:
    """Ask everybody everything twice, warm; `seconds` is how long an engine may take for the class altogether.

    Every engine answers at least three questions, however long that takes.
    """
    taken = {process.name: Taken() for process in processes}
    for process in processes:
        process.tell("ask", kind=kind, questions=questions, least=1, seconds=seconds[process.name] * WARM)
    for block in _blocks(len(questions)):
        for process in processes:
            so_far = taken[process.name]
            left = seconds[process.name] - sum(so_far.wall) / 1000
            if left > 0 or len(so_far.wall) < LEAST:
                some = [questions[number] for number in block]
                answer = process.tell("ask", kind=kind, questions=some, least=LEAST, seconds=max(left, 0))
                so_far.add(block, answer)
    return taken


def _blocks(amount: int) -> Iterator[range]:
    for _ in range(ROUNDS):
        for first in range(0, amount, BLOCK):
            yield range(first, min(first + BLOCK, amount))
