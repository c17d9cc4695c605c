"""Claiming, vouching, taking back."""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from intranet.kernel.db import Database
from intranet.kernel.errors import Invalid, NotFound, Refused
from intranet.kernel.viewer import Viewer
from intranet.topics.actions import (
    MOST_SKILLS,
    claim_skill,
    claim_skills,
    describe_topic,
    drop_skill,
    endorse,
    follow_topic,
    unfollow_topic,
    withdraw_endorsement,
)
from intranet.topics.events import Endorsed, EndorsementWithdrawn, SkillClaimed, SkillDropped, TopicAdded
from intranet.topics.models import Endorsement, Synonym, Topic
from intranet.topics.skills import LentKnowledge, endorsements_page, knowers_page, skill_lines
from intranet.topics.vocabulary import ensure_topics
from tests.cast import SYSTEM, Cast, add_person
from tests.fixtures import Happens, Queries


@pytest.fixture
def kafka(database: Database, cast: Cast) -> int:
    """A topic that alice claims."""
    with database.unit_of_work(cast.alice) as session:
        return claim_skill(session, cast.alice, "kafka")


def test_claiming_grows_the_vocabulary_and_happens_once(cast: Cast, happens: Happens) -> None:
    claim = lambda session: claim_skill(session, cast.alice, " Time  zones ")  # noqa: E731 (used twice)
    assert [type(event) for event in happens(cast.alice, claim)] == [TopicAdded, SkillClaimed]
    assert happens(cast.alice, claim) == []


def test_nobody_claims_for_somebody_else(database: Database, cast: Cast) -> None:
    with pytest.raises(Refused), database.unit_of_work(cast.bob) as session:
        claim_skills(session, cast.bob, cast.alice.member_id, ["kafka"])


@pytest.mark.parametrize("name", ["", "!!!", "\u202e\x00", "x" * 81])
def test_what_is_no_topic_is_refused(database: Database, cast: Cast, name: str) -> None:
    with pytest.raises(Invalid) as refused, database.unit_of_work(cast.alice) as session:
        claim_skill(session, cast.alice, name)
    assert set(refused.value.fields) == {"topic"}


def test_a_list_of_skills_has_an_end(database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.alice) as session:
        claim_skills(session, cast.alice, cast.alice.member_id, [f"topic {number}" for number in range(MOST_SKILLS)])
    with pytest.raises(Invalid), database.unit_of_work(cast.alice) as session:
        claim_skill(session, cast.alice, "one more")
    with database.unit_of_work(cast.alice) as session:
        claim_skill(session, cast.alice, "topic 3")  # is on it already


def test_dropping_a_skill_keeps_what_colleagues_wrote(
    database: Database, cast: Cast, kafka: int, happens: Happens
) -> None:
    happens(cast.bob, lambda session: endorse(session, cast.bob, cast.alice.member_id, kafka, reason="Fixed it"))
    dropped = happens(cast.alice, lambda session: drop_skill(session, cast.alice, kafka))
    assert [type(event) for event in dropped] == [SkillDropped]
    with database.reading(cast.carol) as session:
        (line,) = skill_lines(session, cast.alice.member_id, cast.carol.id)
    assert (line.is_claimed, line.endorsements) == (False, 1)


def test_vouching_twice_edits_the_reason(database: Database, cast: Cast, kafka: int, happens: Happens) -> None:
    for reason in ("Fixed our backlog", "Fixed our backlog at 3 in the morning"):
        vouch = partial(endorse, viewer=cast.bob, person_id=cast.alice.member_id, topic_id=kafka, reason=reason)
        events = happens(cast.bob, vouch)
        assert [type(event) for event in events] == [Endorsed]
    with database.reading(cast.carol) as session:
        page = endorsements_page(session, cast.alice.member_id, kafka, viewer_id=cast.bob.member_id)
    assert [(one.author.username, one.reason) for one in page.items] == [
        ("bob", "Fixed our backlog at 3 in the morning")
    ]
    assert page.items[0].changed_at is not None


def test_nobody_vouches_for_themselves_or_a_leaver(database: Database, cast: Cast, kafka: int) -> None:
    for person in (cast.bob, cast.erin):
        with pytest.raises(Refused), database.unit_of_work(cast.bob) as session:
            endorse(session, cast.bob, person.member_id, kafka, reason="Great")


@pytest.mark.parametrize("reason", ["", "  \n ", "\u202e\u2066", "x" * 501])
def test_vouching_needs_a_reason_of_some_words(database: Database, cast: Cast, kafka: int, reason: str) -> None:
    with pytest.raises(Invalid) as refused, database.unit_of_work(cast.bob) as session:
        endorse(session, cast.bob, cast.alice.member_id, kafka, reason=reason)
    assert set(refused.value.fields) == {"reason"}


