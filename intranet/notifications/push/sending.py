"""What was not seen, by push: a little after it happened, to everybody who has a device and is not looking.

The ledger decides. Taking notices for push marks them as told, so that no mail and no digest tells them again; where
no device could be reached they are given back, and mail takes them. Words are made at the moment of sending, by the
reader's own session.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask_babel import force_locale
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.kernel import clock, jobs
from intranet.kernel.db import Database
from intranet.kernel.ids import new_id
from intranet.kernel.languages import SOURCE
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.links.addresses import Forbidden, Unresolved
from intranet.links.fetching import Unreachable
from intranet.notifications.mailing import PATIENCE as MAIL_PATIENCE
from intranet.notifications.mailing import mail_unless_seen
from intranet.notifications.models import Channel, Notice
from intranet.notifications.push.actions import own_device
from intranet.notifications.push.models import PushDevice
from intranet.notifications.push.queries import Device, devices_of, with_devices
from intranet.notifications.push.sealing import BadKeys, deliver
from intranet.notifications.push.words import Message, trial, write_message
from intranet.notifications.queries import NEEDS_ME, untold
from intranet.notifications.quiet import quiet_of
from intranet.people.cards import AROUND
from intranet.people.models import PresenceMark

PATIENCE = timedelta(seconds=20)  # to be seen in an open window first
_LOOKING = timedelta(minutes=8)  # so long somebody who is around may take to look at the bell
_LOOK_AGAIN = timedelta(minutes=1)
_MOST_AT_ONCE = 3
_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (15, 60, 240, 900, 3600))
_GONE = frozenset({404, 410})
TAKE, SEND, TRY = "notifications.push", "notifications.push-send", "notifications.push-try"


def push_unless_seen(session: Session, people: Iterable[int], moment: datetime) -> None:
    """See to it that those of these people who have a device are told there what they have not seen soon after."""
    for person_id in with_devices(session, people):
        jobs.later(session, TAKE, {"person_id": str(person_id)}, at=moment + PATIENCE)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Notices to be told now; or the moment at which to ask again."""

    notices: tuple[int, ...] = ()
    ask_at: datetime | None = None


def _look(database: Database, payload: dict[str, Any]) -> _Waiting:
    """What waits for this person, as their own session finds it."""
    person_id, now = int(payload["person_id"]), clock.now()
    with database.reading(Viewer(person_id)) as session:
        notices = untold(session, Viewer(person_id), NEEDS_ME)
        if not notices or not devices_of(session, person_id):
            return _Waiting()
        quiet = quiet_of(session, person_id)
        if quiet.holds_at(now):
            return _Waiting(ask_at=quiet.ends_after(now))
        first = session.scalar(select(func.min(Notice.created_at)).where(Notice.id.in_(notices)))
        mark = session.get(PresenceMark, person_id)
        if mark is not None and now - mark.seen_at < AROUND and first is not None and now - first < _LOOKING:
            return _Waiting(ask_at=now + _LOOK_AGAIN)
        return _Waiting(tuple(notices))


@jobs.slow_job(TAKE, _look)
def take(session: Session, payload: dict[str, Any], found: _Waiting) -> None:
    """Mark what is to be pushed as told, and send it: a few things one by one, more of them as one number."""
    if found.ask_at is not None:
        jobs.later(session, TAKE, payload, at=found.ask_at)
    fresh = select(Notice.id, Notice.thread).where(
        Notice.id.in_(found.notices), Notice.told_at.is_(None), Notice.read_at.is_(None)
    )
    threads: dict[str, list[str]] = {}
    for row in session.execute(fresh.order_by(Notice.id)):
        threads.setdefault(row.thread, []).append(str(row.id))
    taken = [int(one) for ids in threads.values() for one in ids]
    if not taken:
        return
    told = {"told_at": clock.now(), "told_by": Channel.PUSH}
    session.execute(update(Notice).where(Notice.id.in_(taken)).values(**told))
    parcels = list(threads.values()) if len(threads) <= _MOST_AT_ONCE else [[str(one) for one in taken]]
    for notices in parcels:
        jobs.later(session, SEND, {"person_id": payload["person_id"], "notices": notices, "attempt": 0})


@dataclass(slots=True)
class _Outcome:
    """What became of one message on each device. ``trouble`` is the last reason why one was not reached."""

    reached: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    later: list[int] = field(default_factory=list)
    pause: timedelta = timedelta()
    trouble: str = ""


