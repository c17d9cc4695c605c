"""``import jsonl``: a company's people and posts from a folder of JSON lines."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from intranet.imports.batches import Pace
from intranet.imports.lines import Unreadable, find_file
from intranet.imports.people import People, import_people, known_people
from intranet.imports.posts import import_posts
from intranet.imports.report import Tally
from intranet.kernel import audience
from intranet.kernel.runtime import runtime
from intranet.search.commands import bring_up_to_date
from intranet.search.index import index_of

if TYPE_CHECKING:
    from rich.console import Console

_LONGEST_SOURCE = 60


class NothingToImport(Exception):
    """The folder holds neither file; the message names both."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One tally per file; ``failures`` name files that end badly."""

    tallies: tuple[Tally, ...]
    failures: tuple[str, ...]


@click.group("import")
def import_group() -> None:
    """Take in what another system holds."""


@import_group.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check every line and count, but write nothing.")
@with_appcontext
def jsonl(folder: Path, *, dry_run: bool) -> None:
    """People and posts from FOLDER/people.jsonl[.gz] and FOLDER/posts.jsonl[.gz].

    Repeating it changes nothing, and after an interruption it goes on where it stopped. Posts that name a group are
    readable by the people who wrote in that group, all others by everyone.
    """
    from rich.console import Console  # noqa: PLC0415 (a process that serves prints nothing)

    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 (Flask's documented way to the application itself)
    console = Console(stderr=True)
    try:
        outcome = import_folder(app, folder, dry_run=dry_run, console=console)
    except NothingToImport as problem:
        raise click.ClickException(str(problem)) from problem
    for tally in outcome.tallies:
        click.echo("\n".join(tally.lines()))
    for failure in outcome.failures:
        click.echo(failure, err=True)
    if dry_run:
        click.echo("Dry run: nothing was written.")
        sys.exit(1 if outcome.failures else 0)
    with console.status("Making it searchable"):
        is_searchable = bring_up_to_date(index_of(app))
    click.echo("All of it is searchable." if is_searchable else "The worker is still indexing: see index check.")
    sys.exit(1 if outcome.failures or not is_searchable else 0)


def import_folder(app: Flask, folder: Path, *, dry_run: bool = False, console: "Console | None" = None) -> Outcome:
    """Take in both files of a folder, whose name is the source.

    Raises:
        NothingToImport: there is no such file.
    """
    from intranet.imports.progress import quiet, watching  # noqa: PLC0415 (a process that serves prints nothing)

    files = {stem: find_file(folder, stem) for stem in ("people", "posts")}
    if not any(files.values()):
        raise NothingToImport(f"{folder} holds neither people.jsonl nor posts.jsonl (nor either with .gz)")
    source = folder.resolve().name[:_LONGEST_SOURCE]
    console = console or quiet()
    pace = Pace(runtime(app).database)
    if not dry_run:
        pace.write(audience.ensure_everyone)
    with pace.reading() as session:
        people = People(ids=known_people(session, source))
    tallies, failures = [], []
    with watching(console) as watch:
        for stem, path in files.items():
            if path is None:
                continue
            tally = Tally(path.name, tell=lambda words: console.print(words, markup=False, highlight=False))
            tallies.append(tally)
            seen = watch(path)
            try:
                if stem == "people":
                    import_people(pace, path, source=source, people=people, tally=tally, dry_run=dry_run, seen=seen)
                else:
                    import_posts(pace, path, source=source, people=people.ids, tally=tally, dry_run=dry_run, seen=seen)
            except Unreadable as problem:
                failures.append(str(problem))
    return Outcome(tuple(tallies), tuple(failures))
