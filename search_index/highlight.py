"""Why a document was found: the passage that answers the question best, with the matching words marked.

The question is read as the engine reads it, operators and all, so that a mark stands wherever the engine saw a
match: through inflections, parts of identifiers and accents, in phrases, beginnings and words with an error alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from search_index.analysis import normalise
from search_index.querying.language.marking import spans
from search_index.querying.language.wording import wanted

WIDTH = 180


@dataclass(frozen=True, slots=True)
class Excerpt:
    """`marks` are half-open ranges of `text`, in order and apart; an ellipsis shows where text was left
    out."""

    text: str
    marks: tuple[tuple[int, int], ...]


def excerpt(text: str, question: str, *, width: int = WIDTH) -> Excerpt:
    """At most about `width` characters around the densest matches; the beginning when nothing matches. `question`
    is what the searcher typed, in the engine's language."""
    clean = " ".join(normalise(text).split())
    marks = _marks(clean, question)
    if len(clean) <= width:
        return Excerpt(clean, marks)
    start = _best_start(marks, width)
    start, end = _at_spaces(clean, start, min(len(clean), start + width))
    before, after = "… " if start else "", " …" if end < len(clean) else ""
    shift = len(before) - start
    inside = tuple((left + shift, right + shift) for left, right in marks if start <= left and right <= end)
    return Excerpt(before + clean[start:end] + after, inside)


def _marks(clean: str, question: str) -> tuple[tuple[int, int], ...]:
    asked = wanted(question)
    return () if asked is None else tuple(_apart(spans(clean, asked)))


def _apart(marks: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Overlapping marks, as pairs of characters make them, become one."""
    joined: list[tuple[int, int]] = []
    for left, right in marks:
        if joined and left < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(right, joined[-1][1]))
        else:
            joined.append((left, right))
    return joined


def _best_start(marks: Sequence[tuple[int, int]], width: int) -> int:
    """Where a window of this width begins that holds most marks; a little text before the first of them."""
    best, best_held = 0, 0
    for place, (left, _) in enumerate(marks):
        held = sum(1 for _, right in marks[place : place + 50] if right <= left + width - 20)
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
