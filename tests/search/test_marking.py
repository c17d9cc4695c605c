"""Marks and passages: the words that were asked for, shown where they stand."""

import pytest

from intranet.search.marking import marked, passage, words_of
from intranet.search.question import read_question


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Lag climbs", ("lag",), "<mark>Lag</mark> climbs"),
        ("max_poll_interval", ("poll",), "max_<mark>poll</mark>_interval"),
        ("the lags", ("lag",), "the <mark>lags</mark>"),
        ("flag", ("lag",), "flag"),
        ("Wiśniewski called", ("wisniewski",), "<mark>Wiśniewski</mark> called"),
        ("<b>lag</b>", ("lag",), "&lt;b&gt;<mark>lag</mark>&lt;/b&gt;"),
        ("电机维修手册", ("维修",), "电机<mark>维修</mark>手册"),
        ("nothing here", (), "nothing here"),
    ],
)
def test_words_are_marked_where_they_stand(text: str, words: tuple[str, ...], expected: str) -> None:
    assert marked(text, words) == expected


def test_a_passage_shows_the_words_and_not_the_beginning() -> None:
    text = "Opening words that nobody asked for. " * 10 + "The reactor valve sticks in winter. " + "And more. " * 30
    cut = passage(text, ("valve", "reactor"), most=100)
    assert "reactor valve" in cut
    assert cut.startswith("…")
    assert cut.endswith("…")
    assert len(cut) <= 102


def test_a_passage_without_the_words_is_the_beginning() -> None:
    assert passage("word " * 100, ("valve",), most=20) == "word word word word…"


def test_excluded_words_and_operators_are_not_marked() -> None:
    assert words_of("valve AND pump -flink NOT") == ("valve", "pump")


def test_operators_leave_the_words_and_know_the_line_without_them() -> None:
    question = read_question("  valve from:Ada   #pumps after:2026-06 -x ")
    assert question.words == "valve -x"
    assert question.authors == ("ada",)
    assert question.topics == ("pumps",)
    assert question.since is not None
    assert question.since.isoformat() == "2026-06-01T00:00:00+00:00"
    assert question.operators[0].rest == "valve #pumps after:2026-06 -x"


@pytest.mark.parametrize("line", ["c#", "a:b", "after:never", "from: x", "http://x.example/#a", "x from:"])
def test_what_only_looks_like_an_operator_stays_a_word(line: str) -> None:
    assert read_question(line).words == line
