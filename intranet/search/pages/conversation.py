"""Searching what was said in one conversation: the hits stand beside it, each between what was said around it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.chat import queries
from intranet.chat.cards import MessageCard
from intranet.chat.models import Message
from intranet.chat.pages import frame
from intranet.chat.pages.conversation import readable
from intranet.kernel.ids import parse_id
from intranet.kernel.page import render, wants_fragment
from intranet.kernel.policy import MEMBER
from intranet.kernel.runtime import runtime
from intranet.kernel.text import excerpt, plain
from intranet.kernel.viewer import Viewer
from intranet.search.asking import PAGE
from intranet.search.documents.said import MESSAGE
from intranet.search.index import index_of
from intranet.search.narrowing import Narrowing, line_of
from intranet.search.question import Question, read_question
from intranet.search.routes import feature
from intranet.search.sources import key_of
from intranet.search.understanding import understand
from search_index.documents import Kind
from search_index.hits import Hits, Order

_DEEPEST = 1000
_AROUND = 90


@dataclass(frozen=True, slots=True)
class SaidHit:
    """A message that answers, its words, and the beginnings of what was said before and after it."""

    message: MessageCard
    words: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SaidHits:
    """What the engine found; ``more`` is the number to go on from, None at the end."""

    question: Question
    hits: Hits
    more: int | None

    @property
    def ids(self) -> list[int]:
        return [int(key_of(hit.id)) for hit in self.hits.items]


def _ask(viewer: Viewer) -> SaidHits:
    """The conversation's messages for the words of the address, the newest first.

    Raises:
        NotFound: the viewer may not read what is said there (any more).
    """
    conversation_id = parse_id(str((request.view_args or {})["conversation_id"]))
    question = read_question(line_of(request.args))
    with runtime().database.reading(viewer) as session:
        readable(session, viewer, conversation_id)
        (understood,) = understand(session, viewer, [(question, Narrowing())])
    if not understood.asks_for_something:
        return SaidHits(question, Hits((), 0, {}), None)
    from_ = request.args.get("from", "")
    start = min(int(from_), _DEEPEST - PAGE) if from_.isdecimal() and len(from_) < 5 else 0
    query = replace(
        understood.query(),
        within=frozenset({conversation_id}),
        kinds=frozenset({MESSAGE, Kind.SAID}),
        order=Order.NEWEST,
        limit=PAGE,
        offset=start,
    )
    found = index_of().ask(lambda engine: engine.search(query))
    after = start + len(found.items)
    return SaidHits(question, found, after if after < min(found.total, _DEEPEST) else None)


@feature.get("/chat/<id:conversation_id>/search", allow=MEMBER, prepare=_ask)
def in_conversation(
    session: Session, viewer: Viewer, conversation_id: int, *, prepared: SaidHits
) -> ResponseReturnValue:
    """The hits beside the conversation; the page's script asks for them alone."""
    card = readable(session, viewer, conversation_id)
    at = request.args.get("at", "")
    around = queries.message_card(session, viewer, parse_id(at)).position if at else None
    shown = queries.stretch(session, viewer, card.id, around=around)
    context: dict[str, Any] = {
        "found": prepared,
        "hits": _hits(session, viewer, prepared.ids),
        "conversation": card,
        "at": at,
    }
    if wants_fragment():
        return render("search/_in_conversation_hits.html", **context)
    context |= frame.room(session, viewer, card, shown)
    return render("search/in_conversation.html", **{**context, "screen": "room" if at else "side"})


def _hits(session: Session, viewer: Viewer, ids: Sequence[int]) -> list[SaidHit]:
    """Those that this viewer may read now, in the engine's order, with their neighbours; two reads of messages."""
    cards = {card.id: card for card in queries.cards_of(session, viewer, ids) if not card.is_deleted}
    found = [cards[one] for one in ids if one in cards]
    if not found:
        return []
    beside = {card.position + step for card in found for step in (-1, 1)}
    said = select(Message.position, Message.html).where(
        Message.conversation_id == found[0].conversation_id,
        Message.position.in_(beside),
        Message.deleted_at.is_(None),
    )
    texts = {position: excerpt(plain(html), most=_AROUND) for position, html in session.execute(said)}
    return [
        SaidHit(card, plain(card.html), texts.get(card.position - 1, ""), texts.get(card.position + 1, ""))
        for card in found
    ]
