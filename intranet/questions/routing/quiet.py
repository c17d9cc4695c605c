"""An ability that ``notifications`` lends, which stands above: when people want to be left alone."""

from collections.abc import Collection, Mapping
from typing import Protocol

from sqlalchemy.orm import Session

from intranet.questions.routing.choosing import Rests


class QuietTimes(Protocol):
    """What ``notifications`` lends."""

    def __call__(self, session: Session, people: Collection[int]) -> Mapping[int, Rests]:
        """The quiet times of each of these people, in a fixed number of statements; who set none may be missing."""
        ...


def _nothing(session: Session, people: Collection[int]) -> Mapping[int, Rests]:  # noqa: ARG001 (the protocol's signature)
    return {}


_lent: QuietTimes = _nothing


def lend(times: QuietTimes) -> None:
    """Fill the ability, at start-up."""
    global _lent
    _lent = times


def quiet_times(session: Session, people: Collection[int]) -> Mapping[int, Rests]:
    """When these people want to be left alone."""
    return _lent(session, people)
