"""Why a document was found: the passage that answers the question best, with the matching words marked.

The question is read as the engine reads it, operators and all, so that a mark stands wherever the engine saw a
match: through inflections, parts of identifiers and accents, in phrases, beginnings and words with an error alike.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from search_index.analysis import Span, normalise
from search_index.querying.language.marking import Sought, sought
from search_index.querying.language.wording import wanted

WIDTH = 180


@dataclass(frozen=True, slots=True)
class Excerpt:
    """`marks` are half-open ranges of `text`, in order and apart; an ellipsis shows where text was left
    out."""

    text: str
    marks: tuple[Span, ...]


def excerpt(text: str, question: str, *, width: int = WIDTH) -> Excerpt:
    """At most about `width` characters around the densest matches; the beginning when nothing matches. `question`
    is what the searcher typed, in the engine's language."""
    return _excerpt(_on_one_line(text), question, width)


def passage(text: str, question: str, *, width: int = WIDTH) -> str:
    """The text of the `excerpt`: what is short enough is whole, whatever matches."""
    clean = _on_one_line(text)
    return clean if len(clean) <= width else _excerpt(clean, question, width).text


@lru_cache(maxsize=2_000)  # who asked reads on, on the next page say, in what was found before
def _excerpt(clean: str, question: str, width: int) -> Excerpt:
    marks = _apart(_sought(question).spans(clean))
    if len(clean) <= width:
        return Excerpt(clean, tuple(marks))
    start = _best_start(marks, width)
    start, end = _at_spaces(clean, start, min(len(clean), start + width))
    before, after = "… " if start else "", " …" if end < len(clean) else ""
    shift = len(before) - start
    inside = tuple((left + shift, right + shift) for left, right in marks if start <= left and right <= end)
    return Excerpt(before + clean[start:end] + after, inside)


def _on_one_line(text: str) -> str:
    return " ".join(normalise(text).split())


@lru_cache(maxsize=256)
def _sought(question: str) -> Sought:
    asked = wanted(question)
    return Sought() if asked is None else sought(asked)


def _apart(marks: Iterable[Span]) -> list[Span]:
    """Overlapping marks, as pairs of characters make them, become one."""
    joined: list[Span] = []
    for left, right in marks:
        if joined and left < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(right, joined[-1][1]))
        else:
            joined.append((left, right))
    return joined


def _best_start(marks: Sequence[Span], width: int) -> int:
    """Where a window of this width begins that holds most marks; a little text before the first of them."""
    best, best_held = 0, 0
    ends = [right for _, right in marks]
    for place, (left, _) in enumerate(marks):
        held = bisect_right(ends, left + width - 20, place, min(place + 50, len(ends))) - place
        if held > best_held:
            best, best_held = max(0, left - 20), held
    return best


def _at_spaces(clean: str, start: int, end: int) -> tuple[int, int]:
    """Move the ends of a window to the spaces nearby, so that no word is cut."""
    if start:
        space = clean.find(" ", start, start + 20)
        start = space + 1 if space >= 0 else start
    if end < len(clean):
        space = clean.rfind(" ", end - 20, end)
        end = space if space > start else end
    return start, end
