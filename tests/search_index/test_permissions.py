"""What a viewer may not read changes nothing of any answer to them: not a hit, a rank, a score or a count."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from search_index.documents import EVERYONE, Batch, Document, Kind
from search_index.engine import Engine, open_engine
from search_index.expertise import ExpertQuery
from tests.search_index.asked import answers
from tests.search_index.writing import ALL, document, drop, experts, found, put

MINE, THEIRS, HIDDEN = 20, 25, 30
AUDIENCES = (EVERYONE, MINE, THEIRS, HIDDEN)
VOCABULARY = [
    "kafka",
    "lag",
    "consumer",
    "kafkalag",
    "max_poll_lag",
    "ssl",
    "welding",
    "lagoon",
    "東京タワー",
    "laggon",
]
KINDS = [Kind.POST, Kind.COMMENT, Kind.SKILL, Kind.ENDORSEMENT, Kind.TOPIC, Kind.PERSON]

documents = st.builds(
    document,
    st.integers(0, 15),
    st.lists(st.sampled_from(VOCABULARY), max_size=6).map(" ".join),
    author=st.integers(0, 5),
    audience=st.sampled_from(AUDIENCES),
    kind=st.sampled_from(KINDS),
    title=st.sampled_from(["", "kafka", "lag of ssl"]),
    mentions=st.lists(st.integers(1, 5), max_size=2, unique=True).map(tuple),
    topics=st.lists(st.sampled_from(["kafka", "ssl", "ops"]), max_size=2, unique=True).map(tuple),
    has=st.frozensets(st.sampled_from(["code", "link"])),
    day=st.integers(0, 40),
)
ids = st.builds(lambda kind, number: f"{kind}:{number}", st.sampled_from(KINDS), st.integers(0, 15))
written = st.tuples(st.lists(documents, max_size=8, unique_by=lambda made: made.id), st.lists(ids, max_size=3))
stored = st.sampled_from(["flush", "rebuild", "reopen"])
memberships = st.frozensets(st.sampled_from(AUDIENCES)).map(lambda others: others | {EVERYONE})


@settings(max_examples=40, deadline=None)
@given(st.lists(written | stored, min_size=1, max_size=8), memberships)
def test_a_viewer_is_answered_as_if_what_they_may_not_read_had_never_been_written(
    life: list[tuple[list[Document], list[str]] | str], viewer: frozenset[int]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lived = open_engine(Path(folder) / "lived", writer=True)
        there: dict[str, Document] = {}
        for mark, step in enumerate(life, start=1):
            if isinstance(step, tuple):
                added, removed = step
                gone = [identity for identity in removed if all(made.id != identity for made in added)]
                there = {name: made for name, made in there.items() if name not in gone}
                there.update((made.id, made) for made in added)
                lived.apply(Batch(mark, added, gone))
            elif step == "flush":
                lived.flush()
            elif step == "rebuild":
                lived.rebuild(there.values(), watermark=mark)
            else:
                lived.flush()
                lived.close()
                lived = open_engine(Path(folder) / "lived", writer=True)
        pure = open_engine(Path(folder) / "pure", writer=False)
        put(pure, *(made for made in there.values() if made.audience_id in viewer))
        expected = answers(pure, viewer)
        assert [asked for asked, told in answers(lived, viewer).items() if told != expected[asked]] == []


@settings(max_examples=15, deadline=None)
@given(written, written, memberships, st.booleans())
def test_what_is_written_edited_and_deleted_out_of_sight_changes_no_byte(
    seen: tuple[list[Document], list[str]],
    unseen: tuple[list[Document], list[str]],
    viewer: frozenset[int],
    stored_between: bool,
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(Path(folder), writer=True)
        put(engine, *seen[0])
        before = answers(engine, viewer)
        taken = {made.id for made in seen[0] if made.audience_id in viewer}
        hidden = [made for made in unseen[0] if made.audience_id not in viewer and made.id not in taken]
        put(engine, *hidden)
        assert answers(engine, viewer) == before
        if stored_between:
            engine.flush()
            assert answers(engine, viewer) == before
        drop(engine, *(made.id for made in hidden))
        assert answers(engine, viewer) == before
        engine.flush()
        assert answers(engine, viewer) == before


def test_evidence_from_a_group_counts_for_its_members_only(engine: Engine) -> None:
    put(engine, document(1, "welding seams", author=7, audience=MINE), document(2, "lunch", author=8))
    assert experts(engine, "welding", ALL | {MINE}) == [7]
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
