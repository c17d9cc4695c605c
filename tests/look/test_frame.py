"""The frame of every page, the gate and the error pages."""

import re

import pytest
from flask import Flask

from intranet.config import ROOT
from intranet.kernel.viewer import ANONYMOUS
from tests.cast import Cast
from tests.fixtures import AsViewer


def test_a_page_has_each_landmark_once_and_begins_with_a_way_past_the_navigation(
    as_viewer: AsViewer, cast: Cast
) -> None:
    html = as_viewer(cast.alice).get("/people").text
    assert html.count("<main ") == html.count("<h1") == html.count('<header class="masthead">') == 1
    assert re.search(r'<body[^>]*>\s*<a class="skip" href="#page">', html)
    assert 'id="page"' in html


def test_only_the_import_map_stands_in_the_page_and_it_bears_the_nonce_of_the_policy(
    as_viewer: AsViewer, cast: Cast
) -> None:
    answer = as_viewer(cast.alice).get("/people")
    inline = re.findall(r"<script(?![^>]*\ssrc=)([^>]*)>", answer.text)
    assert len(inline) == 1
    nonce = re.search(r'nonce="([^"]+)"', inline[0])
    assert nonce
    assert f"'nonce-{nonce.group(1)}'" in answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"].split("style-src-attr")[0]
    assert "<style" not in answer.text


def test_every_key_of_the_list_is_a_key_that_does_something(as_viewer: AsViewer, cast: Cast) -> None:
    html = as_viewer(cast.alice).get("/people").text
    listed = re.findall(r"<dt>((?:<kbd>[^<]+</kbd>)+)</dt>", html)
    source = (ROOT / "static" / "js" / "kernel" / "shortcuts.js").read_text(encoding="utf-8")
    places = re.search(r"PLACES = {(.*?)}", source)
    assert listed
    assert places
    for keys in (re.findall(r"<kbd>([^<]+)</kbd>", combination) for combination in listed):
        if keys[0] == "g":
            assert f"{keys[1]}: " in places.group(1)
        elif keys[0] == "Ctrl":
            assert f'event.key.toLowerCase() !== "{keys[1]}"' in source
        elif keys != ["Esc"]:
            assert re.search(rf'^  "?{re.escape(keys[0])}"?: ', source, re.MULTILINE), keys


def test_the_place_where_one_is_is_marked(as_viewer: AsViewer, cast: Cast) -> None:
    html = as_viewer(cast.alice).get("/topics").text
    assert re.search(r'<a class="nav-link" href="/topics" aria-current="page">', html)
    assert len(re.findall(r'class="nav-link"[^>]*aria-current', html)) == 1


def test_administration_is_shown_to_those_who_administer(as_viewer: AsViewer, cast: Cast) -> None:
    assert 'href="/admin/overview"' not in as_viewer(cast.alice).get("/people").text
    assert 'href="/admin/overview"' in as_viewer(cast.dana).get("/people").text


def test_static_files_have_addresses_that_change_with_their_content(as_viewer: AsViewer, cast: Cast) -> None:
    client = as_viewer(cast.alice)
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', client.get("/people").text)
    assert sheets
    for address in sheets:
        assert "?v=" in address
        with client.get(address) as answer:
            assert answer.status_code == 200
            assert "immutable" in answer.headers["Cache-Control"]
    with client.get("/static/css/tokens.css") as plainly_named:
        assert plainly_named.headers["Cache-Control"] == "no-cache"


def test_the_live_line_begins_where_the_page_ends(as_viewer: AsViewer, cast: Cast) -> None:
    html = as_viewer(cast.alice).get("/people").text
    assert re.search(r'class="frame" data-controller="live" data-since="\d+"', html)
    assert f'data-viewer="{cast.alice.id}"' in html


def test_a_visitor_sees_the_gate_and_nothing_of_the_inside(as_viewer: AsViewer, cast: Cast) -> None:
    html = as_viewer(ANONYMOUS).get("/sign-in").text
    assert 'class="gate"' in html
    assert 'class="nav' not in html
    assert 'data-viewer=""' in html


@pytest.mark.parametrize("path", ["/nothing-here", "/posts/1", "/people/nobody", "/topics/no-such-topic"])
def test_what_never_existed_and_what_is_hidden_look_the_same(as_viewer: AsViewer, cast: Cast, path: str) -> None:
    client = as_viewer(cast.alice)
    answers = [client.get(path), client.get("/never-was")]
    own = r'nonce="[^"]*"|content="[^"]*"|value="[^"]*"|<code data-request>\w+</code>'  # each answer has
    pages = [re.sub(own, "", answer.text) for answer in answers]
    assert answers[0].status_code == 404
    assert pages[0] == pages[1]


def test_an_error_of_ours_tells_nothing_about_it(app: Flask, as_viewer: AsViewer, cast: Cast) -> None:
    app.add_url_rule("/breaks", "breaks", lambda: str(1 / 0))
    answer = as_viewer(cast.alice).get("/breaks")
    assert answer.status_code == 500
    assert "That failed on our side" in answer.text
    assert "ZeroDivision" not in answer.text
