"""A few answers that hold until a document changes.

Who reads on asks the same again: the next page, narrowed to a department, with facets. In between nothing may have
changed; then what was worked out is still true.
"""

from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

MOST = 8
"""Answers that are kept; people read on at once, or not at all."""

K = TypeVar("K")
V = TypeVar("V")


class Kept(Generic[K, V]):
    """Any thread may ask. What is being worked out while a document changes goes where nobody looks any more."""

    def __init__(self) -> None:
        self._answers: deque[tuple[K, V]] = deque(maxlen=MOST)

    def of(self, key: K, work_out: Callable[[], V]) -> V:
        """The answer to `key`, which names everything that the answer depends on besides the documents."""
        answers = self._answers
        for known, answer in tuple(answers):
            if known == key:
                return answer
        found = work_out()
        answers.append((key, found))
        return found

    def forget(self) -> None:
        """Call it when a change is whole, before anybody is told of it."""
        self._answers = deque(maxlen=MOST)
