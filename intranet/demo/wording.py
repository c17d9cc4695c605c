"""The small grammar of the hand-written parts: ``{a|b}`` one of them, ``{3..9}`` a number, ``{customer}`` a slot.

Braces nest, the innermost is settled first. ``«`` and ``»`` stand for braces that are to be seen (in code).
A slot keeps its value for the life of one ``Wording``, so that a post and its comments speak of the same customer.
"""

import re
from collections.abc import Mapping, Sequence
from random import Random
from typing import Generic, TypeVar

_BRACES = re.compile(r"\{([^{}]*)\}")
_RANGE = re.compile(r"(\d+(?:\.\d+)?)\.\.(\d+(?:\.\d+)?)")


def capital(text: str) -> str:
    """With a capital first letter; a text that begins with code or a number stays as it is."""
    return text[:1].upper() + text[1:]


T = TypeVar("T")


class Deck(Generic[T]):
    """Deals every card once before any comes again, and never the same one twice in a row."""

    def __init__(self, random: Random, cards: Sequence[T]) -> None:
        self._random = random
        self._cards = list(cards)
        self._left: list[T] = []
        self._last: T | None = None

    def deal(self) -> T:
        if not self._left:
            self._left = self._random.sample(self._cards, len(self._cards))
            if len(self._left) > 1 and self._left[-1] is self._last:
                self._left.reverse()
        self._last = self._left.pop()
        return self._last


class Wording:
    """Turns a pattern into a text; ``slots`` holds the patterns to draw from, ``fixed`` the values already known."""

    def __init__(self, random: Random, slots: Mapping[str, Sequence[str]], fixed: Mapping[str, str]) -> None:
        self._random = random
        self._slots = slots
        self._values = dict(fixed)

    def say(self, pattern: str) -> str:
        text = pattern
        while found := _BRACES.search(text):
            text = text[: found.start()] + self._value(found[1]) + text[found.end() :]
        return text.replace("«", "{").replace("»", "}")

    def fix(self, slot: str, text: str) -> None:
        self._values[slot] = text

    def _value(self, inside: str) -> str:
        if "|" in inside:
            return self._random.choice(inside.split("|"))
        if numbers := _RANGE.fullmatch(inside):
            return self._number(numbers[1], numbers[2])
        if inside not in self._values and inside in self._slots:
            self._values[inside] = self.say(self._random.choice(self._slots[inside]))
        return self._values.get(inside, inside)

    def _number(self, low: str, high: str) -> str:
        """With as many decimals as the finer bound has; ``01..09`` keeps its zeros."""
        decimals = max(len(bound.partition(".")[2]) for bound in (low, high))
        scale = 10**decimals
        drawn = self._random.randint(round(float(low) * scale), round(float(high) * scale))
        return f"{drawn / scale:.{decimals}f}" if decimals else f"{drawn:0{len(low)}d}" if low[0] == "0" else str(drawn)
