"""Segments become fewer beside everything else: nothing is lost, nothing comes back, nobody waits."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_index.documents import EVERYONE, Batch
from search_index.engine import Engine
from search_index.flat.segment import segment_files
from search_index.keeping.index import Index
from search_index.keeping.locks import WRITE, locked
from search_index.keeping.manifest import Entry
from search_index.keeping.merging import LARGEST_MERGED, MERGE_AT, merged_beside, replace_with, to_merge
from search_index.storing.opening import dead_in
from tests.search_index.writing import document, drop, found, put


@pytest.fixture
def index(directory: Path) -> Index:
    """With three stored segments of two documents."""
    made = Index(directory, everyone=EVERYONE)
    for mark in range(3):
        made.apply(Batch(mark, [document(2 * mark, "kept"), document(2 * mark + 1, "kept")]))
        made.flush()
    return made


def living(index: Index) -> set[str]:
    corpus = index.current()
    return {corpus.id_of(number) for number in corpus.allowed({EVERYONE}).everything().tolist()}


def test_a_merge_keeps_what_lives_and_drops_what_is_dead(index: Index, directory: Path) -> None:
    index.apply(Batch(9, [document(2, "edited")], ["post:0"]))
    index.flush()
    assert index.merge(index.entries)
    assert living(index) == {f"post:{number}" for number in range(1, 6)}
    assert [entry.size for entry in index.entries] == [5]
    assert index.health(thorough=True).ok
    assert living(Index(directory, everyone=EVERYONE)) == living(index)


def test_what_is_written_edited_and_deleted_while_a_merge_runs_stays_so(index: Index, directory: Path) -> None:
    with merged_beside(directory, dead_in(index.current())) as merged:
        index.apply(Batch(9, [document(2, "edited meanwhile"), document(8, "new meanwhile")], ["post:0"]))
        index.flush()
        index.apply(Batch(10, [], ["post:1"]))
        with locked(directory, WRITE):
            assert replace_with(directory, merged) is not None
    index.refresh()
    expected = {f"post:{number}" for number in (2, 3, 4, 5, 8)}
    assert living(index) == expected
    assert index.current().terms("text") == ["edit", "kept", "meanwhil", "new"]
    assert index.flush()
    assert living(Index(directory, everyone=EVERYONE)) == expected
    assert not list(directory.glob("merging-*"))


def test_a_merge_of_segments_that_a_rebuild_replaced_is_dropped(index: Index, directory: Path) -> None:
    with merged_beside(directory, dead_in(index.current())) as merged:
        index.rebuild([document(1, "anew")], watermark=9, progress=None, helper=None)
        with locked(directory, WRITE):
            assert replace_with(directory, merged) is None
    assert living(index) == {"post:1"}
    assert index.health(thorough=True).ok


def test_segments_that_are_dead_altogether_leave_nothing(index: Index) -> None:
    with_dead = Batch(9, [], [f"post:{number}" for number in range(6)])
    index.apply(with_dead)
    index.flush()
    assert index.entries == ()
    assert living(index) == set()


def test_a_damaged_segment_is_not_merged_and_says_so(index: Index, directory: Path) -> None:
    (folder,) = directory.glob("index-*")
    path = folder / segment_files(index.entries[0].name)[0]
    content = bytearray(path.read_bytes())
    content[64] ^= 0xFF
    path.unlink()
    path.write_bytes(bytes(content))
    again = Index(directory, everyone=EVERYONE)
    before = again.entries
    assert not again.merge(before)
    assert again.entries == before
    assert not again.health(thorough=False).ok
    assert not list(directory.glob("merging-*"))


def test_a_whole_life_of_small_flushes_leaves_few_segments(engine: Engine) -> None:
    for mark in range(60):
        put(engine, document(mark, f"note{mark} shared", author=mark), at=mark)
        if mark % 5 == 4:
            drop(engine, f"post:{mark - 2}", at=mark)
        engine.flush()
    assert engine.health().segments <= 2 * MERGE_AT
    assert engine.health().documents == 48
    assert len(found(engine, "note7 OR note8 OR note58")) == 2


entries = st.builds(
    lambda number, size, share: Entry(str(number), size, 1, 1, int(size * share)),
    st.integers(),
    st.integers(1, LARGEST_MERGED * 2),
    st.floats(0, 1),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(entries, max_size=40, unique_by=lambda entry: entry.name))
def test_merging_comes_to_an_end_with_few_segments(some: list[Entry]) -> None:
    written, rounds = 0, 0
    while chosen := to_merge(some):
        assert rounds < 100
        rounds += 1
        living_documents = sum(entry.living for entry in chosen)
        written += living_documents
        some = [entry for entry in some if entry not in chosen]
        if living_documents:
            some.append(Entry(f"merged {rounds}", living_documents, 1, 1))
    small = [entry for entry in some if entry.living <= LARGEST_MERGED]
    tiers = np.ceil(np.log([max(entry.living, 1) / 1000 for entry in small]) / np.log(MERGE_AT))
    assert all(count < MERGE_AT for count in np.unique(np.maximum(tiers, 0), return_counts=True)[1])
