"""How text becomes terms. Indexing, questions and highlighting read words here, so that they always agree.

One written word gives several terms: the word itself, and for a compound (`max_poll_interval`, `getAddrInfo`,
`socket.makefile`) its parts and the parts joined, so that it is found whole and by any part. Accents are
folded, English endings are cut (measured on the corpora: it costs other languages nothing), scripts written
without spaces become pairs of characters.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import cast

from whoosh.lang import porter2

LONGEST_WORD = 64
"""A longer run of letters is a key or a picture in disguise; its beginning is enough to find it again."""

REMEMBERED_WORDS = 1 << 16
"""Forms that are kept per generation: some 10 MB, and 97 of 100 words of a company's posts."""

LONGEST_TEXT = 200_000
"""Characters of one document that are indexed: far beyond any post, short of a denial of service."""

SOFT_HYPHEN = "\u00ad"
"""Says where a word may be broken, and is no part of it."""

# Scripts that do not put spaces between words: Thai to Khmer, Hangul, Kana, Han.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3130-\u318f"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff"
)
# Vowel signs and points belong to the letter before them, although Python does not count them as word
# characters.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0dff"
_LETTER = rf"(?:[^\W{_UNSPACED}]|[{_MARKS}])"

_ASCII_WORD = re.compile(r"[A-Za-z0-9_]+(?:[.+#'-][A-Za-z0-9_]+)*[+#]*")
_ANY_WORD = re.compile(rf"{_LETTER}+(?:[.+#'’-]{_LETTER}+)*[+#]*|[{_UNSPACED}]+")
_UNSPACED_RUN = re.compile(rf"[{_UNSPACED}]")
_PART = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|(?:[^\W\d_]|[" + _MARKS + "])+")

_STOPPED = """a an and any anyone are as at be been but by can could did do does for from had has have help he
    her his how i if in into is it its know knows me my no not of on one or our out she should so some
    someone than that the their them then there these they this those to up us was we were what when where
    which who whom why will with would you your about expert experts expertise aber auf aus bei beim das
    dass dem den der des ein eine einem einen einer eines einfach er etwas für fur gibt haben hat ich ihr im
    ist jemand jemanden kann kennt mit nicht oder schon sich sie sind und uns vom von wer wie wir zu zum zur
    über uber"""
STOP_WORDS = frozenset(_STOPPED.split())


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it was written, where it stands, and the terms it is found by: the whole first, then its
    parts. `sequence` are the terms that follow one another where it stands in a phrase: a compound gives way
    to its parts."""

    raw: str
    start: int
    end: int
    terms: tuple[str, ...]
    parts: tuple[str, ...] = ()
    pairs: bool = False
    sequence: tuple[str, ...] = ()


Written = str | tuple[tuple[str, ...], tuple[int, ...], int]
"""What a written word is indexed by: one term ("" for a word that does not count), or several terms, their
distances from where the word begins, and how many places the word takes."""


class _Remembered(dict[str, Written]):
    """The forms of the words read lately, in two generations, so that common words are never worked out twice
    and rare ones take no room for long. Reading it is one lookup of a plain dictionary."""

    def __init__(self) -> None:
        super().__init__()
        self._older: dict[str, Written] = {}

    def __missing__(self, raw: str) -> Written:
        form = self._older.get(raw)
        if form is None:
            form = _written(raw)
        if len(raw) <= LONGEST_WORD:
            if len(self) >= REMEMBERED_WORDS:
                self._older = dict(self)
                self.clear()
            self[raw] = form
        return form


def words(text: str) -> Iterator[Word]:
    """The words of a text that count, in order. Positions refer to `normalise(text)`."""
    clean = normalise(text)
    for match in _pattern(clean).finditer(clean):
        raw = match.group()
        terms, parts, pairs, sequence = _forms(raw if _UNSPACED_RUN.match(raw) else raw[:LONGEST_WORD])
        if terms:
            yield Word(raw, match.start(), match.end(), terms, parts, pairs, sequence)


def tokens(text: str) -> tuple[list[str], list[int]]:
    """The terms of a text in order, and the position of each.

    A compound stands as a whole (and joined) at p, its parts stand at p, p + 1, …, and the next word after the
    last of them; a run of unspaced script is one pair of characters after the other. Words that do not count
    take no position, neither here nor in a phrase that is asked for, so a phrase is found as it was written.
    """
    forms = _forms_in(normalise(text))
    if tuple in set(map(type, forms)):
        return _placed(forms)
    terms = cast("list[str]", list(filter(None, forms)))
    return terms, list(range(len(terms)))


def _forms_in(clean: str) -> list[Written]:
    return list(map(_REMEMBERED.__getitem__, _pattern(clean).findall(clean)))


def _placed(forms: Iterable[Written]) -> tuple[list[str], list[int]]:
    terms: list[str] = []
    positions: list[int] = []
    place = 0
    for form in forms:
        if isinstance(form, tuple):
            several, distances, length = form
            terms += several
            positions += [place + distance for distance in distances]
            place += length
        elif form:
            terms.append(form)
            positions.append(place)
            place += 1
    return terms, positions


Span = tuple[int, int]
"""From which character to which one."""


class Reading:
    """A text as who reads it sees it: which terms are in it, and where each of them stands. Characters are counted in
    `normalise(text)`."""

    def __init__(self, text: str) -> None:
        self._clean = normalise(text)
        self._forms = _forms_in(self._clean)
        self._several = [(at, form) for at, form in enumerate(self._forms) if isinstance(form, tuple)]
        self.terms = {form for form in self._forms if form and isinstance(form, str)}
        self.terms.update(term for _, (terms, _, _) in self._several for term in terms)

    def spans(self, term: str) -> list[Span]:
        """The words that a term was read from. A pair of an unspaced script has its own two characters."""
        return [self._span(word, distance) for word, distance in self._standings(term)]

    def places(self, term: str) -> list[tuple[int, Span]]:
        """The same, each with the term's position as `tokens` counts them."""
        return [(self._places[word] + distance, self._span(word, distance)) for word, distance in self._standings(term)]

    def _standings(self, term: str) -> list[tuple[int, int]]:
        """By the number of the word, and the distance from where it begins."""
        found = [(at, 0) for at, form in enumerate(self._forms) if form == term]
        for at, (terms, distances, _) in self._several:
            found += [(at, distance) for other, distance in zip(terms, distances, strict=True) if other == term]
        return found

    def _span(self, word: int, distance: int) -> Span:
        start, end = self._words[word].span()
        if isinstance(self._forms[word], tuple) and _UNSPACED_RUN.match(self._clean, start):
            return start + distance, min(start + distance + 2, end)
        return start, end

    @cached_property
    def _words(self) -> list[re.Match[str]]:
        return list(_pattern(self._clean).finditer(self._clean))

    @cached_property
    def _places(self) -> list[int]:
        lengths = (form[2] if isinstance(form, tuple) else bool(form) for form in self._forms)
        return list(accumulate(lengths, initial=0))


