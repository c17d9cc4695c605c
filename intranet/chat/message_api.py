"""Single messages as JSON."""

from flask import jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.chat import actions, queries
from intranet.chat.finding import find_message
from intranet.chat.forms import ReactionBody, SwitchBody, TextBody
from intranet.chat.routes import feature
from intranet.chat.schemas import MessageJson
from intranet.kernel.api import Api, Listed
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer

_ONE = Api(MessageJson)
_SWITCHED = Api(MessageJson, takes=SwitchBody)


@feature.get("/api/v1/messages/<id:message_id>", allow=MEMBER, api=_ONE)
def api_message(session: Session, viewer: Viewer, message_id: int) -> ResponseReturnValue:
    """One message; of a deleted one only that it was there."""
    return jsonify(queries.message_card(session, viewer, message_id).as_json())


def _again(session: Session, viewer: Viewer, message_id: int) -> ResponseReturnValue:
    session.flush()
    return api_message(session, viewer, message_id)


@feature.patch("/api/v1/messages/<id:message_id>", allow=MEMBER, api=Api(MessageJson, takes=TextBody))
def api_edit(session: Session, viewer: Viewer, message_id: int, body: TextBody) -> ResponseReturnValue:
    """Say something else."""
    find_message(session, message_id)
    actions.edit_message(session, viewer, message_id, body.text)
    return _again(session, viewer, message_id)


@feature.delete("/api/v1/messages/<id:message_id>", allow=MEMBER, api=Api())
def api_delete_message(session: Session, viewer: Viewer, message_id: int) -> ResponseReturnValue:
    """Take it away."""
    actions.delete_message(session, viewer, message_id)
    return "", 204


@feature.post("/api/v1/messages/<id:message_id>/restore", allow=MEMBER, api=_ONE)
def api_restore(session: Session, viewer: Viewer, message_id: int) -> ResponseReturnValue:
    """Undo a deletion, within the hour."""
    actions.restore_message(session, viewer, message_id)
    return _again(session, viewer, message_id)


@feature.post("/api/v1/messages/<id:message_id>/reactions", allow=MEMBER, api=Api(MessageJson, takes=ReactionBody))
def api_react(session: Session, viewer: Viewer, message_id: int, body: ReactionBody) -> ResponseReturnValue:
    """React, or take it back."""
    find_message(session, message_id)
    actions.react(session, viewer, message_id, body.kind, is_on=body.on)
    return _again(session, viewer, message_id)


@feature.post("/api/v1/messages/<id:message_id>/pin", allow=MEMBER, api=_SWITCHED)
def api_pin(session: Session, viewer: Viewer, message_id: int, body: SwitchBody) -> ResponseReturnValue:
    """Keep it in sight, or let it go."""
    find_message(session, message_id)
    actions.pin(session, viewer, message_id, is_on=body.on)
    return _again(session, viewer, message_id)


@feature.post("/api/v1/messages/<id:message_id>/bookmark", allow=MEMBER, api=_SWITCHED)
def api_bookmark(session: Session, viewer: Viewer, message_id: int, body: SwitchBody) -> ResponseReturnValue:
    """Save it for later, or let it go."""
    find_message(session, message_id)
    actions.bookmark(session, viewer, message_id, is_on=body.on)
    return _again(session, viewer, message_id)


@feature.post("/api/v1/messages/<id:message_id>/follow", allow=MEMBER, api=_SWITCHED)
def api_follow(session: Session, viewer: Viewer, message_id: int, body: SwitchBody) -> ResponseReturnValue:
    """Follow its thread, or no longer."""
    find_message(session, message_id)
    actions.follow_thread(session, viewer, message_id, is_on=body.on)
    return _again(session, viewer, message_id)


@feature.get("/api/v1/messages/<id:message_id>/replies", allow=MEMBER, api=Api(Listed[MessageJson]))
def api_replies(session: Session, viewer: Viewer, message_id: int) -> ResponseReturnValue:
    """The thread that hangs on it, oldest first."""
    queries.message_card(session, viewer, message_id)
    items = queries.thread_cards(session, viewer, message_id)
    return jsonify({"items": [card.as_json() for card in items], "next": None})
