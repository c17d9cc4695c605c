"""Torn, flipped, missing and foreign files: noticed, reported, survived, and repaired by a rebuild."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from search_index.engine import Engine, open_engine
from tests.search_index.writing import document, found, put

STORE_UNTIL_KILLED = """
import sys
from pathlib import Path
from search_index.engine import open_engine
from tests.search_index.writing import document, put
engine = open_engine(Path(sys.argv[1]), writer=True)
number = engine.watermark
while True:
    number += 1
    put(engine, document(number, f"survivor number{number}"), at=number)
    engine.flush()
    print(number, flush=True)
"""


def build(directory: Path) -> None:
    writer = open_engine(directory, writer=True)
    writer.rebuild([document(n, f"kept word{n}") for n in range(50)], watermark=50)
    put(writer, document(99, "kept later"), at=51)
    writer.flush()
    writer.close()


def stored_files(directory: Path, ending: str) -> list[Path]:
    return sorted(directory.glob(f"index-*/*{ending}"), key=lambda path: path.stat().st_size)


def test_a_whole_index_opens_healthy(directory: Path) -> None:
    build(directory)
    engine = open_engine(directory, writer=False)
    assert engine.check().ok
    assert not engine.health().rebuild
    assert engine.watermark == 51
    assert len(found(engine, "kept")) == 51


@pytest.mark.parametrize("ending", [".seg", ".toc", "manifest.json"])
@pytest.mark.parametrize("damage", ["truncated", "flipped", "emptied", "missing"])
def test_damage_is_noticed_and_a_rebuild_repairs_it(directory: Path, ending: str, damage: str) -> None:
    build(directory)
    path = directory / ending if ending == "manifest.json" else stored_files(directory, ending)[-1]
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        middle = len(content) // 2
        flipped = content[:middle] + bytes([content[middle] ^ 0x55]) + content[middle + 1 :]
        path.write_bytes({"truncated": content[:middle], "flipped": flipped, "emptied": b""}[damage])
    engine = open_engine(directory, writer=True)
    health = engine.health()
    assert not health.ok
    assert health.rebuild
    assert health.problems
    assert len(found(engine, "kept")) <= 51
    put(engine, document(7, "kept while damaged"), at=60)
    assert "post:7" in found(engine, "damaged")
    engine.flush()
    assert engine.health().rebuild
    engine.rebuild([document(n, f"kept word{n}") for n in range(50)], watermark=60)
    assert engine.check().ok
    assert not engine.health().rebuild
    assert len(found(engine, "kept")) == 50


def test_damage_that_appears_while_serving_is_told_by_check(directory: Path) -> None:
    build(directory)
    engine = open_engine(directory, writer=False)
    path = stored_files(directory, ".seg")[-1]
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    other = path.with_suffix(".copy")
    other.write_bytes(bytes(content))
    other.replace(path)
    assert engine.health().ok
    assert not engine.check().ok
    assert len(found(engine, "kept")) == 51


def test_another_format_version_is_refused_with_its_number(directory: Path) -> None:
    build(directory)
    manifest = directory / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"format": 1', '"format": 99'))
    assert "99" in open_engine(directory, writer=False).health().problems[0]


def test_a_reader_goes_on_serving_when_the_index_disappears(engine: Engine, directory: Path) -> None:
    put(engine, document(1, "kept"), at=1)
    engine.flush()
    web = open_engine(directory, writer=False)
    for path in [*stored_files(directory, ""), directory / "manifest.json"]:
        path.unlink()
    assert not web.health().ok
    assert found(web, "kept") == {"post:1"}


def test_leftovers_of_a_crash_are_swept(engine: Engine, directory: Path) -> None:
    put(engine, document(1, "kept"), at=1)
    engine.flush()
    (folder,) = directory.glob("index-*")
    (folder / "couth_torn.seg").write_bytes(b"half")
    (folder / "_couth_2.toc").write_bytes(b"half")
    put(engine, document(2, "kept"), at=2)
    engine.flush()
    assert not (folder / "couth_torn.seg").exists()
    assert open_engine(directory, writer=False).check().ok


def test_a_writer_killed_at_any_moment_leaves_what_it_had_stored(directory: Path) -> None:
    for pause in (0.0, 0.013, 0.031):
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", STORE_UNTIL_KILLED, str(directory)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        assert process.stdout is not None
        for _ in range(3):
            process.stdout.readline()
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        printed = process.stdout.read().split()
        process.wait()
        process.stdout.close()
        engine = open_engine(directory, writer=False)
        assert engine.check().ok
        assert engine.watermark >= int(printed[-1] if printed else 3)
        assert engine.health().documents == engine.watermark
        assert f"post:{engine.watermark}" in found(engine, f"number{engine.watermark}")
