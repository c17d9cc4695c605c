"""What a viewer may not read changes no byte of what goes with what for them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from search_index.documents import EVERYONE, Document, Kind
from search_index.relating.knowing import topics_of_person
from search_index.relating.meeting import people_to_meet
from search_index.relating.similar import similar_documents
from search_index.relating.topics import related_topics
from search_index.relations import KnowsQuery, MeetQuery, RelatedQuery, SimilarQuery
from search_index.storing.corpus import Corpus
from tests.search_index.relating.rows import TOPICS, in_memory
from tests.search_index.writing import document

MINE, HIDDEN = 20, 30
VIEWER = frozenset({EVERYONE, MINE})
WORDS = ["kafka", "TLS", "certificates", "event streams", "edge gateways", "welding", "seam", "purge", "lunch", "東京"]
KINDS = [Kind.POST, Kind.COMMENT, Kind.SKILL, Kind.ENDORSEMENT, Kind.TOPIC, Kind.PERSON]


def documents(audiences: list[int], *, first: int) -> st.SearchStrategy[list[Document]]:
    one = st.builds(
        document,
        st.integers(first, first + 30),
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join),
        author=st.integers(0, 5),
        audience=st.sampled_from(audiences),
        kind=st.sampled_from(KINDS),
        title=st.sampled_from(["", "welding", "Seam Purge"]),
        mentions=st.lists(st.integers(1, 5), max_size=2, unique=True).map(tuple),
        topics=st.lists(st.sampled_from(["kafka", "TLS", "unheard"]), max_size=2, unique=True).map(tuple),
        day=st.integers(0, 40),
    )
    return st.lists(one, max_size=16, unique_by=lambda made: made.id)


def answers(corpus: Corpus) -> list[object]:
    """Everything that this viewer can be told about what goes with what."""
    told: list[object] = []
    for person in range(6):
        told.append(people_to_meet(corpus, MeetQuery(person, VIEWER, TOPICS)))
        told.append(topics_of_person(corpus, KnowsQuery(person, VIEWER, TOPICS, limit=100)))
    for text in ("kafka", "welding seam", "unheard", "who renews certificates of edge gateways?"):
        told.append(related_topics(corpus, RelatedQuery(text, VIEWER, TOPICS)))
        told.append(similar_documents(corpus, SimilarQuery(text, VIEWER, title=text[:4], limit=20)))
    return told


@settings(max_examples=60, deadline=None)
@given(
    documents([EVERYONE, MINE], first=0),
    documents([HIDDEN], first=100),
    documents([HIDDEN], first=100),
    st.booleans(),
)
def test_hidden_documents_change_no_byte_of_what_goes_with_what(
    visible: list[Document], hidden: list[Document], edited: list[Document], before: bool
) -> None:
    expected = answers(in_memory(visible))
    corpus = in_memory([*hidden, *visible] if before else [*visible, *hidden])
    assert answers(corpus) == expected
    in_memory(edited, corpus)
    assert answers(corpus) == expected
    for made in [*hidden, *edited]:
        corpus.remove(made.id)
    assert answers(corpus) == expected
