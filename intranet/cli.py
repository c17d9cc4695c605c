"""The product's own commands of ``flask --app wsgi``; features add theirs in their ``register(app)``."""

import os
import signal
import sys
import threading

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from intranet import config
from intranet.kernel import journal, policy, worker
from intranet.kernel.runtime import runtime
from intranet.operations.migrating import CannotMigrate, require_newest
from intranet.operations.reaching import Unusable


def register(app: Flask) -> None:
    for command in (serve, work, settings, permissions):
        app.cli.add_command(command)


def _require_newest() -> None:
    try:
        require_newest(runtime().database)
    except (CannotMigrate, Unusable) as error:
        raise click.ClickException(str(error)) from error


@click.command()
@with_appcontext
def serve() -> None:
    """Serve pages and sockets: the web process alone, without set-up and without a worker."""
    _require_newest()
    # The event loop has to be in place before anything else is imported, so this process starts afresh.
    os.execv(sys.executable, [sys.executable, str(config.ROOT / "wsgi.py")])  # noqa: S606 (our own program)


@click.command("worker")
@with_appcontext
def work() -> None:
    """React to what happened and do what is due, until stopped: search, expertise, notices, mail, pictures."""
    _require_newest()
    journal.start("worker", runtime().settings)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    worker.run(current_app._get_current_object(), stop)  # type: ignore[attr-defined]  # noqa: SLF001 (Flask's documented way to the application itself)


@click.command()
@with_appcontext
def settings() -> None:
    """List every setting: its variable, its value now, its default and its meaning."""
    current = runtime().settings
    for name, default, meaning in config.meanings():
        click.echo(f"{name}={config.shown(current, name)}\n    {meaning} [default: {default or 'none'}]")


@click.command()
def permissions() -> None:
    """List who may do what: every permission with its rule."""
    for name, rule, meaning in policy.table():
        click.echo(f"{name}\t{rule}\t{meaning}")
