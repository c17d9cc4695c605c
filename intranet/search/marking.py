"""The words of a question, made visible in what was found.

The engine says which words of a text it counts as matches, so that a mark stands where it saw one: it reads the same
operators, beginnings and typing errors. Of a compound only the part that was asked for is marked.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from markupsafe import Markup, escape

from search_index import highlight
from search_index.analysis import fold, stem
from search_index.highlight import excerpt

_EXCLUDED = re.compile(r"""(?<!\S)(?:NOT\s+|-(?=\S))(?:"[^"]*"|\([^)]*\)|\S+)""")
_WORD = re.compile(r"[^\W_]+")
_PART = re.compile(r"[^\W\d_]+|\d+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WHOLE = 1_000_000
Asked = str | Iterable[str]


def words_of(question: str) -> str:
    """A search line without what it leaves out, for headings and for asking people."""
    return " ".join(_EXCLUDED.sub(" ", question).split())


def marked(text: str, words: Asked, *, most: int = _WHOLE) -> Markup:
    """``text`` as HTML with what matches in ``<mark>``, on one line; where it is longer than ``most`` characters, the
    stretch of it that holds most."""
    question = _line(words)
    found = excerpt(text, question, width=most)
    asked = _asked(question)
    out, end = [], 0
    for start, stop in (span for mark in found.marks for span in _narrowed(found.text, *mark, asked)):
        out += [escape(found.text[end:start]), "<mark>", escape(found.text[start:stop]), "</mark>"]
        end = stop
    return Markup("".join([*out, escape(found.text[end:])]))  # noqa: S704 (each part is escaped)


def passage(text: str, words: Asked, *, most: int = 160) -> str:
    """The stretch of ``text`` that holds most of what matches, cut between words and marked with ellipses: what
    ``marked`` shows, without its marks."""
    return highlight.passage(text, _line(words), width=most)


def _line(words: Asked) -> str:
    return words if isinstance(words, str) else " ".join(words)


@lru_cache(maxsize=256)
def _asked(question: str) -> frozenset[str]:
    return frozenset(stem(_folded(word)) for word in _WORD.findall(question))


def _narrowed(text: str, start: int, stop: int, asked: frozenset[str]) -> list[tuple[int, int]]:
    """The parts of a marked compound that were asked for; all of it where they are not to be told apart."""
    word = text[start:stop]
    parts = _parts(word)
    inside = [(left, right) for left, right in parts if stem(_folded(word[left:right])) in asked]
    if not inside or len(inside) == len(parts):
        return [(start, stop)]
    return [(start + left, start + right) for left, right in inside]


@lru_cache(maxsize=1 << 12)
def _parts(word: str) -> tuple[tuple[int, int], ...]:
    edges = [0, *(hump.start() for hump in _HUMP.finditer(word)), len(word)]
    return tuple(
        (left + part.start(), left + part.end())
        for left, right in pairwise(edges)
        for part in _PART.finditer(word[left:right])
    )


def _folded(word: str) -> str:
    return fold(word).lower()
