"""The history says what changed, word by word, and stays quick whatever was written."""

import time

import pytest

from intranet.kernel.db import Database
from intranet.posts import actions
from intranet.posts.changes import Piece, changes
from tests.cast import Cast
from tests.fixtures import AsViewer


def test_words_that_went_and_came_are_told_apart() -> None:
    assert changes("The old pump leaks", "The new pump leaks") == [
        Piece("same", "The "),
        Piece("gone", "old"),
        Piece("new", "new"),
        Piece("same", " pump leaks"),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [("", "x"), ("x", ""), ("a b", "a b"), ("水泵漏了", "水泵坏了"), ("a\nb\n", "a\nc\n"), ("x " * 9000, "x y" * 9000)],
)
def test_the_pieces_make_up_both_versions(before: str, after: str) -> None:
    began = time.process_time()
    found = changes(before, after)
    assert "".join(piece.text for piece in found if piece.kind != "new") == before
    assert "".join(piece.text for piece in found if piece.kind != "gone") == after
    assert time.process_time() - began < 3


def test_of_a_chinese_text_only_the_changed_character_is_marked() -> None:
    assert Piece("gone", "漏") in changes("水泵漏了", "水泵坏了")


def test_the_page_shows_it_escaped(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    with database.unit_of_work(cast.alice) as session:
        post_id = actions.publish_post(session, cast.alice, actions.PostDraft(text="It is 5 o'clock")).id
        actions.edit_item(session, cast.alice, post_id, "It is <script>alert(6)</script> o'clock")
    html = as_viewer(cast.bob).get(f"/posts/{post_id}/history").text
    assert "<del>" in html
    assert "<ins>" in html
    assert "<script>alert(6)" not in html
