"""Accounts from the command line, for whoever runs the machine."""

import getpass
import secrets
import sys

import click
from flask.cli import with_appcontext

from intranet.accounts import actions, passwords, queries
from intranet.accounts.factors import actions as factors
from intranet.accounts.forms import JoinForm
from intranet.kernel.errors import CouthError, Invalid
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Role, system

_console = system(reason="accounts: somebody at the machine's own console")


@click.group()
def people() -> None:
    """Add and import people."""


@people.command("add")
@click.argument("username")
@click.option("--name", required=True, help="The name that colleagues read.")
@click.option("--email", default="", help="Where mail reaches them.")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.MEMBER.value)
@with_appcontext
def add(username: str, name: str, email: str, role: str) -> None:
    """Add one person. Asks for a password; prints a made-up one where nobody can be asked."""
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else secrets.token_urlsafe(12)
    try:
        form = JoinForm.parse({"username": username, "name": name, "email": email, "password": password})
        passwords.check_new(form.password)
        password_hash = passwords.hash_password(form.password)
        runtime().database.transact(
            _console,
            lambda session: (
                actions.open_account(
                    session,
                    _console,
                    username=form.username,
                    name=form.name,
                    email=form.email or None,
                    roles=(Role(role),),
                    password_hash=password_hash,
                ).id
            ),
        )
    except Invalid as error:
        raise click.ClickException("; ".join(f"{field}: {words}" for field, words in error.fields.items())) from error
    click.echo(f"{form.username} can sign in.")
    if not sys.stdin.isatty():
        click.echo(f"Password: {password}")


@people.command("reset-factor")
@click.argument("username")
@with_appcontext
def reset_factor(username: str) -> None:
    """Take away the second factor of USERNAME, who lost it; they are signed out and told."""
    try:
        runtime().database.transact(
            _console,
            lambda session: factors.reset(session, _console, queries.person_by_username(session, username)),
        )
    except CouthError as error:
        raise click.ClickException(f"{username}: {error or 'nobody has this username'}") from error
    click.echo(f"{username} signs in with the password alone, and sets up a second factor anew where one is asked for.")


@click.command("token")
@click.argument("username")
@with_appcontext
def token(username: str) -> None:
    """Print a new API token of USERNAME."""
    try:
        made = runtime().database.transact(
            _console,
            lambda session: actions.make_token(
                session, _console, queries.person_by_username(session, username), "command line"
            ),
        )
    except CouthError as error:
        raise click.ClickException(f"{username}: {error or 'nobody has this username'}") from error
    click.echo(made)
