"""Cards and suggestions: what every list shows of a person."""

from datetime import timedelta

from intranet.accounts.models import Person
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.people.cards import Presence, initials_of
from intranet.people.models import Follow, FollowKind, PresenceMark, Profile
from intranet.people.queries import following_ids, people_starting, person_cards
from tests.cast import Cast
from tests.fixtures import Queries


def test_cards_of_many_people_take_one_statement(database: Database, cast: Cast, queries: Queries) -> None:
    with database.unit_of_work(cast.alice) as session:
        session.add(
            Profile(person_id=cast.bob.member_id, title="Test engineer", department="Quality", location="Leeds")
        )
    with database.reading(cast.alice) as session, queries(2):  # BEGIN counts
        cards = person_cards(session, [cast.alice.member_id, cast.bob.member_id, cast.erin.member_id, 12345])
    assert set(cards) == {cast.alice.member_id, cast.bob.member_id, cast.erin.member_id}
    assert (cards[cast.bob.member_id].title, cards[cast.bob.member_id].department) == ("Test engineer", "Quality")
    assert cards[cast.alice.member_id].title == ""
    assert cards[cast.erin.member_id].has_left
    assert not cards[cast.bob.member_id].has_left


def test_presence_fades_from_around_to_away_to_gone(database: Database, cast: Cast) -> None:
    present = clock.now()
    with database.unit_of_work(cast.alice) as session:
        session.add(PresenceMark(person_id=cast.bob.member_id, seen_at=present))

    def presence_after(minutes: int) -> Presence:
        with clock.fixed(present + timedelta(minutes=minutes)), database.reading(cast.alice) as session:
            return person_cards(session, [cast.bob.member_id])[cast.bob.member_id].presence

    assert presence_after(1) is Presence.AROUND
    assert presence_after(5) is Presence.AWAY
    assert presence_after(60) is Presence.GONE


def test_a_status_ends_by_itself(database: Database, cast: Cast) -> None:
    end = clock.now() + timedelta(hours=1)
    with database.unit_of_work(cast.alice) as session:
        session.add(Profile(person_id=cast.bob.member_id, status_text="On call", status_ends_at=end))
    with database.reading(cast.alice) as session:
        assert person_cards(session, [cast.bob.member_id])[cast.bob.member_id].status == "On call"
        with clock.fixed(end):
            assert person_cards(session, [cast.bob.member_id])[cast.bob.member_id].status == ""


def test_initials_are_drawn_from_names_of_every_script() -> None:
    assert initials_of("Priya Raghunathan") == "PR"
    assert initials_of("Ana Maria de Souza") == "AS"
    assert initials_of("王芳") == "王"
    assert initials_of("“Ace” O'Neill") == "O"
    assert initials_of("?") == "?"


def test_suggestions_find_any_part_of_a_name_without_accents_and_no_leavers(database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.alice) as session:
        session.add(Person(username="zielinska", name="Magda Zielińska", folded_name="magda zielinska"))
    with database.reading(cast.alice) as session:

        def names(prefix: str) -> list[str]:
            return [card.username for card in people_starting(session, prefix)]

        assert names("Ziel") == ["zielinska"]
        assert names("@mag") == ["zielinska"]
        assert names("erin") == []
        assert names("exam") == ["alice", "bob", "carol", "dana"]
        assert names("%") == []
        assert names("  ") == []


def test_what_somebody_follows_is_told_apart_by_kind(database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.alice) as session:
        session.add(Follow(follower_id=cast.alice.member_id, kind=FollowKind.PERSON, target_id=cast.bob.member_id))
        session.add(Follow(follower_id=cast.alice.member_id, kind=FollowKind.TOPIC, target_id=7))
    with database.reading(cast.alice) as session:
        assert following_ids(session, cast.alice.member_id, FollowKind.PERSON) == {cast.bob.member_id}
        assert following_ids(session, cast.alice.member_id, FollowKind.TOPIC) == {7}
