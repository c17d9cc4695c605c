"""From a search query to a page of hits: words first, then filters, counts, the best of them, and the spelling."""

from datetime import datetime

import numpy as np

from search_index.hits import Facet, Hit, Hits, Order, SearchQuery
from search_index.querying.evaluating import Evaluator
from search_index.querying.facets import count, count_kinds
from search_index.querying.language.wording import wanted
from search_index.querying.lists.matches import NOTHING, Ids, Matches
from search_index.querying.lists.scratch import Values
from search_index.querying.narrowing import Narrowing, everything_narrowed
from search_index.querying.selecting import by_score, by_time
from search_index.querying.spelling import correct
from search_index.storing.columns import NOBODY
from search_index.storing.corpus import Corpus
from search_index.storing.schema import milliseconds, moment

MOST_HITS, DEEPEST_HIT = 100, 1_000


def find_documents(corpus: Corpus, query: SearchQuery) -> Hits:
    evaluator = Evaluator(corpus, corpus.allowed(query.audiences))
    found = _found(evaluator, query)
    narrowing = Narrowing(corpus, evaluator.allowed.size, query, found.documents)
    places = narrowing.places()
    documents = found.documents if places is None else found.documents.take(places)
    kinds = count_kinds(corpus, narrowing.without(Facet.KIND))
    facets = {facet: count(corpus, facet, narrowing.without(facet)) for facet in Facet if facet in query.facets}
    correction = "" if query.prefix_last else correct(evaluator, query.text, found=len(found))
    return Hits(
        items=_page(corpus, found, places, query),
        total=len(documents),
        kinds=kinds,
        facets=facets,
        since=_since(corpus, narrowing.without(Facet.YEAR), query),
        newest=_newest(corpus, documents) if query.moments else None,
        correction=correction,
    )


def _since(corpus: Corpus, documents: Ids, query: SearchQuery) -> tuple[int, ...]:
    if not query.moments:
        return ()
    created = corpus.created.view().take(documents)
    return tuple(int(np.count_nonzero(created >= milliseconds(one))) for one in query.moments)


def _newest(corpus: Corpus, documents: Ids) -> datetime | None:
    return moment(int(corpus.created.view().take(documents).max())) if len(documents) else None


def _found(evaluator: Evaluator, query: SearchQuery) -> Matches:
    if query.text.strip():
        asked = wanted(query.text, prefix_last=query.prefix_last)
        return NOTHING if asked is None else evaluator.find(asked)
    documents = everything_narrowed(evaluator.corpus, query, evaluator.allowed.everything)
    return Matches(evaluator.allowed.keep(documents))


def _page(corpus: Corpus, found: Matches, places: Ids | None, query: SearchQuery) -> tuple[Hit, ...]:
    offset = max(0, min(query.offset, DEEPEST_HIT))
    end = offset + max(0, min(query.limit, MOST_HITS))
    documents = found.documents if places is None else found.documents.take(places)
    scores = found.scores() if places is None else found.scores_at(places)
    created, tie = corpus.created.view(), corpus.tie.view()
    if query.order is Order.NEWEST or not query.text.strip():
        best = by_time(documents, created, tie, end)
    else:
        best = by_score(documents, scores, created, tie, end)
    return _hits(corpus, documents.take(best[offset:]), scores.take(best[offset:]))


def _hits(corpus: Corpus, documents: Ids, scores: Values) -> tuple[Hit, ...]:
    """Without those whose id cannot be read, and those that were deleted since the question began."""
    names = corpus.kind_names.names
    columns = (
        corpus.ids_of(documents),
        corpus.kind.view().take(documents).tolist(),
        scores.tolist(),
        corpus.people.ids().take(corpus.author.view().take(documents)).tolist(),
        corpus.audiences.ids().take(corpus.audience.view().take(documents)).tolist(),
        corpus.created.view().take(documents).tolist(),
    )
    return tuple(
        Hit(identity, names[kind], score, author, audience, moment(created))
        for identity, kind, score, author, audience, created in zip(*columns, strict=True)
        if identity and audience != NOBODY
    )
