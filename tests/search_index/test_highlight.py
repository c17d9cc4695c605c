"""Excerpts show the passage that answers, and mark what the engine matched."""

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
