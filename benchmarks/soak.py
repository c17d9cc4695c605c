"""Two hundred thousand posts pass through an index of constant size: nothing may be lost, left over or leak.

`script/bench soak [--documents 100000] [--through 200000]` starts a writer, which stores and merges as the worker does,
and a reader, which follows the same changes as a web process does and answers questions all the while. For each post
that comes the oldest goes, and now and then one is edited. Every few seconds it prints memory, files, bytes, segments
and times. At the end every post that should be there must be found once and no other, by the writer, by the reader and
by a process that opens the index afresh, with the same answers as an index that is made anew. Ends non-zero otherwise,
or when memory, open files or segments kept growing.
"""

import argparse
import random
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from benchmarks.search_speed.engines.processes import EngineFailed, Process
from benchmarks.search_speed.figures import median, ms, percentile, table
from benchmarks.search_speed.invented import Company, vocabulary
from benchmarks.search_speed.soaking import Row

BATCH, EDITS = 100, 5
"""Posts that come, and of those that stay how many are edited, at each step."""
FLUSH_AT = 2_000
"""Changes that wait when the writer stores them: what a lively company writes in a few seconds."""
QUESTIONS, COMPARED = 400, 200
PEOPLE = 5_000
LEAK = 1.25
"""The last quarter of the run may hold so many times what the second quarter held."""
SLACK = {"memory, writer": 40.0, "memory, reader": 40.0, "open files": 10.0, "segments": 10.0}
"""Beside the factor, as some of it comes and goes with merges (MB, files, segments)."""

Sample = dict[str, float]


@dataclass
class Soak:
    """The posts that should be there, oldest first, and the processes that hold them."""

    writer: Process
    reader: Process
    posts: Iterator[Row]
    living: deque[str] = field(default_factory=deque)
    rows: dict[str, Row] = field(default_factory=dict)
    watermark: int = 1
    waiting: int = 0
    flushing: bool = False
    passed: int = 0
    times: list[float] = field(default_factory=list)
    expert_times: list[float] = field(default_factory=list)
    apply_times: list[float] = field(default_factory=list)
    flush_times: list[float] = field(default_factory=list)

    def change(self, chance: random.Random, *, size: int = BATCH, out: bool = True) -> None:
        """One batch of outbox events, to both processes; the writer stores beside the rest when enough waits."""
        added = list(islice(self.posts, size))
        removed = [self.living.popleft() for _ in range(size)] if out else []
        for identity in removed:
            del self.rows[identity]
        edited = [
            self._edited(self.living[chance.randrange(len(self.living))], added) for _ in range(EDITS if out else 0)
        ]
        self.living.extend(row[0] for row in added)
        changes = {row[0]: row for row in (*added, *edited)}
        self.rows.update(changes)
        self.watermark += 1
        batch = {"watermark": self.watermark, "add": list(changes.values()), "remove": removed}
        self.finish_flush()
        self.writer.tell("apply", **batch)
        self.apply_times.append(self.reader.tell("apply", **batch)["ms"] / (len(changes) + len(removed)))
        self.waiting += len(changes) + len(removed)
        self.passed += len(added) + len(removed)
        if self.waiting >= FLUSH_AT:
            self.writer.send("flush")
            self.flushing, self.waiting = True, 0

    def _edited(self, identity: str, fresh: Sequence[Row]) -> Row:
        _, author, created, text = self.rows[identity]
        return identity, author, created, f"{text.rpartition(' ')[0]} {fresh[0][3].split()[0]}"

    def finish_flush(self) -> None:
        if self.flushing:
            self.flush_times.append(self.writer.answer()["ms"])
            self.flushing = False

    def ask(self, questions: Sequence[str]) -> None:
        self.times += self.reader.tell("ask", questions=questions)["ms"]
        self.expert_times += self.reader.tell("experts", questions=questions[:1])["ms"]

    def sample(self) -> Sample:
        self.finish_flush()
        wrote, read = self.writer.tell("gauge"), self.reader.tell("gauge")
        if not (wrote["ok"] and read["ok"]):
            raise SoakFailed("the engine says that it is damaged")
        found: Sample = {
            "passed": self.passed,
            "documents": read["documents"],
            "segments": read["segments"],
            "files": wrote["files"],
            "MB on disk": wrote["bytes"] / 1e6,
            "open files": max(wrote["open"], read["open"]),
            "memory, writer": wrote["memory"][2],
            "memory, reader": read["memory"][2],
            "search p50": median(self.times or [0]),
            "search p95": percentile(self.times or [0], 0.95),
            "experts p95": percentile(self.expert_times or [0], 0.95),
            "add p50": median(self.apply_times or [0]),
            "flush at most": max(self.flush_times or [0]),
        }
        for times in (self.times, self.expert_times, self.apply_times, self.flush_times):
            times.clear()
        return found


