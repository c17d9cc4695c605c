"""The parts of a measurement, in the order in which they print."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.search_speed import product
from benchmarks.search_speed.comparing import Taken, compare
from benchmarks.search_speed.corpus import Corpus
from benchmarks.search_speed.engines.couth import PORT_CLASSES
from benchmarks.search_speed.engines.processes import BUILT, ROOT, Process, build, bytes_in, open_process
from benchmarks.search_speed.engines.rivals import CLASSES
from benchmarks.search_speed.figures import class_row, median, ms, percentile, processor_row, table, times_as_long
from benchmarks.search_speed.goals import GOALS, goal_rows
from benchmarks.search_speed.memory import Memory

OURS, STOCK, NATIVE = "couth", "whoosh", "tantivy"
OPENINGS = 3


@dataclass
class Run:
    """One corpus and what was measured over it so far."""

    corpus: Corpus
    size: str
    engines: Sequence[str]
    classes: Sequence[str]
    seconds: float
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.corpus.folder.parent

    @property
    def rivals(self) -> list[str]:
        return [name for name in self.engines if name != OURS]

    def keep(self) -> None:
        """Write the figures beside the corpus; what an earlier run measured and this one did not stays."""
        kept = self.folder / "figures.json"
        earlier = json.loads(kept.read_text()) if kept.exists() else {}
        kept.write_text(json.dumps({**earlier, **self.figures}, indent=1))

    def process(self, engine: str) -> Process:
        return open_process(engine, self.folder / engine)


def build_rivals(run: Run) -> None:
    """Index the posts with every engine but ours, where that was not done before."""
    for engine in run.rivals:
        build(engine, run.corpus, run.folder / engine)


def rebuild_ours(run: Run) -> None:
    """Make our index from a database of the product, as an operator does."""
    folder = run.folder / OURS
    product.load(run.corpus, folder)
    took = {**product.rebuild(folder)._asdict(), "bytes": bytes_in(folder / "index")}
    (folder / BUILT).write_text(json.dumps(took))


def show_building(run: Run) -> None:
    """What building took, lately or when it was done; ours reads the database and has people and skills besides."""
    rows = []
    posts = sum(1 for _ in run.corpus.posts())
    for engine in run.engines:
        told = run.folder / engine / BUILT
        if not told.exists():
            continue
        took = json.loads(told.read_text())
        memory = Memory(*took["memory"])
        rows.append(
            [
                engine,
                f"{took['seconds']:.1f} s",
                f"{took['processor']:.1f} s",
                f"{posts / took['seconds']:,.0f}",
                f"{took['bytes'] / 1e6:.0f} MB",
                f"{memory.proportional:.0f} MB",
                f"{memory.private:.0f} MB",
            ]
        )
        run.figures.setdefault("building", {})[engine] = took
    _say(
        run,
        "building",
        ["engine", "build", "of the processor", "posts a second", "on disk", "memory at most", "of it private"],
        rows,
    )


def open_all(run: Run) -> None:
    """How long a new process takes from its start, and the engine in it, until the first answer is there."""
    rows = []
    question = run.corpus.questions()["rare"][0]
    for engine in run.engines:
        inside, altogether = [], []
        for _ in range(OPENINGS):
            with run.process(engine) as process:
                inside.append(process.tell("open", kind="rare", question=question)["ms"])
                altogether.append((time.perf_counter() - process.started) * 1000)
        run.figures.setdefault("opening", {})[engine] = (median(inside), median(altogether))
        rows.append([engine, f"{median(inside):.0f} ms", f"{median(altogether):.0f} ms"])
    _say(run, "open to first answer", ["engine", "engine alone", "with the start of Python"], rows)


def ask_all(run: Run) -> None:
    """Every class to every engine; then how much memory they hold."""
    questions = run.corpus.questions()
    with ExitStack() as open_processes:
        processes = [open_processes.enter_context(run.process(engine)) for engine in run.engines]
        for process in processes:
            process.tell("open", kind="rare", question=questions["rare"][0])
        behind = [f"{name} / {OURS}" for name in run.rivals]
        kinds = [kind for kind in CLASSES if kind in run.classes]
        _ask_classes(run, kinds, processes, "as query objects", behind)
        ours = [process for process in processes if process.name == OURS]
        kinds = [kind for kind in PORT_CLASSES if kind in run.classes]
        _ask_classes(run, kinds, ours, "through the port", [])
        _show_memory(run, processes)


def _ask_classes(run: Run, kinds: Sequence[str], processes: Sequence[Process], how: str, behind: list[str]) -> None:
    questions = run.corpus.questions()
    names = [process.name for process in processes]
    by_clock, by_processor = [], []
    for kind in kinds:
        seconds = dict.fromkeys(names, run.seconds)
        taken = compare(processes, kind, questions[kind.removeprefix("port-")], seconds)
        by_clock.append(class_row(kind, taken, OURS if behind else ""))
        by_processor.append(processor_row(kind, taken))
        _keep(run, kind, taken)
    _say(run, f"{how}, p50 / p95, ms", ["class", *names, *behind], by_clock)
    _say(run, f"{how}, the processor's part of it, ms", ["class", *names], by_processor)


def _keep(run: Run, kind: str, taken: Mapping[str, Taken]) -> None:
    run.figures.setdefault("classes", {})[kind] = {
        name: {
            "p50": median(one.wall),
            "p95": percentile(one.wall, 0.95),
            "processor": (median(one.processor), percentile(one.processor, 0.95)),
            "asked": len(set(one.asked)),
            "answered": one.found,
            "against_ours": times_as_long(one, taken[OURS]) if OURS in taken else None,
        }
        for name, one in taken.items()
    }


def _show_memory(run: Run, processes: Sequence[Process]) -> None:
    rows = []
    for process in processes:
        memory = Memory(*process.tell("memory")["memory"])
        run.figures.setdefault("serving", {})[process.name] = memory
        rows.append([process.name, *(f"{amount:.0f} MB" for amount in memory)])
    _say(run, "memory after all questions", ["engine", "resident", "proportional", "private"], rows)


def measure_freshness(run: Run) -> None:
    """From a post to its being found, in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.search_speed.freshness", str(run.folder / OURS)]
    told = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 (our own)
    taken = json.loads(told.stdout.splitlines()[-1])
    run.figures["searchable"] = {how: (median(each), percentile(each, 0.95)) for how, each in taken.items()}
    rows = [[how, f"{ms(one)} / {ms(other)}"] for how, (one, other) in run.figures["searchable"].items()]
    _say(run, "post to searchable, p50 / p95, ms", ["how", OURS], rows)


def show_goals(run: Run) -> None:
    """What was reached in this run beside what was to be reached."""
    _say(run, "goals", ["", "goal", "reached", "held"], goal_rows(run.figures, GOALS[run.size]))


def _say(run: Run, what: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    if rows:
        print(f"\n### {run.folder.name}: {what}\n\n{table(head, rows)}", flush=True)


PARTS: Mapping[str, Callable[[Run], None]] = {
    "build": build_rivals,
    "rebuild": rebuild_ours,
    "sizes": show_building,
    "open": open_all,
    "ask": ask_all,
    "fresh": measure_freshness,
    "goals": show_goals,
}
