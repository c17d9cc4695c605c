"""A hidden topic and an opt-out, seen by somebody else on every page that names who knows what."""

import pytest
from flask.testing import FlaskClient

from intranet.expertise.actions import hide_topic, opt_in, opt_out, show_topic
from intranet.kernel.db import Database
from intranet.people.knowledge import known_topics
from intranet.search.index import Index
from intranet.topics.models import Endorsement, Skill
from intranet.topics.vocabulary import ensure_topics
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer
from tests.search.writing import say

PLACES = (
    "/topics/valves",
    "/people/alice",
    "/people/alice/skills",
    "/people/alice/card",
    "/people/alice/knows",
    "/people?q=alice",
    "/api/v1/people/alice",
    "/experts?q=pumps",
    "/experts/top?q=pumps",
    "/experts/compare?q=pumps&people=alice&people=bob",
    "/api/v1/experts?q=pumps",
)
"""Pages of others on which alice and her valves could be named."""


@pytest.fixture
def valves(index: Index, database: Database, cast: Cast) -> int:
    """Alice claims valves, bob vouches for them and for her pumps, and she writes about both."""
    with database.unit_of_work(SYSTEM) as session:
        topics = ensure_topics(session, ["valves", "pumps"])
        for topic in topics.values():
            session.add(Skill(person_id=cast.alice.member_id, topic_id=topic))
            session.add(
                Endorsement(
                    endorser_id=cast.bob.member_id,
                    person_id=cast.alice.member_id,
                    topic_id=topic,
                    reason="Repairs every pumps thing in the zeppelin hall",
                )
            )
    say(database, cast.alice, "Our pumps need oil #pumps")
    say(database, cast.alice, "A mended thing #valves")
    assert index.become_writer()
    index.rebuild()
    return topics["valves"]


def named_on_topic_page(client: FlaskClient) -> str:
    """Who is named for valves there; posts about them are their authors' own to be read."""
    page = client.get("/topics/valves").get_data(as_text=True)
    return page.split('aria-labelledby="who"', 1)[1].split("</section>", 1)[0]


def places_naming(client: FlaskClient, word: str) -> set[str]:
    found = set()
    for place in PLACES:
        page = client.get(place, headers={"X-Fragment": "1"} if place.endswith(("skills", "top?q=pumps")) else {})
        assert page.status_code == 200, place
        if word in page.get_data(as_text=True):
            found.add(place)
    return found


def test_a_hidden_topic_is_named_on_no_page_of_others_and_comes_back_when_shown(
    valves: int, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    before = places_naming(as_viewer(cast.carol), "valves")
    assert {"/people/alice/card", "/people/alice", "/api/v1/people/alice", "/people/alice/knows"} <= before
    with database.unit_of_work(cast.alice) as session:
        hide_topic(session, cast.alice, valves)
    assert places_naming(as_viewer(cast.carol), "valves") == {"/topics/valves"}  # the topic's own name
    assert "Alice" not in named_on_topic_page(as_viewer(cast.carol))
    assert "zeppelin" not in as_viewer(cast.carol).get("/people/alice/skills/valves").get_data(as_text=True)
    with database.unit_of_work(cast.alice) as session:
        show_topic(session, cast.alice, valves)
    assert places_naming(as_viewer(cast.carol), "valves") == before
    assert "Alice" in named_on_topic_page(as_viewer(cast.carol))


def test_the_person_still_sees_what_they_hid(valves: int, database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    with database.unit_of_work(cast.alice) as session:
        hide_topic(session, cast.alice, valves)
    me = as_viewer(cast.alice)
    assert "valves" in me.get("/people/alice").get_data(as_text=True)
    assert "zeppelin" in me.get("/people/alice/skills/valves").get_data(as_text=True)
    assert "valves" in me.get("/settings/known").get_data(as_text=True)


def test_other_peoples_claims_of_the_topic_stay(
    valves: int, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    with database.unit_of_work(cast.bob) as session:
        session.add(Skill(person_id=cast.bob.member_id, topic_id=valves))
    with database.unit_of_work(cast.alice) as session:
        hide_topic(session, cast.alice, valves)
    topic = named_on_topic_page(as_viewer(cast.carol))
    assert "Bob Example" in topic
    assert "Alice" not in topic


def test_whoever_opted_out_keeps_their_own_claims_on_their_profile_alone(
    valves: int, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    with database.unit_of_work(cast.alice) as session:
        opt_out(session, cast.alice)
    client = as_viewer(cast.carol)
    assert places_naming(client, "valves") == {"/topics/valves", "/people/alice", "/people/alice/skills"}
    assert "Alice" not in named_on_topic_page(client)
    assert client.get("/api/v1/experts?q=pumps").get_json()["total"] == 0
    with database.unit_of_work(cast.alice) as session:
        opt_in(session, cast.alice)
    assert "/people/alice/card" in places_naming(as_viewer(cast.carol), "valves")


def test_hrs_list_is_compared_with_hidden_claims_too(valves: int, database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.alice) as session:
        hide_topic(session, cast.alice, valves)
    with database.reading(SYSTEM) as session:
        ids = [cast.alice.member_id]
        assert known_topics(session, ids)[ids[0]] == [("pumps", "pumps")]
        assert len(known_topics(session, ids, with_hidden=True)[ids[0]]) == 2


def test_nobody_who_hid_a_topic_is_counted_among_those_who_know_it(
    valves: int, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    def counted() -> tuple[bool, bool]:
        client = as_viewer(cast.carol)
        directory = client.get("/topics?q=valves").get_data(as_text=True)
        hits = client.get("/search?q=valves&kind=topic").get_data(as_text=True)
        return "1 person" in directory, "1 person" in hits

    before = counted()
    assert any(before)
    with database.unit_of_work(cast.alice) as session:
        hide_topic(session, cast.alice, valves)
    assert counted() == (False, False)
