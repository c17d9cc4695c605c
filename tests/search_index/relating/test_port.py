"""The same through the port: in memory, stored, reopened and rebuilt, for a reader and a writer, whatever is hidden."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from search_index.documents import EVERYONE, Batch, Document, Kind
from search_index.engine import Engine, open_engine
from search_index.relations import KnowsQuery, MeetQuery, RelatedQuery, SimilarQuery
from tests.search_index.relating.rows import TOPICS
from tests.search_index.relating.test_leaks import HIDDEN, MINE, VIEWER, documents
from tests.search_index.writing import document, drop, put


def answers(engine: Engine) -> list[object]:
    told: list[object] = []
    for person in (1, 2, 3):
        told.append(engine.meet(MeetQuery(person, VIEWER, TOPICS)))
        told.append(engine.knows(KnowsQuery(person, VIEWER, TOPICS)))
    told.append(engine.related(RelatedQuery("kafka", VIEWER, TOPICS)))
    told.append(engine.similar(SimilarQuery("welding the seam of kafka", VIEWER)))
    return told


def company() -> list[Document]:
    posts = [document(number, "lunch again", author=10 + number % 5) for number in range(30)]
    posts += [document(100 + n, "welding seams with a purge chamber", author=1 + n % 2) for n in range(6)]
    posts += [document(200 + n, "kafka and TLS", author=1 + n % 3, topics=("Kafka",), mentions=(3,)) for n in range(6)]
    posts.append(document(300, "TLS", author=2, kind=Kind.SKILL, topics=("TLS",)))
    posts.append(document(301, "a secret seam", author=3, audience=MINE))
    return posts


def test_every_way_to_hold_the_documents_gives_the_same_answers(directory: Path) -> None:
    fresh = open_engine(directory / "fresh", writer=True)
    put(fresh, *company())
    expected = answers(fresh)
    assert all(expected)
    fresh.flush()
    assert answers(fresh) == expected
    reader = open_engine(directory / "fresh", writer=False)
    assert answers(reader) == expected
    stepwise = open_engine(directory / "stepwise", writer=True)
    for made in company():
        put(stepwise, made)
        if made.id.endswith("5"):
            stepwise.flush()
    assert answers(stepwise) == expected
    stepwise.rebuild(company(), watermark=9)
    assert answers(stepwise) == expected


def test_a_change_shows_in_the_next_answer(engine: Engine) -> None:
    put(engine, *company())
    engine.flush()
    known = KnowsQuery(1, VIEWER, TOPICS)
    assert "welding" in {one.topic for one in engine.knows(known).items}
    drop(engine, *(f"post:{100 + number}" for number in range(6)))
    assert "welding" not in {one.topic for one in engine.knows(known).items}
    engine.flush()
    assert "welding" not in {one.topic for one in engine.knows(known).items}


def test_an_empty_index_knows_nothing_and_does_not_fail(engine: Engine) -> None:
    for told in answers(engine):
        assert not getattr(told, "items", told)


@settings(max_examples=25, deadline=None)
@given(
    documents([EVERYONE, MINE], first=0),
    documents([HIDDEN], first=100),
    st.booleans(),
    st.booleans(),
)
def test_hidden_documents_change_no_byte_stored_or_not(
    visible: list[Document], hidden: list[Document], first: bool, stored: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(Path(folder) / "with", writer=True)
        without = open_engine(Path(folder) / "without", writer=True)
        put(without, *visible)
        expected = answers(without)
        put(engine, *(hidden if first else visible))
        if stored:
            engine.flush()
        engine.apply(Batch(watermark=2, add=visible if first else hidden))
        assert answers(engine) == expected
        engine.flush()
        assert answers(engine) == expected
        drop(engine, *(made.id for made in hidden), at=3)
        engine.flush()
        assert answers(engine) == expected
