"""Whoever waits beside a SQLite file, or listens to PostgreSQL, hears of commits by any process and of nothing else."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from intranet.kernel import clock, jobs, outbox
from intranet.kernel.bells import Bells
from intranet.kernel.db import Database
from intranet.kernel.rooms import RoomsChanged
from intranet.kernel.viewer import system
from intranet.kernel.wake import Listening, waker_for

_US = system(reason="tests: commit something")


def test_everybody_who_waits_hears_it_once(tmp_path: Path) -> None:
    bells = Bells(tmp_path / "bells")
    bells.ring()  # nobody is there
    one, other = bells.hang(), bells.hang()
    bells.ring()
    bells.ring()
    assert one.wait(5)
    assert other.wait(5)
    assert not one.wait(0)


def test_where_no_bell_can_hang_one_waits_without(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "bells").write_text("a disk that takes no named pipes")
    bells = Bells(tmp_path / "bells")
    bell = bells.hang()
    bells.ring()
    assert not bell.wait(0)
    assert "no bell can hang" in caplog.text


def test_the_bell_of_a_killed_process_is_taken_down(tmp_path: Path) -> None:
    folder = tmp_path / "bells"
    listens = f"from pathlib import Path; from intranet.kernel.bells import Bells; Bells(Path({str(folder)!r})).hang()"
    die = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    subprocess.run([sys.executable, "-c", f"{listens}; {die}"], check=False)
    kept = Bells(folder).hang()
    assert len(list(folder.iterdir())) == 2
    Bells(folder).ring()
    assert len(list(folder.iterdir())) == 1
    assert kept.wait(5)


def test_nobody_waits_for_who_does_not_listen(tmp_path: Path) -> None:
    bells = Bells(tmp_path)
    deaf = bells.hang()
    for _ in range(70_000):  # more than a pipe holds
        bells.ring()
    assert deaf.wait(0)


def test_a_bell_that_cannot_be_rung_undoes_nothing(database: Database, tmp_path: Path) -> None:
    database.bells = Bells(tmp_path / "file")
    (tmp_path / "file").write_text("no folder")
    database.transact(_US, lambda session: outbox.record(session, RoomsChanged(7)))
    with database.reading(_US) as session:
        assert outbox.newest_id(session) == 1


@pytest.mark.parametrize("at", [None, timedelta(hours=1)])
def test_events_and_jobs_that_are_due_wake_who_waits(database: Database, at: timedelta | None) -> None:
    elsewhere = Database(database.engine.url.render_as_string(hide_password=False))  # as another process would
    waker = waker_for(elsewhere)
    waker.wait(0)  # who listens to PostgreSQL begins with the first wait
    database.transact(_US, lambda session: outbox.record(session, RoomsChanged(7)))
    assert waker.wait(5)

    def put_off(session: Session) -> None:
        jobs.later(session, "kernel.prune", {}, at=clock.now() + at if at else None)

    database.transact(_US, put_off)
    assert waker.wait(0.2) is (at is None)
    if isinstance(waker, Listening):
        waker.close()
