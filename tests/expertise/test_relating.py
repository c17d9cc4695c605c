"""What goes with what, as others may read it: topics beside a question, and what was said before a draft is sent."""

import pytest
from flask.testing import FlaskClient

from intranet.kernel.db import Database
from intranet.kernel.viewer import ANONYMOUS
from intranet.search.index import Index
from intranet.topics.vocabulary import ensure_topics
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer
from tests.search.writing import reply, say, take_back

FRAGMENT = {"X-Fragment": "1"}


@pytest.fixture
def valves(index: Index, database: Database, cast: Cast) -> None:
    """Valves go with gaskets everywhere, and with the merger in the closed group alone."""
    with database.unit_of_work(SYSTEM) as session:
        ensure_topics(session, ["valves", "gaskets", "merger", "lunch"])
    for number in range(12):
        say(database, cast.dana, f"lunch {number} #lunch")
    for viewer in (cast.alice, cast.carol):
        say(database, viewer, "A valve leaks, and new gaskets help #valves")
    for viewer in (cast.alice, cast.bob, cast.bob):
        say(database, viewer, "#valves after the #merger, in secret", audience_id=cast.group)


def related(client: FlaskClient, text: str = "valves") -> list[str]:
    items = client.get("/api/v1/topics/related", query_string={"q": text}).get_json()["items"]
    return [item["slug"] for item in items]


def test_topics_that_go_with_a_question_are_told_with_their_address(
    valves: None, cast: Cast, as_viewer: AsViewer
) -> None:
    (item,) = as_viewer(cast.carol).get("/api/v1/topics/related?q=valves").get_json()["items"]
    assert (item["slug"], item["url"], item["together"]) == ("gaskets", "/topics/gaskets", 2)
    part = as_viewer(cast.carol).get("/experts/related?q=valves", headers=FRAGMENT).get_data(as_text=True)
    assert 'href="/experts?q=gaskets"' in part
    part = as_viewer(cast.carol).get("/experts/related?q=valves&to=topics", headers=FRAGMENT).get_data(as_text=True)
    assert 'href="/topics/gaskets"' in part
    assert as_viewer(cast.carol).get("/experts/related?q=valves").location == "/experts?q=valves"


def test_an_outsider_is_told_of_no_topic_that_a_closed_group_joined(
    valves: None, cast: Cast, as_viewer: AsViewer
) -> None:
    assert related(as_viewer(cast.carol)) == ["gaskets"]
    assert set(related(as_viewer(cast.bob))) == {"gaskets", "merger"}
    assert "merger" not in as_viewer(cast.carol).get("/experts/related?q=valves", headers=FRAGMENT).get_data(
        as_text=True
    )


def test_the_topic_page_and_the_finder_have_a_place_for_them(valves: None, cast: Cast, as_viewer: AsViewer) -> None:
    page = as_viewer(cast.carol).get("/topics/valves").get_data(as_text=True)
    assert 'data-source="/experts/related?q=valves&amp;to=topics"' in page


@pytest.mark.parametrize("line", ["", "?", "\x00", "x" * 9000, "% _ \\", "<b>", "🙂", "#", "who?"])
def test_no_question_breaks_related_topics(valves: None, cast: Cast, as_viewer: AsViewer, line: str) -> None:
    assert related(as_viewer(cast.carol), line) == []


def test_a_draft_finds_what_was_said_already(valves: None, database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    post = say(database, cast.bob, "The ingress returns 502 for exactly one path")
    reply(database, cast.alice, post, "Raise the buffer of the ingress proxy")
    client = as_viewer(cast.carol)
    items = client.post("/api/v1/similar", json={"text": "our ingress answers 502 on one path only"}).get_json()[
        "items"
    ]
    assert [item["kind"] for item in items] == ["post", "comment"]
    assert (items[0]["url"], items[0]["author"]) == (f"/posts/{post}", "bob")
    assert "502" in items[0]["excerpt"]
    only = client.post("/api/v1/similar", json={"text": "ingress 502", "kinds": ["comment"], "limit": 1}).get_json()
    assert [item["kind"] for item in only["items"]] == ["comment"]


def test_the_composer_is_told_only_what_says_most_of_the_draft(
    valves: None, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    say(database, cast.bob, "The ingress returns 502 for exactly one path")
    client = as_viewer(cast.carol)
    told = client.post("/compose/similar", data={"text": "ingress returns 502 on exactly one path"}).get_data(
        as_text=True
    )
    assert "Already said" in told
    assert "Bob Example" in told
    for text in ("ingress 502", "the ingress of our new xylophone hall seems to sing at night", "", "a b c d e"):
        assert client.post("/compose/similar", data={"text": text}).get_data(as_text=True).strip() == ""


def test_an_outsider_finds_nothing_of_a_closed_group_by_drafting(
    valves: None, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    secret = say(database, cast.bob, "Zirconium prices double next week", audience_id=cast.group)
    draft = {"text": "zirconium prices double next week"}
    assert as_viewer(cast.carol).post("/api/v1/similar", json=draft).get_json()["items"] == []
    assert as_viewer(cast.carol).post("/compose/similar", data=draft).get_data(as_text=True).strip() == ""
    (item,) = as_viewer(cast.alice).post("/api/v1/similar", json=draft).get_json()["items"]
    assert item["id"] == str(secret)
    take_back(database, cast.bob, secret)
    assert as_viewer(cast.alice).post("/api/v1/similar", json=draft).get_json()["items"] == []


def test_claims_and_people_are_no_answer_to_a_draft(valves: None, cast: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.carol)
    draft = {"text": "valves gaskets alice", "kinds": ["skill", "person", "endorsement", "topic"]}
    assert client.post("/api/v1/similar", json=draft).get_json()["items"] == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"text": "x" * 30_000}, 422),
        ({"text": 7}, 422),
        ({"text": "valves", "limit": "many"}, 422),
        ([], 422),
        ({}, 200),
        ({"text": "valves", "kinds": ["nonsense", "topic"], "limit": -3}, 200),
        ({"text": "\x00 \u202e 🙂", "title": "x"}, 200),
    ],
)
def test_odd_drafts_are_answered_in_words(
    valves: None, cast: Cast, as_viewer: AsViewer, body: object, status: int
) -> None:
    assert as_viewer(cast.carol).post("/api/v1/similar", json=body).status_code == status


def test_a_signed_out_visitor_is_told_nothing(index: Index, cast: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(ANONYMOUS)
    assert client.get("/api/v1/topics/related?q=x").status_code == 401
    assert client.post("/api/v1/similar", json={"text": "x"}).status_code == 401
    assert client.get("/experts/related?q=x").status_code == 302
