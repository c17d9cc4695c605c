"""``flask --app wsgi demo``: a living company to look at, in one command."""

import click
from flask import Flask
from flask.cli import with_appcontext

from intranet.demo import loading
from intranet.demo.asking import ask_around
from intranet.demo.furnishing import furnish
from intranet.demo.generate import generate
from intranet.demo.keeping import keep_answers
from intranet.demo.loading import Tenant
from intranet.demo.signing_in import SIGN_INS
from intranet.kernel import clock
from intranet.kernel.runtime import runtime
from intranet.search.commands import bring_up_to_date
from intranet.search.index import index_of

_REFUSED = {
    Tenant.REAL_PEOPLE: "this database holds people already; the demo company wants an empty one: set COUTH_DATA",
    Tenant.HALF_OF_DEMO: "the demo company was interrupted while it moved in: remove the data folder and start again",
}


def register(app: Flask) -> None:
    app.cli.add_command(demo)


@click.command()
@with_appcontext
def demo() -> None:
    """Fill an empty database with a made-up company of 300 people, and print three ways to sign in."""
    from rich.console import Console  # noqa: PLC0415 (a process that serves prints nothing)
    from rich.progress import Progress  # noqa: PLC0415 (the same)

    database = runtime().database
    lives = loading.tenant(database)
    if lives in _REFUSED:
        raise click.ClickException(_REFUSED[lives])
    if lives is Tenant.DEMO:
        click.echo("The demo company is there already.")
    else:
        now = clock.now()
        company = generate(now)
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("The demo company moves in", total=len(company.posts))
            ids = loading.load(database, company, now, lambda done: bar.update(task, completed=done))
            furnish(database, ids.people, now, runtime().settings.files_folder)
            keep_answers(database, ids.people, now)
        if not bring_up_to_date(index_of()):
            click.echo("The search index is not ready yet; the worker goes on with it.")
        ask_around(database, now)
        comments = sum(len(post.comments) for post in company.posts)
        click.echo(
            f"{company.name} moved in: {len(company.people)} people, {len(company.topics)} topics, "
            f"{len(company.posts)} posts, {comments} comments."
        )
    for sign_in in SIGN_INS:
        click.echo(f"  sign in as {sign_in.username:<8} password {sign_in.password:<24} {sign_in.who}")
    click.echo("Everybody knows these passwords: keep the demo on this machine.")
