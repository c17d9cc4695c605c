"""script/server's last act: two children that are kept alive, and that go when it goes."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from intranet.config import ROOT

pytestmark = pytest.mark.faults

PROGRAM = """
import socket, sys
from pathlib import Path
from script.bootstrap import run_program
from script.supervisor import ChildCommand, supervise
def answers(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0

folder, port, behaviour = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
child = (sys.executable, str(folder / "child.py"))
plans = [ChildCommand(name, (*child, name, str(port), behaviour)) for name in ("web", "worker")]
sys.exit(run_program(lambda: supervise(plans, folder=folder, environment={}, lock=folder / "couth.lock",
                                       is_ready=lambda: answers(port), announcement="it is ready")))
"""

CHILD = """
import os, socket, sys, time
name, port, behaviour = sys.argv[1], int(sys.argv[2]), sys.argv[3]
with open(name + ".pids", "a") as pids:
    pids.write(f"{os.getpid()}\\n")
if behaviour == "falls":
    sys.exit(7)
if name == "web":
    listener = socket.create_server(("127.0.0.1", port))
time.sleep(600)
"""

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def start(tmp_path: Path, port: int) -> Iterator[Start]:
    (tmp_path / "child.py").write_text(CHILD)
    running = []

    def run(behaviour: str = "stays") -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(tmp_path), str(port), behaviour],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        running.append(process)
        return process

    yield run
    for process in running:
        process.kill()
        process.communicate()
    for name in ("web", "worker"):
        for pid in pids(tmp_path, name):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def pids(folder: Path, name: str) -> list[int]:
    """Every process that ever was this child, oldest first."""
    file = folder / f"{name}.pids"
    return [int(line) for line in file.read_text().splitlines()] if file.exists() else []


def eventually(claim: Callable[[], bool], *, seconds: float = 15.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if claim():
            return True
        time.sleep(0.02)
    return claim()


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A process that has ended but was not waited for yet runs no more.
    return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text() if sys.platform == "linux" else True


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_the_address_is_told_once_it_answers(start: Start) -> None:
    assert line_of(start()) == "it is ready"


@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_killed_child_is_started_again(start: Start, tmp_path: Path, name: str) -> None:
    line_of(start())
    assert eventually(lambda: len(pids(tmp_path, name)) == 1)
    os.kill(pids(tmp_path, name)[0], signal.SIGKILL)
    assert eventually(lambda: len(pids(tmp_path, name)) == 2)
    assert eventually(lambda: is_running(pids(tmp_path, name)[1]))


def test_children_are_direct_children(start: Start, tmp_path: Path) -> None:
    process = start()
    line_of(process)
    assert eventually(lambda: len(pids(tmp_path, "worker")) == 1)
    for name in ("web", "worker"):
        status = Path(f"/proc/{pids(tmp_path, name)[0]}/status").read_text()
        assert f"PPid:\t{process.pid}\n" in status


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_it_stops_its_children(start: Start, tmp_path: Path, number: signal.Signals) -> None:
    process = start()
    line_of(process)
    assert eventually(lambda: len(pids(tmp_path, "worker")) == 1)
    process.send_signal(number)
    assert process.wait(timeout=10) == 0
    assert not any(is_running(pids(tmp_path, name)[0]) for name in ("web", "worker"))


def test_its_own_sudden_death_leaves_no_orphans(start: Start, tmp_path: Path) -> None:
    process = start()
    line_of(process)
    assert eventually(lambda: len(pids(tmp_path, "worker")) == 1)
    process.kill()
    process.wait()
    assert eventually(lambda: not any(is_running(pids(tmp_path, name)[0]) for name in ("web", "worker")))


def test_a_start_that_cannot_succeed_ends_with_a_line(start: Start) -> None:
    output, _ = start("falls").communicate(timeout=30)
    assert output.splitlines()[-1] == "Couth could not start: what its processes said stands above."


def test_one_data_folder_has_one_server(start: Start) -> None:
    line_of(start())
    second = start()
    output, _ = second.communicate(timeout=30)
    assert second.returncode == 1
    assert "is being served already" in output