def test_an_endorsement_goes_by_its_author_or_its_subject_alone(
    database: Database, cast: Cast, kafka: int, happens: Happens
) -> None:
    with database.unit_of_work(cast.bob) as session:
        row_id = endorse(session, cast.bob, cast.alice.member_id, kafka, reason="Fixed it").id
    with pytest.raises(Refused), database.unit_of_work(cast.carol) as session:
        withdraw_endorsement(session, cast.carol, row_id)
    events = happens(cast.alice, lambda session: withdraw_endorsement(session, cast.alice, row_id))
    assert [type(event) for event in events] == [EndorsementWithdrawn]
    with pytest.raises(NotFound), database.unit_of_work(cast.bob) as session:
        withdraw_endorsement(session, cast.bob, row_id)


def test_the_most_vouched_for_come_first_and_leavers_not_at_all(database: Database, cast: Cast, kafka: int) -> None:
    with database.unit_of_work(SYSTEM) as session:
        for number in range(35):
            person = add_person(session, f"knower{number:02}")
            claim_skills(session, SYSTEM, person.id, ["kafka"])
        claim_skills(session, SYSTEM, cast.erin.member_id, ["kafka"])
    with database.unit_of_work(cast.bob) as session:
        endorse(session, cast.bob, cast.carol.member_id, kafka, reason="She taught me")
    with database.reading(cast.alice) as session:
        first = knowers_page(session, kafka)
        rest = knowers_page(session, kafka, cursor=first.older)
    names = [knower.card.username for knower in first.items + rest.items]
    assert names[0] == "carol"
    assert len(names) == len(set(names)) == 37
    assert "erin" not in names
    assert first.items[0].reason == "She taught me"
    assert not first.items[0].is_claimed


def test_what_a_page_of_people_knows_takes_two_statements(
    database: Database, cast: Cast, kafka: int, queries: Queries
) -> None:
    ids = [cast.alice.member_id, cast.bob.member_id, cast.carol.member_id]
    with database.reading(cast.alice) as session, queries(3):
        assert LentKnowledge().known(session, ids, most=2) == {cast.alice.member_id: [("kafka", "kafka")]}


def test_a_profile_s_skills_take_as_many_statements_for_one_as_for_many(
    database: Database, cast: Cast, queries: Queries
) -> None:
    with database.unit_of_work(SYSTEM) as session:
        topics = ensure_topics(session, [f"topic {number}" for number in range(30)])
        claim_skills(session, SYSTEM, cast.alice.member_id, topics)
    with database.unit_of_work(cast.bob) as session:
        for topic_id in topics.values():
            endorse(session, cast.bob, cast.alice.member_id, topic_id, reason="Yes")
    with database.reading(cast.alice) as session, queries(8):
        assert len(skill_lines(session, cast.alice.member_id, cast.bob.id)) == 30


def test_followers_are_counted_once(database: Database, cast: Cast, kafka: int) -> None:
    for act, count in ((follow_topic, 1), (follow_topic, 1), (unfollow_topic, 0), (unfollow_topic, 0)):
        with database.unit_of_work(cast.bob) as session:
            act(session, cast.bob, kafka)
        with database.reading(cast.bob) as session:
            topic = session.get(Topic, kafka)
            assert topic is not None
            assert topic.follower_count == count


def test_only_stewards_describe_topics_and_no_name_leads_two_ways(database: Database, cast: Cast, kafka: int) -> None:
    def describe(viewer: Viewer, **changes: Any) -> None:
        given: dict[str, Any] = {"name": "Kafka", "description": "The stream", "synonyms": ["event bus"], **changes}
        with database.unit_of_work(viewer) as session:
            describe_topic(session, viewer, kafka, **given)

    with pytest.raises(Refused):
        describe(cast.alice)
    describe(cast.dana)
    with database.unit_of_work(cast.alice) as session:
        ensure_topics(session, ["rust"])
    with pytest.raises(Invalid) as refused:
        describe(cast.dana, synonyms=["Rust"])
    assert set(refused.value.fields) == {"synonyms"}
    with pytest.raises(Invalid):
        describe(cast.dana, name=" ")
    describe(cast.dana, synonyms=["event-bus", "EVENT BUS", "kafka", "broker"])
    with database.reading(cast.alice) as session:
        assert set(session.scalars(select(Synonym.slug))) == {"event-bus", "broker"}
        assert session.scalar(select(func.count()).select_from(Endorsement)) == 0
