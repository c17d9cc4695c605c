"""Passing a message on: the page on which one says where to, and who would read it."""

from http import HTTPStatus
from typing import Any

from flask import flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.chat import queries
from intranet.chat.finding import find_message
from intranet.chat.forms import ForwardBody
from intranet.chat.forwarding.actions import ForwardDraft, exposure, forward_message
from intranet.chat.pages import frame
from intranet.chat.routes import feature
from intranet.chat.schemas import MessageJson
from intranet.kernel.api import Api
from intranet.kernel.errors import Invalid
from intranet.kernel.ids import new_id, parse_id
from intranet.kernel.page import render
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.people.cards import person_cards

_NAMED = 12


@feature.get("/chat/messages/<id:message_id>/forward", allow=MEMBER)
def forward(session: Session, viewer: Viewer, message_id: int) -> ResponseReturnValue:
    """Where to, and with which words."""
    return _page(session, viewer, message_id, {"nonce": f"page:{new_id()}"}, {})


@feature.post("/chat/messages/<id:message_id>/forward", allow=MEMBER)
def send_forward(session: Session, viewer: Viewer, message_id: int) -> ResponseReturnValue:
    """Pass it on; whom that would show it to is said first."""
    find_message(session, message_id)
    names = ("conversation", "text", "nonce", "confirm")
    typed: dict[str, Any] = {name: request.form.get(name, "") for name in names}
    try:
        if not typed["conversation"]:
            raise Invalid({"conversation": str(_("Say where to."))})
        draft = ForwardDraft(
            conversation_id=parse_id(typed["conversation"]),
            text=typed["text"],
            nonce=typed["nonce"],
            # Said of one conversation, it is not said of another.
            is_confirmed=bool(typed["confirm"]) and typed["confirm"] == typed["conversation"],
        )
        sent = forward_message(session, viewer, message_id, draft)
    except Invalid as error:
        session.rollback()
        return _page(session, viewer, message_id, typed, error.fields), int(error.status)
    flash(_("Passed on."))
    return redirect(f"/chat/{sent.conversation_id}?newest=1#message-{sent.id}", 303)


def _page(session: Session, viewer: Viewer, message_id: int, typed: dict[str, Any], errors: dict[str, str]) -> str:
    message = find_message(session, message_id)
    shown = frame.sidebar(session, viewer)
    chosen = typed.get("conversation", "")
    exposed = exposure(session, viewer, message, parse_id(chosen)) if "confirm" in errors else None
    people = person_cards(session, exposed.people[:_NAMED]) if exposed else {}
    context = {
        "message": queries.message_card(session, viewer, message_id),
        "typed": typed,
        "errors": errors,
        "exposed": exposed,
        "unreading": list(people.values()),
        "targets": [one for one in (*shown["rooms"], *shown["talks"]) if not one.is_archived],
        **shown,
        "current": str(message.conversation_id),
        "screen": "room",
    }
    return render("chat/forward.html", **context)


_FORWARDED = Api(MessageJson, takes=ForwardBody, status=HTTPStatus.CREATED)


@feature.post("/api/v1/messages/<id:message_id>/forward", allow=MEMBER, api=_FORWARDED)
def api_forward(session: Session, viewer: Viewer, message_id: int, body: ForwardBody) -> ResponseReturnValue:
    """Pass it on; without ``confirm`` only where everybody who would read it may read it already."""
    find_message(session, message_id)
    sent = forward_message(session, viewer, message_id, body.draft)
    session.flush()
    return jsonify(queries.message_card(session, viewer, sent.id).as_json()), 201
