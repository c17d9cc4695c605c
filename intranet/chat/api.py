"""Conversations as JSON."""

from typing import Any

from flask import jsonify, make_response, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.chat import actions, queries
from intranet.chat.cards import ConversationCard
from intranet.chat.finding import find_conversation
from intranet.chat.forms import ConversationBody, MemberBody, MessageBody, MuteBody, ReadBody, RoomChanges
from intranet.chat.live import tell_read
from intranet.chat.routes import bring_limit, feature, start_limit
from intranet.kernel.errors import Invalid
from intranet.kernel.ids import parse_id
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.kernel.web import json_object
from intranet.people.queries import person_by_username


def with_place(card: ConversationCard) -> dict[str, Any]:
    """A conversation with the caller's own place in it, null for who is not in it."""
    return {**card.as_json(), "place": card.place.as_json() if card.place else None}


@feature.get("/api/v1/conversations", allow=MEMBER)
def api_conversations(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """The caller's conversations, the last spoken in first."""
    page = queries.conversations_page(session, viewer, cursor=request.args.get("before"))
    return jsonify({"items": [with_place(card) for card in page.items], "next": page.older})


@feature.get("/api/v1/rooms", allow=MEMBER)
def api_rooms(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Rooms that the caller may know of, by name."""
    words, cursor = request.args.get("q", "")[:80], request.args.get("before")
    page = queries.directory_page(session, viewer, words=words, cursor=cursor)
    return jsonify({"items": [with_place(card) for card in page.items], "next": page.older})


@feature.post("/api/v1/conversations", allow=MEMBER, prepare=start_limit)
def api_start(session: Session, viewer: Viewer, **_prepared: object) -> ResponseReturnValue:
    """Write to people, or open a room."""
    body = ConversationBody.parse(json_object())
    if body.room is not None:
        conversation = actions.open_room(session, viewer, body.draft)
    else:
        conversation = actions.start_conversation(session, viewer, body.people)
    session.flush()
    response = make_response(jsonify(with_place(queries.conversation_card(session, viewer, conversation.id))), 201)
    response.location = url_for("chat.api_conversation", conversation_id=conversation.id)
    return response


@feature.get("/api/v1/conversations/<id:conversation_id>", allow=MEMBER)
def api_conversation(session: Session, viewer: Viewer, conversation_id: int) -> ResponseReturnValue:
    """One conversation."""
    return jsonify(with_place(queries.conversation_card(session, viewer, conversation_id)))


@feature.route("/api/v1/conversations/<id:conversation_id>", methods=("PATCH",), allow=MEMBER)
def api_change(session: Session, viewer: Viewer, conversation_id: int) -> ResponseReturnValue:
    """Owners rename a room, change its topic line, archive it."""
    find_conversation(session, conversation_id)
    body = RoomChanges.parse(json_object())
    if body.name is not None or body.topic is not None:
        actions.change_room(session, viewer, conversation_id, name=body.name, topic=body.topic)
    if body.archived is not None:
        actions.archive_room(session, viewer, conversation_id, is_archived=body.archived)
    session.flush()
    return jsonify(with_place(queries.conversation_card(session, viewer, conversation_id)))


@feature.get("/api/v1/conversations/<id:conversation_id>/members", allow=MEMBER)
def api_members(session: Session, viewer: Viewer, conversation_id: int) -> ResponseReturnValue:  # noqa: ARG001 (the session filters)
    """Who is in it."""
    find_conversation(session, conversation_id)
    page = queries.members_page(session, conversation_id, cursor=request.args.get("before"))
    items = [{**line.person.as_json(), "role": line.role.value} for line in page.items]
    return jsonify({"items": items, "next": page.older})


@feature.post("/api/v1/conversations/<id:conversation_id>/members", allow=MEMBER, prepare=bring_limit)
def api_bring(session: Session, viewer: Viewer, conversation_id: int, **_prepared: object) -> ResponseReturnValue:
    """Bring a colleague in; with one's own name one joins a public room."""
    find_conversation(session, conversation_id)
    username = MemberBody.parse(json_object()).username
    person = _person(session, username)
    if person.id == viewer.id:
        actions.join_room(session, viewer, conversation_id)
    else:
        actions.bring_in(session, viewer, conversation_id, [username])
    return jsonify({"username": person.username}), 201


@feature.route("/api/v1/conversations/<id:conversation_id>/members/<username>", methods=("DELETE",), allow=MEMBER)
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


@feature.get("/api/v1/conversations/<id:conversation_id>/messages", allow=MEMBER)
def api_messages(session: Session, viewer: Viewer, conversation_id: int) -> ResponseReturnValue:
    """What was said, replies in threads included: newest first, or with ``after`` oldest first from there on."""
    find_conversation(session, conversation_id)
    before, after = _position("before"), _position("after")
    found = queries.stretch(session, viewer, conversation_id, before=before, after=after, everything=True, limit=100)
    items, next_ = (found.items, found.newer) if after is not None else (found.items[::-1], found.older)
    return jsonify({"items": [card.as_json() for card in items], "next": str(next_) if next_ else None})


def _position(name: str) -> int | None:
    raw = request.args.get(name)
    if raw is None or raw == "":
        return None
    if not (raw.isascii() and raw.isdigit() and len(raw) < 19):
        raise Invalid({name: "must be a position, as next gives it"})
    return int(raw)


@feature.post("/api/v1/conversations/<id:conversation_id>/messages", allow=MEMBER)
def api_send(session: Session, viewer: Viewer, conversation_id: int) -> ResponseReturnValue:
    """Say something; the same nonce again gives what was said with it."""
    find_conversation(session, conversation_id)
    message = actions.send_message(session, viewer, conversation_id, MessageBody.parse(json_object()).draft)
    session.flush()
    response = make_response(jsonify(queries.message_card(session, viewer, message.id).as_json()), 201)
    response.location = url_for("chat.api_message", message_id=message.id)
    return response


@feature.post("/api/v1/conversations/<id:conversation_id>/read", allow=MEMBER)
def api_read(session: Session, viewer: Viewer, conversation_id: int) -> ResponseReturnValue:
    """Everything up to a message is read."""
    return _moved(session, viewer, conversation_id, back=False)


@feature.post("/api/v1/conversations/<id:conversation_id>/unread", allow=MEMBER)
def api_unread(session: Session, viewer: Viewer, conversation_id: int) -> ResponseReturnValue:
    """A message and what follows it is new again."""
    return _moved(session, viewer, conversation_id, back=True)


def _moved(session: Session, viewer: Viewer, conversation_id: int, *, back: bool) -> ResponseReturnValue:
    find_conversation(session, conversation_id)
    message_id = parse_id(ReadBody.parse(json_object()).message_id)
    membership = (actions.mark_unread if back else actions.mark_read)(session, viewer, message_id)
    if membership.conversation_id != conversation_id:
        raise Invalid({"message_id": "was said in another conversation"})
    return jsonify(tell_read(session, viewer, membership))


@feature.post("/api/v1/conversations/<id:conversation_id>/mute", allow=MEMBER)
def api_mute(session: Session, viewer: Viewer, conversation_id: int) -> ResponseReturnValue:
    """No badge and no notice from it until a time."""
    find_conversation(session, conversation_id)
    actions.mute(session, viewer, conversation_id, MuteBody.parse(json_object()).until)
    session.flush()
    return jsonify(with_place(queries.conversation_card(session, viewer, conversation_id)))


@feature.get("/api/v1/unread", allow=MEMBER)
def api_counts(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """What waits for the caller, by conversation, muted ones too; and how many followed threads have new replies."""
    new = queries.unread_of(session, viewer)
    items = [{"conversation": str(key), "unread": one.count, "mentions": one.mentions} for key, one in new.items()]
    badge = [str(key) for key in queries.unread_conversations(session, viewer)]
    muted = [str(key) for key in queries.muted_conversations(session, viewer)]
    threads = queries.thread_unread_count(session, viewer)
    return jsonify({"items": items, "badge": badge, "muted": muted, "threads": threads})
