"""Proofs are chosen for a reader who opens three of them."""

from hypothesis import given
from hypothesis import strategies as st

from search_index.documents import Kind
from search_index.engine import Engine
from search_index.expertise import ExpertQuery
from search_index.ranking.evidence import DAY, Candidate, choose
from tests.search_index.writing import ALL, document, put


def test_three_copies_are_not_three_proofs(engine: Engine) -> None:
    put(
        engine,
        *(document(n, "welding seams by hand", author=1, day=n) for n in range(5)),
        document(50, "welding seams by hand, with argon and patience", author=1, day=6),
        document(51, "seams: welding again, after the hall was cleaned for the audit", author=1, day=7),
        document(60, "lunch", author=2),
    )
    (expert,) = engine.experts(ExpertQuery("welding seams", ALL)).items
    assert {proof.id for proof in expert.evidence} >= {"post:50", "post:51"}


def test_proofs_are_of_different_days_where_others_exist(engine: Engine) -> None:
    texts = ("kafka lag", "kafka lag in short", "kafka lag, told once more at length", "kafka lag some time later")
    days = (3, 3, 3, 200)
    put(engine, *(document(n, text, author=1, day=day) for n, (text, day) in enumerate(zip(texts, days, strict=True))))
    (expert,) = engine.experts(ExpertQuery("kafka lag", ALL)).items
    assert len({proof.created_at.date() for proof in expert.evidence}) == 2


def test_of_nearly_equal_proofs_the_recent_one_is_shown(engine: Engine) -> None:
    put(engine, *(document(n, f"kafka lag explained {n}", author=1, day=400 * n) for n in range(4)))
    (expert,) = engine.experts(ExpertQuery("kafka lag", ALL, evidence=1)).items
    assert [proof.id for proof in expert.evidence] == ["post:3"]


def test_an_answer_is_shown_beside_louder_posts(engine: Engine) -> None:
    put(
        engine,
        *(document(n, f"kafka lag number {n}", author=1, day=n) for n in range(6)),
        document(50, "the lag of kafka comes from the slow disk", author=1, kind=Kind.ANSWER, day=9),
        document(51, "kafka", author=1, kind=Kind.SKILL),
    )
    (expert,) = engine.experts(ExpertQuery("kafka lag", ALL)).items
    assert Kind.ANSWER in {proof.kind for proof in expert.evidence}


candidates = st.builds(
    Candidate,
    document=st.integers(0, 1000),
    vote=st.floats(0.01, 5.0),
    signal=st.integers(0, 3),
    created=st.integers(0, 900 * DAY),
    length=st.integers(1, 200),
)


@given(st.lists(candidates, max_size=20, unique_by=lambda candidate: candidate.document), st.integers(0, 5))
def test_fewer_proofs_are_the_beginning_of_more(given_ones: list[Candidate], wanted: int) -> None:
    picked = choose(given_ones, wanted)
    assert len(picked) == min(wanted, len(given_ones))
    assert len(set(picked)) == len(picked)
    assert choose(given_ones, wanted + 3)[: len(picked)] == picked
