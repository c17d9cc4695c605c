"""A full disk, a locked database, slow and half-open clients, a torn index, a migration: on one running server, while
people go on posting. What was acknowledged is there, once; what was not is told as such; all of it heals by itself."""

import json
import resource
import shutil
import socket
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPException
from pathlib import Path
from statistics import median

import pytest

from intranet.config import Settings
from intranet.operations.migrating import STEPS, bring_up_to_date, newest_revision
from tests.contracts.listening import listening
from tests.faults.chatting import Line, members
from tests.faults.running import Server, eventually, running_server, search, whole_feed

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

NEXT = """
import sqlalchemy as sa
from alembic import op
revision = "ofthenextversion"
down_revision = "{newest}"
def upgrade():
    op.add_column("posts", sa.Column("of_the_next_version", sa.String))
    op.create_table("of_the_next_version", sa.Column("id", sa.Integer, primary_key=True))
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("trouble") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def alice(server: Server) -> str:
    return members(server, ["alice", "bob"])["alice"]


def post(server: Server, token: str, text: str) -> int:
    """The status with which a post is answered; 0 where nobody answered."""
    try:
        return server.ask("POST", "/api/v1/posts", token=token, body={"text": text}, key=text[:40])[0]
    except (OSError, HTTPException):
        return 0


def times_stored(server: Server, token: str, start: str) -> Counter[str]:
    return Counter(item["text"] for item in whole_feed(server, token) if item["text"].startswith(start))


def seconds_of(server: Server, path: str = "/health") -> float:
    began = time.monotonic()
    status, _ = server.ask("GET", path)
    assert status == 200
    return time.monotonic() - began


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Another process's transaction, to the web process: SQLite does not tell the one from the other."""
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")


def test_a_lock_of_seconds_is_waited_for_and_pages_go_on(server: Server, alice: str) -> None:
    statuses: list[int] = []
    writers = [
        threading.Thread(target=lambda number=number: statuses.append(post(server, alice, f"waits {number}")))
        for number in range(4)
    ]
    with locked(server.data / "couth.db"):
        for writer in writers:
            writer.start()
        deadline, answered = time.monotonic() + 2.5, list[float]()
        while time.monotonic() < deadline:
            answered.append(seconds_of(server))
            time.sleep(0.1)
        assert median(answered) < 1, "the web process stands still"
        assert statuses == [], "nothing is acknowledged that is not stored"
    for writer in writers:
        writer.join()
    assert statuses == [201] * 4
    assert times_stored(server, alice, "waits") == {f"waits {number}": 1 for number in range(4)}


def test_a_lock_that_stays_is_told_and_nothing_is_half_done(server: Server, alice: str) -> None:
    with locked(server.data / "couth.db"):
        assert post(server, alice, "too long") == 503
    assert times_stored(server, alice, "too long") == {}
    assert post(server, alice, "too long") == 201
    assert post(server, alice, "too long") == 201, "the same answer for the same key"
    assert times_stored(server, alice, "too long") == {"too long": 1}


@contextmanager
def full_disk(server: Server, room: int) -> Iterator[None]:
    """No file of web and worker grows beyond so many bytes, as if the disk ended there."""
    before = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in map(server.child, ("web", "worker")) if pid}
    for pid, (_, hard) in before.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (room, hard))
    try:
        yield
    finally:
        for pid, limits in before.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


