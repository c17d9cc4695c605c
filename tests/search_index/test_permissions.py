"""What a viewer may not read changes nothing of any answer to them: not a hit, a rank, a score or a count."""

import tempfile
from dataclasses import astuple
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from search_index.engine import EVERYONE, Document, Engine, ExpertQuery, Kind, Order, SearchQuery, open_engine
from tests.search_index.writing import ALL, document, drop, experts, found, put

MINE, HIDDEN = 20, 30
VIEWER = frozenset({EVERYONE, MINE})
VOCABULARY = ["kafka", "lag", "consumer", "kafkalag", "max_poll_lag", "ssl", "welding", "lagoon", "東京タワー"]
KINDS = [Kind.POST, Kind.COMMENT, Kind.SKILL, Kind.ENDORSEMENT, Kind.TOPIC]
QUESTIONS = ["kafka", "kafka consumer lag", "max_poll_lag", "who knows about ssl and welding?", "東京", "unknown"]


def documents(audiences: list[int], *, first: int) -> st.SearchStrategy[list[Document]]:
    one = st.builds(
        document,
        st.integers(first, first + 30),
        st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=6).map(" ".join),
        author=st.integers(1, 5),
        audience=st.sampled_from(audiences),
        kind=st.sampled_from(KINDS),
        title=st.sampled_from(["", "kafka", "lag of ssl"]),
        mentions=st.lists(st.integers(1, 5), max_size=2, unique=True).map(tuple),
        topics=st.lists(st.sampled_from(["kafka", "ssl", "ops"]), max_size=2, unique=True).map(tuple),
        day=st.integers(0, 40),
    )
    return st.lists(one, max_size=12, unique_by=lambda made: made.id)


def answers(engine: Engine) -> list[object]:
    """Everything that the port can tell this viewer."""
    told: list[object] = []
    for question in QUESTIONS:
        found_experts = engine.experts(ExpertQuery(question, VIEWER, limit=100))
        told.append([astuple(expert) for expert in found_experts.items])
        told.append((found_experts.total, found_experts.people, found_experts.words))
        told.append((found_experts.unknown, found_experts.related))
        told.extend(engine.search(SearchQuery(question, VIEWER, order=order)) for order in Order)
        told.append(engine.suggest(question[:4], audiences=VIEWER))
    told.append(engine.search(SearchQuery("kafka -lag", VIEWER)))
    told.append(engine.search(SearchQuery("la* OR ssl", VIEWER)))
    told.append(engine.search(SearchQuery("", VIEWER)))
    return told


@settings(max_examples=40, deadline=None)
@given(
    documents([EVERYONE, MINE], first=0),
    documents([HIDDEN], first=100),
    documents([HIDDEN], first=100),
    st.booleans(),
    st.booleans(),
)
def test_hidden_documents_change_no_byte_of_any_answer(
    visible: list[Document], hidden: list[Document], edited: list[Document], stored: bool, mixed: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(Path(folder), writer=True)
        if mixed:
            put(engine, *hidden, *visible)
        else:
            put(engine, *visible)
        if stored:
            engine.flush()
        if mixed:
            without = open_engine(Path(folder) / "without", writer=True)
            put(without, *visible)
            assert answers(engine) == answers(without)
        before = answers(engine)
        put(engine, *hidden)
        assert answers(engine) == before
        put(engine, *edited)
        engine.flush()
        assert answers(engine) == before
        drop(engine, *(made.id for made in [*hidden, *edited]))
        assert answers(engine) == before
        engine.flush()
        assert answers(engine) == before


def test_evidence_from_a_group_counts_for_its_members_only(engine: Engine) -> None:
    put(engine, document(1, "welding seams", author=7, audience=MINE), document(2, "lunch", author=8))
    assert experts(engine, "welding", VIEWER) == [7]
    assert experts(engine, "welding") == []
    assert engine.experts(ExpertQuery("welding", ALL)).unknown == ("welding",)
    assert found(engine, "welding") == set()


def test_moving_a_document_to_another_audience_is_effective_at_once(engine: Engine) -> None:
    put(engine, document(1, "merger plans"))
    engine.flush()
    put(engine, document(1, "merger plans", audience=HIDDEN))
    assert found(engine, "merger") == set()


def test_nobody_without_audiences_finds_anything(engine: Engine) -> None:
    put(engine, document(1, "welding"))
    assert found(engine, "welding", frozenset()) == set()
    assert experts(engine, "welding", frozenset()) == []
