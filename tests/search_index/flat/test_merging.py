"""Merged segments say what one segment over the living documents says."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_index.documents import Document
from search_index.flat.merging import merge
from search_index.flat.segment import open_segment
from search_index.flat.writing import source
from tests.search_index.flat.corpora import documents, said_by, stored


@st.composite
def groups(draw: st.DrawFn) -> list[list[tuple[Document, bool]]]:
    """Documents by segment, and whether each is alive."""
    given_groups = draw(st.lists(documents(), min_size=1, max_size=4))
    return [[(document, draw(st.booleans())) for document in group] for group in given_groups]


@given(groups(), st.sampled_from([1, 3, 20_000]))
@settings(deadline=None, max_examples=25)
def test_a_merge_equals_an_inversion_of_what_lives(
    given_groups: list[list[tuple[Document, bool]]], at_once: int
) -> None:
    with TemporaryDirectory() as temporary, pytest.MonkeyPatch.context() as patched:
        patched.setattr(source, "TERMS", at_once)
        patched.setattr(source, "DOCUMENTS", at_once)
        folder = Path(temporary)
        segments = [
            (stored(folder, [document for document, _ in group]), np.array([lives for _, lives in group]))
            for group in given_groups
        ]
        living = [document for group in given_groups for document, lives in group if lives]
        name = merge(segments, folder)
        if not living:
            assert name is None
            return
        assert name is not None
        merged = open_segment(folder, name)
        merged.check()
        assert said_by(merged) == said_by(stored(folder, living))
