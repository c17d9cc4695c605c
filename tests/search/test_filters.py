"""What narrows a search: counted for this viewer, taken away one by one, and honest when nothing fits."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.viewer import Viewer
from intranet.search import asking
from intranet.search.index import Index
from intranet.search.narrowing import Narrowing
from intranet.search.pages import filters
from intranet.search.question import read_question
from tests.cast import Cast
from tests.fixtures import AsViewer
from tests.search.writing import reply, say, take_back

Offered = dict[str, dict[str, int | None]]


@pytest.fixture
def stage(app: Flask, index: Index, database: Database, cast: Cast) -> None:
    """Posts about valves by three people, on two topics, this year and last, one of them in a closed circle."""
    with clock.fixed(clock.now() - timedelta(days=400)):
        say(database, cast.alice, "an old valve #pumps")
    post = say(database, cast.alice, "a valve #pumps #oil")
    say(database, cast.bob, "another valve, `open()` https://example.org")
    say(database, cast.bob, "a secret valve #pumps", audience_id=cast.group)
    reply(database, cast.carol, post, "that valve")


def offered(app: Flask, database: Database, viewer: Viewer, line: str, narrowing: Narrowing | None = None) -> Offered:
    """The choices of each filter, with their counts."""
    found = asking.search(viewer, read_question(line), narrowing=narrowing, facets=asking.ALL_FACETS, in_full=True)
    with app.test_request_context(), database.reading(viewer) as session:
        return {
            one.name: {choice.value: choice.count for choice in one.choices}
            for one in filters.choices(session, viewer, found)
        }


def test_each_filter_counts_what_it_would_leave(app: Flask, stage: None, database: Database, cast: Cast) -> None:
    counts = offered(app, database, cast.alice, "valve")
    assert counts["by"] == {"alice": 2, "bob": 2, "carol": 1}
    assert counts["topic"] == {"pumps": 3, "oil": 1}
    assert counts["when"] | {"": None} == {"": None, "week": 4, "month": 4, **years(4, 1)}


def test_an_outsider_counts_nothing_of_a_circle_they_are_not_in(
    app: Flask, stage: None, database: Database, cast: Cast
) -> None:
    counts = offered(app, database, cast.carol, "valve")
    assert counts["by"] == {"alice": 2, "bob": 1, "carol": 1}
    assert counts["topic"] == {"pumps": 2, "oil": 1}
    assert counts["when"] | {"": None} == {"": None, "week": 3, "month": 3, **years(3, 1)}


def years(now: int, before: int) -> dict[str, int]:
    return {str(clock.now().year): now, str((clock.now() - timedelta(days=400)).year): before}


def test_a_filter_is_counted_without_itself_and_with_the_others(
    app: Flask, stage: None, database: Database, cast: Cast
) -> None:
    counts = offered(app, database, cast.alice, "valve", Narrowing(by=("bob",)))
    assert counts["by"] == {"alice": 2, "bob": 2, "carol": 1}
    assert "topic" not in counts  # a single choice is none


def test_a_choice_that_is_on_stays_offered_though_nothing_has_it(
    app: Flask, stage: None, database: Database, cast: Cast
) -> None:
    counts = offered(app, database, cast.alice, "nothingatall", Narrowing(by=("dana",), topic=("oil",), when="year"))
    assert counts["by"] == {"dana": 0}
    assert counts["topic"] == {"oil": 0}
    assert "year" in counts["when"]


@pytest.mark.parametrize(
    ("narrowing", "expected"),
    [
        (Narrowing(by=("bob",)), 2),
        (Narrowing(by=("bob", "carol")), 3),
        (Narrowing(by=("nobody",)), 0),
        (Narrowing(topic=("oil",)), 1),
        (Narrowing(topic=("no-such-topic",)), 0),
        (Narrowing(has=("code",)), 1),
        (Narrowing(has=("code", "link")), 1),
        (Narrowing(has=("code", "image")), 0),
        (Narrowing(kind=("comment",)), 1),
        (Narrowing(when="month"), 4),
        (Narrowing(place=("1",)), 4),
        (Narrowing(place=("999",)), 0),
    ],
)
def test_filters_narrow(stage: None, cast: Cast, narrowing: Narrowing, expected: int) -> None:
    assert asking.search(cast.alice, read_question("valve"), narrowing=narrowing).total == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("valve from:me", 2), ("valve from:bob", 2), ("valve from:bo", 2), ("valve from:nobody", 0), ("valve #oil", 1),
        ("valve has:link", 1), ("valve kind:comment", 1), ("valve is:post", 4), ("valve after:yesterday", 4),
        ("valve before:week", 1), ("valve -secret", 4), ("from:carol", 1), ('"secret valve"', 1), ("valv*", 5),
        ("valve OR nothingatall", 5),
    ],
)  # fmt: skip
def test_operators_narrow(stage: None, cast: Cast, line: str, expected: int) -> None:
    assert asking.search(cast.alice, read_question(line)).total == expected


def test_chips_take_away_one_thing_each(stage: None, cast: Cast, as_viewer: AsViewer) -> None:
    page = as_viewer(cast.alice).get("/search?q=valve+from:bob+-secret&topic=pumps&when=month&order=newest").text
    addresses = [unescape(one) for one in re.findall(r'class="operator"[^>]*href="([^"]*)"', page)]
    assert addresses == [
        "/search?q=valve+-secret&topic=pumps&when=month&order=newest",
        "/search?q=valve+from%3Abob&topic=pumps&when=month&order=newest",
        "/search?q=valve+from%3Abob+-secret&when=month&order=newest",
        "/search?q=valve+from%3Abob+-secret&topic=pumps&order=newest",
    ]
    assert "Clear all 4" in page


def test_a_name_that_nobody_has_is_said_to_be_so(stage: None, cast: Cast, as_viewer: AsViewer) -> None:
    page = as_viewer(cast.alice).get("/search?q=valve+from:zarathustra").text
    assert 'data-state="odd"' in page
    assert "nobody and nothing is called that" in page


def test_nothing_found_says_what_would_find_something(stage: None, cast: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.alice)
    page = client.get("/search?q=valve+from:dana&has=image").text
    assert "Not with these filters" in page
    assert '<a class="button" data-size="small" href="/search?q=valve">Without filters' in page
    page = client.get("/search?q=nothingatall").text
    assert "Nobody has written that yet" in page
    assert "/experts?q=nothingatall" in page


def test_a_typing_error_is_answered_with_what_was_meant(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    for number in range(3):
        say(database, cast.alice, f"kubernetes cluster number {number}")
    client = as_viewer(cast.bob)
    for more in ("", "&facets=kind"):
        answer = client.get(f"/api/v1/search?q=kubernetse+from:alice{more}").get_json()
        assert answer["correction"] == "kubernetes from:alice"
    assert client.get("/api/v1/search?q=kubernetes").get_json()["correction"] is None
    page = client.get("/search?q=kubernetse+from:alice&kind=post&order=newest").text
    assert "Did you mean" in page
    assert "/search?q=kubernetes+from%3Aalice&amp;kind=post&amp;order=newest" in page


def test_the_api_counts_facets_by_their_own_words(stage: None, cast: Cast, as_viewer: AsViewer) -> None:
    facets = as_viewer(cast.carol).get("/api/v1/search?q=valve&facets=author,kind,topic").get_json()["facets"]
    assert {one["value"]: one["count"] for one in facets["author"]} == {"alice": 2, "bob": 1, "carol": 1}
    assert {one["value"]: one["count"] for one in facets["kind"]} == {"post": 3, "comment": 1}
    assert set(facets) == {"author", "kind", "topic"}


def walked(client: FlaskClient, database: Database, cast: Cast, order: str) -> list[str]:
    """All hits page by page, while others write and delete."""
    seen: list[str] = []
    page: str | None = "1"
    while page:
        answer = client.get(f"/api/v1/search?q=valve&limit=4&order={order}&page={page}").get_json()
        seen += [item["id"] for item in answer["items"]]
        page = answer["next"]
        say(database, cast.alice, "valve valve, and another valve")
        if len(seen) == 8:
            take_back(database, cast.alice, int(seen[0]))
            take_back(database, cast.alice, int(seen[5]))
    return seen


@pytest.mark.parametrize("order", ["relevance", "newest"])
def test_paging_loses_and_doubles_nothing_while_others_write_and_delete(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer, order: str
) -> None:
    posts = []
    for number in range(18):
        with clock.fixed(clock.now() - timedelta(hours=number + 1)):
            posts.append(say(database, cast.alice, "valve " * (number % 3 + 1) + f"number {number}"))
    seen = walked(as_viewer(cast.bob), database, cast, order)
    assert len(seen) == len(set(seen))
    assert set(seen) == {str(number) for number in posts}
