"""Conversations as JSON."""

from http import HTTPStatus
from typing import Annotated

from flask import jsonify, make_response, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.chat import actions, queries
from intranet.chat.cards import ConversationCard
from intranet.chat.finding import find_conversation
from intranet.chat.forms import ConversationBody, MessageBody, MuteBody, ReadBody, RoomChanges
from intranet.chat.live import tell_read
from intranet.chat.routes import bring_limit, feature, start_limit
from intranet.chat.schemas import (
    BroughtInJson,
    ChatMemberJson,
    MessageJson,
    OwnConversationJson,
    PointerJson,
    UnreadJson,
)
from intranet.kernel.api import Api, Before, Listed, SomebodyBody
from intranet.kernel.errors import Invalid
from intranet.kernel.forms import Form
from intranet.kernel.ids import parse_id
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.people.queries import person_by_username


class RoomsQuestion(Before):
    """Words of a room's name."""

    q: str = ""


Position = Annotated[int, Field(ge=0, lt=10**18)]


class MessagesQuestion(Form):
    """``before`` and ``after`` are positions; with ``after`` it is oldest first."""

    before: Position | None = None
    after: Position | None = None


def with_place(card: ConversationCard) -> OwnConversationJson:
    """A conversation with the caller's own place in it, null for who is not in it."""
    return {**card.as_json(), "place": card.place.as_json() if card.place else None}


@feature.get("/api/v1/conversations", allow=MEMBER, api=Api(Listed[OwnConversationJson], asks=Before))
def api_conversations(session: Session, viewer: Viewer, asked: Before) -> ResponseReturnValue:
    """The caller's conversations, the last spoken in first."""
    page = queries.conversations_page(session, viewer, cursor=asked.before)
    return jsonify({"items": [with_place(card) for card in page.items], "next": page.older})


@feature.get("/api/v1/rooms", allow=MEMBER, api=Api(Listed[OwnConversationJson], asks=RoomsQuestion))
def api_rooms(session: Session, viewer: Viewer, asked: RoomsQuestion) -> ResponseReturnValue:
    """Rooms that the caller may know of, by name."""
    page = queries.directory_page(session, viewer, words=asked.q[:80], cursor=asked.before)
    return jsonify({"items": [with_place(card) for card in page.items], "next": page.older})


_STARTED = Api(OwnConversationJson, takes=ConversationBody, status=HTTPStatus.CREATED)


@feature.post("/api/v1/conversations", allow=MEMBER, prepare=start_limit, api=_STARTED)
def api_start(session: Session, viewer: Viewer, body: ConversationBody, **_prepared: object) -> ResponseReturnValue:
    """Write to people, or open a room."""
    if body.room is not None:
        conversation = actions.open_room(session, viewer, body.draft)
    else:
        conversation = actions.start_conversation(session, viewer, body.people)
    session.flush()
    response = make_response(jsonify(with_place(queries.conversation_card(session, viewer, conversation.id))), 201)
    response.location = url_for("chat.api_conversation", conversation_id=conversation.id)
    return response


@feature.get("/api/v1/conversations/<id:conversation_id>", allow=MEMBER, api=Api(OwnConversationJson))
def api_conversation(session: Session, viewer: Viewer, conversation_id: int) -> ResponseReturnValue:
    """One conversation."""
    return jsonify(with_place(queries.conversation_card(session, viewer, conversation_id)))


_CHANGED = Api(OwnConversationJson, takes=RoomChanges)


@feature.patch("/api/v1/conversations/<id:conversation_id>", allow=MEMBER, api=_CHANGED)
def api_change(session: Session, viewer: Viewer, conversation_id: int, body: RoomChanges) -> ResponseReturnValue:
    """Owners rename a room, change its topic line, archive it."""
    find_conversation(session, conversation_id)
    if body.name is not None or body.topic is not None:
        actions.change_room(session, viewer, conversation_id, name=body.name, topic=body.topic)
    if body.archived is not None:
        actions.archive_room(session, viewer, conversation_id, is_archived=body.archived)
    session.flush()
    return jsonify(with_place(queries.conversation_card(session, viewer, conversation_id)))


_MEMBERS = Api(Listed[ChatMemberJson], asks=Before)


@feature.get("/api/v1/conversations/<id:conversation_id>/members", allow=MEMBER, api=_MEMBERS)
def api_members(session: Session, _viewer: Viewer, conversation_id: int, asked: Before) -> ResponseReturnValue:
    """Who is in it."""
    find_conversation(session, conversation_id)
    page = queries.members_page(session, conversation_id, cursor=asked.before)
    items = [ChatMemberJson(**line.person.as_json(), role=line.role) for line in page.items]
    return jsonify({"items": items, "next": page.older})


_BROUGHT = Api(BroughtInJson, takes=SomebodyBody, status=HTTPStatus.CREATED)


