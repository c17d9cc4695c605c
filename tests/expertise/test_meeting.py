"""People to meet: with a reason that may be read, never those who are known already or do not want to be named."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from intranet.accounts.models import Person
from intranet.expertise.actions import hide_topic, opt_in, opt_out, put_off
from intranet.expertise.meeting import proposing
from intranet.expertise.meeting.proposing import NOT_NOW
from intranet.expertise.models import PutOff
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.errors import NotFound
from intranet.kernel.viewer import ANONYMOUS
from intranet.people.actions import follow_person
from intranet.people.models import Profile
from intranet.search.index import Index
from intranet.topics.vocabulary import ensure_topics
from search_index.relations import Meeting, MeetQuery
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer, Queries
from tests.search.writing import say, take_back


@pytest.fixture
def welders(index: Index, database: Database, cast: Cast) -> int:
    """Alice and bob both weld and purge; carol and dana write about lunch. Returns the topic welding."""
    with database.unit_of_work(SYSTEM) as session:
        topic_id = next(iter(ensure_topics(session, ["welding"]).values()))
    for number in range(6):
        say(database, cast.carol, f"lunch is ready {number}")
        say(database, cast.dana, f"a plan for the week {number}")
    for number in range(2):
        say(database, cast.alice, f"Titanium seams want a purging chamber {number} #welding")
        say(database, cast.bob, f"I am welding titanium again {number}, with the chamber")
    return topic_id


def to_meet(client: FlaskClient) -> list[str]:
    items = client.get("/api/v1/people-to-meet").get_json()["items"]
    return [item["person"]["username"] for item in items]


def test_two_who_share_rare_work_are_proposed_to_each_other_with_the_reason(
    welders: int, cast: Cast, as_viewer: AsViewer
) -> None:
    (item,) = as_viewer(cast.alice).get("/api/v1/people-to-meet").get_json()["items"]
    assert item["person"]["username"] == "bob"
    first, *words = item["shared"]
    assert first == {"name": "welding", "is_topic": True, "url": "/topics/welding", "mine": 2, "theirs": 2}
    assert {word["name"] for word in words} == {"titanium", "chamber"}  # as bob wrote them
    assert all(re.fullmatch(r"/posts/\d+", word["url"]) for word in words)
    assert item["because"].startswith("You both write about welding, ")
    assert to_meet(as_viewer(cast.bob)) == ["alice"]
    assert to_meet(as_viewer(cast.carol)) == []


def test_the_page_and_the_rail_say_why_and_what_can_be_done(welders: int, cast: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.alice)
    for page in (
        client.get("/people-to-meet").get_data(as_text=True),
        client.get("/people-to-meet", headers={"X-Fragment": "1"}).get_data(as_text=True),
    ):
        assert "Bob Example" in page
        assert 'href="/topics/welding"' in page
        assert 'action="/people/bob/follow"' in page
        assert 'action="/people-to-meet/bob/not-now"' in page
    assert 'data-source="/people-to-meet"' in client.get("/").get_data(as_text=True)
    assert "Nobody to introduce yet" in as_viewer(cast.carol).get("/people-to-meet").get_data(as_text=True)
    assert "aside" not in as_viewer(cast.carol).get("/people-to-meet", headers={"X-Fragment": "1"}).get_data(
        as_text=True
    )


def test_who_is_followed_is_known_already(welders: int, database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    with database.unit_of_work(cast.alice) as session:
        follow_person(session, cast.alice, cast.bob.member_id)
    assert to_meet(as_viewer(cast.alice)) == []
    assert to_meet(as_viewer(cast.bob)) == ["alice"]


@pytest.mark.parametrize("tie", ["manager", "report", "same manager"])
def test_a_team_knows_each_other(welders: int, database: Database, cast: Cast, as_viewer: AsViewer, tie: str) -> None:
    alice, bob, dana = cast.alice.member_id, cast.bob.member_id, cast.dana.member_id
    manager_of = {"manager": {alice: bob}, "report": {bob: alice}, "same manager": {alice: dana, bob: dana}}[tie]
    with database.unit_of_work(SYSTEM) as session:
        for person, manager in manager_of.items():
            session.add(Profile(person_id=person, manager_id=manager))
    assert to_meet(as_viewer(cast.alice)) == []


def test_not_now_lasts_half_a_year_and_only_for_whoever_said_it(
    welders: int, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    client = as_viewer(cast.alice)
    assert client.post("/people-to-meet/bob/not-now").location == "/people-to-meet"
    assert client.post("/people-to-meet/bob/not-now", headers={"X-Fragment": "1"}).status_code == 204
    assert to_meet(client) == []
    assert to_meet(as_viewer(cast.bob)) == ["alice"]
    with database.unit_of_work(SYSTEM) as session:
        row = session.get(PutOff, (cast.alice.member_id, cast.bob.member_id))
        assert row is not None
        row.created_at = clock.now() - NOT_NOW - timedelta(days=1)
    assert to_meet(as_viewer(cast.alice)) == ["bob"]


def test_not_now_to_nobody_is_not_found(index: Index, database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    assert as_viewer(cast.alice).post("/people-to-meet/nobody/not-now").status_code == 404
    with database.unit_of_work(cast.alice) as session, pytest.raises(NotFound):
        put_off(session, cast.alice, 12345)


def test_whoever_opted_out_is_proposed_to_nobody(
    welders: int, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    with database.unit_of_work(cast.bob) as session:
        opt_out(session, cast.bob)
    assert to_meet(as_viewer(cast.alice)) == []
    assert "Bob" not in as_viewer(cast.alice).get("/people-to-meet").get_data(as_text=True)
    with database.unit_of_work(cast.bob) as session:
        opt_in(session, cast.bob)
    assert to_meet(as_viewer(cast.alice)) == ["bob"]


def test_a_hidden_topic_is_no_reason(welders: int, database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    with database.unit_of_work(cast.bob) as session:
        hide_topic(session, cast.bob, welders)
    assert "welding" not in as_viewer(cast.alice).get("/people-to-meet").get_data(as_text=True)
    assert "welding" not in as_viewer(cast.alice).get("/api/v1/people-to-meet").get_data(as_text=True)


def test_a_leaver_is_proposed_to_nobody(welders: int, database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    with database.unit_of_work(SYSTEM) as session:
        person = session.get(Person, cast.bob.member_id)
        assert person is not None
        person.deactivated_at = clock.now()
    assert to_meet(as_viewer(cast.alice)) == []


def test_a_closed_group_brings_no_outsider_together_and_shows_them_no_word(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    with database.unit_of_work(SYSTEM) as session:
        ensure_topics(session, ["zirconium"])
    for number in range(12):
        say(database, cast.dana, f"something else {number}")
    for number in range(3):
        say(database, cast.carol, f"zirconium merger {number}")
        say(database, cast.bob, f"zirconium merger plan {number}", audience_id=cast.group)
        say(database, cast.alice, f"the zirconium merger {number}", audience_id=cast.group)
    assert to_meet(as_viewer(cast.carol)) == []
    assert "zirconium" not in as_viewer(cast.carol).get("/people-to-meet").get_data(as_text=True)
    assert set(to_meet(as_viewer(cast.alice))) == {"bob", "carol"}


def test_what_was_taken_back_is_no_reason(index: Index, database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    for number in range(12):
        say(database, cast.carol, f"lunch {number}")
    posts = [say(database, cast.bob, f"xylophone and theremin {number}") for number in range(2)]
    for number in range(2):
        say(database, cast.alice, f"a xylophone, a theremin {number}")
    assert to_meet(as_viewer(cast.alice)) == ["bob"]
    for post in posts:
        take_back(database, cast.bob, post)
    assert to_meet(as_viewer(cast.alice)) == []


def test_a_signed_out_visitor_meets_nobody(index: Index, cast: Cast, as_viewer: AsViewer) -> None:
    assert as_viewer(ANONYMOUS).get("/people-to-meet").status_code == 302
    assert as_viewer(ANONYMOUS).get("/api/v1/people-to-meet").status_code == 401


def test_the_page_reads_in_few_statements(welders: int, cast: Cast, as_viewer: AsViewer, queries: Queries) -> None:
    client = as_viewer(cast.alice)
    client.get("/people-to-meet")
    with queries(45):
        client.get("/people-to-meet")


def test_the_rail_asks_once_and_anew_when_somebody_is_known(
    welders: int, database: Database, cast: Cast, as_viewer: AsViewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    ask = proposing._ask

    def counted(query: MeetQuery) -> tuple[Meeting, ...]:
        asked.append(query.person_id)
        return ask(query)

    monkeypatch.setattr(proposing, "_ask", counted)
    client = as_viewer(cast.alice)
    rail = [client.get("/people-to-meet", headers={"X-Fragment": "1"}).text for _ in range(3)]
    assert len(set(rail)) == 1
    assert "Bob Example" in rail[0]
    assert len(asked) == 1
    client.post("/people/bob/mute", data={"on": "1"})
    assert "Bob Example" not in client.get("/people-to-meet", headers={"X-Fragment": "1"}).text
    assert len(asked) == 2
