"""Marks and passages: the words that were asked for, shown where they stand."""

import pytest

from intranet.search.marking import marked, passage, words_of


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
        ("calibrated twice", "calib*", "<mark>calibrated</mark> twice"),
        ("getAddrInfo fails", "addr", "get<mark>Addr</mark>Info fails"),
        ("consumer-lag", "consumer-lag", "<mark>consumer-lag</mark>"),
        ("the pumps pumped", "pump", "the <mark>pumps</mark> <mark>pumped</mark>"),
        ("مضخة الزيت", "الزيت", "مضخة <mark>الزيت</mark>"),
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
    assert len(cut) <= 104


def test_a_passage_without_the_words_is_the_beginning() -> None:
    assert passage("word " * 100, ("valve",), most=20) == "word word word word …"


def test_excluded_words_and_operators_are_not_marked() -> None:
    line = 'valve AND pump -flink NOT oil -"dry run" NOT (a b) wells'
    assert words_of(line).split() == ["valve", "AND", "pump", "wells"]
    assert marked("Valve, pump: oil, flink", line) == "<mark>Valve</mark>, <mark>pump</mark>: oil, flink"


def test_a_phrase_is_marked_where_it_stands_whole() -> None:
    assert marked("A dry run, run dry", '"dry run"') == "A <mark>dry</mark> <mark>run</mark>, run dry"


def test_a_word_with_a_typing_error_is_marked_as_it_was_meant() -> None:
    assert marked("kafka is slow", "kakfa") == "<mark>kafka</mark> is slow"
