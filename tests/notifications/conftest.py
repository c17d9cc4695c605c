"""A worker for what the ledger sets off."""

from collections.abc import Iterator

import pytest
from flask import Flask

from intranet.kernel.db import Database
from tests.cast import Cast
from tests.notifications.receiving import Inbox, mail_server
from tests.notifications.working import Work


@pytest.fixture
def work(app: Flask, database: Database, cast: Cast) -> Iterator[Work]:
    found = Work(app, database)
    with found.stopped:
        yield found


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with mail_server() as found:
        yield found