def term_counts(text: str) -> Counter[str]:
    """How often each term stands in a text: what a document is indexed by."""
    return Counter(tokens(text)[0])


def normalise(text: str) -> str:
    """Composed characters, nothing too long; the text that positions refer to."""
    cut = text[:LONGEST_TEXT]
    return cut if cut.isascii() else unicodedata.normalize("NFC", cut.replace(SOFT_HYPHEN, ""))


def _pattern(clean: str) -> re.Pattern[str]:
    return _ASCII_WORD if clean.isascii() else _ANY_WORD


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """One writing for all ways of writing it: full-width forms, accents, ß; case is kept for the
    splitting."""
    if word.isascii():
        return word
    wide = unicodedata.normalize("NFKC", word).replace("ß", "ss").replace("’", "'")
    # Only alphabets have accents that people leave out; in Kana or Devanagari a mark makes another letter.
    pieces = (unicodedata.normalize("NFD", c) if _is_accented(c) else c for c in wide)
    return "".join(c for piece in pieces for c in piece if not "\u0300" <= c <= "\u036f")


@lru_cache(maxsize=1 << 16)
def stem(term: str) -> str:
    return str(porter2.stem(term)) if term.isascii() else term


@lru_cache(maxsize=1 << 14)
def _forms(raw: str) -> tuple[tuple[str, ...], tuple[str, ...], bool, tuple[str, ...]]:
    """The terms of a written word, its parts among them, whether they are pairs of an unspaced script, and the
    terms that follow one another where the word stands."""
    if _UNSPACED_RUN.match(raw):
        run = unicodedata.normalize("NFKC", raw)
        pairs = tuple(run[i : i + 2] for i in range(len(run) - 1)) or (run,)
        return tuple(dict.fromkeys(pairs)), (), True, pairs
    folded = fold(raw)
    low = folded.lower().strip("'-.")
    if not low or low in STOP_WORDS:
        return (), (), False, ()
    whole = stem(low)
    pieces = [piece.lower() for piece in _PART.findall(folded)]
    if len(pieces) < 2 and (not pieces or pieces[0] == low or len(pieces[0]) < 2):
        return (whole,), (), False, (whole,)
    long = [piece for piece in pieces if len(piece) > 1 or piece.isdigit()]
    sequence = tuple(stem(piece) for piece in long if piece not in STOP_WORDS)
    joined = "".join(pieces)
    parts = tuple(dict.fromkeys(sequence))
    terms = (whole, *parts, *(() if joined in STOP_WORDS else (stem(joined),)))
    return tuple(dict.fromkeys(terms)), parts, False, sequence or (whole,)


def _written(raw: str) -> Written:
    unspaced = _UNSPACED_RUN.match(raw)
    terms, parts, pairs, sequence = _forms.__wrapped__(raw if unspaced else raw[:LONGEST_WORD])
    if not terms:
        return ""
    if len(terms) == 1 and len(sequence) == 1 and not pairs:
        return terms[0]
    wholes = () if pairs else tuple(term for term in terms if term not in parts or term == terms[0])
    places = dict.fromkeys([*((term, 0) for term in wholes), *((term, at) for at, term in enumerate(sequence))])
    return tuple(term for term, _ in places), tuple(at for _, at in places), len(sequence)


def _is_accented(character: str) -> bool:
    return character.isalpha() and unicodedata.name(character, "").startswith(("LATIN", "GREEK", "CYRILLIC"))


_REMEMBERED = _Remembered()
