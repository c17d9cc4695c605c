"""The devices on which somebody is told, among the settings."""

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from intranet.accounts.sessions import current_sign_in
from intranet.kernel.errors import NotFound
from intranet.kernel.page import wants_fragment
from intranet.kernel.policy import MEMBER
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.kernel.web import Feature
from intranet.notifications.forms import DeviceForm
from intranet.notifications.push.actions import add_device, drop_device
from intranet.notifications.push.sealing import Address
from intranet.notifications.push.sending import try_device

HERE = "/settings/notices#devices"
TRIED = lazy_gettext("Sent. It shows there within a few seconds; if it does not, remove the device and add it again.")


def mount(feature: Feature) -> None:
    """Its addresses are the feature's."""
    feature.post("/settings/devices", allow=MEMBER)(add)
    feature.post("/settings/devices/<id:device_id>/try", allow=MEMBER)(try_one)
    feature.post("/settings/devices/<id:device_id>/drop", allow=MEMBER)(drop)


def add(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """The browser that asks is told from now on; its script knows the address, so there is no form for it."""
    sign_in_id = current_sign_in()
    if sign_in_id is None:
        raise NotFound  # a program has no device
    given = DeviceForm.parse(request.form)
    address = Address(given.endpoint, given.p256dh, given.auth)
    add_device(session, viewer, address, sign_in_id=sign_in_id, settings=runtime().settings)
    return "", 204


def try_one(session: Session, viewer: Viewer, device_id: int) -> ResponseReturnValue:
    """Send a word there, so that its person sees that it works."""
    try_device(session, viewer, device_id)
    if wants_fragment():
        return "", 204
    flash(str(TRIED))
    return redirect(HERE, 303)


def drop(session: Session, viewer: Viewer, device_id: int) -> ResponseReturnValue:
    """Tell nothing more there."""
    drop_device(session, viewer, device_id)
    return ("", 204) if wants_fragment() else redirect(HERE, 303)
