"""Words that keep company with a question, and people who stay with a topic."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_index.documents import EVERYONE, Document
from search_index.engine import Engine, open_engine
from search_index.expertise import ExpertQuery
from search_index.ranking import companions
from tests.search_index.writing import ALL, document, drop, experts, put

HIDDEN = 30
OTHERS = [document(n, f"lunch menu of week {n}", author=50 + n % 40) for n in range(1000, 1300)]
"""Everybody else: rare words are told from common ones by them."""

TOPIC = [
    document(1, "virtual environment made with venv", author=1),
    document(2, "the virtual environment of venv is activated", author=2),
]


@pytest.fixture
def company(engine: Engine) -> Engine:
    put(engine, *OTHERS, *TOPIC)
    return engine


def test_who_writes_about_the_same_in_other_words_stands_higher(company: Engine) -> None:
    put(
        company,
        document(10, "virtual environment, again", author=3),
        document(11, "virtual environment, again", author=4),
        document(12, "venv prompt shows its name", author=4),
    )
    ranked = experts(company, "virtual environment")
    assert ranked.index(4) < ranked.index(3)


def test_companions_alone_find_nobody_and_are_no_proof(company: Engine) -> None:
    put(company, document(12, "venv prompt shows its name", author=4), document(13, "venv", author=1))
    assert sorted(experts(company, "virtual environment")) == [1, 2]
    answer = company.experts(ExpertQuery("virtual environment", ALL))
    proofs = {expert.person_id: [proof.id for proof in expert.evidence] for expert in answer.items}
    assert proofs == {1: ["post:1"], 2: ["post:2"]}
    assert {expert.person_id: expert.documents for expert in answer.items} == {1: 1, 2: 1}


def test_the_habit_of_one_person_is_nobodys_topic(company: Engine) -> None:
    put(company, *(document(20 + n, "virtual environment cheers", author=1, day=n) for n in range(2)))
    before = experts(company, "virtual environment")
    put(company, document(30, "cheers", author=2), document(31, "cheers", author=2))
    assert experts(company, "virtual environment") == before


def test_a_common_word_is_no_companion(company: Engine) -> None:
    put(
        company,
        document(10, "virtual environment menu", author=3),
        document(11, "virtual environment menu", author=4),
    )
    before = {e.person_id: e.score for e in company.experts(ExpertQuery("virtual environment", ALL)).items}
    put(company, document(12, "menu", author=4))
    after = {e.person_id: e.score for e in company.experts(ExpertQuery("virtual environment", ALL)).items}
    assert after[4] == pytest.approx(before[4], rel=0.01)


def test_being_mentioned_beside_a_companion_counts_nothing(company: Engine) -> None:
    put(company, document(12, "venv is what @five knows", author=4, mentions=(5,)))
    assert 5 not in experts(company, "virtual environment")
    put(company, document(13, "virtual environment is what @five knows", author=4, mentions=(5,)))
    assert 5 in experts(company, "virtual environment")


def test_who_stays_with_a_topic_stands_above_who_passed_by(engine: Engine) -> None:
    put(
        engine,
        *OTHERS,
        *(document(n, "welding seams", author=1, day=300) for n in range(3)),
        *(document(10 + n, "welding seams", author=2, day=300 * n) for n in range(3)),
    )
    stayed, passed = engine.experts(ExpertQuery("welding seams", ALL)).items
    assert (stayed.person_id, passed.person_id) == (2, 1)
    assert stayed.score / passed.score < 1.7


def test_a_topic_of_one_week_makes_nobody_a_veteran(engine: Engine) -> None:
    put(
        engine,
        *OTHERS,
        *(document(n, "welding seams", author=1, day=n) for n in range(3)),
        *(document(10 + n, "welding seams", author=2, day=3) for n in range(3)),
    )
    stayed, passed = engine.experts(ExpertQuery("welding seams", ALL)).items
    assert stayed.score / passed.score < 1.02


def test_a_persons_mentions_count_less_and_less(engine: Engine) -> None:
    put(engine, *OTHERS, *(document(n, "ssl thanks to @nine", author=n, mentions=(9,)) for n in range(1, 6)))
    five = next(e.score for e in engine.experts(ExpertQuery("ssl", ALL)).items if e.person_id == 9)
    drop(engine, *(f"post:{n}" for n in range(2, 6)))
    one = next(e.score for e in engine.experts(ExpertQuery("ssl", ALL)).items if e.person_id == 9)
    assert 2 < five / one < 4.5


VOCABULARY = ["virtual", "environment", "venv", "prompt", "activate", "cheers", "menu", "seam"]


def written(audience: int, first: int) -> st.SearchStrategy[list[Document]]:
    one = st.builds(
        document,
        st.integers(first, first + 20),
        st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=5).map(" ".join),
        author=st.integers(1, 6),
        audience=st.just(audience),
        mentions=st.lists(st.integers(1, 6), max_size=2, unique=True).map(tuple),
        day=st.integers(0, 900),
    )
    return st.lists(one, max_size=14, unique_by=lambda made: made.id)


@settings(max_examples=15, deadline=None)
@given(seen=written(EVERYONE, 100), hidden=written(HIDDEN, 200))
def test_hidden_documents_make_no_companions_and_spoil_none(
    tmp_path_factory: pytest.TempPathFactory, seen: list[Document], hidden: list[Document]
) -> None:
    engine = opened(tmp_path_factory)
    put(engine, *OTHERS, *TOPIC, *seen)
    questions = [ExpertQuery(text, ALL) for text in ("virtual environment", "venv", "seam cheers menu prompt")]
    before = [engine.experts(question) for question in questions]
    put(engine, *hidden)
    assert [engine.experts(question) for question in questions] == before
    engine.flush()
    assert [engine.experts(question) for question in questions] == before
    engine.close()


def opened(folders: pytest.TempPathFactory) -> Engine:
    return open_engine(folders.mktemp("index"), writer=True)


def test_companions_are_the_same_in_memory_in_one_segment_and_in_several(company: Engine) -> None:
    put(company, document(12, "venv prompt shows its name", author=2), document(13, "environment venv", author=4))
    question = ExpertQuery("virtual environment", ALL)
    in_memory = company.experts(question)
    company.flush()
    assert company.experts(question) == in_memory
    put(company, document(14, "nothing of the kind", author=7))
    drop(company, "post:14")
    put(company, TOPIC[0])  # written again: one document in memory, the others in a segment
    assert company.experts(question) == in_memory
    company.flush()
    assert company.experts(question) == in_memory


def test_no_more_companions_are_taken_than_few(company: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(companions, "MOST", 0)
    put(
        company,
        document(10, "virtual environment, again", author=3),
        document(11, "virtual environment, again", author=4),
        document(12, "venv prompt shows its name", author=4),
    )
    scores = {e.person_id: e.score for e in company.experts(ExpertQuery("virtual environment", ALL)).items}
    assert scores[4] < scores[3]  # equal evidence, and the fourth wrote more
