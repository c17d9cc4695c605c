"""The words of a question, made visible in what was found.

The engine says which words of a text it counts as matches, so that a mark stands where it saw one: it reads the same
operators, beginnings and typing errors. Of a compound only the part that was asked for is marked.
"""

import re
from collections.abc import Iterable
from itertools import pairwise

from markupsafe import Markup, escape

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
    asked = {stem(_folded(word)) for word in _WORD.findall(question)}
    out, end = [], 0
    for start, stop in (span for mark in found.marks for span in _narrowed(found.text, *mark, asked)):
        out += [escape(found.text[end:start]), Markup("<mark>%s</mark>") % found.text[start:stop]]
        end = stop
    return Markup("").join([*out, escape(found.text[end:])])


def passage(text: str, words: Asked, *, most: int = 160) -> str:
    """The stretch of ``text`` that holds most of what matches, cut between words and marked with ellipses."""
    return excerpt(text, _line(words), width=most).text


def _line(words: Asked) -> str:
    return words if isinstance(words, str) else " ".join(words)


def _narrowed(text: str, start: int, stop: int, asked: set[str]) -> list[tuple[int, int]]:
    """The parts of a marked compound that were asked for; all of it where they are not to be told apart."""
    edges = [start, *(start + hump.start() for hump in _HUMP.finditer(text[start:stop])), stop]
    parts = [
        (left + part.start(), left + part.end())
        for left, right in pairwise(edges)
        for part in _PART.finditer(text[left:right])
    ]
    inside = [(left, right) for left, right in parts if stem(_folded(text[left:right])) in asked]
    return inside if inside and len(inside) < len(parts) else [(start, stop)]


def _folded(word: str) -> str:
    return fold(word).lower()
