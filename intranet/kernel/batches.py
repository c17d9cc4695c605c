"""Many values, a few at a time: databases take only so many in one statement, and long work lets others in between."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def in_batches(items: Sequence[T], most: int = 500) -> Iterator[Sequence[T]]:
    """All of them in their order, ``most`` at a time."""
    for start in range(0, len(items), most):
        yield items[start : start + most]
