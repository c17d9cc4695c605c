"""Query objects that stock Whoosh has no equal oracle for: ranges over columns, least numbers, and alternatives."""

from datetime import timedelta

import pytest
from whoosh import query

from search_index.querying.evaluating import Evaluator
from search_index.querying.language.asking import Most
from search_index.storing.corpus import Corpus
from search_index.storing.schema import milliseconds
from tests.search_index.querying.finding import corpus_of
from tests.search_index.writing import START, document

HIDDEN = 30


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    texts = ["kafka", "kafka lag", "kafka lag ssl", "ssl", "secret lag ssl tls"]
    made = [
        document(number, text, day=number, audience=HIDDEN if "secret" in text else 1)
        for number, text in enumerate(texts)
    ]
    return corpus_of(made)


def term(text: str, boost: float = 1.0) -> query.Term:
    return query.Term("text", text, boost=boost)


def found(corpus: Corpus, node: query.Query) -> dict[int, float]:
    matches = Evaluator(corpus, corpus.allowed([1])).find(node)
    return dict(zip(matches.documents.tolist(), matches.scores().tolist(), strict=True))


@pytest.mark.parametrize(
    ("node", "numbers"),
    [
        (query.DateRange("created", START + timedelta(days=1), START + timedelta(days=3)), {1, 2, 3}),
        (query.DateRange("created", START + timedelta(days=1), None, startexcl=True), {2, 3}),
        (query.DateRange("created", None, START + timedelta(days=1), endexcl=True), {0}),
        (query.NumericRange("created", milliseconds(START), milliseconds(START)), {0}),
        (query.NumericRange("text", 2, 3), {1, 2}),
        (query.And([term("kafka"), query.NumericRange("text", 2, None)]), {1, 2}),
        (query.And([query.NumericRange("text", 1, 1), query.Not(term("kafka"))]), {3}),
        (query.Or([term("kafka"), term("lag"), term("ssl")], minmatch=2), {1, 2}),
        (query.Or([term("kafka"), term("lag"), term("ssl")], minmatch=4), set()),
        (Most([term("kafka"), term("lag"), term("ssl"), term("tls")], 4), {2}),
        (Most([term("kafka"), term("nowhere")], 2), {0, 1, 2}),
        (Most([term("nowhere"), term("tls")], 1), set()),
        (query.Otherwise(term("tls"), term("ssl")), {2, 3}),
        (query.Otherwise(term("ssl"), term("kafka")), {2, 3}),
        (query.Require(term("kafka"), term("ssl")), {2}),
        (query.DisjunctionMax([term("kafka"), term("ssl")]), {0, 1, 2, 3}),
        (query.Every("text"), {0, 1, 2, 3}),
        (query.Every("title"), set()),
        (query.Not(term("kafka")), {3}),
        (query.FuzzyTerm("text", "kfkaa", maxdist=2, prefixlength=1), {0, 1, 2}),
        (query.FuzzyTerm("text", "ssl", maxdist=0), {2, 3}),
        (query.NullQuery, set()),
    ],
)
def test_what_is_asked_for_is_found(corpus: Corpus, node: query.Query, numbers: set[int]) -> None:
    assert set(found(corpus, node)) == numbers


def test_the_greatest_score_counts_where_that_is_asked_for(corpus: Corpus) -> None:
    kafka, ssl = found(corpus, term("kafka")), found(corpus, term("ssl"))
    assert found(corpus, query.DisjunctionMax([term("kafka"), term("ssl")]))[2] == max(kafka[2], ssl[2])
    assert found(corpus, query.Require(term("kafka"), term("ssl")))[2] == kafka[2]
    assert found(corpus, query.Or([term("kafka"), query.NullQuery], boost=3.0))[0] == pytest.approx(3 * kafka[0])


def test_what_nobody_knows_how_to_answer_is_refused(corpus: Corpus) -> None:
    for node in (query.Every("mood"), query.NumericRange("mood", 1, 2), query.Regex("text", "a.*"), query.Query()):
        with pytest.raises(query.QueryError):
            found(corpus, node)
