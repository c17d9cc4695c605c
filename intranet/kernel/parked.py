"""Events that a subscriber could not take: shown with the reason, and given to it again when somebody has mended it.

The worker delivers, as it always does, so that a handler finds the same surroundings. A letter leaves in the very
transaction in which its event is taken: however often it is tried again, the event is taken once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.kernel import clock, jobs, outbox
from intranet.kernel.db import Database
from intranet.kernel.outbox import DeadLetter, OutboxEvent
from intranet.kernel.viewer import system

_AGAIN = "kernel.parked"


@dataclass(frozen=True, slots=True)
class Parked:
    """One event that waits for one subscriber; ``type`` is empty where the event itself is gone."""

    subscriber: str
    event_id: int
    type: str
    reason: str
    since: datetime


def parked(session: Session, *, limit: int) -> list[Parked]:
    """The latest first."""
    found = select(DeadLetter, OutboxEvent.type).outerjoin(OutboxEvent, OutboxEvent.id == DeadLetter.event_id)
    order = found.order_by(DeadLetter.event_id.desc(), DeadLetter.subscriber.desc()).limit(limit)
    return [
        Parked(letter.subscriber, letter.event_id, kind or "", letter.reason, letter.created_at)
        for letter, kind in session.execute(order)
    ]


def try_again(session: Session, subscriber: str, event_id: int) -> bool:
    """Have the worker deliver it once more; False where nothing of that name is parked."""
    if session.get(DeadLetter, (subscriber, event_id)) is None:
        return False
    jobs.later(session, _AGAIN, {"subscriber": subscriber, "event_id": event_id})
    return True


def let_go(session: Session, subscriber: str, event_id: int) -> bool:
    """Forget it: the subscriber never gets it. As ``try_again`` otherwise."""
    letter = session.get(DeadLetter, (subscriber, event_id), with_for_update=True)
    if letter is None:
        return False
    session.delete(letter)
    return True


def deliver(database: Database, subscriber: str, event_id: int) -> str:
    """Deliver one now; returns why it stays parked, or nothing."""
    viewer = system(reason="outbox: a parked event is tried again")

    def give(session: Session) -> None:
        letter = session.get(DeadLetter, (subscriber, event_id), with_for_update=True)
        if letter is not None:
            outbox.give(session, subscriber, event_id)
            session.delete(letter)

    try:
        database.transact(viewer, give)
    except Exception as error:  # noqa: BLE001 (whatever its handler raises is why it stays)
        reason = repr(error)[:2000]
    else:
        return ""

    def keep(session: Session) -> None:
        letter = session.get(DeadLetter, (subscriber, event_id), with_for_update=True)
        if letter is not None:
            letter.reason, letter.created_at = reason, clock.now()

    database.transact(viewer, keep)
    return reason


def _deliver(database: Database, payload: dict[str, Any]) -> str:
    return deliver(database, payload["subscriber"], payload["event_id"])


@jobs.slow_job(_AGAIN, _deliver)
def _delivered(_session: Session, _payload: dict[str, Any], _reason: str) -> None:
    """It is taken, or its letter says why not: one press of a button is one try."""


def waiting(session: Session) -> Sequence[tuple[str, int]]:
    """Everything that is parked, oldest first."""
    every = select(DeadLetter.subscriber, DeadLetter.event_id).order_by(DeadLetter.event_id, DeadLetter.subscriber)
    return [(name, event_id) for name, event_id in session.execute(every)]
