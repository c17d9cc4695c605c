"""What a person lets others see of their reading and writing, on the page of their settings."""

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.chat import actions
from intranet.chat.models import ChatChoices
from intranet.chat.routes import feature
from intranet.kernel.page import render
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer


def settings_part(**_context: object) -> str:
    """The way to it."""
    return render_template("chat/_setting.html")


@feature.get("/settings/chat", allow=MEMBER)
def choices(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Two switches."""
    return render("chat/choices.html", choices=session.get(ChatChoices, viewer.member_id))


@feature.post("/settings/chat", allow=MEMBER)
def save_choices(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Keep them."""
    shows = {name: request.form.get(name) == "1" for name in ("shows_reading", "shows_typing")}
    actions.choose(session, viewer, **shows)
    return redirect("/settings/chat", 303)
