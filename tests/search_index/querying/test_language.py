"""What can be typed finds what it means, in every order, narrowed and counted; and nothing that is typed hurts."""

import string
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_index.documents import Kind
from search_index.hits import Facet, Order
from search_index.querying.language.parsing import parse
from search_index.storing.corpus import Corpus
from tests.search_index.querying.finding import corpus_of, found, hits
from tests.search_index.writing import START, document


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return corpus_of(
        [
            document(1, "Kafka consumer lag climbs", author=1, topics=("kafka",), day=1),
            document(2, "The lag of a Kafka consumer", author=2, topics=("ops",), day=2),
            document(3, "Consumer rights in Norway", author=3, day=3),
            document(4, "set max_poll_interval higher", author=1, kind=Kind.COMMENT, day=4),
            document(5, "Größere Müllabfuhr am Montag", author=2, day=5),
            document(6, "東京タワーの高さ", author=3, day=6),
            document(7, "about lunch", title="Kafka", author=3, kind=Kind.TOPIC, day=7),
            document(8, "she was running a marathon", author=4, day=400),
            document(9, "", title="Ada Baker", author=9, kind=Kind.PERSON, day=8),
        ]
    )


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ('"kafka lag"', set()),
        ('"kafka lag"~2', {"post:1"}),
        ('"lag kafka"', {"post:2"}),
        ('"max poll interval"', {"comment:4"}),
        ('"set max_poll_interval"', {"comment:4"}),
        ('"タワーの"', {"post:6"}),
        ("高", {"post:6"}),
        ("*fuhr*", {"post:5"}),
        ("*oll_int*", {"comment:4"}),
        ("ka?ka", {"post:1", "post:2", "topic:7"}),
        ("k*a", {"post:1", "post:2", "topic:7"}),
        ("what about kafka?", {"post:1", "post:2", "topic:7"}),
        ("kafak~", {"post:1", "post:2", "topic:7"}),
        ("norwya~ kafka^3", set()),
        ("norwya~ OR kafka^3", {"post:1", "post:2", "post:3", "topic:7"}),
        ("-(lag OR lunch) consumer", {"post:3"}),
        ("-kafka -running -max_poll_interval -東京 -Müllabfuhr -baker", {"post:3"}),
        ("runnin", set()),
        ("runnin*", {"post:8"}),
        ("max_poll_int*", {"comment:4"}),
        ("baker", {"person:9"}),
        ('"ada baker"', {"person:9"}),
        ("*a*", set()),
        ("ops", {"post:2"}),
        ("abfuhr", {"post:5"}),
        ("Norwey", {"post:3"}),
        ('consumer lag norway climbs "consumer lag"', {"post:1"}),
        ("kafka AND", {"post:1", "post:2", "topic:7"}),
        ('"kafka consumer', {"post:1", "post:2"}),
    ],
)
def test_the_query_language_says_what_it_means(corpus: Corpus, text: str, ids: set[str]) -> None:
    assert found(corpus, text) == ids


def test_a_boost_moves_what_it_stands_at(corpus: Corpus) -> None:
    def best(text: str) -> str:
        return hits(corpus, text).items[0].id

    assert best("norway^50 OR marathon") == "post:3"
    assert best("norway OR marathon^50") == "post:8"
    assert best("(norway OR rights)^50 OR marathon") == "post:3"


def test_half_typed_words_are_on_the_way_to_what_they_become(corpus: Corpus) -> None:
    typed = "running"
    assert all(found(corpus, typed[:length], prefix_last=True) == {"post:8"} for length in range(3, len(typed) + 1))


def test_one_or_two_letters_are_the_beginning_of_names(corpus: Corpus) -> None:
    assert found(corpus, "b", prefix_last=True) == found(corpus, "ba", prefix_last=True) == {"person:9"}
    assert found(corpus, "ka", prefix_last=True) == {"topic:7", "post:1"}
    assert found(corpus, "タ", prefix_last=True) == {"post:6"}