class SoakFailed(Exception):
    """One line: what is wrong."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="script/bench soak", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--documents", type=int, default=100_000, help="so many, in whole thousands, are in the index at any time"
    )
    parser.add_argument("--through", type=int, default=200_000, help="posts that come and go")
    parser.add_argument("--every", type=float, default=5.0, help="seconds between two samples")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        try:
            samples = _run(Path(scratch), options)
        except (SoakFailed, EngineFailed) as error:
            print(f"FAILED: {error}")
            return 1
    faults = growth(samples)
    print(
        "\n".join(f"FAILED: {fault}" for fault in faults) or "Everything is there once, nothing else is, nothing grew."
    )
    return 1 if faults else 0


def _run(scratch: Path, options: argparse.Namespace) -> list[Sample]:
    index = scratch / "index"
    questions = _questions()
    chance = random.Random(4)
    with ExitStack() as processes:
        writer = processes.enter_context(Process("the writer", "soaking", str(index), "writer"))
        reader = processes.enter_context(Process("the reader", "soaking", str(index), "reader"))
        soak = Soak(writer, reader, _rows(options.documents + options.through))
        while len(soak.living) < options.documents:
            soak.change(chance, size=10 * BATCH, out=False)
            soak.ask(questions[:1])  # a web process follows because somebody asks
        soak.finish_flush()
        writer.tell("flush")
        soak.passed = soak.waiting = 0
        _print(soak.sample(), head=True)
        samples: list[Sample] = []
        started = time.monotonic()
        while soak.passed < 2 * options.through:
            soak.change(chance)
            soak.ask(chance.sample(questions, 3))
            if time.monotonic() - started > options.every:
                samples.append(soak.sample())
                _print(samples[-1])
                started = time.monotonic()
        samples.append(soak.sample())
        _print(samples[-1])
        writer.tell("flush")
        _verify(soak, index, scratch / "anew", questions)
    return samples


def _verify(soak: Soak, index: Path, anew: Path, questions: Sequence[str]) -> None:
    """Raises SoakFailed at the first difference."""
    wanted = [soak.rows[identity] for identity in soak.living]
    created = [row[2] for row in wanted]
    bounds = [*created[::50], created[-1] + 1000]
    with Process("a fresh reader", "soaking", str(index), "reader") as fresh:
        for process in (soak.writer, soak.reader, fresh):
            found = process.tell("everything", bounds=bounds)["ids"]
            _require_same(process.name, found, soak.living)
        with Process("a new index", "soaking", str(anew), "writer") as other:
            other.tell("rebuild", rows=wanted)
            for do in ("ask", "experts"):
                expected = other.tell(do, questions=questions[:COMPARED])["found"]
                for process in (soak.writer, soak.reader, fresh):
                    found = process.tell(do, questions=questions[:COMPARED])["found"]
                    _require_equal(f"{process.name}, asked to {do},", questions, found, expected)


def _require_equal(name: str, questions: Sequence[str], found: Sequence[object], expected: Sequence[object]) -> None:
    other = [place for place, answer in enumerate(expected) if found[place] != answer]
    if other:
        first = other[0]
        raise SoakFailed(
            f"{name} answers {len(other)} questions otherwise than an index made anew, so {questions[first]!r}: "
            f"{found[first]} instead of {expected[first]}"
        )


def _require_same(name: str, found: Sequence[str], wanted: Sequence[str]) -> None:
    twice, ghosts, lost = len(found) - len(set(found)), set(found) - set(wanted), set(wanted) - set(found)
    if twice or ghosts or lost:
        raise SoakFailed(f"{name}: {twice} found twice, {len(ghosts)} that are gone, {len(lost)} lost")


def growth(samples: Sequence[Sample]) -> list[str]:
    """What went on growing after the first quarter, one line each; too few samples tell nothing."""
    if len(samples) < 8:
        return []
    quarter = len(samples) // 4
    early, late = samples[quarter : 2 * quarter], samples[-quarter:]
    found = []
    for name, slack in SLACK.items():
        before, after = (median([sample[name] for sample in some]) for some in (early, late))
        if after > before * LEAK + slack:
            found.append(f"{name} grew from {before:.0f} to {after:.0f}")
    return found


def _rows(amount: int) -> Iterator[Row]:
    """Posts of an invented company for everybody to read, each a second younger than the one before."""
    first = 0
    for number, post in enumerate(Company(PEOPLE, amount).posts()):
        first = first or post.created
        yield f"post:{post.id}", post.author, first + 1000 * number, post.text


def _questions() -> list[str]:
    chance, words = random.Random(6), vocabulary(20_000)
    one = [chance.choice(words[20:]) for _ in range(QUESTIONS // 2)]
    several = [" ".join(chance.choice(words[20:4_000]) for _ in range(3)) for _ in range(QUESTIONS // 4)]
    phrases = [f'"{chance.choice(words[:60])} {chance.choice(words[:60])}"' for _ in range(QUESTIONS // 4)]
    mixed = [*one, *several, *phrases]
    chance.shuffle(mixed)
    return mixed


def _print(sample: Sample, *, head: bool = False) -> None:
    cells = [f"{value:,}" if isinstance(value, int) else ms(value) for value in sample.values()]
    lines = table(list(sample), [cells])
    print(lines if head else lines.splitlines()[-1], flush=True)
