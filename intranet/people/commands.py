"""``people import``: HR's list from the command line."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from intranet.accounts.commands import people
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import system
from intranet.people.hr_file import BadFile, read_rows
from intranet.people.importing import Outcome, Report, bring_in_line


@people.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@with_appcontext
def import_people(file: Path, *, dry_run: bool) -> None:
    """Bring people in line with a CSV FILE.

    Columns: name, username, email, title, department, location, timezone, languages, manager (a username), skills,
    status (active or left: left closes the account), successor (the username of who takes over what a leaver looked
    after). Only name and username are needed. Rows that cannot be used are named and left out; the rest goes in. Doing
    it twice changes nothing.
    """
    try:
        rows, bad = read_rows(file)
    except BadFile as error:
        raise click.ClickException(str(error)) from error
    viewer = system(reason="people: HR's list, brought by somebody at the machine's own console")
    report = bring_in_line(runtime().database, viewer, rows, dry_run=dry_run)
    report.bad = sorted([*bad, *report.bad], key=lambda row: row.line)
    _print(report, dry_run=dry_run)


def _print(report: Report, *, dry_run: bool) -> None:
    for outcome in report.added:
        click.echo(f"+ {outcome.row.username} ({outcome.row.name}){_list(outcome)}")
    for outcome in report.changed:
        click.echo(f"~ {outcome.row.username}{_list(outcome)}")
    for row in report.bad:
        click.echo(f"! line {row.line}: {row.reason}", err=True)
    verb = "would be " if dry_run else ""
    click.echo(
        f"{len(report.added)} {verb}added, {len(report.changed)} {verb}changed, {report.same} as they were, "
        f"{len(report.bad)} left out"
    )


def _list(outcome: Outcome) -> str:
    return "".join(f"\n    {difference}" for difference in outcome.differences)
