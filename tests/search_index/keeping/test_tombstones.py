"""Which documents are dead is written small and believed only when every bit is right."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.damage import DamagedError
from search_index.keeping.tombstones import read_tombstones, write_tombstones

SIZE = 400


@given(st.sets(st.integers(0, SIZE - 1)))
def test_the_dead_come_back_as_they_were_in_few_bytes(dead: set[int]) -> None:
    with TemporaryDirectory() as folder:
        mark = write_tombstones(Path(folder), "segment", np.array(sorted(dead), np.int64), SIZE)
        assert read_tombstones(Path(folder), mark, SIZE).tolist() == sorted(dead)
        assert mark.bytes <= 1 + min(4 * len(dead), SIZE // 8)


def test_no_tombstones_mean_that_all_live(tmp_path: Path) -> None:
    assert read_tombstones(tmp_path, None, SIZE).tolist() == []


@pytest.mark.parametrize("dead", [[5], list(range(300))])
def test_every_flipped_bit_is_noticed(tmp_path: Path, dead: list[int]) -> None:
    mark = write_tombstones(tmp_path, "segment", np.array(dead), SIZE)
    path = tmp_path / mark.name
    content = path.read_bytes()
    for bit in range(8 * len(content)):
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(bytes(flipped))
        with pytest.raises(DamagedError):
            read_tombstones(tmp_path, mark, SIZE)


def test_tombstones_of_another_segment_are_refused(tmp_path: Path) -> None:
    mark = write_tombstones(tmp_path, "segment", np.array([SIZE - 1]), SIZE)
    with pytest.raises(DamagedError):
        read_tombstones(tmp_path, mark, SIZE - 1)
    other = write_tombstones(tmp_path, "other", np.array([1]), SIZE)
    with pytest.raises(DamagedError):
        read_tombstones(tmp_path, replace(other, name=mark.name), SIZE)
