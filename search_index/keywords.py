"""Finding documents: plain words ranked like questions, and the searcher's operators through Whoosh's parser.

Plain words must all be there when they are few; of a sentence, most of them. Operators ("phrase", AND, OR,
NOT, -word, begin*) give Whoosh query objects, which are evaluated here on whole posting lists.
"""

import re
from collections.abc import Callable, Iterable
from functools import reduce

import numpy as np
from numpy.typing import NDArray
from whoosh import query as whoosh_query
from whoosh.qparser import QueryParser, plugins

from search_index.analysis import Word, fold, words
from search_index.question import MOST_WORDS, read_question
from search_index.reading import Reading, Values
from search_index.votes import answer

Found = tuple[NDArray[np.int64], Values]
"""Documents in rising order and their scores."""

FEW_WORDS = 3
ENOUGH = 0.6
"""Up to three words must all be in a document; of more, this share."""

TITLE_BOOST = 1.0
"""A word in the title counts once more, by its rarity."""

LONGEST_EXPRESSION = 500
DEEPEST = 12
PHRASE_CHECKS = 1_000
"""So many of the best documents that hold all words of a phrase are read to see whether they hold the
phrase."""

_OPERATORS = re.compile(r'"|(?:^|\s)-\w|\w\*(?:\s|$)|\b(?:AND|OR|NOT)\b|[()]')


def find(reading: Reading, text: str, *, prefix_last: bool = False) -> Found:
    """Usable documents that match; all of them, scored 0, when the text asks for nothing."""
    if _OPERATORS.search(text) and not prefix_last:
        expression = _parse(text)
        found = _evaluate(reading, expression) if expression is not None else None
        if found is not None:
            return found
    return _find_words(reading, text, prefix_last=prefix_last)


def _find_words(reading: Reading, text: str, *, prefix_last: bool) -> Found:
    question = read_question(reading, text, prefix_last=prefix_last)
    if not question.words:
        return (_everything(reading), np.zeros(int(reading.usable.sum()))) if not text.strip() else _nothing()
    answers = answer(reading, question)
    asked = len(question.wanted) + len(question.unknown)
    needed = asked if asked <= FEW_WORDS else round(asked * ENOUGH)
    # Where no document holds enough of the words, what holds most of them is the honest answer.
    needed = min(needed, int(answers.words.max(initial=0)))
    keep = answers.words >= max(1, needed)
    forms = [(term, *question.joined.get(term, ())) for term in question.weights]
    return _with_titles(reading, (answers.documents[keep], answers.scores[keep]), forms)


def _with_titles(reading: Reading, found: Found, words_asked: Iterable[tuple[str, ...]]) -> Found:
    """`words_asked` are the forms of each word that may stand in a title."""
    documents, scores = found[0], found[1].copy()
    for forms in words_asked:
        titled = np.concatenate([reading.title_postings(form)[0] for form in forms])
        if len(titled):
            scores[np.isin(documents, titled)] += TITLE_BOOST * reading.rarity(*forms)
    return documents, scores


def _parse(text: str) -> whoosh_query.Query | None:
    """None for what is too long, too deep, or nothing that the parser understands: then the words alone
    count."""
    if len(text) > LONGEST_EXPRESSION or text.count("(") > DEEPEST or len(text.split()) > MOST_WORDS:
        return None
    prepared = re.sub(r"(^|\s)-(?=\w)", r"\1NOT ", text)
    parser = QueryParser(
        "text",
        schema=None,
        plugins=[
            plugins.WhitespacePlugin(),
            plugins.PhrasePlugin(),
            plugins.GroupPlugin(),
            plugins.OperatorsPlugin(),
            plugins.PrefixPlugin(),
        ],
    )
    try:
        return parser.parse(prepared)
    except (RecursionError, ValueError, TypeError, AttributeError, IndexError, KeyError, AssertionError):
        return None


