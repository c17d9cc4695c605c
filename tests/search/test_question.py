"""A search line as people type it: which of it narrows, and which is a word."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from intranet.kernel import clock
from intranet.search.moments import start_of, stretch_of
from intranet.search.narrowing import Narrowing, query_string, read_narrowing
from intranet.search.question import LONGEST, read_question
from search_index.hits import Order

SUNDAY = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)


def test_operators_leave_the_words_and_know_the_line_without_them() -> None:
    question = read_question("  valve from:Ada   #pumps after:2026-06 -x ")
    assert question.words == "valve -x"
    assert question.authors == ("ada",)
    assert question.topics == ("pumps",)
    assert question.since is not None
    assert question.since.isoformat() == "2026-06-01T00:00:00+00:00"
    assert question.operators[0].rest == "valve #pumps after:2026-06 -x"
    assert question.operators[-1].rest == "valve from:Ada #pumps after:2026-06"


def test_every_operator_has_its_meaning() -> None:
    question = read_question(
        'by:@Ada in:"Big Team" topic:oil has:pictures is:posts kind:announcement until:2026-02-01 x'
    )
    assert question.words == "x"
    assert question.authors == ("ada",)
    assert question.places == ("Big Team",)
    assert question.topics == ("oil",)
    assert question.has == ("image", "announcement")
    assert question.kinds == ("post",)
    assert question.until == datetime(2026, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "line",
    ["c#", "a:b", "after:never", "from: x", "http://x.example/#a", "x from:", "has:nothing", "kind:of", "-", "--",
     "in:", '"from:ada"', '"in quotes #topic -not"', "#", "after:2026-13", "before:2026-02-30", "from:x\"y"],
)  # fmt: skip
def test_what_only_looks_like_an_operator_stays_a_word(line: str) -> None:
    question = read_question(line)
    assert question.words == line
    assert question.operators == ()


def test_the_same_operators_go_with_other_words() -> None:
    question = read_question('kakfa from:ada in:"Big Team" #oil -flink')
    assert question.with_words("kafka -flink") == 'kafka -flink from:ada in:"Big Team" #oil'


def test_a_huge_line_is_cut_and_says_so() -> None:
    question = read_question("valve " * 20_000)
    assert len(question.text) <= LONGEST
    assert question.is_cut
    assert not read_question("x" * LONGEST).is_cut


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2026", "2026-01-01"), ("2026-06", "2026-06-01"), ("2026-6-3", "2026-06-03"), ("today", "2026-11-22"),
        ("yesterday", "2026-11-21"), ("june", "2026-06-01"), ("Dec", "2025-12-01"), ("juni", "2026-06-01"),
        ("november", "2026-11-01"), ("2w", "2026-11-08"), ("7d", "2026-11-15"), ("week", "2026-11-15"),
    ],
)  # fmt: skip
def test_days_are_understood_as_people_say_them(words: str, day: str) -> None:
    with clock.fixed(SUNDAY):
        start = start_of(words)
    assert start is not None
    assert start.date().isoformat() == day


@pytest.mark.parametrize("words", ["", "never", "0000", "2026-00", "99999", "2026-06-31", "٢٠٢٦", "9999w", "1x"])
def test_what_is_no_day_is_none(words: str) -> None:
    assert start_of(words) is None


def test_a_stretch_is_the_last_so_many_days_or_a_year() -> None:
    with clock.fixed(SUNDAY):
        assert stretch_of("week") == (datetime(2026, 11, 15, 15, 30, tzinfo=UTC), None)
    assert stretch_of("2025") == (datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
    assert stretch_of("0000") == stretch_of("9999") == stretch_of("soon") == (None, None)


@given(st.text(max_size=500))
def test_any_line_is_read_and_reading_what_was_read_changes_nothing(line: str) -> None:
    question = read_question(line)
    assert read_question(question.text).words == question.words
    for operator in question.operators:
        assert len(operator.rest) < len(question.text)


_WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=10).map(str.lower)


@given(
    line=st.text(max_size=60),
    narrowing=st.builds(
        Narrowing,
        kind=st.lists(st.sampled_from(["post", "person"]), unique=True).map(tuple),
        by=st.lists(_WORDS, max_size=3, unique=True).map(tuple),
        topic=st.lists(_WORDS, max_size=3, unique=True).map(tuple),
        place=st.lists(st.integers(1, 10**15).map(str), max_size=3, unique=True).map(tuple),
        has=st.lists(st.sampled_from(["link", "code"]), unique=True).map(tuple),
        when=st.sampled_from(["", "week", "2026"]),
        order=st.sampled_from(list(Order)),
    ),
)
def test_an_address_holds_the_whole_search(line: str, narrowing: Narrowing) -> None:
    from urllib.parse import parse_qsl

    held = MultiDict(parse_qsl(query_string(line, narrowing), keep_blank_values=True))
    assert held["q"] == line
    assert read_narrowing(held) == (narrowing, {})


def test_what_makes_no_sense_in_an_address_is_named_and_left_out() -> None:
    given = MultiDict([("kind", "post,zebra"), ("has", "x"), ("when", "soon"), ("order", "oldest"), ("in", "abc")])
    narrowing, odd = read_narrowing(given)
    assert narrowing == Narrowing(kind=("post",))
    assert odd == {"kind": "zebra", "has": "x", "when": "soon", "order": "oldest", "in": "abc"}