def _send(database: Database, payload: dict[str, Any]) -> _Outcome:
    """The slow part: words for what is still unseen and may still be read, to each device that has not had them."""
    person_id = int(payload["person_id"])
    outcome = _Outcome()
    with database.reading(Viewer(person_id)) as session:
        message = _message(session, person_id, [int(one) for one in payload["notices"]])
        devices = devices_of(session, person_id)
    if message is None:
        return outcome
    only = payload.get("devices")
    for device in devices:
        if only is None or str(device.id) in only:
            _hand_over(device, message, outcome)
    return outcome


def _message(session: Session, person_id: int, notices: list[int]) -> Message | None:
    person = session.get(Person, person_id)
    if person is None or person.deactivated_at is not None:
        return None
    taken = Notice.told_by == Channel.PUSH
    with force_locale(person.language or SOURCE):
        return write_message(session, Viewer(person_id), Notice.id.in_(notices), taken)


def _hand_over(device: Device, message: Message, outcome: _Outcome) -> None:
    settings = runtime().settings
    try:
        body = json.dumps(message.as_json(), ensure_ascii=False, separators=(",", ":")).encode()
        answer = deliver(settings, device.address, body, topic=message.tag)
    except (Forbidden, BadKeys) as error:
        outcome.gone.append(device.id)
        outcome.trouble = repr(error)
    except (Unresolved, Unreachable) as error:
        outcome.later.append(device.id)
        outcome.trouble = repr(error)
    else:
        if answer.status < 300:
            outcome.reached.append(device.id)
            return
        outcome.trouble = f"the push service answers {answer.status}"
        if answer.status in _GONE or (answer.status < 500 and answer.status != 429):
            # What is refused once is refused for good: another key, or a message that this service never takes.
            outcome.gone.append(device.id)
            return
        outcome.later.append(device.id)
        if answer.retry_after.isascii() and answer.retry_after.isdigit():
            outcome.pause = timedelta(seconds=min(int(answer.retry_after[:6]), 3600))


@jobs.slow_job(SEND, _send)
def settle(session: Session, payload: dict[str, Any], outcome: _Outcome) -> None:
    """Forget devices that are gone, try the others again; what reached none of them is given back to the ledger."""
    _note(session, outcome)
    has_reached = bool(outcome.reached) or bool(payload.get("has_reached"))
    attempt = int(payload["attempt"])
    if outcome.later and attempt < len(_PAUSES):
        left = {"devices": [str(one) for one in outcome.later], "attempt": attempt + 1, "has_reached": has_reached}
        jobs.later(session, SEND, {**payload, **left}, at=clock.now() + max(_PAUSES[attempt], outcome.pause))
        return
    person_id = int(payload["person_id"])
    if outcome.later:
        jobs.give_up(session, TAKE, {"person_id": payload["person_id"]}, outcome.trouble)
    if not has_reached:
        _give_back(session, person_id, [int(one) for one in payload["notices"]])


def _note(session: Session, outcome: _Outcome) -> None:
    for device in session.scalars(select(PushDevice).where(PushDevice.id.in_(outcome.reached + outcome.gone))):
        if device.id in outcome.gone:
            session.delete(device)
        else:
            device.reached_at = clock.now()


def try_device(session: Session, viewer: Viewer, device_id: int) -> None:
    """Send a word to one of the viewer's devices, which says no more than that it arrived. Once: they are waiting.

    Raises:
        NotFound: it is not theirs.
    """
    own_device(session, viewer, device_id)
    jobs.later(session, TRY, {"person_id": str(viewer.id), "device_id": str(device_id), "key": str(new_id())})


def _try(database: Database, payload: dict[str, Any]) -> _Outcome:
    person_id, outcome = int(payload["person_id"]), _Outcome()
    with database.reading(Viewer(person_id)) as session:
        person = session.get(Person, person_id)
        devices = [one for one in devices_of(session, person_id) if str(one.id) == payload["device_id"]]
        with force_locale((person.language if person else None) or SOURCE):
            message = trial(session, Viewer(person_id), str(payload["key"]))
    for device in devices:
        _hand_over(device, message, outcome)
    return outcome


@jobs.slow_job(TRY, _try)
def tried(session: Session, _payload: dict[str, Any], outcome: _Outcome) -> None:
    """The list says when a device was last reached, and no longer has one that is gone."""
    _note(session, outcome)


def _give_back(session: Session, person_id: int, notices: list[int]) -> None:
    held = (Notice.id.in_(notices), Notice.told_by == Channel.PUSH, Notice.read_at.is_(None))
    if session.scalar(select(Notice.id).where(*held).limit(1)) is not None:
        session.execute(update(Notice).where(*held).values(told_at=None, told_by=None))
        mail_unless_seen(session, [person_id], clock.now() - MAIL_PATIENCE)
