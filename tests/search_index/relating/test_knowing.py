"""What a person knows: everything that ties them to a topic, and exactly what the finder says of it."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from search_index.documents import EVERYONE, Document, Kind
from search_index.expertise import ExpertQuery
from search_index.ranking.experts import find_experts
from search_index.relating.knowing import BATCH, topics_of_person
from search_index.relations import Knows, KnowsQuery, Vocabulary
from search_index.storing.corpus import Corpus
from tests.search_index.relating.rows import TOPICS, in_memory
from tests.search_index.writing import ALL, document

GROUP = 20
ANN = 1


def knows(corpus: Corpus, **more: Any) -> Knows:
    query = KnowsQuery(ANN, **{"audiences": ALL, "vocabulary": TOPICS, **more})
    return topics_of_person(corpus, query)


def topics(found: Knows) -> list[str]:
    return [one.topic for one in found.items]


def company() -> list[Document]:
    return [
        *(document(number, "lunch and other things", author=5 + number % 9) for number in range(40)),
        document(100, "brokers lag", author=ANN, topics=("Kafka",)),
        document(101, "the event streams lag", author=ANN),
        document(102, "renew certificates in May", author=ANN),
        document(103, "TLS", author=ANN, kind=Kind.SKILL, topics=("TLS",)),
        document(104, "her seams hold", author=ANN, kind=Kind.ENDORSEMENT, title="welding", topics=("welding",)),
    ]


def test_topics_come_from_claims_words_of_colleagues_tags_and_words_alone() -> None:
    found = {one.topic: one for one in knows(in_memory(company())).items}
    assert set(found) == {"kafka", "tls", "welding"}
    assert (found["kafka"].tagged, found["kafka"].worded) == (1, 1)
    assert (found["tls"].is_claimed, found["tls"].worded) == (True, 1)
    assert (found["welding"].endorsed, found["welding"].is_claimed) == (1, False)


def test_what_is_told_is_what_the_finder_says() -> None:
    corpus = in_memory(company())
    for one in knows(corpus).items:
        query = ExpertQuery(one.name, ALL, candidates=frozenset({ANN}), limit=1)
        assert find_experts(corpus, query).items == (one.expert,)


def test_what_everybody_writes_about_comes_last() -> None:
    lunches = [document(200 + number, "lunch", author=ANN) for number in range(2)]
    corpus = in_memory([*company(), *lunches])
    one = knows(corpus).items[-1]
    assert (one.topic, one.is_usual) == ("lunch", True)
    assert "lunch" not in topics(knows(corpus, with_usual=False))


def test_being_named_where_a_topic_stands_is_told_too() -> None:
    praise = document(300, "she fixed it", author=7, mentions=(ANN,), topics=("welding",))
    corpus = in_memory([*company()[:-1], praise])
    assert "welding" in topics(knows(corpus))


def test_topics_can_be_left_out() -> None:
    assert "kafka" not in topics(knows(in_memory(company()), without=frozenset({"kafka"})))


def test_a_long_list_comes_page_by_page_without_loss() -> None:
    many = Vocabulary({f"topic{number}": [f"topic{number}"] for number in range(2 * BATCH + 5)})
    posts = [document(number, f"topic{number} again", author=ANN) for number in range(2 * BATCH + 5)]
    corpus = in_memory(posts)
    query = KnowsQuery(ANN, ALL, many, limit=20)
    pages = [topics_of_person(corpus, replace(query, offset=start)) for start in range(0, 100, 20)]
    assert {page.total for page in pages} == {2 * BATCH + 5}
    named = [topic for page in pages for topic in topics(page)]
    assert len(named) == len(set(named)) == 2 * BATCH + 5


def test_a_topic_that_the_finder_does_not_know_of_shortens_its_page_and_doubles_nothing() -> None:
    many = Vocabulary({f"topic{number}": [f"topic{number}"] for number in range(BATCH + 5)} | {"about": ["About"]})
    posts = [document(number, f"topic{number}", author=ANN) for number in range(BATCH + 5)]
    posts.append(document(99, "nothing", author=ANN, kind=Kind.SKILL, topics=("About",)))  # a word that counts nowhere
    corpus = in_memory(posts)
    pages = [topics_of_person(corpus, KnowsQuery(ANN, ALL, many, offset=start)) for start in (0, BATCH)]
    assert [len(page.items) for page in pages] == [BATCH - 1, 6]
    assert len({topic for page in pages for topic in topics(page)}) == BATCH + 5
    both = topics_of_person(corpus, KnowsQuery(ANN, ALL, many, limit=2 * BATCH))
    assert [*topics(pages[0]), *topics(pages[1])] == topics(both)


def test_a_topic_of_a_closed_group_is_told_to_its_members_alone() -> None:
    secret = [
        document(500 + number, "welding plan", author=ANN, audience=GROUP, topics=("lunch",)) for number in range(9)
    ]
    before = knows(in_memory(company()))
    corpus = in_memory([*secret, *company()])
    assert knows(corpus) == before
    assert "lunch" in topics(knows(corpus, audiences=frozenset({EVERYONE, GROUP})))


def test_nobody_knows_nothing() -> None:
    assert knows(in_memory([])) == Knows((), 0)
    assert topics_of_person(in_memory(company()), KnowsQuery(77, ALL, TOPICS)) == Knows((), 0)


WORDS = ["kafka", "event", "streams", "TLS", "certificates", "welding", "edge", "gateways", "edge-gateways", "lunch"]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join),
            st.integers(1, 4),
            st.sampled_from([Kind.POST, Kind.SKILL, Kind.ENDORSEMENT, Kind.PERSON]),
            st.lists(st.sampled_from(["kafka", "welding", "unheard"]), max_size=2, unique=True).map(tuple),
        ),
        max_size=14,
    )
)
def test_no_topic_that_the_finder_knows_of_a_person_is_missing(
    rows: list[tuple[str, int, Kind, tuple[str, ...]]],
) -> None:
    """Whoever is named for a topic that stands in what they wrote sees it in their list."""
    corpus = in_memory(
        document(number, text, author=author, kind=kind, topics=labels)
        for number, (text, author, kind, labels) in enumerate(rows)
    )
    told = topics(knows(corpus, limit=100))
    for topic in ("kafka", "welding", "lunch"):
        own = [row for row in rows if row[1] == ANN and row[2] is not Kind.PERSON]
        if any(topic in row[0].split() or topic in row[3] for row in own):
            assert topic in told
