"""Adding the device that one holds, and letting go of any."""

import hashlib

from flask_babel import gettext as _
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from intranet.config import Settings
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.policy import require
from intranet.kernel.viewer import Viewer
from intranet.links.addresses import Forbidden
from intranet.notifications.policy import NoticePermission
from intranet.notifications.push.models import PushDevice
from intranet.notifications.push.sealing import Address, BadKeys, check


def add_device(session: Session, viewer: Viewer, address: Address, *, sign_in_id: int, settings: Settings) -> None:
    """Tell the viewer on this device from now on, while the session lasts in which they added it.

    A browser has one address: whoever signs in there next and adds it takes it over.

    Raises:
        Invalid: the address or its keys cannot be those of a push service.
    """
    require(NoticePermission.KEEP, viewer, viewer.member_id)
    try:
        check(settings, address)
    except (Forbidden, BadKeys):
        raise Invalid({"endpoint": str(_("This browser gave no address that can be pushed to."))}) from None
    hashed = hashlib.sha256(address.endpoint.encode()).hexdigest()
    known = select(PushDevice).where(PushDevice.endpoint_sha256 == hashed, PushDevice.sign_in_id == sign_in_id)
    device = session.scalar(known)
    if device is not None:
        device.p256dh, device.auth = address.p256dh, address.auth
        return
    replaced = or_(PushDevice.endpoint_sha256 == hashed, PushDevice.sign_in_id == sign_in_id)
    session.execute(delete(PushDevice).where(replaced))
    device = PushDevice(
        person_id=viewer.member_id,
        sign_in_id=sign_in_id,
        endpoint=address.endpoint,
        endpoint_sha256=hashed,
        p256dh=address.p256dh,
        auth=address.auth,
    )
    session.add(device)


def drop_device(session: Session, viewer: Viewer, device_id: int) -> None:
    """Tell the viewer no more on one of their devices.

    Raises:
        NotFound: it is not theirs.
    """
    session.delete(own_device(session, viewer, device_id))


def own_device(session: Session, viewer: Viewer, device_id: int) -> PushDevice:
    """One of the viewer's.

    Raises:
        NotFound: it is not theirs.
    """
    device = session.get(PushDevice, device_id)
    if device is None or device.person_id != viewer.id:
        raise NotFound
    return device
