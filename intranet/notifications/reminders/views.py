"""Choosing when to come back to a message: a page of its own, and a sheet over the conversation."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import format_datetime
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.chat.finding import find_message
from intranet.chat.queries import message_card
from intranet.kernel import clock
from intranet.kernel.clock import iso
from intranet.kernel.db import start_over
from intranet.kernel.errors import Invalid
from intranet.kernel.page import render, wants_fragment
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.kernel.web import Feature, own_path
from intranet.notifications.reminders.actions import let_go, remind
from intranet.notifications.reminders.models import MessageReminder
from intranet.notifications.reminders.queries import waiting
from intranet.posts.scheduled.queries import moment_in, own_zone

_SOON = {"20": timedelta(minutes=20), "60": timedelta(hours=1)}
_MORNING = time(9)
_LIST = "/notifications/reminders"


def mount(feature: Feature) -> None:
    """Its addresses are the feature's."""
    feature.get(_LIST, allow=MEMBER)(reminders)
    feature.get("/chat/messages/<id:message_id>/remind", allow=MEMBER)(ask_when)
    feature.post("/chat/messages/<id:message_id>/remind", allow=MEMBER)(keep_reminder)


def reminders(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Everything that the viewer waits to come back to, the next first."""
    return render("notifications/reminders.html", waiting=waiting(session, viewer))


def ask_when(session: Session, viewer: Viewer, message_id: int) -> ResponseReturnValue:
    """In a while, tomorrow, or a moment of one's own."""
    return _form(session, viewer, message_id, {})


def _form(session: Session, viewer: Viewer, message_id: int, errors: dict[str, str]) -> str:
    find_message(session, message_id)
    return render(
        "notifications/remind.html",
        fragment="notifications/_remind.html",
        message=message_card(session, viewer, message_id),
        reminder=session.get(MessageReminder, (viewer.member_id, message_id)),
        typed=request.form.get("at", ""),
        errors=errors,
    )


def keep_reminder(session: Session, viewer: Viewer, message_id: int) -> ResponseReturnValue:
    """``when`` is a number of minutes, ``tomorrow``, ``at`` with a moment, or ``never``, which lets it go."""
    when, at = request.form.get("when", ""), request.form.get("at", "")
    zone = own_zone(session, viewer, request.form.get("zone", ""))
    find_message(session, message_id)
    if when == "never":
        let_go(session, viewer, message_id)
        return _done(message_id, None)
    try:
        return _done(message_id, remind(session, viewer, message_id, at=_moment(when, at, zone)).at)
    except Invalid as error:
        if wants_fragment():
            raise
        start_over(session)
        return _form(session, viewer, message_id, error.fields), int(error.status)


def _moment(when: str, at: str, zone: ZoneInfo) -> datetime:
    if when in _SOON:
        return clock.now() + _SOON[when]
    if when == "tomorrow":
        day = clock.now().astimezone(zone).date() + timedelta(days=1)
        return datetime.combine(day, _MORNING, zone)
    chosen = moment_in(at, zone) if when == "at" else None
    if chosen is None:
        raise Invalid({"at": str(_("Choose the day and the time."))})
    return chosen


def _done(message_id: int, at: datetime | None) -> ResponseReturnValue:
    if wants_fragment():
        return jsonify({"at": iso(at) if at else None})
    flash(
        _("You will be reminded: %(when)s.", when=format_datetime(at, "short"))
        if at
        else _("You will not be reminded.")
    )
    return redirect(own_path(request.form.get("next", ""), otherwise=f"/chat/messages/{message_id}"), 303)
