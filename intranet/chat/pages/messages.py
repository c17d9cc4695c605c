"""What one does to a message: react, save, pin, edit, delete, mark unread, follow its thread."""

from flask import redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.chat import actions, queries
from intranet.chat.finding import find_message
from intranet.chat.links.actions import unlink
from intranet.chat.live import tell_read
from intranet.chat.routes import feature
from intranet.kernel.db import start_over
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.page import render, wants_fragment
from intranet.kernel.policy import MEMBER
from intranet.kernel.reactions import ReactionKind
from intranet.kernel.viewer import Viewer


@feature.get("/chat/messages/<id:message_id>", allow=MEMBER)
def message(session: Session, viewer: Viewer, message_id: int) -> ResponseReturnValue:
    """One message as a fragment; a page leads to where it was said."""
    card = queries.message_card(session, viewer, message_id)
    if not wants_fragment():
        at = f"?thread={card.root_id}" if card.root_id and not card.is_shown else f"?at={card.id}"
        return redirect(f"/chat/{card.conversation_id}{at}#message-{card.id}")
    place = queries.conversation_card(session, viewer, card.conversation_id)
    return render("chat/_message.html", message=card, conversation=place)


def _shown(session: Session, viewer: Viewer, message_id: int) -> ResponseReturnValue:
    session.flush()
    if wants_fragment():
        return message(session, viewer, message_id)
    card = queries.message_card(session, viewer, message_id)
    return redirect(f"/chat/{card.conversation_id}?at={card.root_id or card.id}#message-{card.id}", 303)


@feature.post("/chat/messages/<id:message_id>/reactions", allow=MEMBER)
def react(session: Session, viewer: Viewer, message_id: int) -> ResponseReturnValue:
    """React, or take it back: ``set`` holds the kind and 1 or 0."""
    find_message(session, message_id)
    word, _blank, on = request.form.get("set", "").partition(" ")
    if word not in {kind.value for kind in ReactionKind} or on not in {"0", "1"}:
        raise Invalid({"set": "a reaction and 0 or 1"})
    actions.react(session, viewer, message_id, ReactionKind(word), is_on=on == "1")
    return _shown(session, viewer, message_id)


@feature.post("/chat/messages/<id:message_id>/do", allow=MEMBER)
def do(session: Session, viewer: Viewer, message_id: int) -> ResponseReturnValue:
    """One of the small things: ``do`` says which."""
    wanted = request.form.get("do", "")
    if wanted == "restore":
        actions.restore_message(session, viewer, message_id)
        return _shown(session, viewer, message_id)
    find_message(session, message_id)
    if wanted in {"pin", "unpin"}:
        actions.pin(session, viewer, message_id, is_on=wanted == "pin")
    elif wanted in {"save", "unsave"}:
        actions.bookmark(session, viewer, message_id, is_on=wanted == "save")
    elif wanted in {"follow", "unfollow"}:
        actions.follow_thread(session, viewer, message_id, is_on=wanted == "follow")
        return _thread(session, viewer, message_id)
    elif wanted == "unlink":
        unlink(session, viewer, message_id)
    elif wanted == "delete":
        actions.delete_message(session, viewer, message_id)
    elif wanted == "unread":
        tell_read(session, viewer, actions.mark_unread(session, viewer, message_id))
        return ("", 204) if wants_fragment() else redirect("/chat", 303)
    else:
        raise NotFound
    return _shown(session, viewer, message_id)


def _thread(session: Session, viewer: Viewer, message_id: int) -> ResponseReturnValue:
    card = queries.message_card(session, viewer, message_id)
    if wants_fragment():
        return "", 204
    return redirect(f"/chat/{card.conversation_id}?thread={card.root_id or card.id}", 303)


@feature.get("/chat/messages/<id:message_id>/edit", allow=MEMBER)
def edit(session: Session, viewer: Viewer, message_id: int) -> ResponseReturnValue:
    """The words in a box; as a fragment to stand in their place."""
    card = queries.message_card(session, viewer, message_id)
    if not card.can_edit:
        raise NotFound
    return render("chat/edit.html", fragment="chat/_edit.html", message=card, text=card.text, errors={})


@feature.post("/chat/messages/<id:message_id>/edit", allow=MEMBER)
def save_edit(session: Session, viewer: Viewer, message_id: int) -> ResponseReturnValue:
    """Store the new words."""
    find_message(session, message_id)
    text = request.form.get("text", "")
    try:
        actions.edit_message(session, viewer, message_id, text)
    except Invalid as error:
        if wants_fragment():
            raise
        start_over(session)
        card = queries.message_card(session, viewer, message_id)
        return render("chat/edit.html", message=card, text=text, errors=error.fields), int(error.status)
    return _shown(session, viewer, message_id)