def _evaluate(reading: Reading, node: whoosh_query.Query) -> Found | None:
    """None for a part that asks for nothing, such as a stop word."""
    if isinstance(node, whoosh_query.Phrase):
        return _phrase(reading, " ".join(node.words))
    if isinstance(node, whoosh_query.Prefix):
        return _prefix(reading, node.text)
    if isinstance(node, whoosh_query.Term):
        return _term(reading, node.text)
    if isinstance(node, whoosh_query.Not):
        return _without(reading, None, _evaluate(reading, node.query))
    if isinstance(node, whoosh_query.AndNot):
        return _without(reading, _evaluate(reading, node.a), _evaluate(reading, node.b))
    if isinstance(node, whoosh_query.And):
        return _all(reading, node.subqueries)
    if isinstance(node, whoosh_query.compound.CompoundQuery):
        return _combine(_united, [_evaluate(reading, part) for part in node.subqueries])
    return None


def _all(reading: Reading, parts: list[whoosh_query.Query]) -> Found | None:
    wanted = [part for part in parts if not isinstance(part, whoosh_query.Not)]
    found = _combine(_intersected, [_evaluate(reading, part) for part in wanted])
    for part in parts:
        if isinstance(part, whoosh_query.Not):
            found = _without(reading, found, _evaluate(reading, part.query))
    return found


def _combine(how: Callable[[Found, Found], Found], parts: list[Found | None]) -> Found | None:
    known = [part for part in parts if part is not None]
    return reduce(how, known) if known else None


def _term(reading: Reading, text: str) -> Found | None:
    """Every word of it; a compound by itself, or where nobody wrote it so, by all its parts."""
    return _combine(_intersected, [_word(reading, word) for word in words(text)])


def _word(reading: Reading, word: Word) -> Found:
    if word.pairs:
        return reduce(_intersected, [_scored(reading, term) for term in word.terms])
    if reading.knows(word.terms[0]) or not word.parts:
        return _scored(reading, word.terms[0])
    return reduce(_intersected, [_scored(reading, part) for part in word.parts])


def _scored(reading: Reading, term: str) -> Found:
    ids, share = reading.saturation(term)
    return _with_titles(reading, (ids, share * reading.rarity(term)), [(term,)])


def _prefix(reading: Reading, text: str) -> Found | None:
    beginning = fold(text).lower()
    found = [_scored(reading, term) for term in reading.beginning_with(beginning)] if beginning else []
    return reduce(_united, found) if found else _nothing()


def _phrase(reading: Reading, text: str) -> Found | None:
    wanted = [word.terms[0] for word in words(text)]
    found = _term(reading, text)
    if found is None or len(wanted) < 2:
        return found
    documents, scores = found
    best = np.lexsort((reading.corpus.tie.view(reading.size)[documents], -scores))[:PHRASE_CHECKS]
    holds = [place for place in sorted(best.tolist()) if _holds(reading, int(documents[place]), wanted)]
    return documents[holds], scores[holds]


def _holds(reading: Reading, document: int, wanted: list[str]) -> bool:
    stored = reading.corpus.stored(document)
    for text in (stored.get("title", ""), stored.get("text", "")):
        written = [word.terms[0] for word in words(text)]
        if any(written[at : at + len(wanted)] == wanted for at in range(len(written) - len(wanted) + 1)):
            return True
    return False


def _intersected(left: Found, right: Found) -> Found:
    ids, at_left, at_right = np.intersect1d(left[0], right[0], assume_unique=True, return_indices=True)
    return ids, left[1][at_left] + right[1][at_right]


def _united(left: Found, right: Found) -> Found:
    ids, where = np.unique(np.concatenate([left[0], right[0]]), return_inverse=True)
    sums: Values = np.bincount(where, np.concatenate([left[1], right[1]]), len(ids)).astype(np.float64)
    return ids, sums


def _without(reading: Reading, found: Found | None, unwanted: Found | None) -> Found | None:
    if found is None:
        ids = _everything(reading)
        found = ids, np.zeros(len(ids))
    if unwanted is None:
        return found
    keep = ~np.isin(found[0], unwanted[0])
    return found[0][keep], found[1][keep]


def _everything(reading: Reading) -> NDArray[np.int64]:
    return np.flatnonzero(reading.usable)


def _nothing() -> Found:
    return np.empty(0, np.int64), np.empty(0)
