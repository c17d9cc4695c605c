"""The way through the first minutes: where to go on, leaving for now, and leaving for good."""

from typing import Any

from flask import flash, g, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.kernel.page import render
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.kernel.web import Feature
from intranet.welcome import actions
from intranet.welcome.queries import FOUNDER, NEWCOMER, said_so_far, standing_of, unfinished_step

feature = Feature("welcome")


@feature.get("/start", allow=MEMBER)
def start(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """To the step where one stopped; home for who is done."""
    standing = standing_of(session, viewer)
    return redirect("/" if standing.is_over else f"/start/{standing.step}", 303)


@feature.post("/start/later", allow=MEMBER)
def later(_session: Session, _viewer: Viewer) -> ResponseReturnValue:
    """Home, where a line leads back."""
    return redirect("/", 303)


@feature.post("/start/end", allow=MEMBER)
def end(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Done, or not wanted: it does not come again."""
    actions.finish(session, viewer)
    flash(_("Good to have you here. Everything you chose can be changed in your settings."))
    return redirect("/", 303)


def page(step: str, **shown: Any) -> str:
    """One step in its frame."""
    steps = FOUNDER if step in FOUNDER else NEWCOMER
    place = steps.index(step)
    names = {
        "you": _("Who you are"),
        "topics": _("Give and take"),
        "people": _("First people"),
        "ask": _("Who knows"),
        "company": _("Name it"),
        "invite": _("Invite"),
        "list": _("Bring the list"),
    }
    return render(
        f"welcome/{step}.html",
        step=step,
        steps=[(name, names[name]) for name in steps],
        place=place,
        is_founder=step in FOUNDER,
        said=said_so_far(g.session, g.viewer),
        before=steps[place - 1] if place else None,
        after=steps[place + 1] if place + 1 < len(steps) else None,
        **{"errors": {}, **shown},
    )


def reminder(**_context: object) -> str:
    """A line above the home feed for who has not come to the end."""
    viewer: Viewer = g.viewer
    step = unfinished_step(g.session, viewer) if viewer.id is not None else None
    return render_template("welcome/_reminder.html", step=step) if step else ""
