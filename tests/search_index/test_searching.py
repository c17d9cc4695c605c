"""Finding documents: words, operators, filters, orders, half-typed lines, and input that means harm."""

import string
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search_index.documents import FOR_ALL, Kind
from search_index.engine import Engine
from search_index.expertise import ExpertQuery
from search_index.hits import Facet, Order, SearchQuery
from tests.search_index.writing import ALL, START, document, experts, found, put


@pytest.fixture
def corpus(engine: Engine) -> Engine:
    put(
        engine,
        document(1, "Kafka consumer lag climbs", author=1, topics=("kafka",), day=1),
        document(2, "The lag of a Kafka consumer", author=2, topics=("ops",), day=2),
        document(3, "Consumer rights in Norway", author=3, day=3),
        document(4, "set max_poll_interval higher", author=1, kind=Kind.COMMENT, day=4),
        document(5, "Größere Müllabfuhr am Montag", author=2, day=5),
        document(6, "東京タワーの高さ", author=3, day=6),
        document(7, "about lunch", title="Kafka", author=3, kind=Kind.TOPIC, day=7),
    )
    return engine


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("kafka lag", {"post:1", "post:2"}),
        ('"consumer lag"', {"post:1"}),
        ('"kafka consumer"', {"post:1", "post:2"}),
        ("kafka -lag", {"topic:7"}),
        ("consumer NOT kafka", {"post:3"}),
        ("norway OR kafka", {"post:1", "post:2", "post:3", "topic:7"}),
        ("(norway OR lunch) AND rights", {"post:3"}),
        ("consum*", {"post:1", "post:2", "post:3"}),
        ("poll", {"comment:4"}),
        ("max_poll_interval", {"comment:4"}),
        ("grossere mullabfuhr", {"post:5"}),
        ("タワー", {"post:6"}),
        ("nowhere", set()),
        ("the", set()),
    ],
)
@pytest.mark.parametrize("stored", [False, True])
def test_what_is_typed_finds_what_is_meant(corpus: Engine, text: str, ids: set[str], stored: bool) -> None:
    if stored:
        corpus.flush()
    assert found(corpus, text) == ids


def test_a_compound_is_found_whole_or_by_all_its_parts(engine: Engine) -> None:
    put(
        engine,
        document(1, "error1234 again"),
        document(2, "another error"),
        document(3, "1234 is the code of that error"),
        document(4, "error 99"),
    )
    assert found(engine, "error1234") == {"post:1", "post:3"}
    assert found(engine, "error99") == {"post:4"}


def test_a_sentence_finds_what_holds_most_of_it(corpus: Engine) -> None:
    assert found(corpus, "why does my kafka consumer show growing lag") == {"post:1", "post:2"}


def test_filters_narrow_and_kinds_are_counted_without_their_own_filter(corpus: Engine) -> None:
    def ids(**filters: Any) -> set[str]:
        query = SearchQuery("kafka", ALL, **filters)
        return {hit.id for hit in corpus.search(query).items}

    assert ids(authors=frozenset({2})) == {"post:2"}
    assert ids(topics=frozenset({"#Kafka"})) == {"post:1"}
    assert ids(since=START + timedelta(days=2), until=START + timedelta(days=7)) == {"post:2"}
    only_topics = corpus.search(SearchQuery("kafka", ALL, kinds=frozenset({Kind.TOPIC})))
    assert [hit.id for hit in only_topics.items] == ["topic:7"]
    assert dict(only_topics.kinds) == {"post": 2, "topic": 1}
    assert only_topics.total == 1


def test_what_speaks_for_somebody_who_is_left_out_is_no_hit_and_counts_nowhere(corpus: Engine) -> None:
    asked = SearchQuery("consumer", ALL, without=frozenset({1, 9}), facets=frozenset(Facet))
    hits = corpus.search(asked)
    assert {hit.id for hit in hits.items} == {"post:2", "post:3"}
    assert hits.total == sum(hits.kinds.values()) == 2
    assert dict(hits.facets[Facet.AUTHOR]) == {2: 1, 3: 1}
    assert "kafka" not in dict(hits.facets[Facet.TOPIC])
    assert corpus.search(replace(asked, text="")).total == 5
    suggested = corpus.suggest("kafka cons", audiences=ALL, without=frozenset({1}))
    assert {hit.id for hit in suggested} == {"post:2"}


def test_what_is_for_all_is_a_hit_also_without_who_said_it(corpus: Engine) -> None:
    told = document(8, "Kafka is back for every consumer", author=1, has=frozenset({FOR_ALL}), day=8)
    put(corpus, told)
    for text in ("consumer kafka", ""):
        hits = corpus.search(SearchQuery(text, ALL, without=frozenset({1}), facets=frozenset(Facet)))
        assert "post:8" in {hit.id for hit in hits.items}
        assert not {"post:1", "comment:4"} & {hit.id for hit in hits.items}
        assert dict(hits.facets[Facet.AUTHOR])[1] == 1