def test_a_full_disk_is_told_reading_goes_on_and_room_heals_it(server: Server, alice: str) -> None:
    assert post(server, alice, "before the disk was full") == 201
    web = server.child("web")
    refused = []
    with full_disk(server, 64 * 1024):
        for number in range(30):
            status = post(server, alice, f"full {number}")
            assert status in {201, 503}, status
            if status == 503:
                refused.append(f"full {number}")
        assert refused, "the disk was never full"
        assert len(whole_feed(server, alice)) > 0
    assert not set(refused) & set(times_stored(server, alice, "full")), "what was refused is not there"
    for text in refused:
        assert post(server, alice, text) == 201
    assert times_stored(server, alice, "full") == {f"full {number}": 1 for number in range(30)}
    assert server.child("web") == web, "nobody had to start it again"
    assert eventually(server.is_well), server.log.read_text()
    with closing(sqlite3.connect(server.data / "couth.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def memory(pid: int) -> int:
    """What a process holds for itself, in bytes."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(("Private_Dirty:", "Private_Clean:")))


def half_open(server: Server, stack: ExitStack, head: str) -> socket.socket:
    client = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=5))
    client.sendall(head.encode())
    return client


def test_slow_and_half_open_clients_cost_the_others_nothing(server: Server, alice: str) -> None:
    web = server.child("web")
    assert web is not None
    calm = memory(web)
    with ExitStack() as stack:
        for _ in range(60):
            half_open(server, stack, "POST /api/v1/posts HTTP/1.1\r\nHost: x\r\nContent-Len")
        sent = f"Host: x\r\nAuthorization: Bearer {alice}\r\nContent-Type: application/json\r\nContent-Length: 60000000"
        bodies = [half_open(server, stack, f"POST /api/v1/posts HTTP/1.1\r\n{sent}\r\n\r\n") for _ in range(60)]
        for _ in range(20):
            deaf = Line(server.port, "token of bob")  # and never reads again
            stack.callback(deaf.end)
        reader = stack.enter_context(listening(server, "token of bob"))
        for number in range(40):
            assert post(server, alice, f"heard {number} {'and more of it ' * 100}") == 201
            for body in bodies[:5]:
                body.sendall(b"x" * 100)
            assert seconds_of(server) < 1
        assert reader.heard_in_time(
            lambda line: len([it for it in line.events("post.published") if "heard" in json.dumps(it)]) == 40
        )
        assert memory(web) - calm < 60e6
    assert server.child("web") == web


def test_a_torn_index_is_found_and_made_anew_while_people_search(server: Server, alice: str) -> None:
    words = ["quokka", "axolotl", "pangolin"]
    for word in words:
        assert post(server, alice, f"torn {word}") == 201
    for word in words:
        assert len(search(server, alice, word)) == 1
    assert eventually(lambda: bool(segments(server))), "nothing is stored yet"

    for file in segments(server):
        with file.open("r+b") as torn:
            torn.truncate(file.stat().st_size // 2)
    server.kill("worker")  # whoever opens it from now on finds it torn
    server.kill("web")

    assert eventually(lambda: post(server, alice, "torn but alive") == 201)
    for word in words:
        assert len(search(server, alice, word)) == 1, word
    assert eventually(lambda: "documents" in checked(server)), server.log.read_text()
    assert eventually(server.is_well)


def segments(server: Server) -> list[Path]:
    return [file for file in (server.data / "index").rglob("segment-*.flat") if file.is_file()]


def checked(server: Server) -> str:
    try:
        return server.command("index", "check")
    except AssertionError:
        return ""


def test_the_old_version_goes_on_while_the_database_is_migrated(server: Server, alice: str, tmp_path: Path) -> None:
    """As on several machines, where one is updated while the others still serve."""
    steps = tmp_path / "migrations"
    shutil.copytree(STEPS, steps)
    (steps / "versions" / "99991231_2359_next.py").write_text(NEXT.format(newest=newest_revision()))
    acknowledged: list[str] = []
    is_over = threading.Event()

    def keep_posting() -> None:
        number = 0
        while not is_over.is_set():
            number += 1
            if post(server, alice, f"meanwhile {number}") == 201:
                acknowledged.append(f"meanwhile {number}")
            time.sleep(0.02)

    writer = threading.Thread(target=keep_posting)
    writer.start()
    assert eventually(lambda: len(acknowledged) > 5)
    copy = bring_up_to_date(Settings(data=server.data), steps=steps)
    reached = len(acknowledged)
    assert eventually(lambda: len(acknowledged) > reached + 5), "the old version stopped"
    is_over.set()
    writer.join()

    assert copy is not None
    with closing(sqlite3.connect(copy)) as before:
        assert before.execute("SELECT count(*) FROM posts").fetchone()[0] > 5
    assert set(times_stored(server, alice, "meanwhile").values()) == {1}
    assert set(acknowledged) == set(times_stored(server, alice, "meanwhile"))
    assert len(search(server, alice, "meanwhile")) > 0
