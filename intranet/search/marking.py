"""The words of a question, made visible in what was found."""

import re
from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from intranet.kernel.text import fold

_TOKEN = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_OPERATORS = frozenset({"AND", "OR", "NOT"})
_SHORTEST_STEM = 4


def words_of(question: str) -> tuple[str, ...]:
    """The words of a search line, without its operators and without what it excludes."""
    parts = [part for part in question.split() if part not in _OPERATORS and part[0] != "-"]
    return tuple(dict.fromkeys(fold(match) for part in parts for match in _TOKEN.findall(part)))


def marked(text: str, words: Iterable[str]) -> Markup:
    """``text`` as HTML with every occurrence of a word in ``<mark>``."""
    out, end = Markup(), 0
    for start, stop in _spans(text, _prepared(words)):
        out += escape(text[end:start]) + Markup("<mark>%s</mark>") % text[start:stop]
        end = stop
    return out + escape(text[end:])


def passage(text: str, words: Iterable[str], *, most: int = 160) -> str:
    """The stretch of ``text`` that holds the most different words, cut between words and marked with ellipses."""
    if len(text) <= most:
        return text
    spans = list(_spans(text, _prepared(words)))[:200]
    begin = 0
    if spans:
        best = max(spans, key=lambda span: (_variety(text, spans, span[0], most), -span[0]))
        begin = max(0, min(best[0] - most // 5, len(text) - most))
    end = begin + most
    cut = text[begin:end]
    if begin and " " in cut[:30]:
        cut = cut[cut.index(" ") + 1 :]
    if end < len(text) and " " in cut[-30:]:
        cut = cut[: cut.rindex(" ")]
    return ("…" if begin else "") + cut.strip() + ("…" if end < len(text) else "")


def _variety(text: str, spans: Sequence[tuple[int, int]], start: int, most: int) -> int:
    return len({fold(text[a:b]) for a, b in spans if start <= a < start + most * 4 // 5})


def _prepared(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fold(token) for word in words for token in _TOKEN.findall(word)))


def _spans(text: str, words: Sequence[str]) -> Iterable[tuple[int, int]]:
    if not words:
        return
    unspaced = [word for word in words if _UNSPACED.search(word)]
    known: dict[str, bool] = {}
    for match in _TOKEN.finditer(text):
        token = match.group()
        folded = fold(token)
        if folded not in known:
            known[folded] = any(_same(folded, word) for word in words)
        if known[folded]:
            yield match.span()
            continue
        for word in unspaced:
            at = token.find(word)
            if at >= 0:
                yield match.start() + at, match.start() + at + len(word)
                break


def _same(token: str, word: str) -> bool:
    """Equal, or one begins with the other where that is likely the same word (``lag`` and ``lags``)."""
    if token == word:
        return True
    short, long = sorted((token, word), key=len)
    return long.startswith(short) and (len(short) >= _SHORTEST_STEM or long == short + "s")
