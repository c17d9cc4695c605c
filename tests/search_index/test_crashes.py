"""A process that is killed at any moment leaves a whole index behind: the old state or the new one."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from search_index.engine import open_engine
from tests.search_index.writing import document, found

STORE_UNTIL_KILLED = """
import sys
from pathlib import Path
from search_index.engine import (open_engine)
from tests.search_index.writing import document, put
engine = open_engine(Path(sys.argv[1]), writer=True)
number = engine.watermark
while True:
    number += 1
    put(engine, document(number, f"survivor number{number}"), at=number)
    engine.flush()
    print(number, flush=True)
"""

REBUILD_UNTIL_KILLED = """
import sys
from pathlib import Path
from search_index.engine import (open_engine)
from tests.search_index.writing import document
engine = open_engine(Path(sys.argv[1]), writer=True)
while True:
    engine.rebuild([document(number, f"survivor number{number}") for number in range(200)], watermark=7)
    print(engine.health().generation, flush=True)
"""


def run_and_kill(code: str, directory: Path, *, lines: int, pause: float) -> list[int]:
    """What the process printed before it was killed, some time after so many lines."""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", code, str(directory)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    with process:
        assert process.stdout is not None
        printed = [process.stdout.readline() for _ in range(lines)]
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        printed += process.stdout.readlines()
    return [int(line) for line in printed if line.endswith("\n")]


@pytest.mark.parametrize("pause", [0.0, 0.013, 0.031])
def test_a_writer_killed_at_any_moment_leaves_what_it_had_stored(directory: Path, pause: float) -> None:
    for _ in range(2):
        printed = run_and_kill(STORE_UNTIL_KILLED, directory, lines=9, pause=pause)
        engine = open_engine(directory, writer=False)
        assert engine.check().ok
        assert engine.watermark >= printed[-1]
        assert engine.health().documents == engine.watermark
        assert f"post:{engine.watermark}" in found(engine, f"number{engine.watermark}")


@pytest.mark.parametrize("pause", [0.0, 0.011, 0.029])
def test_a_rebuild_killed_at_any_moment_leaves_the_old_index_or_the_new(directory: Path, pause: float) -> None:
    writer = open_engine(directory, writer=True)
    writer.rebuild([document(number, f"survivor number{number}") for number in range(200)], watermark=7)
    writer.close()
    run_and_kill(REBUILD_UNTIL_KILLED, directory, lines=1, pause=pause)
    engine = open_engine(directory, writer=True)
    assert engine.check().ok
    assert not engine.health().rebuild
    assert engine.health().documents == 200
    engine.rebuild([document(1, "survivor")], watermark=8)
    assert len(list(directory.glob("index-*"))) == 1
