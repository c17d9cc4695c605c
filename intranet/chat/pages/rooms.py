"""Rooms and who is in them: the directory, starting, joining, leaving, keeping."""

from datetime import timedelta
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from intranet.chat import actions, queries
from intranet.chat.actions import RoomDraft
from intranet.chat.actions.bringing import names_in
from intranet.chat.models import ChatRole
from intranet.chat.pages import frame
from intranet.chat.routes import bring_limit, feature, start_limit
from intranet.groups.queries import groups_of
from intranet.kernel import clock
from intranet.kernel.db import start_over
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.ids import parse_id
from intranet.kernel.page import render
from intranet.kernel.policy import MEMBER
from intranet.kernel.text import clean_line
from intranet.kernel.viewer import Viewer
from intranet.people.profiles import person_or_404

_MUTES = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "ever": timedelta(days=36500),
}


@feature.get("/chat/rooms", allow=MEMBER)
def directory(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Rooms that the viewer may know of."""
    words = clean_line(request.args.get("q", "")[:80])
    page = queries.directory_page(session, viewer, words=words, cursor=request.args.get("before"))
    shown = {**frame.sidebar(session, viewer, current="directory"), "screen": "room"}
    return render("chat/rooms.html", fragment="chat/_room_rows.html", page=page, words=words, **shown)


@feature.get("/chat/new", allow=MEMBER)
def new(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Write to somebody, or open a room."""
    return _new(session, viewer, {"people": clean_line(request.args.get("to", "")[:200])}, {})


def _new(session: Session, viewer: Viewer, typed: dict[str, Any], errors: dict[str, str]) -> str:
    shown = {**frame.sidebar(session, viewer, current="new"), "screen": "room"}
    groups = groups_of(session, viewer.member_id)
    return render("chat/new.html", typed=typed, errors=errors, groups=groups, **shown)


@feature.get("/chat/with/<username>", allow=MEMBER)
def with_person(session: Session, viewer: Viewer, username: str) -> ResponseReturnValue:
    """The conversation with a colleague, or the form that begins it."""
    person = person_or_404(session, username)
    found = queries.direct_with(session, viewer, person.id)
    return redirect(f"/chat/{found}" if found else f"/chat/new?to={person.username}")


@feature.post("/chat", allow=MEMBER, prepare=start_limit)
def start(session: Session, viewer: Viewer, **_prepared: object) -> ResponseReturnValue:
    """Begin the conversation that the form describes, or go to the one that there is."""
    people = names_in(session, request.form.get("people", ""))
    name = request.form.get("room")
    try:
        if name is not None:
            group = request.form.get("group", "")
            draft = RoomDraft(
                name=name,
                topic=request.form.get("topic", ""),
                is_public=request.form.get("private") != "1",
                group_id=parse_id(group) if group else None,
                people=people,
            )
            conversation = actions.open_room(session, viewer, draft)
        else:
            conversation = actions.start_conversation(session, viewer, people)
    except Invalid as error:
        start_over(session)
        typed = {key: request.form.get(key, "") for key in ("people", "room", "topic", "private", "group")}
        return _new(session, viewer, {**typed, "is_room": name is not None}, error.fields), int(error.status)
    return redirect(f"/chat/{conversation.id}", 303)


@feature.post("/chat/<id:conversation_id>/membership", allow=MEMBER, prepare=bring_limit)
def membership(session: Session, viewer: Viewer, conversation_id: int, **_prepared: object) -> ResponseReturnValue:
    """Join, leave, mute, or hear it again: ``do`` says which."""
    card = queries.conversation_card(session, viewer, conversation_id)
    wanted, mute = request.form.get("do", ""), request.form.get("for", "")
    if wanted == "join":
        actions.join_room(session, viewer, conversation_id)
    elif wanted == "leave":
        actions.leave(session, viewer, conversation_id)
        flash(_("You left %(name)s.", name=card.title(viewer.id)))
        return redirect("/chat", 303)
    elif wanted == "mute" and mute in _MUTES:
        actions.mute(session, viewer, conversation_id, clock.now() + _MUTES[mute])
    elif wanted == "hear":
        actions.mute(session, viewer, conversation_id, None)
    else:
        raise NotFound
    return redirect(f"/chat/{conversation_id}", 303)


@feature.route("/chat/<id:conversation_id>/settings", methods=("GET", "POST"), allow=MEMBER)
def keep(session: Session, viewer: Viewer, conversation_id: int) -> ResponseReturnValue:
    """Owners rename a room, change its topic line, archive it."""
    card = queries.conversation_card(session, viewer, conversation_id)
    if card.place is None or card.place.role is not ChatRole.OWNER or not card.is_room:
        raise NotFound
    typed = {"room": card.name, "topic": card.topic}
    shown = {**frame.sidebar(session, viewer, current=str(card.id)), "screen": "room", "conversation": card}
    if request.method == "GET":
        return render("chat/settings.html", typed=typed, errors={}, **shown)
    typed = {name: request.form.get(name, "") for name in typed}
    try:
        if request.form.get("archive") in {"0", "1"}:
            actions.archive_room(session, viewer, card.id, is_archived=request.form["archive"] == "1")
        else:
            actions.change_room(session, viewer, card.id, name=typed["room"], topic=typed["topic"])
    except Invalid as error:
        start_over(session)
        return render("chat/settings.html", typed=typed, errors=error.fields, **shown), int(error.status)
    return redirect(f"/chat/{card.id}", 303)


@feature.post("/chat/<id:conversation_id>/members", allow=MEMBER, prepare=bring_limit)
def bring(session: Session, viewer: Viewer, conversation_id: int, **_prepared: object) -> ResponseReturnValue:
    """Bring colleagues in by their usernames."""
    card = queries.conversation_card(session, viewer, conversation_id)
    typed = request.form.get("people", "")
    try:
        count = actions.bring_in(session, viewer, card.id, names_in(session, typed))
    except Invalid as error:
        start_over(session)
        context = frame.room(session, viewer, card, queries.stretch(session, viewer, card.id))
        context |= {"members": queries.members_page(session, card.id), "screen": "side", "typed_people": typed}
        return render("chat/show.html", **context, people_errors=error.fields), int(error.status)
    flash(ngettext("%(num)s person is in now.", "%(num)s people are in now.", count))
    return redirect(f"/chat/{card.id}?panel=members", 303)


@feature.post("/chat/<id:conversation_id>/members/<username>", allow=MEMBER)
def change_member(session: Session, viewer: Viewer, conversation_id: int, username: str) -> ResponseReturnValue:
    """Owners take somebody out of a room, or make them an owner: ``do`` says which."""
    queries.conversation_card(session, viewer, conversation_id)
    person, wanted = person_or_404(session, username), request.form.get("do", "")
    if wanted == "remove":
        actions.remove_member(session, viewer, conversation_id, person.id)
    elif wanted in {"owner", "member"}:
        actions.set_role(session, viewer, conversation_id, person.id, ChatRole(wanted))
    else:
        raise NotFound
    return redirect(f"/chat/{conversation_id}?panel=members", 303)
