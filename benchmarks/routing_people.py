"""Invented behaviour of people who are asked, for the measurement of routing; docs/question-routing.md states it."""

import random
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from intranet.questions.routing.choosing import Candidate
from intranet.questions.routing.hours import USUAL, Week

BEGIN = datetime(2026, 9, 7, tzinfo=UTC)  # a Monday
_ZONES = ("Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles", "Asia/Kolkata", "Asia/Tokyo")
_MANY = (6, 4, 5, 4, 3, 2)
_CAPS = (2, 3, 5, 8)
_HOW_MANY_SET = (1, 2, 6, 1)
_TIRES_AFTER, _TIRED = 4, 0.85
_LATELY = timedelta(days=7)
_OPTED_OUT, _ON_LEAVE = 0.05, 0.05


@dataclass(slots=True)
class Worker:
    """One simulated person. ``keen`` is how likely they answer what they know, ``bold`` what they do not know; ``slow``
    the median of their time to a reply, in working hours as they come."""

    person_id: int
    week: Week
    cap: int
    is_willing: bool
    away_until: datetime | None
    keen: float
    bold: float
    slow: timedelta
    asked_at: deque[datetime] = field(default_factory=deque)
    answers: int = 0

    def candidate(self, confidence: float, now: datetime) -> Candidate:
        """This person as the router sees them."""
        monday = self.week.monday(now)
        return Candidate(
            person_id=self.person_id,
            confidence=confidence,
            week=self.week,
            is_willing=self.is_willing,
            cap=self.cap,
            asked=sum(moment >= monday for moment in self.asked_at),
            waiting=sum(moment > now - self.slow for moment in self.asked_at),
            away_until=self.away_until,
            usual_reply=self.slow,
        )

    def would_answer(self, company: int, *, knows: bool, share: float, chance: random.Random) -> bool:
        """Whether they answer when they see it.

        Less so the more others are asked with them (``share`` is the power to which their number is taken), and the
        more they were asked in the last seven days.
        """
        tired = _TIRED ** max(0, len(self.asked_at) - _TIRES_AFTER)
        likely: float = (self.keen if knows else self.bold) * company**-share * tired
        return chance.random() < likely

    def note(self, now: datetime) -> None:
        """They were asked; only the last seven days count for anything."""
        self.asked_at.append(now)
        while self.asked_at[0] < now - _LATELY:
            self.asked_at.popleft()

    def sees_at(self, asked: datetime, chance: random.Random) -> datetime:
        """When they read it and make up their mind: at work, and back from leave."""
        back = max(asked, self.away_until or asked)
        return self.week.opens_after(back + self.slow * chance.lognormvariate(0, 0.6)) or asked + timedelta(days=7)


def population(size: int, chance: random.Random) -> list[Worker]:
    """People of all sorts; how keen and how bold they are is skewed, as it is among colleagues."""
    return [_worker(number, chance) for number in range(1, size + 1)]


def _worker(number: int, chance: random.Random) -> Worker:
    shift = chance.choice((-60, 0, 0, 60))
    days = tuple((hours[0] + shift, hours[1] + shift) if hours else None for hours in USUAL)
    is_away = chance.random() < _ON_LEAVE
    return Worker(
        number,
        Week(ZoneInfo(chance.choices(_ZONES, _MANY)[0]), days),
        chance.choices(_CAPS, _HOW_MANY_SET)[0],
        chance.random() >= _OPTED_OUT,
        BEGIN + timedelta(days=chance.randint(5, 40)) if is_away else None,
        chance.betavariate(4, 2),
        min(0.5, 0.02 * chance.lognormvariate(0, 1)),
        timedelta(minutes=45 * chance.lognormvariate(0, 0.8)),
    )


def gini(loads: Sequence[int]) -> float:
    """0 where everybody carries the same, towards 1 where one carries all."""
    ordered, total = sorted(loads), sum(loads)
    if not total:
        return 0.0
    weighted = sum(place * load for place, load in enumerate(ordered, 1))
    return 2 * weighted / (len(ordered) * total) - (len(ordered) + 1) / len(ordered)
