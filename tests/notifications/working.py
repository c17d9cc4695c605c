"""The worker with a clock that is moved by hand, and the folder where its mails land."""

import email
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default

from flask import Flask

from intranet.kernel import clock, jobs, outbox
from intranet.kernel.db import Database
from intranet.kernel.runtime import runtime

MONDAY_NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Work:
    """``do`` lets the worker finish everything that is due by its clock."""

    def __init__(self, app: Flask, database: Database) -> None:
        self.app, self.database = app, database
        self.stopped = ExitStack()
        self.now = MONDAY_NOON
        self.go_on()
        jobs.schedule_repeating(database)

    def go_on(self, **more: float) -> None:
        self.now += timedelta(**more)
        self.stopped.enter_context(clock.fixed(self.now))

    def do(self) -> None:
        with self.app.app_context():
            while outbox.drain(self.database, "notifications", "here") or jobs.run_due(self.database):
                pass

    @property
    def mails(self) -> list[EmailMessage]:
        folder = runtime(self.app).settings.data / "mail"
        found = [email.message_from_bytes(file.read_bytes(), policy=default) for file in sorted(folder.glob("*.eml"))]
        return [mail for mail in found if isinstance(mail, EmailMessage)]


def plain(mail: EmailMessage) -> str:
    """What a reader without HTML sees."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html(mail: EmailMessage) -> str:
    """What everybody else sees."""
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())
