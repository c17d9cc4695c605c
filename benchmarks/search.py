"""The engine beside stock Whoosh, tantivy and SQLite FTS5: speed, memory, size, and the goals they are held against.

`script/bench search [--size small] [--size large] [--data DIR] [--corpus SET]` invents 20,000 people with 200,000
posts (small) and 50,000 with a million (large), or repeats a data set (see ranking_figures.py) until it is as big;
builds every engine's index once and keeps it in the data folder (stock Whoosh takes some 20 minutes for a million);
rebuilds ours from a database of the product; and asks all of them the same questions in one run, taking turns. What
was printed is also kept as figures.json beside the corpus. Times are of this machine as busy as it is.
"""

import argparse
import importlib.util
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from benchmarks.search_speed import making
from benchmarks.search_speed.corpus import Corpus
from benchmarks.search_speed.engines.answering import ENGINES
from benchmarks.search_speed.engines.couth import PORT_CLASSES
from benchmarks.search_speed.engines.rivals import CLASSES
from benchmarks.search_speed.figures import table
from benchmarks.search_speed.goals import GOALS, goal_rows, side_by_side
from benchmarks.search_speed.run import PARTS, Run

OURS = "couth"


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    engines = [name for name in ENGINES if name in options.engines or name == OURS]
    if "tantivy" in engines and importlib.util.find_spec("tantivy") is None:
        print("tantivy is left out: it is not installed (pip install -r requirements-dev.txt)")
        engines.remove("tantivy")
    reached: list[list[list[str]]] = []
    for size in options.size or ["small"]:
        corpus = _corpus(options.data, size, options.corpus)
        run = Run(corpus, size=size, engines=engines, classes=options.classes, seconds=options.seconds)
        for part in PARTS:
            if part in options.parts:
                PARTS[part](run)
                run.keep()
        reached.append(goal_rows(run.figures, GOALS[size]))
    if len(reached) == 2 and "goals" in options.parts:
        head = ["", *(f"{size}: {what}" for size in options.size for what in ("goal", "reached", "held"))]
        print(f"\n### both sizes\n\n{table(head, side_by_side(*reached))}")
    return 0


def _corpus(data: Path, size: str, source: Path | None) -> Corpus:
    return making.repeated(data, size, source) if source else making.invented(data, size)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench search", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--size", action="append", choices=sorted(making.SIZES), help="may be given twice; small")
    place = Path(tempfile.gettempdir()) / "couth-search-bench"
    parser.add_argument("--data", type=Path, default=place, help=f"where corpora and indexes are kept; {place}")
    parser.add_argument("--corpus", type=Path, help="a data set to repeat instead of inventing one")
    parser.add_argument("--engines", type=_some_of(ENGINES), default=list(ENGINES), help=",".join(ENGINES))
    classes = [*CLASSES, *PORT_CLASSES]
    parser.add_argument("--classes", type=_some_of(classes), default=classes, help=",".join(classes))
    parser.add_argument("--parts", type=_some_of(PARTS), default=list(PARTS), help=",".join(PARTS))
    parser.add_argument("--seconds", type=float, default=6.0, help="at most for one engine in one class")
    return parser.parse_args(arguments)


def _some_of(known: Iterable[str]) -> Callable[[str], list[str]]:
    """Reads names with commas between them; anything else is refused with the names there are."""
    names = list(known)

    def read(value: str) -> list[str]:
        wanted = value.split(",")
        if unknown := set(wanted) - set(names):
            raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))}: there are {', '.join(names)}")
        return wanted

    return read
