"""A segment whose bytes are not as they were written says so, and never answers from them."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search_index.damage import DamagedError
from search_index.flat import array_file
from search_index.flat.segment import Segment, open_segment, segment_files
from tests.search_index.flat.corpora import Spoken, said_by, stored
from tests.search_index.writing import document

NAME = "torn"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Segment:
    texts = [f"alpha beta word{number} " + "again " * (number % 300) for number in range(3000)]
    return stored(
        tmp_path_factory.mktemp("sound"),
        [document(number, text, title="A title", topics=("Rust",)) for number, text in enumerate(texts)],
    )


@pytest.fixture(scope="module")
def said(sound: Segment) -> Spoken:
    return said_by(sound)


def _written(folder: Path, content: bytes) -> None:
    (folder / segment_files(NAME)[0]).write_bytes(content)


@given(st.data())
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_flipped_bit_is_noticed_wherever_it_is(sound: Segment, tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(sound.file.buffer[:])
    content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    _written(tmp_path, bytes(content))
    with pytest.raises(DamagedError):
        open_segment(tmp_path, NAME).check()


@given(st.data())
@settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_read_from_a_damaged_file_is_right_or_refused(
    sound: Segment, said: Spoken, tmp_path: Path, data: st.DataObject
) -> None:
    content = bytearray(sound.file.buffer[:])
    content[data.draw(st.integers(0, len(content) - 1))] ^= 255
    _written(tmp_path, bytes(content))
    try:
        torn = open_segment(tmp_path, NAME)
        answers = said_by(torn)
    except DamagedError:
        return
    assert answers == said


@given(st.data())
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_that_was_cut_off_does_not_open(sound: Segment, tmp_path: Path, data: st.DataObject) -> None:
    _written(tmp_path, sound.file.buffer[: data.draw(st.integers(0, sound.file.bytes - 1))])
    with pytest.raises(DamagedError):
        open_segment(tmp_path, NAME)


def test_a_file_with_something_behind_its_end_does_not_open(sound: Segment, tmp_path: Path) -> None:
    _written(tmp_path, sound.file.buffer[:] + bytes(64))
    with pytest.raises(DamagedError):
        open_segment(tmp_path, NAME)


def test_another_version_does_not_open(sound: Segment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _written(tmp_path, sound.file.buffer[:])
    monkeypatch.setattr(array_file, "VERSION", array_file.VERSION + 1)
    with pytest.raises(DamagedError, match="version"):
        open_segment(tmp_path, NAME)


def test_a_file_of_another_kind_does_not_open(tmp_path: Path) -> None:
    _written(tmp_path, b"PK" + bytes(1000))
    with pytest.raises(DamagedError):
        open_segment(tmp_path, NAME)


def test_a_missing_file_is_not_called_damaged(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_segment(tmp_path, NAME)


def test_damage_in_one_place_leaves_the_rest_readable(sound: Segment, tmp_path: Path) -> None:
    content = bytearray(sound.file.buffer[:])
    content[sound.file.place("column.created")] ^= 1
    _written(tmp_path, bytes(content))
    torn = open_segment(tmp_path, NAME)
    with pytest.raises(DamagedError):
        torn.column("created")
    number = torn.term("text", "beta")
    assert number is not None
    assert len(torn.postings(number)) == 3000


def test_damage_after_the_first_look_is_found_by_the_check(tmp_path: Path) -> None:
    segment = stored(tmp_path, [document(1, "alpha beta")])
    segment.check()
    path = tmp_path / segment_files(segment.name)[0]
    with path.open("r+b") as stream:
        stream.seek(segment.file.place("id.text"))
        stream.write(b"?")
    with pytest.raises(DamagedError):
        segment.check()


def test_terms_that_are_gathered_are_checked_as_well(sound: Segment, tmp_path: Path) -> None:
    content = bytearray(sound.file.buffer[:])
    number = sound.term("text", "beta")
    assert number is not None
    content[sound.file.place("posting.key") + 2 * sound.postings_before(number)] ^= 1
    _written(tmp_path, bytes(content))
    torn = open_segment(tmp_path, NAME)
    with pytest.raises(DamagedError):
        torn.gather(np.array([number]))


def test_opening_reads_no_block_and_one_term_only_some(sound: Segment, tmp_path: Path) -> None:
    _written(tmp_path, sound.file.buffer[:])
    opened = open_segment(tmp_path, NAME)
    assert not any(opened.file._seen)
    number = opened.term("text", "word7")
    assert number is not None
    assert opened.postings(number).documents.tolist() == [7]
    assert sum(opened.file._seen) < len(opened.file._seen) // 2
