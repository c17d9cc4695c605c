"""Topics that go with a topic, told apart from those that stand everywhere."""

from pathlib import Path

from search_index.documents import EVERYONE, Document
from search_index.relating.topics import related_topics
from search_index.relations import RelatedQuery, RelatedTopic
from search_index.storing.corpus import Corpus
from tests.search_index.relating.rows import TOPICS, in_memory, stored
from tests.search_index.writing import ALL, document

GROUP = 20


def asked(corpus: Corpus, text: str, audiences: frozenset[int] = ALL) -> tuple[RelatedTopic, ...]:
    return related_topics(corpus, RelatedQuery(text, audiences, TOPICS))


def related(corpus: Corpus, text: str, audiences: frozenset[int] = ALL) -> list[str]:
    return [one.topic for one in asked(corpus, text, audiences)]


def company() -> list[Document]:
    """Kafka goes with TLS; lunch goes with everything; welding with lunch alone."""
    return [
        *(document(number, "note", author=number % 5, topics=("lunch",)) for number in range(30)),
        *(document(number, "brokers", author=number % 4, topics=("Kafka", "TLS")) for number in range(100, 108)),
        *(document(number, "kafka and our lunch", author=number % 4, topics=("lunch",)) for number in range(200, 206)),
        *(document(number, "welding", author=number % 4, topics=("lunch",)) for number in range(300, 306)),
    ]


def test_what_goes_with_a_topic_is_named_and_what_stands_everywhere_is_not() -> None:
    corpus = in_memory(company())
    assert related(corpus, "kafka") == ["tls"]
    assert related(corpus, "TLS") == ["kafka"]


def test_it_says_in_how_many_documents_both_stand() -> None:
    (one,) = asked(in_memory(company()), "kafka")
    assert isinstance(one, RelatedTopic)
    assert one.together == 8
    assert one.strength > 0


def test_a_question_in_words_has_related_topics_too() -> None:
    assert "tls" in related(in_memory(company()), "why do our brokers stop")
    assert "kafka" in related(in_memory(company()), "why do our brokers stop")
    assert "kafka" not in related(in_memory(company()), "why do our kafka brokers stop")


def test_a_topic_is_read_from_words_without_a_tag_and_by_its_other_names() -> None:
    posts = [document(number, "renew the certificates of the event streams", author=number) for number in range(4)]
    filler = [document(number, "something else", author=1) for number in range(10, 40)]
    assert related(in_memory([*posts, *filler]), "kafka") == ["tls"]
    apart = [
        document(number, "event calendar: certificates, and later some streams", author=number) for number in range(4)
    ]
    assert related(in_memory([*apart, *filler]), "kafka") == []


def test_one_person_alone_relates_nothing() -> None:
    posts = [document(number, "x", author=7, topics=("kafka", "tls")) for number in range(5)]
    assert related(in_memory([*posts, *(document(number, "y") for number in range(10, 50))]), "kafka") == []


def test_a_compound_is_found_in_all_its_writings() -> None:
    ways = ["edge-gateways with TLS", "edge gateways and TLS", "our edgegateways speak TLS"]
    posts = [document(number, text, author=number) for number, text in enumerate(ways)]
    filler = [document(number, "something else", author=1) for number in range(10, 40)]
    (one,) = asked(in_memory([*posts, *filler]), "tls")
    assert (one.topic, one.together) == ("edge-gateways", 3)


def test_what_a_closed_group_writes_relates_nothing_for_others() -> None:
    secret = [
        document(number, "x", author=number % 3, topics=("kafka", "welding"), audience=GROUP)
        for number in range(500, 512)
    ]
    before = asked(in_memory(company()), "kafka")
    corpus = in_memory([*secret, *company()])
    assert asked(corpus, "kafka") == before
    assert "welding" in related(corpus, "kafka", frozenset({EVERYONE, GROUP}))


def test_stored_and_in_memory_say_the_same(tmp_path: Path) -> None:
    posts = company()
    expected = asked(in_memory(posts), "kafka")
    assert asked(stored(posts, tmp_path / "one"), "kafka") == expected
    assert asked(stored(posts, tmp_path / "many", each=7), "kafka") == expected
    mixed = in_memory(posts[25:], stored(posts[:25], tmp_path / "mixed", each=10))
    assert asked(mixed, "kafka") == expected
