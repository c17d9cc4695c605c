"""How text becomes terms. Indexing, questions and highlighting read words here, so that they always agree.

One written word gives several terms: the word itself, and for a compound (`max_poll_interval`, `getAddrInfo`,
`socket.makefile`) its parts and the parts joined, so that it is found whole and by any part. Accents are
folded, English endings are cut (measured on the corpora: it costs other languages nothing), scripts written
without spaces become pairs of characters.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from whoosh.lang import porter2

LONGEST_WORD = 64
"""A longer run of letters is a key or a picture in disguise; its beginning is enough to find it again."""

LONGEST_TEXT = 200_000
"""Characters of one document that are indexed: far beyond any post, short of a denial of service."""

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
    parts."""

    raw: str
    start: int
    end: int
    terms: tuple[str, ...]
    parts: tuple[str, ...] = ()
    pairs: bool = False


def words(text: str) -> Iterator[Word]:
    """The words of a text that count, in order. Positions refer to `normalise(text)`."""
    clean = normalise(text)
    pattern = _ASCII_WORD if clean.isascii() else _ANY_WORD
    for match in pattern.finditer(clean):
        raw = match.group()
        terms, parts, pairs = _forms(raw[:LONGEST_WORD])
        if terms:
            yield Word(raw, match.start(), match.end(), terms, parts, pairs)


def term_counts(text: str) -> Counter[str]:
    """How often each term stands in a text: what a document is indexed by."""
    clean = normalise(text)
    pattern = _ASCII_WORD if clean.isascii() else _ANY_WORD
    counts: Counter[str] = Counter()
    for raw in pattern.findall(clean):
        counts.update(_forms(raw[:LONGEST_WORD])[0])
    return counts


def normalise(text: str) -> str:
    """Composed characters, nothing too long; the text that positions refer to."""
    cut = text[:LONGEST_TEXT]
    return cut if cut.isascii() else unicodedata.normalize("NFC", cut)


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


@lru_cache(maxsize=1 << 17)
def _forms(raw: str) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """The terms of a written word, its parts among them, and whether they are pairs of an unspaced script."""
    if _UNSPACED_RUN.match(raw):
        run = unicodedata.normalize("NFKC", raw)
        return tuple(dict.fromkeys(run[i : i + 2] for i in range(len(run) - 1))) or (run,), (), True
    folded = fold(raw)
    low = folded.lower().strip("'-.")
    if not low or low in STOP_WORDS:
        return (), (), False
    pieces = [piece.lower() for piece in _PART.findall(folded)]
    if len(pieces) < 2:
        return (stem(low),), (), False
    long = [piece for piece in pieces if len(piece) > 1 or piece.isdigit()]
    parts = tuple(dict.fromkeys(stem(piece) for piece in long if piece not in STOP_WORDS))
    joined = "".join(pieces)
    terms = (stem(low), *parts, *(() if joined in STOP_WORDS else (stem(joined),)))
    return tuple(dict.fromkeys(terms)), parts, False


def _is_accented(character: str) -> bool:
    return character.isalpha() and unicodedata.name(character, "").startswith(("LATIN", "GREEK", "CYRILLIC"))
