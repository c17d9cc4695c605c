"""Everything that the port can tell one viewer, for tests that compare it to the byte."""

from collections.abc import Iterator
from datetime import timedelta

from search_index.documents import Kind
from search_index.engine import Engine
from search_index.expertise import ExpertQuery
from search_index.hits import Facet, Order, SearchQuery
from search_index.relations import KnowsQuery, MeetQuery, RelatedQuery, SimilarQuery, Vocabulary
from tests.search_index.writing import START

QUESTIONS = ("kafka", "kafka consumer lag", "max_poll_lag", "who knows about ssl and welding?", "東京", "unknown")
EXPRESSIONS = (
    *('"kafka lag"', "kafka -lag", "la* OR ssl", "(kafka AND ssl) OR welding", "NOT kafka", "*oon", "kafak"),
    *("poll", "", '"max poll"', '"consumer kafka" OR laggon'),
)
TOPICS = Vocabulary({"kafka": ("kafka", "event streams"), "ssl": ("ssl", "tls"), "ops": ("ops",)})

Told = Iterator[tuple[str, object]]


def answers(engine: Engine, viewer: frozenset[int]) -> dict[str, str]:
    """By what was asked; written out, so that a difference in the last digit of a score is one."""
    asked = (_searches(engine, viewer), _narrowed(engine, viewer), _experts(engine, viewer), _relations(engine, viewer))
    return {question: repr(answer) for told in asked for question, answer in told}


def _searches(engine: Engine, viewer: frozenset[int]) -> Told:
    for text in (*QUESTIONS, *EXPRESSIONS):
        yield f"search {text}", engine.search(SearchQuery(text, viewer, facets=frozenset(Facet)))
        newest = SearchQuery(text, viewer, order=Order.NEWEST, limit=3, offset=1)
        yield f"newest {text}", engine.search(newest)
        yield f"suggest {text[:4]}", engine.suggest(text[:4], audiences=viewer)


def _narrowed(engine: Engine, viewer: frozenset[int]) -> Told:
    facets = frozenset(Facet)
    since, until = START + timedelta(days=9), START + timedelta(days=30)
    for text in ("kafka", ""):
        for query in (
            SearchQuery(text, viewer, kinds=frozenset({Kind.POST}), facets=facets),
            SearchQuery(text, viewer, authors=frozenset({1, 2}), facets=facets),
            SearchQuery(text, viewer, topics=frozenset({"ssl"}), facets=facets),
            SearchQuery(text, viewer, within=frozenset({20, 30}), facets=facets),
            SearchQuery(text, viewer, has=frozenset({"code"}), facets=facets),
            SearchQuery(text, viewer, since=since, until=until),
        ):
            yield f"narrowed {query}", engine.search(query)


def _experts(engine: Engine, viewer: frozenset[int]) -> Told:
    queries = [ExpertQuery(text, viewer, limit=100) for text in (*QUESTIONS, "the", "")]
    queries.append(ExpertQuery("kafka", viewer, candidates=frozenset({1, 3})))
    queries.append(ExpertQuery("kafka lag", viewer, without=frozenset({1}), limit=2, offset=1))
    queries.append(ExpertQuery("ssl", viewer, since=START + timedelta(days=9), evidence=5))
    for query in queries:
        yield f"experts {query.text} {query.candidates} {query.without}", engine.experts(query)


def _relations(engine: Engine, viewer: frozenset[int]) -> Told:
    for text in ("kafka", "ssl", "welding", "max_poll_lag consumer"):
        yield f"related {text}", engine.related(RelatedQuery(text, viewer, TOPICS))
        yield f"similar {text}", engine.similar(SimilarQuery(text, viewer, limit=20))
    for person in (1, 3):
        yield f"meet {person}", engine.meet(MeetQuery(person, viewer, TOPICS))
        yield f"knows {person}", engine.knows(KnowsQuery(person, viewer, TOPICS))
