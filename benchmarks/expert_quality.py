"""How well the expert finder ranks a corpus that was imported and is asked as the product does it.

`script/bench expert-quality DIR…` imports each data set (see ranking_figures.py) into a data folder of its
own with the code behind `import jsonl`, asks every query of `queries.jsonl` through the finder of the
experts page, and prints MAP, MRR, S@5 and nDCG@10 with 95 % intervals beside what simpler rules reach.
`--without tags,mentions,skills` sets the weights of those signals to zero: text only.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Collection, Sequence
from pathlib import Path

from rich.console import Console
from sqlalchemy import select

from benchmarks.baselines import baseline_lines
from benchmarks.engine_corpus import DEPTH, Ask, ask_engine
from benchmarks.ranking_figures import Query, figures_line, read_queries, table_of
from intranet import create_app
from intranet.accounts.models import Person
from intranet.config import Settings
from intranet.expertise.finding import Asked, find_experts
from intranet.imports.commands import import_folder
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Role, Viewer, system
from intranet.operations.migrating import bring_up_to_date
from intranet.search import commands
from intranet.search.index import index_of
from search_index.documents import Kind
from search_index.expertise import Weights

SIGNALS = ("tags", "mentions", "skills")
SKILL_KINDS = (Kind.SKILL, Kind.ENDORSEMENT, Kind.PRAISE, Kind.PERSON)


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    weights = weights_without(options.without)
    runs: dict[str, dict[str, list[str]]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for folder in options.folder:
            place = (options.keep or Path(scratch)) / folder.name
            ask = ask_engine(folder, place, weights) if options.engine else ask_product(folder, place, weights)
            runs[folder.name] = _measure(folder, ask)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(runs if len(runs) > 1 else runs[options.folder[0].name], indent=0))
    print(f"\nrun file: {options.out}")
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench expert-quality", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", nargs="+", type=Path, help="a data set: people, posts and queries as JSON lines")
    parser.add_argument("--without", default="", metavar="SIGNALS", help=f"of {','.join(SIGNALS)}: set to zero")
    parser.add_argument(
        "--out", type=Path, default=Path("instance/expert-quality.run.json"), help="where the run file goes"
    )
    parser.add_argument("--keep", type=Path, help="data folders that outlive the run; a second run imports nothing")
    parser.add_argument("--engine", action="store_true", help="past the product, straight into the engine")
    options = parser.parse_args(arguments)
    options.without = [signal for signal in options.without.split(",") if signal]
    if unknown := set(options.without) - set(SIGNALS):
        parser.error(f"--without knows {', '.join(SIGNALS)}, not {', '.join(sorted(unknown))}")
    for folder in options.folder:
        if not any((folder / f"queries.jsonl{ending}").exists() for ending in ("", ".gz")):
            parser.error(f"{folder} holds no queries.jsonl")
    return options


def weights_without(signals: Collection[str]) -> Weights:
    """The page's weights, with some signals left out."""
    usual = Weights()
    kinds = {
        kind: 0.0 if "skills" in signals and kind in SKILL_KINDS else weight for kind, weight in usual.kinds.items()
    }
    return Weights(
        kinds=kinds,
        mentions=0.0 if "mentions" in signals else usual.mentions,
        topics=0.0 if "tags" in signals else usual.topics,
    )


def ask_product(folder: Path, place: Path, weights: Weights) -> Ask:
    """Import a data set into a data folder of its own; returns what asks the page's finder there."""
    settings = Settings(data=place, async_mode="threading")
    place.mkdir(parents=True, exist_ok=True)
    bring_up_to_date(settings)
    app = create_app(settings)
    context = app.app_context()
    context.push()  # held as long as questions are asked: the finder belongs to the current application
    started = time.perf_counter()
    outcome = import_folder(app, folder, console=Console(stderr=True))
    for tally in outcome.tallies:
        print("\n".join(tally.lines()))
    if outcome.failures or not commands.bring_up_to_date(index_of(app)):
        sys.exit("\n".join(outcome.failures) or "the index did not catch up")
    print(f"{folder.name}: imported and searchable in {time.perf_counter() - started:.0f} s")
    with runtime(app).database.reading(system(reason="expert-quality: the data set's own ids")) as session:
        known = select(Person.id, Person.external_id).where(Person.source == folder.resolve().name)
        names = {row.id: str(row.external_id) for row in session.execute(known)}
    viewer = Viewer(id=min(names), roles=frozenset({Role.MEMBER}))

    def ask(text: str) -> list[str]:
        answer = find_experts(viewer, Asked(text, limit=DEPTH, weights=weights))
        return [names[expert.person_id] for expert in answer.experts.items if expert.person_id in names]

    return ask


def _measure(folder: Path, ask: Ask) -> dict[str, list[str]]:
    """Ask everything, print the figures by kind of query and by half, return the run."""
    queries = read_queries(folder)
    run: dict[str, list[str]] = {}
    took: list[float] = []
    for query in queries:
        started = time.perf_counter()
        run[query.id] = list(ask(query.text))
        took.append((time.perf_counter() - started) * 1000)
    took.sort()
    print(
        f"\n{folder.name}: {len(queries)} questions, p50 {took[len(took) // 2]:.1f} ms, "
        f"p95 {took[int(len(took) * 0.95)]:.1f} ms"
    )
    for kind in dict.fromkeys(query.kind for query in queries):
        _print_part(kind, [query for query in queries if query.kind == kind], run)
        print("\n".join(baseline_lines(folder.name, kind)))
    for half in "AB":
        _print_part(f"half {half}", [query for query in queries if query.half == half], run)
    _print_part("all", queries, run)
    return run


def _print_part(name: str, queries: Sequence[Query], run: dict[str, list[str]]) -> None:
    if queries:
        print(figures_line(f"{name} ({len(queries)})", table_of(run, queries)))
