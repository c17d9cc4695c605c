"""Who is where today: a few statuses and working places, so that the pages show them."""

from datetime import datetime, timedelta
from random import Random

from intranet.demo.company import SIGNING_IN, Colleague, Presence, Sign
from intranet.demo.handwritten import anchors
from intranet.demo.workdays import is_up

_ABSENT = {"Away, back on Monday", "Out sick", "Parental leave, mornings only", "On the train, slow to answer"}
_STATUSES = (
    ("🎧", "Focusing"), ("🛠️", "At the test rig"), ("🚆", "On the train, slow to answer"), ("📟", "On call"),
    ("🏖️", "Away, back on Monday"), ("🤒", "Out sick"), ("📚", "In a training"), ("🚗", "At a customer"),
    ("🍼", "Parental leave, mornings only"), ("🔬", "In the lab"),
)  # fmt: skip
_PLACES = (
    "Home",
    "Hall 2",
    "Hall 3",
    "Test field",
    "Calibration lab",
    "Cell C",
    "Office, second floor",
    "At a customer",
)


def show_signs(random: Random, people: tuple[Colleague, ...], now: datetime) -> tuple[Sign, ...]:
    """For some of those who are up; each ends by itself within hours or days."""
    awake = [person for person in people if is_up(person, now)]
    chosen = random.sample(awake, min(len(awake), 48))
    return tuple(_sign(random, person, number, now) for number, person in enumerate(chosen))


def _sign(random: Random, person: Colleague, number: int, now: datetime) -> Sign:
    emoji, text = random.choice(_STATUSES) if number % 2 else ("", "")
    place = "" if number % 2 and random.random() < 0.6 else random.choice(_PLACES)
    ends_at = (now + timedelta(hours=random.choice((3, 5, 8, 26, 50)))).replace(minute=0, second=0, microsecond=0)
    return Sign(person.username, emoji, text, place, ends_at)


def be_around(
    random: Random, people: tuple[Colleague, ...], signs: tuple[Sign, ...], now: datetime
) -> tuple[Presence, ...]:
    """Most of those who are up, until their own evening; who signs in as somebody speaks for themselves."""
    absent = {sign.person for sign in signs if sign.text in _ABSENT} | SIGNING_IN
    well_known = {anchor.username for anchor in anchors()}
    found: list[Presence] = []
    for person in people:
        until = now + timedelta(minutes=random.randint(40, 500))
        stays = random.random() < 0.55 or person.username in well_known
        focuses = random.random() < 0.12
        if stays and person.username not in absent and is_up(person, now):
            found.append(Presence(person.username, until, focuses))
    return tuple(found)
