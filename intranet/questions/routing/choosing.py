"""Who is asked now, and when to look again: the whole rule, without a database or a clock.

docs/question-routing.md says the same in plain words; change both or neither.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_low
from typing import Protocol

from intranet.posts.asking.models import Urgency
from intranet.questions.routing.hours import Week

WAVE = 3
EXPERT_WAVES = 2
CIRCLE = 12
"""How many followers and stewards at most hear of a question that nobody answered."""
PER_WEEK = 5
"""The weekly limit of those who set none."""

_NEAR = 0.5  # of the surest: whoever is less likely to know it is not asked in their place
_WEIGHT_OF_WEEK = 0.5
_PATIENCE = {
    Urgency.NOW: (timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=1)),
    Urgency.SOON: (timedelta(hours=1), timedelta(hours=3), timedelta(hours=6)),
    Urgency.WHENEVER: (timedelta(hours=4), timedelta(hours=12), timedelta(hours=24)),
}


class Rests(Protocol):
    """Quiet hours, days and snoozes of one person."""

    def holds_at(self, moment: datetime) -> bool:
        """Whether they are to be left alone then."""
        ...

    def ends_after(self, moment: datetime) -> datetime:
        """The first moment at which they may be told something."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who may know. ``confidence`` is the finder's, 1 for whom somebody named; ``asked`` counts the questions
    that went to them in this week of theirs, ``waiting`` those that they have not dealt with yet. ``is_willing`` is
    False for whoever opted out or does not want to be asked about it; ``away_until`` ends a focus or an absence."""

    person_id: int
    confidence: float
    week: Week
    may_read: bool = True
    is_willing: bool = True
    cap: int = PER_WEEK
    asked: int = 0
    waiting: int = 0
    rests: Rests | None = None
    away_until: datetime | None = None
    usual_reply: timedelta | None = None

    @property
    def worth(self) -> float:
        """How sure the finder is, shared among the questions that wait for this person and that they got this week."""
        return self.confidence / (1 + self.waiting + _WEIGHT_OF_WEEK * self.asked)

    @property
    def can_be_asked(self) -> bool:
        """Whether there is any time at which they could be."""
        return self.may_read and self.is_willing and self.asked < self.cap

    def is_free(self, moment: datetime) -> bool:
        """Whether they are at work and not to be left alone."""
        is_away = self.away_until is not None and moment < self.away_until
        return self.week.is_open(moment) and not is_away and not (self.rests and self.rests.holds_at(moment))

    def free_after(self, moment: datetime) -> datetime | None:
        """The first moment at which they are; None where that is not known."""
        for _step in range(20):
            begins = self.week.opens_after(moment)
            if begins is None:
                return None
            if self.away_until is not None and begins < self.away_until:
                begins = self.away_until
            if self.rests is not None:
                begins = self.rests.ends_after(begins)
            if self.is_free(begins):
                return begins
            moment = begins
        return None


@dataclass(frozen=True, slots=True)
class Spared:
    """Somebody who would be asked, were it not for the moment. ``is_asleep`` where that is only the hour where they
    are, which anybody can tell from their clock; why else is theirs alone."""

    person_id: int
    until: datetime
    is_asleep: bool


@dataclass(frozen=True, slots=True)
class Wave:
    """Who is asked now, best first, and who is spared for now."""

    asked: tuple[int, ...] = ()
    spared: tuple[Spared, ...] = ()


def choose(
    candidates: Iterable[Candidate],
    *,
    now: datetime,
    already: Collection[int] = (),
    most: int = WAVE,
    is_near_only: bool = True,
) -> Wave:
    """The next wave. ``already`` are those who were asked before; with ``is_near_only`` whoever is far less likely to
    know it than the surest of all is left in peace."""
    known = list(candidates)
    least = _NEAR * max((one.confidence for one in known), default=0.0) if is_near_only else 0.0
    able = [one for one in known if one.can_be_asked and one.person_id not in already and one.confidence >= least]
    able.sort(key=lambda one: (-one.worth, one.person_id))
    free: list[Candidate] = []
    spared: list[Spared] = []
    for one in {one.person_id: one for one in able}.values():
        if len(free) == most:
            break
        if one.is_free(now):
            free.append(one)
        elif len(spared) < most and (until := one.free_after(now)) is not None:
            spared.append(Spared(one.person_id, until, until == one.week.opens_after(now)))
    return Wave(tuple(one.person_id for one in free), tuple(spared))


def patience(urgency: Urgency, asked: Sequence[Candidate]) -> timedelta:
    """How long a wave has before the next one: twice what these people usually take, within the bounds of how soon an
    answer is of use."""
    least, usual, most = _PATIENCE[urgency]
    known = [one.usual_reply for one in asked if one.usual_reply is not None]
    if not known:
        return usual
    return min(most, max(least, 2 * median_low(known)))


def look_again(wave: Wave, urgency: Urgency, candidates: Iterable[Candidate], *, now: datetime) -> datetime | None:
    """When to ask the next ones; None where waiting for these brings nobody."""
    asked = [one for one in candidates if one.person_id in wave.asked]
    wakes = min((one.until for one in wave.spared), default=None)
    if asked:
        later = now + patience(urgency, asked)
        return later if wakes is None or len(asked) >= WAVE else max(now + _PATIENCE[urgency][0], min(later, wakes))
    return wakes
