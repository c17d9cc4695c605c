"""Answers Whoosh's own query objects on whole posting lists, with Whoosh's own scores.

Every class that the query language makes is answered here; nothing falls back to Whoosh's matchers. Differences
to stock Whoosh 2.7.4, all on purpose: `Or.minmatch` is heeded (there "not yet implemented"), `Require` keeps
what is in both parts (there it drops it), `Or.scale` is not, ranges over numbers ask the columns of documents
("created" in milliseconds, "length" and so on) instead of number fields. Frequencies above 255 count as 255 in
queries of several terms.
"""

from collections.abc import Callable, Sequence

import numpy as np
from whoosh import query

from search_index.querying.language import asking
from search_index.querying.lists.combining import (
    added,
    chosen,
    common,
    counted,
    intersect,
    lifted,
    member,
    subtract,
    unite,
)
from search_index.querying.lists.expanding import slices_of
from search_index.querying.lists.matches import NOTHING, ConstantMatches, Ids, Matches, ScoredMatches, TermMatches
from search_index.querying.lists.multiterm import as_in_whoosh, as_one_word
from search_index.querying.lists.phrases import PhraseWord, holding
from search_index.querying.lists.scratch import Flags, Values
from search_index.querying.selecting import by_score
from search_index.querying.statistics import public_statistics
from search_index.storing.allowed import Allowed
from search_index.storing.corpus import Corpus
from search_index.storing.schema import TEXT, TITLE, TOPIC, milliseconds


