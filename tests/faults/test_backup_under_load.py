"""A backup that is made while people go on posting holds everything that was acknowledged before it began, and comes
back as a whole."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from intranet.config import Settings
from intranet.operations.restoring import restore
from tests.faults.chatting import members
from tests.faults.running import PATIENCE, Server, eventually, running_server

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

WRITERS = ("alice", "bob")
PAUSE = 0.1  # seconds between one writer's posts: below what one person may post in a minute


@contextmanager
def posting(send: "Writer") -> Iterator[None]:
    """People who go on posting meanwhile."""
    is_over = threading.Event()

    def go_on(name: str) -> None:
        number = 0
        while not is_over.is_set():
            number += 1
            send(name, number)

    writers = [threading.Thread(target=go_on, args=(name,)) for name in WRITERS]
    for writer in writers:
        writer.start()
    try:
        yield
    finally:
        is_over.set()
        for writer in writers:
            writer.join()


class Writer:
    """Posts, and remembers what was acknowledged."""

    def __init__(self, server: Server, tokens: dict[str, str]) -> None:
        self.server, self.tokens = server, tokens
        self.acknowledged: list[str] = []

    def __call__(self, name: str, number: int) -> None:
        text = f"{name} wrote {number}"
        status, _ = self.server.ask("POST", "/api/v1/posts", token=self.tokens[name], body={"text": text})
        if status == 201:
            self.acknowledged.append(text)
        time.sleep(PAUSE)


def back_up_amid_posting(server: Server, backup: Path, acknowledged: list[str]) -> set[str]:
    """Make a backup while something is acknowledged; returns what was so before it began.

    Where the data is small and the machine busy, a backup may pass between two posts: such a one shows nothing, and
    another is made.
    """
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        backup.unlink(missing_ok=True)
        before = set(acknowledged)
        assert "read back and whole" in server.command("backup", str(backup))
        if set(acknowledged) - before:
            return before
    raise AssertionError("nobody wrote while backups were made: the test shows nothing")


def texts(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as database:
        return [row[0] for row in database.execute("SELECT text FROM posts")]


def test_a_backup_under_load_comes_back_whole(tmp_path: Path) -> None:
    backup = tmp_path / "backup.tar.gz"
    with running_server(tmp_path / "data") as server:
        writer = Writer(server, members(server, list(WRITERS)))
        with posting(writer):
            assert eventually(lambda: len(writer.acknowledged) > 20)
            before = back_up_amid_posting(server, backup, writer.acknowledged)

    there = Settings(data=tmp_path / "elsewhere", secret_key="only for tests")
    restore(there, backup)
    restored = texts(there.data / "couth.db")
    assert before <= set(restored) <= set(writer.acknowledged), "all that was told before it began, and nothing untold"
    assert len(restored) == len(set(restored))
    with closing(sqlite3.connect(there.data / "couth.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        events = database.execute("SELECT count(*) FROM outbox WHERE type = 'post.published'").fetchone()[0]
    assert events == len(restored), "each post with its event, and no event without its post"
    with running_server(there.data) as server:
        for text in list(before)[:3]:
            _, found = server.ask("GET", "/api/v1/search?kind=post&q=" + text.replace(" ", "%20"), token="token of bob")
            assert found["items"], text
