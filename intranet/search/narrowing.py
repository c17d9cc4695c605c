"""What a search asks for beside its line: kinds, people, topics, places, time, order. It is all in the address."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from intranet.search.moments import STRETCHES, stretch_of
from intranet.search.question import FLAG_WORDS, KIND_WORDS, LONGEST, STATE_WORDS
from search_index.hits import Order

MOST_VALUES = 20
_LONGEST_VALUE = 100


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Values of one field widen, fields narrow: posts by Ada *or* Ben, *and* about Kafka.

    ``by`` are usernames, ``topic`` slugs, ``place`` audience ids in decimal (``in`` in an address), ``when`` is
    ``week``, ``month``, ``year`` or a year.
    """

    kind: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    has: tuple[str, ...] = ()
    when: str = ""
    order: Order = Order.RELEVANCE

    @property
    def filters(self) -> list[tuple[str, str]]:
        """Every field and value that narrows, kinds and the order apart."""
        several = [(name, value) for name in ("by", "topic", "place", "has") for value in getattr(self, name)]
        return [*several, *([("when", self.when)] if self.when else [])]

    def without(self, name: str, value: str) -> Self:
        """The same with one value less."""
        held = getattr(self, name)
        left: Any = tuple(each for each in held if each != value) if isinstance(held, tuple) else ""
        return replace(self, **{name: left})

    def widened(self) -> Self:
        """Kinds and order alone."""
        return type(self)(kind=self.kind, order=self.order)


_IN_ADDRESSES = {field.name: "in" if field.name == "place" else field.name for field in fields(Narrowing)}
KINDS = frozenset(KIND_WORDS.values())
FLAGS = frozenset({*FLAG_WORDS.values(), *STATE_WORDS.values()})


def query_string(line: str, narrowing: Narrowing = Narrowing(), **more: str) -> str:
    """The part of an address that holds a whole search; the same search always gives the same."""
    pairs = [("q", line)]
    for name, written in _IN_ADDRESSES.items():
        held = getattr(narrowing, name)
        values = held if isinstance(held, tuple) else (str(held),)
        is_usual = name == "order" and held is Order.RELEVANCE
        pairs += [(written, value) for value in values if value and not is_usual]
    return urlencode([*pairs, *more.items()])


def read_narrowing(arguments: Any) -> tuple[Narrowing, dict[str, str]]:
    """What a ``MultiDict`` asks for, and the fields with values that mean nothing (name -> the first such value).

    Values may repeat or be joined by commas. What means nothing is left out.
    """
    odd: dict[str, str] = {}

    def values(name: str, known: Iterable[str] | None = None) -> tuple[str, ...]:
        given = [part.strip() for value in arguments.getlist(name) for part in value[:2000].split(",")]
        found = list(dict.fromkeys(part[:_LONGEST_VALUE] for part in given if part))
        if wrong := next((part for part in found if known is not None and part not in known), None):
            odd[name] = wrong
        return tuple(part for part in found if known is None or part in known)[:MOST_VALUES]

    when, order = arguments.get("when", "").strip(), arguments.get("order", "").strip()
    if when and when not in STRETCHES and stretch_of(when) == (None, None):
        odd["when"], when = when, ""
    if order not in {"", *Order}:
        odd["order"], order = order, ""
    places = values("in")
    if wrong := next((place for place in places if not _is_id(place)), None):
        odd["in"] = wrong
    narrowing = Narrowing(
        kind=values("kind", KINDS),
        by=tuple(dict.fromkeys(name.lower().lstrip("@") for name in values("by"))),
        topic=values("topic"),
        place=tuple(place for place in places if _is_id(place)),
        has=values("has", FLAGS),
        when=when,
        order=Order(order or Order.RELEVANCE),
    )
    return narrowing, odd


def _is_id(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 19


def line_of(arguments: Mapping[str, str]) -> str:
    """The line in an address, never longer than what anybody reads of it; a NUL, which no text holds, finds nothing."""
    return arguments.get("q", "").replace("\0", " ")[: LONGEST * 5]


def read_query_string(held: str) -> tuple[str, Narrowing]:
    """The line and the narrowing that ``query_string`` wrote."""
    arguments: MultiDict[str, str] = MultiDict(parse_qsl(held, keep_blank_values=True))
    narrowing, _odd = read_narrowing(arguments)
    return line_of(arguments), narrowing
