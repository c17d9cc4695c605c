"""Presence: marks, pushes and who is around."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import func, select

from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.viewer import Viewer
from intranet.people.cards import Presence
from intranet.people.models import Follow, FollowKind, PresenceMark
from intranet.people.presence import around_now, forget_old, mark_seen
from tests.cast import SYSTEM, Cast, add_person


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


def test_whom_one_follows_comes_first_among_those_around(
    database: Database, cast: Cast, queries: Callable[[int], AbstractContextManager[list[str]]]
) -> None:
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


def test_a_page_without_a_socket_marks_itself_by_post(
    database: Database, cast: Cast, as_viewer: Callable[[Viewer], FlaskClient]
) -> None:
    client = as_viewer(cast.alice)
    assert client.post("/presence").status_code == 204
    assert client.get("/api/v1/me").get_json()["presence"] == "around"
    assert client.post("/presence", data={"away": "1"}).status_code == 204
    assert client.get("/api/v1/me").get_json()["presence"] == "away"


def test_the_home_page_shows_who_is_around(
    database: Database, cast: Cast, as_viewer: Callable[[Viewer], FlaskClient]
) -> None:
    client = as_viewer(cast.alice)
    assert "Around now" not in client.get("/").text
    with database.unit_of_work(cast.bob) as session:
        mark_seen(session, cast.bob.member_id)
    page = client.get("/").text
    assert "Around now" in page
    assert "Bob Example" in page
