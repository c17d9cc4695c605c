"""Where a text holds what a question asked for, told by the very query that the engine evaluates.

What is excluded is not marked. Words of a phrase are marked where the phrase stands. A word that the engine looks
for inside of others or with an error, because it is nowhere as it was typed, is marked so where the text does not
hold it as it was typed either.
"""

import fnmatch
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from whoosh import query

from search_index.analysis import words
from search_index.querying.language.asking import Near
from search_index.querying.lists.edits import edited

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Standing:
    """A term in a text: its place, for phrases, and the characters that are marked for it."""

    term: str
    place: int
    span: Span


Text = Mapping[str, list[Standing]]
"""What stands in a text, by term."""


def spans(text: str, asked: query.Query) -> list[Span]:
    """Half-open ranges of a normalised text, in order; they may touch and repeat."""
    standings: dict[str, list[Standing]] = {}
    for standing in _standings(text):
        standings.setdefault(standing.term, []).append(standing)
    return sorted(standing.span for standing in _found(standings, asked))


def _standings(text: str) -> Iterator[Standing]:
    place = 0
    for word in words(text):
        whole = (word.start, word.end)
        if word.pairs:
            for at, pair in enumerate(word.sequence):
                yield Standing(pair, place + at, (word.start + at, min(word.start + at + 2, word.end)))
        else:
            for term in word.terms:
                if term not in word.parts or term == word.terms[0]:
                    yield Standing(term, place, whole)
            for at, part in enumerate(word.sequence):
                yield Standing(part, place + at, whole)
        place += len(word.sequence)


def _found(text: Text, node: query.Query) -> list[Standing]:
    if isinstance(node, query.Not):
        return []
    if isinstance(node, query.Otherwise):
        return _found(text, node.a) or _found(text, node.b)
    if isinstance(node, query.AndNot):
        return _found(text, node.a)
    if isinstance(node, query.compound.CompoundQuery):
        return [standing for part in node.subqueries for standing in _found(text, part)]
    if isinstance(node, query.Phrase):
        return list(_phrase(text, node))
    found = [standing for term in _matching(text.keys(), node) for standing in text[term]]
    return [_only(standing, node.text[1]) for standing in found] if _is_one_character(node) else found


def _is_one_character(node: query.Query) -> bool:
    """Looked for inside of others: only in scripts of which a single character is a word."""
    return isinstance(node, query.Wildcard) and re.fullmatch(r"\*\w\*", node.text) is not None


def _only(standing: Standing, character: str) -> Standing:
    start = standing.span[0] + standing.term.index(character)
    return Standing(standing.term, standing.place, (start, start + 1))


def _matching(terms: Collection[str], node: query.Query) -> set[str]:
    """Those of a text's terms that a single word of a question means."""
    if isinstance(node, query.Term):
        return {node.text} if node.text in terms else set()
    if isinstance(node, query.Prefix):
        return {term for term in terms if term.startswith(node.text)}
    if isinstance(node, query.Wildcard):
        fits = re.compile(fnmatch.translate(node.text)).match
        return {term for term in terms if fits(term)}
    if isinstance(node, query.FuzzyTerm):
        near = edited(node.text, set("".join(terms)), kept=node.prefixlength, exchanges=isinstance(node, Near))
        return near.intersection(terms)
    return set()


def _phrase(text: Text, node: query.Phrase) -> Iterator[Standing]:
    at: dict[tuple[str, int], list[Standing]] = defaultdict(list)
    for standings in text.values():
        for standing in standings:
            at[standing.term, standing.place].append(standing)
    for standing in text.get(node.words[0], ()):
        for place, word in zip(_chain(at, node, standing.place), node.words, strict=False):
            yield from at[word, place]


def _chain(at: Mapping[tuple[str, int], list[Standing]], node: query.Phrase, first: int) -> list[int]:
    """The places of a phrase that begins here; empty when none does. Each word is taken as near as can be, which
    may miss a way around a repeated word, never mark a wrong one."""
    places = [first]
    for word in node.words[1:]:
        following = (places[-1] + step for step in range(1, node.slop + 1))
        place = next((place for place in following if (word, place) in at), None)
        if place is None:
            return []
        places.append(place)
    return places
