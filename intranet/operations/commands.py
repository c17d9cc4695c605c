"""doctor, backup, restore and move."""

import json
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from smtplib import SMTPException

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from intranet.kernel.ids import new_id
from intranet.kernel.mail import Mail, deliver
from intranet.kernel.runtime import runtime
from intranet.operations.archive import BadArchive, write_archive
from intranet.operations.copying import CopyFailed
from intranet.operations.doctor import Finding, examine
from intranet.operations.migrating import CannotMigrate
from intranet.operations.moving import CannotMove, Content
from intranet.operations.moving import move as move_rows
from intranet.operations.parking import events
from intranet.operations.preflight import CannotStart, alone_with
from intranet.operations.reaching import Unusable
from intranet.operations.restoring import WouldReplace, require_nobody_here
from intranet.operations.restoring import restore as put_back_backup

FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


def register(app: Flask) -> None:
    for command in (doctor, backup, restore, move, events):
        app.cli.add_command(command)


@click.command()
@click.option("--mail-to", metavar="ADDRESS", help="send a mail there, to see whether mail works")
@click.option("--json", "as_json", is_flag=True, help="one JSON object for a program")
@with_appcontext
def doctor(mail_to: str | None, *, as_json: bool) -> None:
    """Look for what is wrong and say what to do; exit code 1 where anything is."""
    found = []
    for finding in chain([_try_mail(mail_to)] if mail_to else [], examine(runtime())):
        found.append(finding)
        if not as_json:
            _tell(finding)
    is_well = not any(finding.remedy for finding in found)
    if as_json:
        click.echo(json.dumps({"ok": is_well, "findings": [asdict(finding) for finding in found]}, indent=1))
    if not is_well:
        raise SystemExit(1)


def _tell(finding: Finding) -> None:
    click.echo(f"{'!!' if finding.remedy else 'ok'}  {finding.subject}: {finding.state}")
    if finding.remedy:
        click.echo(f"    -> {finding.remedy}")


def _try_mail(address: str) -> Finding:
    words = "Mail from Couth reaches you: nothing is left to do."
    try:
        deliver(
            runtime().settings,
            Mail(key=f"test-{new_id()}", to_name="", to=address, subject="Couth", text=words, html=f"<p>{words}</p>"),
        )
    except (OSError, SMTPException, ValueError) as error:
        return Finding("test mail", str(error), "see that COUTH_MAIL_URL and COUTH_MAIL_FROM are right")
    return Finding("test mail", f"sent to {address}" if runtime().settings.mail_url else "written to the folder mail")


@click.command()
@FILE
@with_appcontext
def backup(file: Path) -> None:
    """Write everything worth keeping into FILE and read it back; the product may be running."""
    try:
        manifest = write_archive(runtime().settings, file)
    except FileExistsError as error:
        raise click.ClickException(f"{file} is there already: choose another name") from error
    except (CopyFailed, BadArchive) as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"{error.filename or file} cannot be written ({error.strerror})") from error
    size = file.stat().st_size / 1e6
    click.echo(f"{file}: {size:.1f} MB, {len(manifest.members)} members, read back and whole.")
    click.echo("It holds the key that signs sessions: keep it where only you can read it.")


@click.command()
@FILE
@click.option("--replace", is_flag=True, help="even where there is data, which is set aside")
@with_appcontext
def restore(file: Path, *, replace: bool) -> None:
    """Put the backup FILE in its place, beside no other data unless --replace says so; the server must not run."""
    settings = runtime().settings
    runtime().database.engine.dispose()
    try:
        if not replace:
            require_nobody_here(settings)
        manifest, aside = put_back_backup(settings, file)
    except (WouldReplace, BadArchive, CopyFailed, CannotMigrate, CannotStart, Unusable) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Restored what was backed up at {manifest.made_at}. What was there before: {aside}")
    _rebuild_index()


@click.command()
@click.argument("database_url")
@with_appcontext
def move(database_url: str) -> None:
    """Copy everything into the empty database at DATABASE_URL; the server must not run."""
    settings = runtime().settings
    runtime().database.engine.dispose()
    try:
        with alone_with(settings.data):
            rows = move_rows(settings, database_url, tell=_tell_arrival)
    except (CannotMove, CannotMigrate, CannotStart, CopyFailed, Unusable) as error:
        raise click.ClickException(str(error)) from error
    except SQLAlchemyError as error:
        reason = getattr(error, "orig", error)
        raise click.ClickException(f"the move stopped ({reason}): the same command goes on with it") from error
    click.echo(f"{rows} rows moved, read back and equal. Files and index stay in {settings.data}.")
    click.echo("From now on start with COUTH_DATABASE_URL set to that address.")


def _tell_arrival(table: str, content: Content) -> None:
    click.echo(f"{content.rows:>10}  {content.checksum}  {table}")


def _rebuild_index() -> None:
    index = current_app.cli.get_command(click.get_current_context(), "index")
    rebuild = index.get_command(click.get_current_context(), "rebuild") if isinstance(index, click.Group) else None
    if rebuild is not None:
        click.get_current_context().invoke(rebuild)
