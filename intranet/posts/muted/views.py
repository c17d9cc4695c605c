"""The button in a post's menu, and the settings page that lists muted threads with the way back."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.kernel.ids import parse_id
from intranet.kernel.page import render, wants_fragment
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.posts.actions.marking import mute_thread
from intranet.posts.forms import SwitchForm
from intranet.posts.muted.queries import muted_threads
from intranet.posts.views import back_to, feature

_LIST = "/settings/threads"


@feature.post("/posts/<id:post_id>/mute", allow=MEMBER)
def mute(session: Session, viewer: Viewer, post_id: int) -> ResponseReturnValue:
    """Hear no more of a thread (``on=1``), or hear of it again."""
    mute_thread(session, viewer, post_id, is_on=SwitchForm.parse(request.form).on == "1")
    return ("", 204) if wants_fragment() else back_to(_LIST)


@feature.get(_LIST, allow=MEMBER)
def threads(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """The viewer's muted threads."""
    before = request.args.get("before")
    page = muted_threads(session, viewer, before=parse_id(before) if before else None)
    return render("posts/muted.html", page=page)


def settings_part(**_context: object) -> str:
    """The way there from the other settings."""
    return render_template("posts/_muted_setting.html")
