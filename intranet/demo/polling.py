"""Polls of the made-up company: one is over, one waits for the vote of whoever signs in."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from intranet.demo.company import SIGNING_IN, Colleague, Poll, Post
from intranet.demo.handwritten import polls
from intranet.demo.workdays import at_work


def ask_around(random: Random, people: tuple[Colleague, ...], now: datetime) -> Iterator[Post]:
    """Each by somebody who works there, answered by a share of the others until it closes."""
    for asked in polls():
        began = now - timedelta(days=asked.began)
        there = [one for one in people if one.location == asked.site and one.joined < began.date()]
        author = random.choice([one for one in there if one.username not in SIGNING_IN])
        moment = at_work(random, author, began)
        closes_at = moment + timedelta(days=asked.open_for)
        voters = [one.username for one in people if one.username not in SIGNING_IN and random.random() < asked.share]
        until = min(closes_at, now)
        votes = tuple(
            (
                name,
                random.choices(range(len(asked.answers)), tuple(asked.answers.values()))[0],
                _between(random, moment, until),
            )
            for name in voters
        )
        poll = Poll(tuple(asked.answers), closes_at, votes)
        yield Post(author.username, asked.text, moment, (), poll=poll)


def _between(random: Random, first: datetime, last: datetime) -> datetime:
    """Most vote early."""
    return first + (last - first) * random.random() ** 2
