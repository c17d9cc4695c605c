"""Where the next page begins, so that nothing is lost or shown twice while others write and delete.

The engine counts places from the best hit on. A page remembers when the first one was asked for (later documents stay
out) and which hit was its last: the next page looks for that one some places around where it should be, and goes on
behind it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from intranet.kernel import clock
from intranet.kernel.errors import Invalid
from intranet.kernel.page import decode_cursor, encode_cursor
from search_index.hits import Hit

DEEPEST = 1000
_MOST = 100
_SLACK = 20


@dataclass(frozen=True, slots=True)
class Place:
    """``offset`` hits lie before; ``last_id`` was the last of them, at a time when ``at`` was now."""

    offset: int = 0
    at: datetime | None = None
    last_id: str = ""

    @property
    def token(self) -> str:
        """It in an address."""
        return encode_cursor(self.offset, int(self.at.timestamp() * 1000) if self.at else 0, self.last_id)


START = Place()


@dataclass(frozen=True, slots=True)
class Window:
    """What the engine is asked for: the page with some places around it."""

    offset: int
    limit: int
    wanted: int

    def cut(self, hits: Sequence[Hit], place: Place) -> tuple[tuple[Hit, ...], int]:
        """The page out of the window, and how many hits lie before it."""
        begin = place.offset - self.offset
        if place.last_id:
            begin = next((at + 1 for at, hit in enumerate(hits) if hit.id == place.last_id), begin)
        return tuple(hits[begin : begin + self.wanted]), self.offset + begin

    @staticmethod
    def reach(total: int) -> int:
        """How many of so many hits can be paged to."""
        return min(total, DEEPEST)


def window_of(place: Place, limit: int) -> Window:
    """The window for a page of at most ``limit`` hits."""
    slack = _SLACK if place.last_id else 0
    offset = max(0, place.offset - slack)
    return Window(offset, min(_MOST, place.offset - offset + limit + slack, DEEPEST - offset), limit)


def read_place(words: str, limit: int) -> Place:
    """A place from an address: nothing, a page's number, or a token of ours.

    Raises:
        Invalid: it is none of these.
    """
    if not words:
        return START
    if words.isascii() and words.isdigit() and len(words) < 9:
        return Place(min(max(0, int(words) - 1) * limit, DEEPEST))
    try:
        keys = decode_cursor(words, size=3) or []
        offset, at, last_id = int(keys[0]), int(keys[1]), str(keys[2])[:100]
        moment = min(datetime.fromtimestamp(at / 1000, UTC), clock.now()) if at else None
    except (Invalid, ValueError, TypeError, OverflowError, OSError) as error:
        raise Invalid({"page": "a number, or what “next” said"}) from error
    return Place(min(max(0, offset), DEEPEST), moment, last_id)
