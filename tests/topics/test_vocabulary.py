"""The vocabulary grows from what people write, and never doubles."""

from intranet.kernel.db import Database
from intranet.topics.events import TopicAdded
from intranet.topics.models import Synonym, Topic
from intranet.topics.queries import topics_starting
from intranet.topics.vocabulary import ensure_topics
from tests.cast import Cast
from tests.fixtures import Happens


def test_a_word_joins_the_vocabulary_once_however_it_is_written(
    database: Database, cast: Cast, happens: Happens
) -> None:
    with database.unit_of_work(cast.alice) as session:
        first = ensure_topics(session, ["#Kafka", "time zones", "!!!"])
    assert set(first) == {"kafka", "time-zones"}
    with database.unit_of_work(cast.bob) as session:
        assert ensure_topics(session, ["KAFKA", "Time-Zones"]) == first
    assert happens(cast.bob, lambda session: ensure_topics(session, ["kafka"])) == []
    events = happens(cast.bob, lambda session: ensure_topics(session, ["zfs"]))
    assert [type(event) for event in events] == [TopicAdded]


def test_a_synonym_leads_to_its_topic(database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.alice) as session:
        kafka = ensure_topics(session, ["kafka"])["kafka"]
        session.add(Synonym(slug="event-bus", name="event bus", folded_name="event bus", topic_id=kafka))
    with database.unit_of_work(cast.alice) as session:
        assert ensure_topics(session, ["Event Bus"]) == {"event-bus": kafka}
        assert [(card.slug, card.found_as) for card in topics_starting(session, "Eve")] == [("kafka", "event bus")]


def test_suggestions_begin_with_the_most_followed(database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.alice) as session:
        for name, count in (("Kafka", 3), ("Kanban", 9), ("Rust", 50)):
            slug = name.lower()
            session.add(Topic(slug=slug, name=name, folded_name=slug, follower_count=count))
    with database.reading(cast.alice) as session:
        assert [card.name for card in topics_starting(session, "#KA")] == ["Kanban", "Kafka"]
        assert [card.name for card in topics_starting(session, "k", limit=1)] == ["Kanban"]
