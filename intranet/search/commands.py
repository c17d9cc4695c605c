"""``index rebuild`` and ``index check``, beside a running worker or without one."""

import sys
import time

import click
from flask.cli import with_appcontext

from intranet.kernel.runtime import runtime
from intranet.search.index import Index, index_of
from intranet.search.rebuilding import help_out

_PATIENCE_SECONDS = 600.0


@click.group()
def index() -> None:
    """The search index, which can always be made anew from the database."""


@index.command()
@with_appcontext
def rebuild() -> None:
    """Read everything again and build the index beside the old one, which answers meanwhile."""
    held = index_of()
    if not held.become_writer():
        held.ask_for_rebuild()
        click.echo("The worker rebuilds the index now; searches go on over the old one.")
        return
    started = time.monotonic()
    count = held.rebuild(lambda done: click.echo(f"\r{done} documents", nl=False, err=True))
    held.follow(seconds=_PATIENCE_SECONDS)
    held.flush(at_once=True)
    held.close()
    click.echo(f"\r{count} documents in {time.monotonic() - started:.1f} s")


@index.command()
@with_appcontext
def check() -> None:
    """Read every stored byte again; ends non-zero when something is damaged."""
    health = index_of().check()
    click.echo(f"{health.documents} documents in {health.segments} segments, {health.bytes} bytes")
    click.echo(f"everything up to outbox number {health.watermark}")
    for problem in health.problems:
        click.echo(problem)
    if not health.ok:
        click.echo("damaged: flask --app wsgi index rebuild")
        sys.exit(1)


@index.command(hidden=True)
@with_appcontext
def share() -> None:
    """Take a part of a rebuild that another process does; it says which on standard input."""
    help_out(runtime().database, sys.stdin)


def bring_up_to_date(held: Index) -> bool:
    """See that everything committed so far is stored in the index: by this process, or by the worker that holds it.

    Returns False where the worker did not get there in ten minutes.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if held.become_writer():
            if held.needs_rebuild():
                held.rebuild()
            held.follow(seconds=_PATIENCE_SECONDS)
            held.flush(at_once=True)
            held.close()
            return True
        if held.is_stored():
            return True
        time.sleep(0.25)
    return False
