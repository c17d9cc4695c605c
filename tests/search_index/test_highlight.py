"""Excerpts show the passage that answers, and mark what the engine matched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.highlight import excerpt


def marked(text: str, question: str) -> list[str]:
    found = excerpt(text, question)
    return [found.text[left:right] for left, right in found.marks]


def test_marks_follow_inflections_identifiers_and_accents() -> None:
    assert marked("Lagging Consumers of max.poll.interval", "who knows about consumer lag?") == [
        "Lagging",
        "Consumers",
    ]
    assert marked("raise max_poll_interval", "poll") == ["max_poll_interval"]
    assert marked("Größere Müllabfuhr", "mullabfuhr") == ["Müllabfuhr"]
    assert marked("昨日は東京タワーの高さを", "東京タワー") == ["東京タワー"]


def test_a_long_text_is_cut_around_the_matches_at_spaces() -> None:
    long = "Lorem ipsum dolor " * 40 + "the kafka consumer lag climbs " + "sit amet " * 60
    found = excerpt(long, "kafka consumer lag")
    assert len(found.text) < 190
    assert found.text.startswith("… ")
    assert found.text.endswith(" …")
    assert [found.text[left:right] for left, right in found.marks] == ["kafka", "consumer", "lag"]


def test_without_a_match_the_beginning_is_shown() -> None:
    found = excerpt("one two three " * 50, "nothing")
    assert found.text.startswith("one two")
    assert found.marks == ()


@given(st.text(max_size=400), st.text(max_size=60), st.integers(40, 200))
def test_marks_lie_inside_the_excerpt_and_apart(text: str, question: str, width: int) -> None:
    found = excerpt(text, question, width=width)
    edge = 0
    for left, right in found.marks:
        assert edge <= left < right <= len(found.text)
        edge = right


@pytest.mark.parametrize(
    ("text", "question", "marks"),
    [
        ("a consumer, and the consumer lag", '"consumer lag"', ["consumer", "lag"]),
        ("lag of a consumer", '"consumer lag"', []),
        ("lag of a slow consumer", '"lag consumer"~2', ["lag", "consumer"]),
        ("set max_poll_interval now", '"max poll interval"', ["max_poll_interval"]),
        ("kafka has lag", "kafka -lag", ["kafka"]),
        ("kafka has lag", "kafka NOT lag", ["kafka"]),
        ("kafka has lag", "lag OR kafka", ["kafka", "lag"]),
        ("consumers consume", "consum*", ["consumers", "consume"]),
        ("running late", "runnin*", ["running"]),
        ("Müllabfuhr am Montag", "*abfuhr", ["Müllabfuhr"]),
        ("Müllabfuhr am Montag", "abfuhr", ["Müllabfuhr"]),
        ("kafka and kafkaesque", "kafka", ["kafka"]),
        ("Kafka consumer", "kafak consumer", ["Kafka", "consumer"]),
        ("Kafka consumer", "kafak~", ["Kafka"]),
        ("color or colour", "colo?r OR colour", ["colour"]),
        ("昨日は東京タワーの高さを", "高", ["高"]),
        ("AND OR NOT", "AND OR NOT", []),
    ],
)
def test_marks_follow_the_query_language(text: str, question: str, marks: list[str]) -> None:
    assert marked(text, question) == marks