def test_facets_are_counted_without_their_own_filter(corpus: Corpus) -> None:
    every = frozenset(Facet)
    answer = hits(corpus, "kafka", facets=every, kinds=frozenset({Kind.POST}), authors=frozenset({1}))
    assert answer.total == 1
    assert dict(answer.facets[Facet.KIND]) == {Kind.POST: 1}
    assert answer.facets[Facet.AUTHOR] == ((1, 1), (2, 1))
    assert answer.facets[Facet.TOPIC] == (("kafka", 1),)
    assert answer.facets[Facet.AUDIENCE] == ((1, 1),)
    assert answer.facets[Facet.YEAR] == ((2026, 1),)
    assert hits(corpus, "kafka").facets == {}
    assert hits(corpus, "", facets=frozenset({Facet.YEAR})).facets[Facet.YEAR] == ((2026, 8), (2027, 1))


def test_filters_hold_together_and_alone(corpus: Corpus) -> None:
    assert found(corpus, "", authors=frozenset({1})) == {"post:1", "comment:4"}
    assert found(corpus, "", topics=frozenset({"#Ops", "kafka"})) == {"post:1", "post:2"}
    assert found(corpus, "", within=frozenset({2})) == set()
    assert found(corpus, "kafka", within=frozenset({1}), authors=frozenset({1, 2})) == {"post:1", "post:2"}
    assert found(corpus, "", has=frozenset({"link"})) == set()
    until = START + timedelta(days=2)
    assert found(corpus, "kafka", until=until) == {"post:1"}
    assert found(corpus, "kafka", since=until) == {"post:2", "topic:7"}


def test_flags_are_all_carried() -> None:
    plain = document(1, "kafka")
    linked = document(2, "kafka")
    object.__setattr__(linked, "has", frozenset({"link", "code"}))
    corpus = corpus_of([plain, linked])
    assert found(corpus, "kafka", has=frozenset({"link"})) == {"post:2"}
    assert found(corpus, "kafka", has=frozenset({"link", "code"})) == {"post:2"}
    assert found(corpus, "kafka", has=frozenset({"link", "poll"})) == set()


def test_pages_join_in_both_orders(corpus: Corpus) -> None:
    for order in Order:
        pages = [hits(corpus, "", order=order, limit=2, offset=start).items for start in range(0, 10, 2)]
        listed = [hit.id for page in pages for hit in page]
        assert len(listed) == len(set(listed)) == 9
        assert listed == [hit.id for hit in hits(corpus, "", order=order).items]


FRAGMENTS = [
    "kafka",
    "lag",
    "AND",
    "OR",
    "NOT",
    "(",
    ")",
    '"',
    "-",
    "*",
    "?",
    "ka*",
    "~",
    "~2",
    "^",
    "^2",
    ":",
    "東京",
    "\x00",
]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(FRAGMENTS) | st.text(string.printable, max_size=4) | st.text(max_size=6), max_size=20),
    st.booleans(),
)
def test_nothing_that_is_typed_breaks_a_search(corpus: Corpus, parts: list[str], spaced: bool) -> None:
    text = (" " if spaced else "").join(parts)
    for prefix_last in (False, True):
        answer = hits(corpus, text, prefix_last=prefix_last, facets=frozenset(Facet))
        assert answer.total == len(answer.items) <= 9


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5_000 + "kafka" + ")" * 5_000,
        "(kafka " * 12 + ")" * 12,
        "NOT " * 100 + "kafka",
        '"' * 999,
        '"' + "kafka " * 90 + '"~999999999999999999',
        "*" * 500,
        "?" * 400 + "a",
        "a?" * 200,
        "x" * 10_000 + "*",
        "東" * 5_000,
        "*" + "ab*" * 100,
        "kafka^" + "9" * 400,
        "kafka~" * 200,
        "\ud800* \udfff~ *\ud834* \u202e\u0000?a",
    ],
)
def test_hostile_lines_are_answered_quickly(corpus: Corpus, text: str) -> None:
    hits(corpus, text)
    hits(corpus, text, prefix_last=True)


def test_an_expression_of_too_many_patterns_is_read_as_words() -> None:
    assert parse("ka* OR *lag* OR l?g OR lag~") is not None
    assert parse(" ".join(["ka*"] * 9)) is None


@given(st.text(max_size=80))
def test_the_parser_never_raises(text: str) -> None:
    parse(text)
