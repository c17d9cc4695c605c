"""What somebody types to break the page: it is refused with a sentence, or shown as the text that it is."""

import re
from typing import Any

import pytest

from intranet.kernel.db import Database
from intranet.kernel.errors import Invalid
from intranet.kernel.text import clean_line, clean_text
from intranet.posts import actions
from tests.cast import Cast
from tests.fixtures import AsViewer

UNSEEN = ["", " \n\t", "\u200b\u200d\u2060", "\u3164", "\u2800 \u2800", "\u00ad", "\u0301", "\u202e", "\ufe0f", "\x00"]


@pytest.mark.parametrize("text", UNSEEN)
def test_what_shows_nothing_is_no_text(text: str) -> None:
    assert clean_text(text) == ""
    assert clean_line(text) == ""


@pytest.mark.parametrize("text", ["👨‍👩‍👧", "ผู้", "شلونك", "你好", "¯\\_(ツ)_/¯", "…", "1", "é", "नि"])
def test_what_shows_something_is_kept(text: str) -> None:
    assert clean_text(text) == text


@pytest.mark.parametrize("text", UNSEEN)
def test_nobody_posts_or_answers_with_nothing(database: Database, cast: Cast, as_viewer: AsViewer, text: str) -> None:
    alice = as_viewer(cast.alice)
    with database.unit_of_work(cast.bob) as session:
        post = actions.publish_post(session, cast.bob, actions.PostDraft(text="Lunch?")).id
    for given in ({"text": text}, {"text": text, "reply_to": str(post)}):
        answer = alice.post("/api/v1/posts", json=given)
        assert answer.status_code == 422
        assert list((answer.json or {})["fields"]) == ["text"]
    with database.unit_of_work(cast.bob) as session, pytest.raises(Invalid):
        actions.edit_item(session, cast.bob, post, text=text)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1)) [x](JaVaScRiPt:alert(1)) [x](jav&#x09;ascript:alert(1)) [x](data:text/html,<b>)",
        "<a href='javascript:alert(1)'>x</a> <a href='vbscript:x'>y</a> <javascript:alert(1)>",
        "![x](x \"a' onerror='alert(1)\") <svg/onload=alert(1)> <math><mi xlink:href='javascript:alert(1)'>",
        "<iframe srcdoc='<script>'> <style>*{display:none}</style> <form action=/sign-out><button>x",
    ],
)
def test_no_markup_comes_through(database: Database, cast: Cast, as_viewer: AsViewer, text: str) -> None:
    answer: Any = as_viewer(cast.alice).post("/api/v1/posts", json={"text": text})
    assert answer.status_code == 201
    html = answer.json["html"].lower()
    assert not [
        tag for tag in ("script", "img", "svg", "math", "iframe", "style", "form", "button") if f"<{tag}" in html
    ]
    assert not re.search(r'href="(?!https?:|mailto:)[a-z][a-z0-9+.-]*:', html)
    assert not re.search(r"<[^>]*\son\w+=", html)
    assert as_viewer(cast.bob).get(f"/posts/{answer.json['id']}").status_code == 200


@pytest.mark.parametrize(
    ("sign", "many"),
    [("#tag{}x ", 200), ("@bob ", 200), (">", 500), ("[", 3000), ("* ", 800), ("`", 3000), ("![](", 900)],
)
def test_piles_of_signs_are_shown_or_refused_and_break_nothing(
    cast: Cast, as_viewer: AsViewer, sign: str, many: int
) -> None:
    text = "".join(sign.format(number) for number in range(many)) + " end"
    answer: Any = as_viewer(cast.alice).post("/api/v1/posts", json={"text": text})
    assert answer.status_code in {201, 422}
    if answer.status_code == 422:
        assert answer.json["fields"]["text"]
    else:
        assert as_viewer(cast.bob).get(f"/posts/{answer.json['id']}").status_code == 200


def test_too_much_is_refused_and_says_so(cast: Cast, as_viewer: AsViewer) -> None:
    for size in (20_001, 1_000_000):
        answer: Any = as_viewer(cast.alice).post("/api/v1/posts", json={"text": "a b " * (size // 4 + 1)})
        assert answer.status_code in {413, 422}
        if answer.status_code == 422:
            assert answer.json["fields"]["text"]
