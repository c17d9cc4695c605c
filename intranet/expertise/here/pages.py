"""The finder beside a conversation: its members alone, with what this viewer may read, and a way to name them there."""

from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.chat.finding import member_ids_of
from intranet.chat.pages import frame
from intranet.chat.pages.conversation import readable
from intranet.expertise.describing import describe
from intranet.expertise.finding import Answer, Asked, find_experts
from intranet.expertise.views import feature, number, question
from intranet.kernel.page import render, wants_fragment
from intranet.kernel.policy import MEMBER
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer

_FEW, _AT_ONCE, _LAST_PAGE = 3, 10, 50


@dataclass(frozen=True, slots=True)
class _Looked:
    """How many people are in the conversation besides the viewer, and what those of them who know showed."""

    others: int
    answer: Answer


def _look(viewer: Viewer) -> _Looked:
    """Who does not read a conversation does not learn who is in it either: it is not there for them."""
    with runtime().database.reading(viewer) as session:
        card = readable(session, viewer, int((request.view_args or {})["conversation_id"]))
        others = frozenset(member_ids_of(session, card.id)) - {viewer.id}
    limit = _FEW if wants_fragment() else _AT_ONCE
    offset = 0 if wants_fragment() else (number("page", most=_LAST_PAGE, otherwise=1) - 1) * _AT_ONCE
    asked = Asked(question() if others else "", limit=limit, offset=offset, only=others)
    return _Looked(len(others), find_experts(viewer, asked))


@feature.get("/chat/<id:conversation_id>/experts", allow=MEMBER, prepare=_look)
def experts_here(session: Session, viewer: Viewer, conversation_id: int, prepared: _Looked) -> ResponseReturnValue:
    """Who in it knows ``q``, surest first, with proofs; the fragment is for the panel beside the conversation."""
    card = readable(session, viewer, conversation_id)
    answer = prepared.answer
    parts: dict[str, Any] = {
        "conversation": card,
        "question": question(),
        "answer": answer,
        "others": prepared.others,
        "experts": describe(session, viewer, answer),
        "page": answer.asked.offset // _AT_ONCE + 1,
    }
    if wants_fragment():
        return render("expertise/here/_panel.html", **parts)
    shown = {**frame.sidebar(session, viewer, current=str(card.id)), "screen": "room"}
    return render("expertise/here/index.html", **parts, **shown)
