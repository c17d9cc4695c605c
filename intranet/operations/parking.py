"""``events parked``, ``events retry`` and ``events drop``: what a part of the product could not take."""

import click
from flask.cli import with_appcontext

from intranet.kernel import parked
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import system

_SHOWN = 200
_SUBSCRIBER = click.argument("subscriber", required=False)
_EVENT = click.argument("event_id", type=int, required=False)


@click.group()
def events() -> None:
    """Events that a part of the product could not take."""


@events.command("parked")
@with_appcontext
def show() -> None:
    """List them with their reasons, the latest first."""
    with runtime().database.reading(system(reason="operations: events parked")) as session:
        found = parked.parked(session, limit=_SHOWN)
    for one in found:
        click.echo(f"{one.subscriber} {one.event_id}  {one.type or 'no longer kept'}  {one.since:%Y-%m-%d %H:%M} UTC")
        click.echo(f"    {one.reason}")
    click.echo(f"{len(found)} shown" if found else "None.")


@events.command()
@_SUBSCRIBER
@_EVENT
@with_appcontext
def retry(subscriber: str | None, event_id: int | None) -> None:
    """Deliver one, or all of them, now; exit code 1 where any stays parked."""
    database = runtime().database
    with database.reading(system(reason="operations: events retry")) as session:
        chosen = parked.waiting(session)
    if subscriber is not None:
        chosen = [(name, number) for name, number in chosen if name == subscriber and event_id in {None, number}]
    if not chosen:
        raise click.ClickException("nothing of that name is parked: events parked lists what is")
    stayed = 0
    for name, number in chosen:
        reason = parked.deliver(database, name, number)
        stayed += bool(reason)
        click.echo(f"{name} {number}: {f'stays parked ({reason})' if reason else 'delivered'}")
    if stayed:
        raise SystemExit(1)


@events.command()
@click.argument("subscriber")
@click.argument("event_id", type=int)
@with_appcontext
def drop(subscriber: str, event_id: int) -> None:
    """Let one go: that part of the product never hears of it."""
    viewer = system(reason="operations: events drop")
    if not runtime().database.transact(viewer, lambda session: parked.let_go(session, subscriber, event_id)):
        raise click.ClickException("nothing of that name is parked: events parked lists what is")
    click.echo("Let go.")
