"""Whether a topic is talked about more than usual: rising, falling or steady.

The formula: *recent* is how often posts and replies named the topic in the last 4 weeks, *usual* the average of 4 weeks
over the 12 before, times how much more is posted everywhere by now, so that a busy month lifts no topic above the
others. It rises from 3 mentions on that are half as many again as usual; it falls where they are half as
many as usual or fewer, and usual was 3 at least. Only what everybody here can read is counted, so that the answer is
the same for all and tells nothing of what is said behind doors.

Topics stand below posts, which lend the numbers.
"""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from sqlalchemy.orm import Session

from intranet.kernel.runtime import runtime

WEEKS, _RECENT = 16, 4
_FEW, _MORE, _LESS = 3, 1.5, 0.5
_ENOUGH = 30  # mentions in 4 weeks from which on the company as a whole has a usual
_PART = "topics.pulse"
_SECONDS = 300.0


class Way(StrEnum):
    """The values of the design's ``data-way``."""

    RISING = "rising"
    FALLING = "falling"
    STEADY = "steady"


@dataclass(frozen=True, slots=True)
class Pulse:
    """Mentions by week, the oldest first; ``growth`` is how much more is posted everywhere than in the weeks before."""

    weeks: tuple[int, ...] = (0,) * WEEKS
    growth: float = 1.0

    @property
    def recent(self) -> int:
        return sum(self.weeks[-_RECENT:])

    @property
    def usual(self) -> float:
        before = self.weeks[:-_RECENT]
        return self.growth * sum(before) * _RECENT / len(before)

    @property
    def way(self) -> Way:
        if self.recent >= _FEW and self.recent >= _MORE * self.usual:
            return Way.RISING
        return Way.FALLING if self.usual >= _FEW and self.recent <= _LESS * self.usual else Way.STEADY

    @property
    def gain(self) -> int:
        """How many mentions more than usual a rising topic has; 0 for others."""
        return max(1, round(self.recent - self.usual)) if self.way is Way.RISING else 0

    @property
    def path(self) -> str:
        """The curve as an SVG path of 54 by 16, the highest week on top."""
        most, step = max(*self.weeks, 1), 54 / (len(self.weeks) - 1)
        points = (f"{at * step:.1f} {16 - 16 * number / most:.1f}" for at, number in enumerate(self.weeks))
        return "M" + " L".join(points)


class Mentions(Protocol):
    """What ``posts`` lends."""

    def by_week(self, weeks: int) -> Mapping[int, tuple[int, ...]]:
        """Mentions that everybody can read, by topic and week, the oldest week first. Called outside transactions."""
        ...

    def count(self, session: Session, topic_ids: Collection[int]) -> dict[int, int]:
        """How many posts and replies name each topic, as far as the session's viewer may read them."""
        ...


class _Silence:
    """Before anybody lent anything."""

    def by_week(self, weeks: int) -> Mapping[int, tuple[int, ...]]:  # noqa: ARG002 (the protocol's signature)
        return {}

    def count(self, session: Session, topic_ids: Collection[int]) -> dict[int, int]:  # noqa: ARG002 (the protocol's signature)
        return {}


_lent: Mentions = _Silence()


def lend(mentions: Mentions) -> None:
    """Fill the ability, at start-up."""
    global _lent
    _lent = mentions


def mention_counts(session: Session, topic_ids: Collection[int]) -> dict[int, int]:
    """How many posts and replies name each topic, as far as the viewer may read them."""
    return _lent.count(session, topic_ids)


@dataclass(frozen=True, slots=True)
class Pulses:
    """All topics that were named lately; every other one is silent."""

    by_topic: Mapping[int, Pulse] = field(default_factory=dict)

    def of(self, topic_id: int) -> Pulse:
        return self.by_topic.get(topic_id) or Pulse()

    @property
    def risers(self) -> list[int]:
        """Ids of the rising topics, those that gained most first."""
        gains = {one: pulse.gain for one, pulse in self.by_topic.items() if pulse.gain}
        return sorted(gains, key=lambda one: (-gains[one], one))


def _growth(by_week: Mapping[int, tuple[int, ...]]) -> float:
    """How much more is posted than in the weeks before, 1 where too little was to tell."""
    everything = Pulse(tuple(map(sum, zip(*by_week.values(), strict=True))) or (0,) * WEEKS)
    return everything.recent / everything.usual if everything.usual >= _ENOUGH else 1.0


def pulses_now() -> Pulses:
    """How topics are doing, at most five minutes old. Call it outside any transaction."""
    held: tuple[float, Pulses] | None = runtime().parts.get(_PART)
    if held is None or time.monotonic() - held[0] > _SECONDS:
        by_week = _lent.by_week(WEEKS)
        growth = _growth(by_week)
        found = Pulses({one: Pulse(weeks, growth) for one, weeks in by_week.items()})
        held = runtime().parts[_PART] = (time.monotonic(), found)
    return held[1]
