"""Presence: marks, pushes and who is around."""

from datetime import timedelta

from sqlalchemy import func, select

from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.people.cards import Presence, person_cards
from intranet.people.models import Follow, FollowKind, PresenceMark
from intranet.people.presence import around_now, forget_old, mark_seen
from tests.cast import SYSTEM, Cast, add_person
from tests.fixtures import AsViewer, Queries


def test_a_mark_is_written_over_and_only_a_change_is_told(database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.alice) as session:
        assert mark_seen(session, cast.alice.member_id) is Presence.AROUND
    with database.unit_of_work(cast.alice) as session:
        assert mark_seen(session, cast.alice.member_id) is None
        assert mark_seen(session, cast.alice.member_id, away=True) is Presence.AWAY
        assert mark_seen(session, cast.alice.member_id) is Presence.AROUND
        assert session.scalar(select(func.count()).select_from(PresenceMark)) == 1


def test_marks_that_say_nothing_any_more_are_forgotten(database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.alice) as session:
        mark_seen(session, cast.alice.member_id)
    with clock.fixed(clock.now() + timedelta(hours=2)), database.unit_of_work(SYSTEM) as session:
        forget_old(session)
        session.flush()
        assert session.scalar(select(func.count()).select_from(PresenceMark)) == 0


def test_whom_one_follows_comes_first_among_those_around(database: Database, cast: Cast, queries: Queries) -> None:
    with database.unit_of_work(SYSTEM) as session:
        for number in range(12):
            person = add_person(session, f"fan{number:02}")
            session.add(PresenceMark(person_id=person.id, seen_at=clock.now()))
        long_ago = clock.now() - timedelta(seconds=90)
        session.add(PresenceMark(person_id=cast.bob.member_id, seen_at=long_ago))
        session.add(PresenceMark(person_id=cast.alice.member_id, seen_at=clock.now()))
        session.add(PresenceMark(person_id=cast.erin.member_id, seen_at=clock.now()))
        session.add(Follow(follower_id=cast.alice.member_id, kind=FollowKind.PERSON, target_id=cast.bob.member_id))
    with database.reading(cast.alice) as session, queries(3):
        around = around_now(session, cast.alice.member_id)
    assert around.people[0].username == "bob"
    assert around.count == 13
    assert "erin" not in {card.username for card in around.people}


def test_a_page_without_a_socket_marks_itself_by_post(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.alice)
    assert client.post("/presence").status_code == 204
    assert client.get("/api/v1/me").get_json()["presence"] == "around"
    assert client.post("/presence", data={"away": "1"}).status_code == 204
    assert client.get("/api/v1/me").get_json()["presence"] == "away"


def test_the_home_page_shows_who_is_around(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.alice)
    assert "Around now" not in client.get("/").text
    with database.unit_of_work(cast.bob) as session:
        mark_seen(session, cast.bob.member_id)
    page = client.get("/").text
    assert "Around now" in page
    assert "Bob Example" in page


def test_who_wants_to_be_left_alone_is_shown_so_and_comes_back_when_it_is_over(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    def presence() -> Presence:
        with database.reading(cast.bob) as session:
            return person_cards(session, [cast.alice.member_id])[cast.alice.member_id].presence

    def beat() -> Presence | None:
        with database.unit_of_work(cast.alice) as session:
            return mark_seen(session, cast.alice.member_id)

    beat()
    client = as_viewer(cast.alice)
    assert client.post("/presence/focus", data={"minutes": "60", "next": "/chat"}).location == "/chat"
    assert (presence(), beat()) == (Presence.FOCUSING, None)
    with clock.fixed(clock.now() + timedelta(minutes=61)):
        assert beat() is Presence.AROUND  # told to open pages, which showed something else since
        assert presence() is Presence.AROUND
    assert client.post("/presence/focus", data={"minutes": "0"}).status_code == 303
    assert presence() is Presence.AROUND
    assert client.post("/presence/focus", data={"minutes": "99999"}).status_code == 422


def test_being_left_alone_is_one_thing_wherever_it_is_asked_for(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    with database.unit_of_work(cast.alice) as session:
        mark_seen(session, cast.alice.member_id)
    as_viewer(cast.alice).post("/notifications/snooze", data={"minutes": "60"})
    page = as_viewer(cast.bob).post("/chat", data={"people": "alice"}, follow_redirects=True).text
    assert "Alice is left alone for now" in page
    assert "You are left alone" in as_viewer(cast.alice).get("/chat").text
