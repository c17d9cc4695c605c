"""When people write: in the working hours of their own zone, a little at weekends, never in the future."""

from datetime import datetime, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

from intranet.demo.company import Colleague
from intranet.demo.handwritten import sites

_WEEKEND = 0.04  # the share of posts of a free day that stay on it: shifts and on-call
_HOURS = (7, 7, 8, 8, 8, 9, 9, 9, 10, 10, 10, 11, 11, 11, 12, 13, 13, 13, 14, 14, 14, 15, 15, 15, 16, 16, 17, 18, 21)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def is_up(person: Colleague, moment: datetime) -> bool:
    """Whether the person is likely to be awake and near a screen."""
    return 7 <= moment.astimezone(_zone(person.timezone)).hour < 21


def at_work(random: Random, person: Colleague, near: datetime) -> datetime:
    """A moment in working hours on the day of ``near``, or on the last working day before it."""
    local = near.astimezone(_zone(person.timezone))
    while local.weekday() not in sites()[person.location].week and random.random() > _WEEKEND:
        local -= timedelta(days=1)
    start = local.replace(hour=random.choice(_HOURS), minute=0, second=0, microsecond=0)
    return (start + timedelta(seconds=random.randrange(3600))).astimezone(near.tzinfo)


def soon_after(random: Random, person: Colleague, moment: datetime) -> datetime:
    """Minutes to hours after ``moment``; who sleeps by then answers the next morning."""
    answer = moment + timedelta(seconds=60 + random.expovariate(1 / 4200))
    local = answer.astimezone(_zone(person.timezone))
    if not 6 <= local.hour < 22:
        days = 1 if local.hour >= 22 else 0
        early = random.choice((6, 7, 8, 8, 9))
        local = (local + timedelta(days=days)).replace(hour=early, minute=random.randrange(60))
    return max(local.astimezone(moment.tzinfo), moment + timedelta(seconds=40)).replace(microsecond=0)
