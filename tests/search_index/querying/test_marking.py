"""Marks stand where the rule says, whatever the text and the question: the rule is told here word by word."""

import fnmatch
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from whoosh import query

from search_index.analysis import normalise, words
from search_index.highlight import excerpt, passage
from search_index.querying.language.asking import Near
from search_index.querying.language.marking import sought
from search_index.querying.language.wording import wanted
from search_index.querying.lists.edits import edited, is_edited

Standing = tuple[str, int, int, int]
"""A term, its place, and the characters that are marked for it."""


def standings(text: str) -> Iterator[Standing]:
    place = 0
    for word in words(text):
        if not word.pairs:
            wholes = [term for term in word.terms if term not in word.parts or term == word.terms[0]]
            yield from ((term, place, word.start, word.end) for term in wholes)
        for at, term in enumerate(word.sequence):
            left, right = (at, min(at + 2, word.end - word.start)) if word.pairs else (0, word.end - word.start)
            yield term, place + at, word.start + left, word.start + right
        place += len(word.sequence)


def found(text: list[Standing], node: query.Query) -> list[tuple[int, int]]:
    match node:
        case query.Not():
            return []
        case query.Otherwise():
            return found(text, node.a) or found(text, node.b)
        case query.AndNot():
            return found(text, node.a)
        case query.compound.CompoundQuery():
            return [span for part in node.subqueries for span in found(text, part)]
        case query.Phrase():
            return [span for first in text for span in phrase(text, node, first)]
    inside = [standing for standing in text if means(node, standing[0])]
    if isinstance(node, query.Wildcard) and len(node.text) == 3 and node.text[1] not in "*?":
        starts = [left + term.index(node.text[1]) for term, _, left, _ in inside]
        return [(start, start + 1) for start in starts]
    return [(left, right) for _, _, left, right in inside]


def means(node: query.Query, term: str) -> bool:
    match node:
        case query.Term():
            return bool(term == node.text)
        case query.Prefix():
            return bool(term.startswith(node.text))
        case query.Wildcard():
            return fnmatch.fnmatchcase(term, node.text)
        case query.FuzzyTerm():
            return term in edited(node.text, set(term), kept=node.prefixlength, exchanges=isinstance(node, Near))
    return False


def phrase(text: list[Standing], node: query.Phrase, first: Standing) -> list[tuple[int, int]]:
    """Each of its words as near behind the one before it as can be."""
    if first[0] != node.words[0]:
        return []
    places = [first[1]]
    for word in node.words[1:]:
        near = [place for term, place, _, _ in text if term == word and 0 < place - places[-1] <= node.slop]
        if not near:
            return []
        places.append(min(near))
    held = set(zip(node.words, places, strict=True))
    return [(left, right) for term, place, left, right in text if (term, place) in held]


_WRITTEN = """pump pumps Pumping valve valv Ventil Größe grösse GRÖSSE Müllabfuhr max_poll_interval getAddrInfo 2026
socket.makefile HTTPServer2 utf-8 C++ c# o'clock dry run the of a 东京 東京タワー 昨日は高さ ﾀﾞｲ ｶﾞ กข ไทย مضخة الزيت
שָׁלוֹם हिन्दी e\u0301le\u0301ment cafe\u0301 ǅ İstanbul ﬁrmware ＦＵＬＬ 😀 \u00ad AND OR NOT -pump "dry "dry run"
"pump valve"~2 (pump valve) pum* *alve v?lve pmup~ kafak kafka 高 京 x 1 pump-valve pump.valve pumpvalve _ __ ' ’ "
<mark> &amp;"""
_PIECES = st.sampled_from(_WRITTEN.split())
_LINES = st.one_of(st.lists(_PIECES, max_size=12).map(" ".join), st.lists(_PIECES, max_size=6).map("".join))
_TEXTS = st.one_of(_LINES, st.text(max_size=60), st.tuples(_LINES, st.text(max_size=20), _LINES).map("".join))


@settings(max_examples=400, derandomize=True)
@given(_TEXTS, _TEXTS)
@example("", "pump")
@example("pump", "")
@example("pumpvalve", "pump valve")
@example("東京タワーと京都", "京")
@example("a dry run, a dry, dry run", '"dry run" -run')
@example("ｶﾞｸﾞ ｶﾞｸﾞｶﾞ", "ｶﾞｸﾞ")
@example("valv and vlave", "vavle")
def test_marks_stand_where_the_rule_says(text: str, question: str) -> None:
    asked = wanted(question)
    if asked is not None:
        clean = normalise(text)
        assert sought(asked).spans(clean) == sorted(set(found(list(standings(clean)), asked)))


@settings(max_examples=200, derandomize=True)
@given(_TEXTS, _TEXTS, st.integers(20, 200))
def test_a_passage_is_the_text_of_the_excerpt(text: str, question: str, width: int) -> None:
    assert passage(text, question, width=width) == excerpt(text, question, width=width).text


@settings(max_examples=400, derandomize=True)
@given(st.text("abcé", min_size=1, max_size=5), st.text("abcé", max_size=6), st.integers(0, 3), st.booleans())
def test_a_word_with_an_error_is_told_as_it_is_made(word: str, term: str, kept: int, exchanges: bool) -> None:
    made = edited(word, set(word + term), kept=min(kept, len(word)), exchanges=exchanges)
    assert is_edited(word, term, kept=min(kept, len(word)), exchanges=exchanges) == (term in made)


@pytest.mark.parametrize("term", ["", "pump", "pmup", "pum", "pumps", "bump"])
def test_one_error_is_enough(term: str) -> None:
    assert is_edited("pump", term, exchanges=True) == (term != "")
