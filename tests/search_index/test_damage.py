"""Torn, flipped, missing and foreign files: noticed, reported, survived, and repaired by a rebuild."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_index.engine import Engine, open_engine
from tests.search_index.writing import document, drop, experts, found, put

KEPT = {f"post:{number}" for number in range(1, 50)} | {"post:99"}
ENDINGS = [".flat", ".dead", "manifest.json"]


def build(directory: Path) -> None:
    """Two segments, one of them with a deleted document."""
    writer = open_engine(directory, writer=True)
    writer.rebuild([document(n, f"kept word{n}", author=n) for n in range(50)], watermark=50)
    put(writer, document(99, "kept later", author=99), at=51)
    drop(writer, "post:0", at=51)
    writer.flush()
    writer.close()


def stored_files(directory: Path, ending: str) -> list[Path]:
    if ending == "manifest.json":
        return [directory / ending]
    return sorted(directory.glob(f"index-*/*{ending}"), key=lambda path: path.stat().st_size)


def harm(path: Path, damage: str, share: float) -> None:
    """Damage a file at a place; the file is replaced, as what has been mapped into memory stays as it was."""
    content = path.read_bytes()
    place = int(len(content) * share)
    flipped = content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :]
    harmed = {"truncated": content[:place], "flipped": flipped, "emptied": b"", "longer": content + b"\0"}
    path.unlink()
    if damage != "missing":
        path.write_bytes(harmed[damage])


def test_a_whole_index_opens_healthy(directory: Path) -> None:
    build(directory)
    engine = open_engine(directory, writer=False)
    assert engine.check().ok
    assert not engine.health().rebuild
    assert engine.watermark == 51
    assert found(engine, "kept") == KEPT


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(ENDINGS),
    st.integers(0, 1),
    st.sampled_from(["truncated", "flipped", "emptied", "missing", "longer"]),
    st.floats(0, 1, exclude_max=True),
)
def test_damage_anywhere_is_noticed_never_answers_wrongly_and_is_repaired_by_a_rebuild(
    ending: str, which: int, damage: str, share: float
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder) / "index"
        build(directory)
        files = stored_files(directory, ending)
        harm(files[which % len(files)], damage, share)
        engine = open_engine(directory, writer=True)
        hits = found(engine, "kept")
        assert hits <= KEPT
        assert {f"post:{person}" for person in experts(engine, "kept")} <= KEPT
        assert hits == KEPT or not engine.health().ok
        assert not engine.check().ok
        assert engine.check().rebuild
        put(engine, document(7, "kept while damaged"), at=60)
        assert found(engine, "damaged") == {"post:7"}
        engine.flush()
        assert found(open_engine(directory, writer=False), "damaged") == {"post:7"}
        engine.rebuild([document(n, f"kept word{n}") for n in range(50)], watermark=60)
        assert engine.check().ok
        assert not engine.health().rebuild
        assert len(found(engine, "kept")) == 50


def test_damage_that_is_met_while_reading_is_told_by_health(directory: Path) -> None:
    """A posting list is checked when it is first asked for, which is after the index was opened."""
    build(directory)
    harm(stored_files(directory, ".flat")[-1], "flipped", 0.02)
    engine = open_engine(directory, writer=False)
    for word in ("kept", "word7", "later"):
        assert found(engine, word) <= KEPT
    assert not engine.health().ok
    assert engine.health().rebuild


def test_damage_that_appears_while_serving_is_told_by_check(directory: Path) -> None:
    build(directory)
    engine = open_engine(directory, writer=False)
    assert found(engine, "kept") == KEPT
    harm(stored_files(directory, ".flat")[-1], "flipped", 0.5)
    assert engine.health().ok
    assert not engine.check().ok
    assert found(engine, "kept") == KEPT


def test_what_was_deleted_does_not_come_back_when_nobody_knows_any_more_that_it_was(directory: Path) -> None:
    build(directory)
    (deleted,) = stored_files(directory, ".dead")
    deleted.unlink()
    assert "post:0" not in found(open_engine(directory, writer=False), "kept")


def test_another_format_version_is_refused_with_its_number(directory: Path) -> None:
    build(directory)
    manifest = directory / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"format": 2', '"format": 99'))
    assert "99" in open_engine(directory, writer=False).health().problems[0]


def test_an_index_of_the_older_format_is_rebuilt_while_serving(directory: Path) -> None:
    (directory / "index-0123456789ab").mkdir(parents=True)
    (directory / "index-0123456789ab" / "couth_old.seg").write_bytes(b"an older form")
    older = {"generation": 9, "folder": "index-0123456789ab", "toc": 1, "watermark": 70, "complete": True, "files": {}}
    (directory / "manifest.json").write_text(json.dumps({"format": 1, "check": 1, "index": older}))
    engine = open_engine(directory, writer=True)
    assert engine.health().rebuild
    assert "format 1" in engine.health().problems[0]
    assert engine.watermark == 0
    put(engine, document(1, "kept meanwhile"), at=71)
    assert found(engine, "kept") == {"post:1"}
    engine.flush()
    assert found(engine, "kept") == {"post:1"}
    assert engine.health().rebuild
    engine.rebuild([document(1, "kept meanwhile"), document(2, "kept too")], watermark=71)
    assert engine.check().ok
    assert found(engine, "kept") == {"post:1", "post:2"}
    assert len(list(directory.glob("index-*"))) == 1


def test_a_reader_goes_on_serving_when_the_index_disappears(engine: Engine, directory: Path) -> None:
    put(engine, document(1, "kept"), at=1)
    engine.flush()
    web = open_engine(directory, writer=False)
    for path in [*stored_files(directory, ""), directory / "manifest.json"]:
        path.unlink()
    assert not web.health().ok
    assert found(web, "kept") == {"post:1"}


@pytest.mark.parametrize("name", ["segment-torn.flat", "segment-torn-3.dead", "anything.new"])
def test_leftovers_of_a_crash_are_swept(engine: Engine, directory: Path, name: str) -> None:
    put(engine, document(1, "kept"), at=1)
    engine.flush()
    (folder,) = directory.glob("index-*")
    (folder / name).write_bytes(b"half")
    (directory / "merging-0123").mkdir()
    put(engine, document(2, "kept"), at=2)
    engine.flush()
    assert not (folder / name).exists()
    engine.close()
    again = open_engine(directory, writer=True)
    assert again.check().ok
    assert not (directory / "merging-0123").exists()
