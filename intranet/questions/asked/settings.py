"""The settings "Being asked"."""

from typing import Any

from babel.dates import get_day_names
from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from sqlalchemy.orm import Session

from intranet.kernel.errors import Invalid
from intranet.kernel.page import Slot, fill, render
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.people.hours import as_time, zone_of
from intranet.questions.asked.limits import MOST_A_WEEK, read_wished, set_limits
from intranet.questions.asked.queries import limits_of
from intranet.questions.views import feature


@feature.get("/settings/asking", allow=MEMBER)
def limits(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """How many questions a week, and when."""
    return _page(session, viewer)


@feature.post("/settings/asking", allow=MEMBER)
def save_limits(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Keep all of it."""
    try:
        set_limits(session, viewer, read_wished(request.form))
    except Invalid as invalid:
        return _page(session, viewer, invalid=invalid), 422
    return redirect("/settings/asking?saved=1", 303)


def _page(session: Session, viewer: Viewer, *, invalid: Invalid | None = None) -> str:
    known = limits_of(session, viewer.member_id)
    typed: dict[str, Any] = {"per_week": known.per_week, "back_on": ""}
    if known.away_until is not None:
        typed["back_on"] = known.away_until.astimezone(zone_of(known.timezone)).date().isoformat()
    for day, hours in enumerate(known.days):
        begins, ends = hours or (None, None)
        typed |= {f"from-{day}": as_time(begins), f"to-{day}": as_time(ends)}
    if invalid is not None:
        typed.update(request.form.items())
    return render(
        "questions/settings.html",
        typed=typed,
        limits=known,
        most=MOST_A_WEEK,
        day_names=get_day_names("wide", locale=get_locale()),
        errors=invalid.fields if invalid else {},
        saved=invalid is None and "saved" in request.args,
    )


def _entry(**_context: object) -> str:
    return render_template("questions/_setting.html")


def fill_slots() -> None:
    """Take the place among the settings."""
    fill(Slot.SETTINGS_PARTS, _entry)
