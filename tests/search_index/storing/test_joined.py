"""A posting list in several places answers as one that lies in one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.flat.postings import NO_POSTINGS, Postings, StoredPostings
from search_index.storing.joined import joined

parts = st.lists(st.sets(st.integers(0, 9), max_size=6).map(sorted), max_size=4)


def lists(numbers: list[list[int]], *, stored: bool) -> list[Postings]:
    """Part i has documents from 10·i on; keys are the numbers themselves."""
    found: list[Postings] = []
    for place, own in enumerate(numbers):
        row = np.array(own, np.int64) + 10 * place
        wide = {0: 300.0} if own else {}
        if stored:
            found.append(StoredPostings(np.array(own, np.uint32), 10 * place, row.astype(np.uint16), wide))
        else:
            found.append(Postings(row, row.astype(np.uint16), wide))
    return found


@given(parts, st.lists(st.integers(0, 45), max_size=12), st.booleans(), st.booleans())
def test_what_lies_in_several_places_is_one_list(
    numbers: list[list[int]], asked: list[int], stored: bool, moved: bool
) -> None:
    expected = [document + 10 * place for place, own in enumerate(numbers) for document in own]
    postings = joined(lists(numbers, stored=stored))
    if moved:
        assert postings.documents.tolist() == expected
    held, at = postings.places(np.array(asked, np.int64))
    assert held.tolist() == [document in expected for document in asked]
    assert [expected[place] for place in at[held].tolist()] == [document for document in asked if document in expected]
    assert postings.documents.tolist() == postings.keys.tolist() == expected
    assert len(postings) == len(expected)
    assert {expected[place] for place in postings.wide} == {own[0] + 10 * i for i, own in enumerate(numbers) if own}
    assert not expected or postings.last == expected[-1]


def test_nothing_joined_is_nothing() -> None:
    assert joined([]) is joined([NO_POSTINGS]) is NO_POSTINGS
    with pytest.raises(IndexError):
        _ = NO_POSTINGS.last
