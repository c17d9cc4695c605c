"""Where a text holds what a question asked for, told by the very query that the engine evaluates.

What is excluded is not marked. Words of a phrase are marked where the phrase stands. A word that the engine looks
for inside of others or with an error, because it is nowhere as it was typed, is marked so where the text does not
hold it as it was typed either.
"""

import fnmatch
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from whoosh import query

from search_index.analysis import Reading, Span
from search_index.querying.language.asking import Near
from search_index.querying.lists.edits import is_edited

_ONE_CHARACTER = re.compile(r"\*(\w)\*")


@dataclass(frozen=True)
class Sought:
    """What a query looks for, without what matters only to the ranking: fields, boosts, how many parts must be there.

    ``terms`` stand as they are; ``patterns`` are expressions that a term fits; ``near`` are words with the letters at
    their beginning that are right, and whether two may be exchanged; ``characters`` are marked inside of a term, in
    scripts of which a single one is a word; ``phrases`` come with their slop. Of each pair in ``otherwise`` the second
    counts where the first is not in the text.
    """

    terms: frozenset[str] = frozenset()
    patterns: frozenset[str] = frozenset()
    near: frozenset[tuple[str, int, bool]] = frozenset()
    characters: frozenset[str] = frozenset()
    phrases: frozenset[tuple[tuple[str, ...], int]] = frozenset()
    otherwise: frozenset[tuple["Sought", "Sought"]] = frozenset()

    def spans(self, text: str) -> list[Span]:
        """Half-open ranges of a normalised text, in order and each once; they may touch and overlap."""
        return sorted(self.found(Reading(text)))

    def found(self, text: Reading) -> set[Span]:
        """The same in no order."""
        found = {span for term in self._meant(text.terms) for span in text.spans(term)}
        for character in self.characters:
            found.update(_characters(text, character))
        for words, slop in self.phrases:
            found.update(_phrase(text, words, slop))
        for first, second in self.otherwise:
            found |= first.found(text) or second.found(text)
        return found

    def _meant(self, terms: set[str]) -> set[str]:
        meant = terms & self.terms
        if self.patterns:
            meant.update(filter(self._fits, terms))
        for word, kept, exchanges in self.near:
            meant.update(term for term in terms if is_edited(word, term, kept=kept, exchanges=exchanges))
        return meant

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(sorted(self.patterns)))

    def _fits(self, term: str) -> bool:
        return self._pattern.match(term) is not None


def sought(node: query.Query) -> Sought:
    """What a query has a marker look for."""
    if isinstance(node, query.Not):
        return Sought()
    if isinstance(node, query.Otherwise):
        return Sought(otherwise=frozenset({(sought(node.a), sought(node.b))}))
    if isinstance(node, query.AndNot):
        return sought(node.a)
    if isinstance(node, query.compound.CompoundQuery):
        return _together(map(sought, node.subqueries))
    return _one(node)


def _one(node: query.Query) -> Sought:
    """A word or a phrase; what else there may be asks for nothing."""
    if isinstance(node, query.Phrase):
        return Sought(phrases=frozenset({(tuple(node.words), node.slop)}))
    if isinstance(node, query.Term):
        return Sought(terms=frozenset({node.text}))
    if isinstance(node, query.Prefix):
        return Sought(patterns=frozenset({re.escape(node.text)}))
    if isinstance(node, query.Wildcard):
        character = _ONE_CHARACTER.fullmatch(node.text)
        if character is not None:
            return Sought(characters=frozenset({character[1]}))
        return Sought(patterns=frozenset({fnmatch.translate(node.text)}))
    if isinstance(node, query.FuzzyTerm):
        return Sought(near=frozenset({(node.text, node.prefixlength, isinstance(node, Near))}))
    return Sought()


def _together(several: Iterable[Sought]) -> Sought:
    parts = list(several)
    return Sought(
        terms=frozenset().union(*(part.terms for part in parts)),
        patterns=frozenset().union(*(part.patterns for part in parts)),
        near=frozenset().union(*(part.near for part in parts)),
        characters=frozenset().union(*(part.characters for part in parts)),
        phrases=frozenset().union(*(part.phrases for part in parts)),
        otherwise=frozenset().union(*(part.otherwise for part in parts)),
    )


def _characters(text: Reading, character: str) -> Iterator[Span]:
    for term in text.terms:
        if character in term:
            at = term.index(character)
            yield from ((left + at, left + at + 1) for left, _ in text.spans(term))


def _phrase(text: Reading, words: tuple[str, ...], slop: int) -> Iterator[Span]:
    if not text.terms.issuperset(words):
        return
    at: dict[tuple[str, int], list[Span]] = defaultdict(list)
    for word in set(words):
        for place, span in text.places(word):
            at[word, place].append(span)
    for first, _ in text.places(words[0]):
        for place, word in zip(_chain(at, words, slop, first), words, strict=False):
            yield from at[word, place]


def _chain(at: Mapping[tuple[str, int], list[Span]], words: tuple[str, ...], slop: int, first: int) -> list[int]:
    """The places of a phrase that begins here; empty when none does. Each word is taken as near as can be, which
    may miss a way around a repeated word, never mark a wrong one."""
    places = [first]
    for word in words[1:]:
        following = (places[-1] + step for step in range(1, slop + 1))
        place = next((place for place in following if (word, place) in at), None)
        if place is None:
            return []
        places.append(place)
    return places
