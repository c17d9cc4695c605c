"""The list of what is to go out later, and what one can do with it."""

from datetime import datetime
from typing import Any

from flask import jsonify, make_response, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.files.uploads import Uploads
from intranet.kernel.db import start_over
from intranet.kernel.errors import Invalid
from intranet.kernel.page import render, wants_fragment
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.posts.actions.drafting import drop_draft
from intranet.posts.forms import PostForm
from intranet.posts.scheduled import actions
from intranet.posts.scheduled.queries import moment_in, own_zone, scheduled_card, scheduled_cards
from intranet.posts.sending import carried_along, files_along, prepare_post
from intranet.posts.views import feature, files_of, sent_back

_LIST = "/scheduled"


def _moment(session: Session, viewer: Viewer) -> datetime:
    zone = own_zone(session, viewer, request.form.get("zone", ""))
    moment = moment_in(request.form.get("goes_at", ""), zone)
    if moment is None:
        raise Invalid({"goes_at": str(_("Choose the day and the time."))})
    return moment


@feature.post("/posts/schedule", allow=MEMBER, prepare=prepare_post)
def schedule(session: Session, viewer: Viewer, prepared: Uploads) -> ResponseReturnValue:
    """Have what the composer holds go out later."""
    try:
        form = PostForm.parse(request.form)
        along = files_along(session, viewer, request.form)
        files = [str(file_id) for file_id in (*files_of(session, viewer, form, prepared), *along)]
        fields: dict[str, Any] = {**form.model_dump(mode="json", exclude={"idempotency_key", "place"}), "files": files}
        fields[actions.ALONG] = carried_along(request.form)
        actions.schedule_post(session, viewer, fields, goes_at=_moment(session, viewer))
    except Invalid as error:
        return sent_back(session, viewer, error)
    drop_draft(session, viewer, form.place or "home")
    return make_response(jsonify(url=_LIST), 201) if wants_fragment() else redirect(_LIST, 303)


@feature.get("/scheduled", allow=MEMBER)
def scheduled(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """What the viewer wrote for later, and what came back."""
    cards = scheduled_cards(session, viewer)
    return render("posts/scheduled.html", fragment="posts/_scheduled.html", cards=cards)


@feature.get("/scheduled/<id:scheduled_id>/edit", allow=MEMBER)
def edit_scheduled(session: Session, viewer: Viewer, scheduled_id: int) -> ResponseReturnValue:
    """Its words and its moment in a form."""
    card = scheduled_card(session, viewer, scheduled_id)
    return render("posts/scheduled_edit.html", card=card, text=card.text, moment=_shown(card.local), errors={})


def _shown(local: datetime) -> str:
    return local.strftime("%Y-%m-%dT%H:%M")


@feature.post("/scheduled/<id:scheduled_id>/edit", allow=MEMBER)
def change_scheduled(session: Session, viewer: Viewer, scheduled_id: int) -> ResponseReturnValue:
    """Keep what was changed."""
    text = request.form.get("text", "")
    try:
        actions.change_scheduled(session, viewer, scheduled_id, text=text, goes_at=_moment(session, viewer))
    except Invalid as error:
        start_over(session)
        card = scheduled_card(session, viewer, scheduled_id)
        moment, fields = request.form.get("goes_at", ""), error.fields
        page = render("posts/scheduled_edit.html", card=card, text=text, moment=moment, errors=fields)
        return page, int(error.status)
    return redirect(_LIST, 303)


@feature.post("/scheduled/<id:scheduled_id>/send", allow=MEMBER)
def send_scheduled(session: Session, viewer: Viewer, scheduled_id: int) -> ResponseReturnValue:
    """Publish it now."""
    return redirect(f"/posts/{actions.send_now(session, viewer, scheduled_id).id}", 303)


@feature.post("/scheduled/<id:scheduled_id>/cancel", allow=MEMBER)
def cancel_scheduled(session: Session, viewer: Viewer, scheduled_id: int) -> ResponseReturnValue:
    """Take it back: it stays on the list, and goes nowhere."""
    actions.bring_back(session, viewer, scheduled_id, str(_("You took it back.")))
    return redirect(_LIST, 303)


@feature.post("/scheduled/<id:scheduled_id>/discard", allow=MEMBER)
def discard_scheduled(session: Session, viewer: Viewer, scheduled_id: int) -> ResponseReturnValue:
    """Forget it."""
    actions.discard_scheduled(session, viewer, scheduled_id)
    return redirect(_LIST, 303)
