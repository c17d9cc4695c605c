"""The buttons on a profile, and the settings page that lists them with the way back."""

from datetime import timedelta

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.kernel.apart import ApartKind
from intranet.kernel.page import render
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.people.apart import actions
from intranet.people.apart.queries import kept_apart
from intranet.people.profiles import person_or_404
from intranet.people.routes import at_most, back_to, feature

_limit = at_most(120, timedelta(minutes=10), "apart")


@feature.post("/people/<username>/mute", allow=MEMBER, prepare=_limit)
def mute(session: Session, viewer: Viewer, username: str, **_prepared: object) -> ResponseReturnValue:
    """Hear no more of somebody (``on=1``), or hear them again."""
    person, is_on = person_or_404(session, username), request.form.get("on") == "1"
    actions.mute(session, viewer, person.id, is_on=is_on)
    flash(_("Muted. They are not told.") if is_on else _("You hear them again."))
    return redirect(back_to(f"/people/{username}"), 303)


@feature.post("/people/<username>/block", allow=MEMBER, prepare=_limit)
def block(session: Session, viewer: Viewer, username: str, **_prepared: object) -> ResponseReturnValue:
    """Keep apart from somebody altogether (``on=1``), or end that."""
    person, is_on = person_or_404(session, username), request.form.get("on") == "1"
    actions.block(session, viewer, person.id, is_on=is_on)
    flash(_("Blocked. They are not told.") if is_on else _("No longer blocked. Nobody follows anybody by itself."))
    return redirect(back_to(f"/people/{username}"), 303)


@feature.get("/people/<username>/block", allow=MEMBER)
def ask_block(session: Session, viewer: Viewer, username: str) -> ResponseReturnValue:
    """What a block does and what it cannot do, before it is done."""
    person = person_or_404(session, username)
    actions.require_other(viewer, person)
    return render("people/block.html", person=person)


@feature.get("/settings/apart", allow=MEMBER)
def apart_settings(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Whom one has muted and blocked."""
    return render(
        "people/apart.html",
        muted=kept_apart(session, viewer, ApartKind.MUTED),
        blocked=kept_apart(session, viewer, ApartKind.BLOCKED),
    )


def settings_part(**_context: object) -> str:
    """The way there from the other settings."""
    return render_template("people/_apart_setting.html")