@feature.post("/api/v1/conversations/<id:conversation_id>/members", allow=MEMBER, prepare=bring_limit, api=_BROUGHT)
def api_bring(
    session: Session, viewer: Viewer, conversation_id: int, body: SomebodyBody, **_prepared: object
) -> ResponseReturnValue:
    """Bring a colleague in; with one's own name one joins a public room."""
    find_conversation(session, conversation_id)
    person = _person(session, body.username)
    if person.id == viewer.id:
        actions.join_room(session, viewer, conversation_id)
    else:
        actions.bring_in(session, viewer, conversation_id, [body.username])
    return jsonify({"username": person.username}), 201


@feature.delete("/api/v1/conversations/<id:conversation_id>/members/<username>", allow=MEMBER, api=Api())
def api_take_out(session: Session, viewer: Viewer, conversation_id: int, username: str) -> ResponseReturnValue:
    """An owner takes somebody out; with one's own name one leaves."""
    find_conversation(session, conversation_id)
    person = _person(session, username)
    if person.id == viewer.id:
        actions.leave(session, viewer, conversation_id)
    else:
        actions.remove_member(session, viewer, conversation_id, person.id)
    return "", 204


def _person(session: Session, username: str) -> Person:
    person = person_by_username(session, username.lower())
    if person is None:
        raise Invalid({"username": "nobody here is called that"})
    return person


_STRETCH = Api(Listed[MessageJson], asks=MessagesQuestion)


@feature.get("/api/v1/conversations/<id:conversation_id>/messages", allow=MEMBER, api=_STRETCH)
def api_messages(
    session: Session, viewer: Viewer, conversation_id: int, asked: MessagesQuestion
) -> ResponseReturnValue:
    """What was said, replies in threads included: newest first, or with ``after`` oldest first from there on."""
    find_conversation(session, conversation_id)
    before, after = asked.before, asked.after
    found = queries.stretch(session, viewer, conversation_id, before=before, after=after, everything=True, limit=100)
    items, next_ = (found.items, found.newer) if after is not None else (found.items[::-1], found.older)
    return jsonify({"items": [card.as_json() for card in items], "next": str(next_) if next_ else None})


_SENT = Api(MessageJson, takes=MessageBody, status=HTTPStatus.CREATED)


@feature.post("/api/v1/conversations/<id:conversation_id>/messages", allow=MEMBER, api=_SENT)
def api_send(session: Session, viewer: Viewer, conversation_id: int, body: MessageBody) -> ResponseReturnValue:
    """Say something; the same nonce again gives what was said with it."""
    find_conversation(session, conversation_id)
    message = actions.send_message(session, viewer, conversation_id, body.draft)
    session.flush()
    response = make_response(jsonify(queries.message_card(session, viewer, message.id).as_json()), 201)
    response.location = url_for("chat.api_message", message_id=message.id)
    return response


_POINTED = Api(PointerJson, takes=ReadBody)


@feature.post("/api/v1/conversations/<id:conversation_id>/read", allow=MEMBER, api=_POINTED)
def api_read(session: Session, viewer: Viewer, conversation_id: int, body: ReadBody) -> ResponseReturnValue:
    """Everything up to a message is read."""
    return _moved(session, viewer, conversation_id, body, back=False)


@feature.post("/api/v1/conversations/<id:conversation_id>/unread", allow=MEMBER, api=_POINTED)
def api_unread(session: Session, viewer: Viewer, conversation_id: int, body: ReadBody) -> ResponseReturnValue:
    """A message and what follows it is new again."""
    return _moved(session, viewer, conversation_id, body, back=True)


def _moved(
    session: Session, viewer: Viewer, conversation_id: int, body: ReadBody, *, back: bool
) -> ResponseReturnValue:
    find_conversation(session, conversation_id)
    message_id = parse_id(body.message_id)
    membership = (actions.mark_unread if back else actions.mark_read)(session, viewer, message_id)
    if membership.conversation_id != conversation_id:
        raise Invalid({"message_id": "was said in another conversation"})
    return jsonify(tell_read(session, viewer, membership))


_MUTED = Api(OwnConversationJson, takes=MuteBody)


@feature.post("/api/v1/conversations/<id:conversation_id>/mute", allow=MEMBER, api=_MUTED)
def api_mute(session: Session, viewer: Viewer, conversation_id: int, body: MuteBody) -> ResponseReturnValue:
    """No badge and no notice from it until a time."""
    find_conversation(session, conversation_id)
    actions.mute(session, viewer, conversation_id, body.until)
    session.flush()
    return jsonify(with_place(queries.conversation_card(session, viewer, conversation_id)))


@feature.get("/api/v1/unread", allow=MEMBER, api=Api(UnreadJson))
def api_counts(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """What waits for the caller, by conversation, muted ones too; and how many followed threads have new replies."""
    new = queries.unread_of(session, viewer)
    items = [{"conversation": str(key), "unread": one.count, "mentions": one.mentions} for key, one in new.items()]
    badge = [str(key) for key in queries.unread_conversations(session, viewer)]
    muted = [str(key) for key in queries.muted_conversations(session, viewer)]
    threads = queries.thread_unread_count(session, viewer)
    return jsonify({"items": items, "badge": badge, "muted": muted, "threads": threads})
