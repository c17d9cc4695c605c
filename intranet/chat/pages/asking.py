"""Asking a message's author, and their answer: a page of its own, and a line below the message."""

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.chat import queries
from intranet.chat.asking.actions import answer_request, ask_author
from intranet.chat.asking.models import Wish
from intranet.chat.finding import find_message
from intranet.chat.pages import frame
from intranet.chat.pages.messages import message
from intranet.chat.routes import ask_limit, feature
from intranet.kernel.errors import NotFound
from intranet.kernel.page import render, wants_fragment
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer


def wish_of(word: str | None) -> Wish:
    """What the message shall become; a post unless a question is meant."""
    return Wish.QUESTION if word == Wish.QUESTION else Wish.POST


@feature.get("/chat/messages/<id:message_id>/ask", allow=MEMBER)
def ask(session: Session, viewer: Viewer, message_id: int) -> ResponseReturnValue:
    """What asking means, before anybody is asked."""
    find_message(session, message_id)
    card = queries.message_card(session, viewer, message_id)
    shown = {**frame.sidebar(session, viewer, current=str(card.conversation_id)), "screen": "room"}
    return render("chat/ask.html", message=card, wish=wish_of(request.args.get("kind")), **shown)


@feature.post("/chat/messages/<id:message_id>/ask", allow=MEMBER, prepare=ask_limit)
def send_ask(session: Session, viewer: Viewer, message_id: int, **_prepared: object) -> ResponseReturnValue:
    """Ask its author; the state stands below the message."""
    asked = ask_author(session, viewer, message_id, wish_of(request.form.get("kind")))
    session.flush()
    card = queries.message_card(session, viewer, asked.message_id)
    flash(_("%(name)s was asked.", name=card.author.first_name))
    return redirect(f"/chat/{card.conversation_id}?at={card.root_id or card.id}#message-{card.id}", 303)


@feature.post("/chat/requests/<id:request_id>", allow=MEMBER)
def answer(session: Session, viewer: Viewer, request_id: int) -> ResponseReturnValue:
    """Its author's answer: ``do`` is ``agree``, ``agree-files`` or ``decline``."""
    wanted = request.form.get("do", "")
    if wanted not in {"agree", "agree-files", "decline"}:
        raise NotFound
    asked = answer_request(session, viewer, request_id, agrees=wanted != "decline", with_files=wanted == "agree-files")
    session.flush()
    if wants_fragment():
        return message(session, viewer, asked.message_id)
    return redirect(f"/chat/messages/{asked.message_id}", 303)