class Evaluator:
    """For one question of one viewer, in one thread. What a method returns may hold documents that the viewer may
    not read; `find` drops them, and decisions on the way (`Otherwise`, `Most`) ask for readable ones only."""

    def __init__(self, corpus: Corpus, allowed: Allowed) -> None:
        self.corpus = corpus
        self.allowed = allowed
        self.statistics = public_statistics(corpus)

    def find(self, node: query.Query) -> Matches:
        """Readable documents and their scores."""
        return self._readable(self.evaluate(node))

    def best(self, node: query.Query, count: int) -> tuple[Ids, Values]:
        """The best documents and their scores, best first."""
        found, size = self.find(node), self.allowed.size
        scores = found.scores()
        columns = self.corpus.created.view(size), self.corpus.tie.view(size)
        places = by_score(found.documents, scores, *columns, count)
        return found.documents.take(places), scores.take(places)

    def evaluate(self, node: query.Query) -> Matches:
        for kind in type(node).__mro__:
            answer = _ANSWERS.get(kind)
            if answer is not None:
                return answer(self, node)
        raise query.QueryError(f"{type(node).__name__} is not answered here")

    def _readable(self, matches: Matches) -> Matches:
        if matches.readable or not len(matches):
            return matches
        found = chosen(matches, self.allowed.of(matches.documents))
        found.readable = True
        return found

    # -- single terms

    def term(self, node: query.Term) -> Matches:
        field, text = node.fieldname, node.text
        postings = self.corpus.postings(field, text)
        if not len(postings):
            return NOTHING
        weight = self.statistics.rarity(field, text, postings) * node.boost
        return TermMatches(postings, self.statistics.average(field), weight)

    def phrase(self, node: query.Phrase) -> Matches:
        words = [word for word in node.words if word]
        if not words:
            return NOTHING
        parts = [self.term(query.Term(node.fieldname, word)) for word in words]
        if len(parts) == 1:
            return parts[0].times(node.boost)
        documents, places = common(parts)
        if not len(documents):
            return NOTHING
        asked = [PhraseWord(word, at, len(parts[at]), places[at]) for at, word in enumerate(words)]
        held = np.flatnonzero(holding(self.corpus, node.fieldname, asked, documents, node.slop))
        scores = added(parts, [at.take(held) for at in places])
        return ScoredMatches(documents.take(held), scores).times(node.boost)

    # -- many terms

    def multiterm(self, node: query.MultiTerm) -> Matches:
        if isinstance(node, query.PatternQuery) and node.text in ("", "*"):
            return self.every(query.Every(node.field(), boost=node.boost))
        slices = slices_of(self.corpus, node)
        return as_in_whoosh(self.corpus, self.statistics, node.field(), slices, node.boost, constant=node.constantscore)

    def one_word(self, node: query.MultiTerm) -> Matches:
        slices = slices_of(self.corpus, node, exchanges=True)
        return as_one_word(self.statistics, node.field(), slices, node.boost)

    # -- compounds

    def all(self, node: query.And) -> Matches:
        parts = list(node.subqueries)
        if len(parts) < 2:
            return self.evaluate(parts[0]) if parts else NOTHING
        unwanted = [part.query for part in parts if isinstance(part, query.Not)]
        ranges = [part for part in parts if isinstance(part, query.NumericRange)]
        wanted = [part for part in parts if not isinstance(part, query.Not | query.NumericRange)]
        # Each part that only filters adds a constant, as in Whoosh.
        constant = float(len(unwanted)) + sum(part.boost for part in ranges)
        found = self._intersected(wanted) if wanted else ConstantMatches(self.allowed.everything(), 0.0)
        for part in ranges:
            found = chosen(found, self._inside(part, found.documents))
        for unneeded in unwanted:
            found = subtract(found, self.evaluate(unneeded).documents)
        if constant:
            found = ScoredMatches(found.documents, found.scores() + constant)
        return found.times(node.boost)

    def _intersected(self, parts: Sequence[query.Query]) -> Matches:
        found = []
        for part in parts:
            found.append(self.evaluate(part))
            if not len(found[-1]):
                return NOTHING
        return intersect(found)

    def any(self, node: query.Or) -> Matches:
        parts = node.subqueries
        if len(parts) < 2:
            return self.evaluate(parts[0]) if parts else NOTHING
        found = [self.evaluate(part) for part in parts]
        if node.minmatch > 1:
            matches, counts = counted(found)
            return chosen(matches, counts >= node.minmatch).times(node.boost)
        return unite(found).times(node.boost)

    def most(self, node: asking.Most) -> Matches:
        """Only readable documents decide how many parts can be had together."""
        found = [self.evaluate(part) for part in node.subqueries]
        if node.minmatch >= len(found):
            every = self._readable(intersect(found)) if all(map(len, found)) else NOTHING
            if len(every):
                return every.times(node.boost)
        matches, counts = counted([self._readable(part) for part in found])
        if not len(matches):
            return NOTHING
        needed = max(1, min(node.minmatch, int(counts.max())))
        return chosen(matches, counts >= needed).times(node.boost)

    def maximum(self, node: query.DisjunctionMax) -> Matches:
        return unite([self.evaluate(part) for part in node.subqueries], best=True).times(node.boost)

    def and_not(self, node: query.AndNot) -> Matches:
        found = self.evaluate(node.a)
        return subtract(found, self.evaluate(node.b).documents) if len(found) else found

    def and_maybe(self, node: query.AndMaybe) -> Matches:
        found = self.evaluate(node.a)
        return lifted(found, self.evaluate(node.b)) if len(found) else found

    def require(self, node: query.Require) -> Matches:
        found = self.evaluate(node.a)
        return chosen(found, member(self.evaluate(node.b).documents, found.documents)) if len(found) else found

    def otherwise(self, node: query.Otherwise) -> Matches:
        found = self._readable(self.evaluate(node.a))
        return found if len(found) else self.evaluate(node.b)

    # -- filters

    def inverse(self, node: query.Not) -> Matches:
        everything = ConstantMatches(self.allowed.everything(), 1.0)
        return subtract(everything, self.evaluate(node.query).documents)

    def every(self, node: query.Every) -> Matches:
        documents = self.allowed.everything()
        if node.fieldname is not None:
            lengths = self._columns().get(node.fieldname)
            if lengths is None:
                raise query.QueryError(f"there is no telling which documents have the field {node.fieldname}")
            documents = documents.compress(lengths.take(documents) > 0)
        return ConstantMatches(documents, node.boost)

    def number_range(self, node: query.NumericRange) -> Matches:
        everything = ConstantMatches(self.allowed.everything(), node.boost)
        return chosen(everything, self._inside(node, everything.documents))

    def constant(self, node: query.ConstantScoreQuery) -> Matches:
        return ConstantMatches(self.evaluate(node.child).documents, node.score)

    def nothing(self, _: query.Query) -> Matches:
        return NOTHING

    def _inside(self, node: query.NumericRange, documents: Ids) -> Flags:
        column = self._columns().get(node.fieldname)
        if column is None:
            raise query.QueryError(f"documents have no number {node.fieldname}")
        values = column.take(documents, mode="clip")
        start, end = node.start, node.end
        if isinstance(node, query.DateRange):
            start = node.startdate and milliseconds(node.startdate)
            end = node.enddate and milliseconds(node.enddate)
        inside: Flags = documents < self.allowed.size
        if start is not None:
            inside &= values > start if node.startexcl else values >= start
        if end is not None:
            inside &= values < end if node.endexcl else values <= end
        return inside

    def _columns(self) -> dict[str, "np.ndarray[tuple[int], np.dtype[np.integer]]"]:
        corpus, size = self.corpus, self.allowed.size
        return {
            "created": corpus.created.view(size),
            TEXT: corpus.length.view(size),
            TITLE: corpus.title_length.view(size),
            TOPIC: corpus.topic_length.view(size),
        }


_ANSWERS: dict[type, Callable[[Evaluator, query.Query], Matches]] = {
    query.Term: Evaluator.term,
    query.Phrase: Evaluator.phrase,
    query.MultiTerm: Evaluator.multiterm,
    asking.Beginning: Evaluator.one_word,
    asking.Inside: Evaluator.one_word,
    asking.Near: Evaluator.one_word,
    asking.Most: Evaluator.most,
    query.And: Evaluator.all,
    query.Or: Evaluator.any,
    query.DisjunctionMax: Evaluator.maximum,
    query.AndNot: Evaluator.and_not,
    query.AndMaybe: Evaluator.and_maybe,
    query.Require: Evaluator.require,
    query.Otherwise: Evaluator.otherwise,
    query.Not: Evaluator.inverse,
    query.Every: Evaluator.every,
    query.NumericRange: Evaluator.number_range,
    query.ConstantScoreQuery: Evaluator.constant,
    type(query.NullQuery): Evaluator.nothing,
}
