"""Terms one typing error away from a word: every such string is made and looked up, all of them at once.

An error is a letter too many, too few or another one; with `exchanges` also two neighbours in the wrong order.
The letters to try are those that the index has in the word's own scripts.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from search_index.analysis import LONGEST_WORD
from search_index.flat.segment import Segment
from search_index.storing.corpus import Corpus
from search_index.storing.parts import Part

HEAD = 8
"""Bytes of a term that are compared as one number."""

LATIN_END = 0x250
BLOCK_BITS = 7
"""Characters whose numbers agree but for the last seven bits are taken for one script."""

Heads = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Of one field of one segment: the first bytes of each term, padded with zeros, and all its letters."""

    heads: Heads
    letters: frozenset[str]


_VOCABULARIES: WeakKeyDictionary[Segment, dict[str, Vocabulary]] = WeakKeyDictionary()
_EMPTY = Vocabulary(np.empty(0, np.uint64), frozenset())


def near_terms(corpus: Corpus, field: str, word: str, *, kept: int = 0, exchanges: bool = False) -> list[str]:
    """Terms of the index at most one error away, alphabetical; the first `kept` letters are believed. Terms of
    documents that a viewer may not read are among them."""
    if not 0 < len(word) <= LONGEST_WORD:
        return []
    letters = alphabet(corpus, field, word)
    return existing(corpus, field, sorted(edited(word, letters, kept=min(kept, len(word)), exchanges=exchanges)))


def existing(corpus: Corpus, field: str, texts: list[str]) -> list[str]:
    """Those of these texts that are terms of some document."""
    memory, _ = corpus.memory_terms(field)
    found = {text for text in texts if text in memory}
    if corpus.parts and texts:
        encoded = [text.encode() for text in texts]
        wanted = np.array(encoded, dtype=f"S{HEAD}").view(">u8").astype(np.uint64)
        for part in corpus.parts:
            found.update(_existing_in(part, field, texts, encoded, wanted))
    return sorted(found)


def edited(word: str, letters: Iterable[str], *, kept: int = 0, exchanges: bool = False) -> set[str]:
    """All strings at most one error away, the word itself among them."""
    known = list(letters)
    made = {word}
    for at in range(kept, len(word) + 1):
        head, tail, rest = word[:at], word[at:], word[at + 1 :]
        made.update([head + letter + tail for letter in known])
        if tail:
            made.add(head + rest)
            made.update([head + letter + rest for letter in known])
        if exchanges and len(tail) > 1:
            made.add(head + tail[1] + tail[0] + tail[2:])
    made.discard("")
    return made


def is_edited(word: str, term: str, *, kept: int = 0, exchanges: bool = False) -> bool:
    """Whether `edited` makes this term of the word, with the letters of both."""
    if not term or abs(len(word) - len(term)) > 1 or word[:kept] != term[:kept]:
        return False
    same = 0
    while word[same : same + 1] == term[same : same + 1] != "":
        same += 1
    left, right = word[same:], term[same:]
    if left[1:] == right or left == right[1:] or left[1:] == right[1:]:
        return True
    return exchanges and left[:2] == right[1::-1] and left[2:] == right[2:]


def _existing_in(part: Part, field: str, texts: list[str], encoded: list[bytes], wanted: Heads) -> Iterator[str]:
    heads = part.read(lambda segment: _vocabulary(segment, field), _EMPTY).heads
    if not len(heads):
        return
    hits = heads.take(heads.searchsorted(wanted), mode="clip") == wanted
    for at in np.flatnonzero(hits).tolist():
        text = texts[at]
        # Below eight bytes the head is the whole term, because no term has a zero byte.
        if len(encoded[at]) < HEAD or _holds(part, field, text):
            yield text


def _holds(part: Part, field: str, text: str) -> bool:
    return part.read(lambda segment: segment.term(field, text), None) is not None


def alphabet(corpus: Corpus, field: str, word: str) -> list[str]:
    """The letters of all terms that are of the word's own scripts."""
    letters = set(corpus.memory_terms(field)[1])
    for part in corpus.parts:
        letters |= part.read(lambda segment: _vocabulary(segment, field), _EMPTY).letters
    wanted = {_script(letter) for letter in word}
    return [letter for letter in letters if _script(letter) in wanted]


def _script(letter: str) -> int:
    code = ord(letter)
    return 0 if code < LATIN_END else code >> BLOCK_BITS


def _vocabulary(segment: Segment, field: str) -> Vocabulary:
    kept = _VOCABULARIES.setdefault(segment, {})
    found = kept.get(field)
    if found is None:
        found = kept[field] = _read_vocabulary(segment, field)
    return found


def _read_vocabulary(segment: Segment, field: str) -> Vocabulary:
    numbers = segment.terms(field)
    if not numbers:
        return _EMPTY
    starts = segment.file.whole("term.starts")[numbers.start : numbers.stop + 1].astype(np.int64)
    text = segment.file.whole("term.text")[starts[0] : starts[-1]]
    starts -= starts[0]
    heads = np.zeros(len(numbers), np.uint64)
    for place in range(HEAD):
        at = starts[:-1] + place
        inside = at < starts[1:]
        heads <<= np.uint64(8)
        heads[inside] |= text[at[inside]].astype(np.uint64)
    return Vocabulary(heads, frozenset(text.tobytes().decode()))
