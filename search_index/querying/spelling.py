"""Did you mean: the question as it was typed, with a word spelled as readable documents spell it.

A word is doubted when the viewer can find it nowhere; where nothing at all was found although every word is
known, the one is doubted that a far more frequent word resembles. What is proposed is one error away, the most
frequent among the documents that this viewer may read, and never a word that only others may read.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from string import ascii_lowercase

from whoosh import query

from search_index.analysis import Word, fold, normalise, stem, words
from search_index.querying.evaluating import Evaluator
from search_index.querying.language.wording import LONGEST_QUESTION, fielded, wanted
from search_index.querying.lists.edits import alphabet, edited, existing
from search_index.storing.schema import TEXT, TITLE, TOPIC

FIELDS = (TEXT, TITLE, TOPIC)
DOUBTED_LETTERS = range(3, 33)
DOUBTED_WORDS = 8
"""So many words of a question are looked at."""

GLANCED = 256
"""Documents of a word that are asked for a readable one before all of them are."""

MORE_FREQUENT = 10
"""A word that is known is only doubted for one that so many times more documents hold."""


@dataclass(frozen=True, slots=True)
class _Proposal:
    word: Word
    text: str
    documents: int


def correct(evaluator: Evaluator, text: str, *, found: int) -> str:
    """The whole text as it was probably meant, operators and all; empty when there is nothing better. `found` is
    how many readable documents the text finds."""
    line = normalise(text[:LONGEST_QUESTION])
    doubtable = list(_doubtable(line))[:DOUBTED_WORDS]
    unknown = [word for word in doubtable if not _is_known(evaluator, word)]
    if unknown:
        proposals = [made for word in unknown if (made := _propose(evaluator, word, more_than=0)) is not None]
    elif doubtable and not found:
        proposals = _rarest(evaluator, doubtable)
    else:
        return ""
    corrected = _replaced(line, proposals)
    return corrected if proposals and _finds(evaluator, corrected) else ""


def _doubtable(line: str) -> Iterator[Word]:
    """Words of letters alone that stand for themselves: no patterns, nothing that is excluded."""
    for word in words(line):
        plain = word.raw.isalpha() and not word.parts and not word.pairs and len(word.raw) in DOUBTED_LETTERS
        before, after = line[: word.start].rstrip('("'), line[word.end : word.end + 2].rstrip()
        excluded = before.endswith("-") or before.split()[-1:] == ["NOT"]
        pattern = before.endswith(("*", "?")) or after.startswith(("*", "~")) or (len(after) == 2 and after[0] == "?")
        if plain and not excluded and not pattern:
            yield word


def _is_known(evaluator: Evaluator, word: Word) -> bool:
    return any(_is_readable(evaluator, node) for node in fielded(word.terms[0]))


def _is_readable(evaluator: Evaluator, node: query.Term) -> bool:
    documents = evaluator.corpus.postings(node.fieldname, node.text).documents
    of = evaluator.allowed.of
    return bool(of(documents[:GLANCED]).any() or of(documents[GLANCED:]).any())


def _rarest(evaluator: Evaluator, known: Iterable[Word]) -> list[_Proposal]:
    counted = sorted(known, key=lambda word: _held(evaluator, word.terms[0]))
    proposals = (
        _propose(evaluator, word, more_than=MORE_FREQUENT * _held(evaluator, word.terms[0])) for word in counted
    )
    return [made for made in proposals if made is not None][:1]


def _propose(evaluator: Evaluator, word: Word, *, more_than: int) -> _Proposal | None:
    typed = fold(word.raw).lower()
    spellings: dict[str, str] = {}
    for text in sorted(edited(typed, _letters(evaluator, typed), exchanges=True), key=_closest_to(typed)):
        if text != typed:
            spellings.setdefault(stem(text), text)
    spellings.pop(word.terms[0], None)
    # In every field that a word is looked for in: a term that is listed because a hidden text holds it must be listed
    # without that text too, if the viewer can find it by another field.
    terms = sorted({term for field in FIELDS for term in existing(evaluator.corpus, field, sorted(spellings))})
    held = {term: _held(evaluator, term) for term in terms}
    best = max(terms, key=lambda term: (held[term], [-ord(letter) for letter in term]), default=None)
    if best is None or held[best] <= more_than:
        return None
    return _Proposal(word, _cased(spellings[best], word.raw), held[best])


def _letters(evaluator: Evaluator, typed: str) -> set[str]:
    """Those of all scripts of the word. Of the Latin ones the plain ones are always tried, whether or not a document
    has them: of two spellings of one term the choice must not depend on what hidden documents are written with."""
    plain = set(ascii_lowercase) if typed.isascii() else set()
    return plain.union(*(alphabet(evaluator.corpus, field, typed) for field in FIELDS))


def _closest_to(typed: str) -> Callable[[str], tuple[int, str]]:
    """Of two spellings with one stem, first the one with as many letters as were typed."""
    return lambda text: (abs(len(text) - len(typed)), text)


def _held(evaluator: Evaluator, term: str) -> int:
    return len(evaluator.find(query.Or(fielded(term))))


def _cased(text: str, as_in: str) -> str:
    if as_in.isupper():
        return text.upper()
    return text.capitalize() if as_in[:1].isupper() else text


def _replaced(line: str, proposals: Iterable[_Proposal]) -> str:
    for made in sorted(proposals, key=lambda made: made.word.start, reverse=True):
        line = line[: made.word.start] + made.text + line[made.word.end :]
    return line


def _finds(evaluator: Evaluator, text: str) -> bool:
    asked = wanted(text)
    return asked is not None and len(evaluator.find(asked)) > 0