def test_one_question_also_counts_by_time_and_names_the_newest(corpus: Engine) -> None:
    asked = SearchQuery("consumer", ALL, limit=1, moments=(START, START + timedelta(days=2), START + timedelta(days=9)))
    hits = corpus.search(asked)
    assert (hits.total, hits.since, hits.newest) == (3, (3, 2, 0), START + timedelta(days=3))
    # The query's own time narrows the hits, and not what is counted beside it.
    early = corpus.search(replace(asked, until=START + timedelta(days=2)))
    assert (early.total, early.since, early.newest) == (1, (3, 2, 0), START + timedelta(days=1))
    assert corpus.search(replace(asked, text="nowhere")).newest is None
    assert corpus.search(replace(asked, moments=())).since == ()


def test_newest_first_is_in_time_order_and_pages_join(corpus: Engine) -> None:
    pages = [corpus.search(SearchQuery("", ALL, order=Order.NEWEST, limit=3, offset=start)) for start in (0, 3, 6)]
    days = [hit.created_at for page in pages for hit in page.items]
    assert len(days) == 7
    assert days == sorted(days, reverse=True)


def test_a_word_in_the_title_comes_first(corpus: Engine) -> None:
    assert corpus.search(SearchQuery("kafka", ALL)).items[0].id == "topic:7"


def test_half_typed_lines_are_completed(corpus: Engine) -> None:
    def suggested(text: str) -> set[str]:
        return {hit.id for hit in corpus.suggest(text, audiences=ALL)}

    assert suggested("kaf") == {"post:1", "post:2", "topic:7"}
    assert suggested("kafka con") == {"post:1", "post:2"}
    assert suggested("müllab") == {"post:5"}
    assert suggested("") == set()
    topics = corpus.suggest("kaf", audiences=ALL, kinds=frozenset({Kind.TOPIC}))
    assert [hit.id for hit in topics] == ["topic:7"]


HOSTILE = [
    "(" * 400,
    ")" * 50 + '"' * 51,
    "a" * 100_000,
    "kafka " * 20_000,
    "NOT NOT NOT OR AND",
    '"',
    '"" AND ""',
    "*",
    "a* " * 60,
    "-",
    "kafka AND (lag OR",
    "\x00\x01\x02\ud7ff\u202e kafka",
    "𝔨𝔞𝔣𝔨𝔞 🦀🦀🦀",
    "text:kafka id:post kind:post",
    "[a TO z] {1 TO 2} kafka~2 ka?ka /kafka.*/ kafka^9999999999",
    "' OR 1=1; --",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_queries_are_answered(corpus: Engine, text: str) -> None:
    corpus.search(SearchQuery(text, ALL))
    corpus.search(SearchQuery(text, ALL, prefix_last=True))
    experts(corpus, text)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(["kafka", "lag", "AND", "OR", "NOT", "(", ")", '"', "-", "*", "ka*", "  ", "\n", "^", "~", ":"])
        | st.text(string.printable, max_size=4),
        max_size=14,
    )
)
def test_no_expression_breaks_the_search(corpus: Engine, parts: list[str]) -> None:
    hits = corpus.search(SearchQuery(" ".join(parts), ALL, limit=100))
    assert hits.total == len(hits.items) <= 7


def test_limits_are_bounded(corpus: Engine) -> None:
    assert corpus.search(SearchQuery("", ALL, limit=-5)).items == ()
    assert len(corpus.search(SearchQuery("", ALL, limit=10**9, offset=-3)).items) == 7
    assert corpus.experts(ExpertQuery("kafka", ALL, limit=-1, offset=-1, evidence=-1)).items == ()


def test_many_threads_search_while_documents_come_go_and_are_stored(engine: Engine) -> None:
    put(engine, *(document(n, f"steady kafka note{n}", author=n % 7 + 1) for n in range(200)))
    engine.flush()

    def ask(_: int) -> int:
        assert engine.experts(ExpertQuery("kafka", ALL)).total == 7
        return len(engine.search(SearchQuery("steady", ALL, limit=100)).items)

    def change() -> None:
        # One thread follows the outbox, in its order: what comes behind the watermark counts as known.
        for turn in range(30):
            put(engine, document(1000 + turn, "passing kafka", author=turn % 7 + 1), at=turn + 2)
            if turn % 5 == 0:
                engine.flush()

    with ThreadPoolExecutor(6) as pool:
        changing = pool.submit(change)
        assert set(pool.map(ask, range(120))) == {100}
        changing.result()
    assert engine.health().documents == 230


def test_a_beginning_stands_for_the_commonest_of_many_words(engine: Engine) -> None:
    put(engine, *(document(n, f"pre{chr(97 + n // 26)}{chr(97 + n % 26)}x") for n in range(300)))
    put(engine, *(document(1000 + n, "preztel", author=n) for n in range(3)))
    only_the_commonest = engine.search(SearchQuery("pre*", ALL, authors=frozenset({2})))
    assert [hit.id for hit in only_the_commonest.items] == ["post:1002"]
    assert engine.search(SearchQuery("pre*", ALL)).total >= 127 + 3
