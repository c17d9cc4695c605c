"""Reads of the devices that people are told on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person, SignIn
from intranet.kernel import clock
from intranet.notifications.push.models import PushDevice
from intranet.notifications.push.sealing import Address


@dataclass(frozen=True, slots=True)
class Device:
    """One device; ``browser`` is what it called itself when its person signed in there."""

    id: int
    sign_in_id: int
    browser: str
    address: Address
    created_at: datetime
    reached_at: datetime | None


def _alive() -> Select[PushDevice, str]:
    found = select(PushDevice, SignIn.browser).join(SignIn, SignIn.id == PushDevice.sign_in_id)
    found = found.join(Person, Person.id == PushDevice.person_id)
    return found.where(SignIn.expires_at > clock.now(), Person.deactivated_at.is_(None))


def devices_of(session: Session, person_id: int) -> list[Device]:
    """Where somebody is told: devices whose session holds, the newest first."""
    rows = session.execute(_alive().where(PushDevice.person_id == person_id).order_by(PushDevice.id.desc()))
    return [_device(row, browser) for row, browser in rows]


def _device(row: PushDevice, browser: str) -> Device:
    address = Address(row.endpoint, row.p256dh, row.auth)
    return Device(row.id, row.sign_in_id, browser, address, row.created_at, row.reached_at)


def with_devices(session: Session, people: Iterable[int]) -> list[int]:
    """Those of these people who have a device. One statement."""
    found = select(PushDevice.person_id).where(PushDevice.person_id.in_(list(people))).distinct()
    return list(session.scalars(found.order_by(PushDevice.person_id)))
