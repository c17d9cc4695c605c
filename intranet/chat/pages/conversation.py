"""The list of conversations, one of them, and saying something in it."""

from datetime import UTC, date, datetime, time, tzinfo
from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.chat import actions, queries
from intranet.chat.cards import ConversationCard
from intranet.chat.finding import find_message, own_place
from intranet.chat.inspection.queries import inspections_of
from intranet.chat.live import tell_read
from intranet.chat.pages import frame
from intranet.chat.routes import feature
from intranet.files.actions import put_on_shelf
from intranet.files.uploads import Uploads, take_uploads
from intranet.kernel.db import start_over
from intranet.kernel.errors import Invalid, NotFound, TooFast
from intranet.kernel.ids import parse_id
from intranet.kernel.page import render, wants_fragment
from intranet.kernel.policy import MEMBER
from intranet.kernel.text import excerpt, plain
from intranet.kernel.viewer import Viewer
from intranet.people.hours import zone_of
from intranet.people.models import Profile
from intranet.people.queries import person_by_username


@feature.get("/chat", allow=MEMBER)
def index(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """All conversations of the viewer."""
    return render("chat/index.html", **frame.sidebar(session, viewer))


@feature.get("/chat/<id:conversation_id>", allow=MEMBER)
def show(session: Session, viewer: Viewer, conversation_id: int) -> ResponseReturnValue:
    """One conversation, where it is new or at its end; as a fragment a stretch of it alone."""
    card = readable(session, viewer, conversation_id)
    if request.args.get("day"):
        return _on_day(session, viewer, card, request.args["day"])
    shown = _stretch(session, viewer, card)
    if wants_fragment():
        return render("chat/_stretch.html", conversation=card, shown=shown, first_new=None)
    context = frame.room(session, viewer, card, shown, naming=_named(session))
    if request.args.get("thread"):
        context |= frame.thread(session, viewer, card, parse_id(request.args["thread"]))
    if request.args.get("panel") == "members":
        context |= {
            "members": queries.members_page(session, card.id, cursor=request.args.get("more")),
            "screen": "side",
        }
    return render("chat/show.html", **context)


def _on_day(session: Session, viewer: Viewer, card: ConversationCard, day: str) -> ResponseReturnValue:
    """To what was said first on a day of the reader's own calendar, or next after it."""
    try:
        start = datetime.combine(date.fromisoformat(day), time(), _zone(session, viewer))
    except ValueError:
        return redirect(card.url)
    found = queries.first_said_since(session, card.id, card.last_position, start)
    return redirect(f"{card.url}?at={found}#message-{found}" if found else f"{card.url}?newest=1")


def _zone(session: Session, viewer: Viewer) -> tzinfo:
    profile = session.get(Profile, viewer.member_id)
    return zone_of(profile.timezone or "" if profile else "") or UTC


@feature.get("/chat/<id:conversation_id>/inspections", allow=MEMBER)
def inspections(session: Session, viewer: Viewer, conversation_id: int) -> ResponseReturnValue:
    """Who from outside was allowed to read it, for those who are in it."""
    own_place(session, viewer, conversation_id)
    if not wants_fragment():
        return redirect(f"/chat/{conversation_id}")
    return render("chat/_inspected.html", inspections=inspections_of(session, conversation_id))


def _named(session: Session) -> str:
    """The colleague whom the box shall name, for links that ask somebody here."""
    person = person_by_username(session, request.args.get("name", "")[:64])
    return person.username if person is not None else ""


def readable(session: Session, viewer: Viewer, conversation_id: int) -> ConversationCard:
    """A conversation whose messages the viewer may read.

    Raises:
        NotFound: there is none; or it is a room of a group that they have not joined, whose page is the directory.
    """
    card = queries.conversation_card(session, viewer, conversation_id)
    if card.place is None and not (card.is_public and card.group is None):
        raise NotFound
    return card


def _stretch(session: Session, viewer: Viewer, card: ConversationCard) -> queries.Stretch:
    before, after, at = (request.args.get(name, "") for name in ("before", "after", "at"))
    if before:
        return queries.stretch(session, viewer, card.id, before=parse_id(before))
    if after:
        return queries.stretch(session, viewer, card.id, after=parse_id(after))
    first = parse_id(at) if at else queries.first_unread(session, viewer, card.id) if card.place else None
    if first is None or request.args.get("newest"):
        return queries.stretch(session, viewer, card.id)
    position = queries.message_card(session, viewer, first).position
    return queries.stretch(session, viewer, card.id, around=position)


@feature.post("/chat/<id:conversation_id>/messages", allow=MEMBER, prepare=take_uploads)
def send(session: Session, viewer: Viewer, conversation_id: int, prepared: Uploads) -> ResponseReturnValue:
    """Say what the box holds; what cannot be taken comes back in the box with the reason."""
    card = queries.conversation_card(session, viewer, conversation_id)
    root = request.form.get("root", "")
    root_id = parse_id(root) if root and root != "0" else None
    text, nonce = request.form.get("text", ""), request.form.get("nonce", "")
    try:
        if prepared.errors:
            raise Invalid(prepared.errors)
        uploads = [put_on_shelf(session, viewer, one).id for one in prepared.received]
        draft = actions.MessageDraft(
            text=text,
            nonce=nonce,
            root_id=root_id,
            is_shown=request.form.get("shown") == "1",
            files=[*(parse_id(one) for one in request.form.getlist("files")), *uploads],
            is_confirmed=request.form.get("confirm") == "1",
        )
        message = actions.send_message(session, viewer, card.id, draft)
    except (Invalid, TooFast) as error:
        if wants_fragment():
            raise
        start_over(session)
        fields = error.fields if isinstance(error, Invalid) else {"text": str(_("Too fast. Wait a moment."))}
        typed = {"text": text, "nonce": nonce, "errors": fields}
        return _again(session, viewer, card, root_id or 0, typed), int(error.status)
    if wants_fragment():
        session.flush()
        return queries.message_card(session, viewer, message.id).as_json(), 201
    place = f"?thread={root_id}" if root_id else "?newest=1"
    return redirect(f"/chat/{card.id}{place}#message-{message.id}", 303)


def _again(session: Session, viewer: Viewer, card: ConversationCard, root_id: int, typed: dict[str, Any]) -> str:
    shown = queries.stretch(session, viewer, card.id)
    context = frame.room(session, viewer, card, shown, **({} if root_id else typed))
    if root_id:
        context |= frame.thread(session, viewer, card, root_id, **typed)
    return render("chat/show.html", **context)


@feature.post("/chat/<id:conversation_id>/read", allow=MEMBER)
def read(session: Session, viewer: Viewer, conversation_id: int) -> ResponseReturnValue:
    """Everything up to ``message`` is read, or everything there is."""
    card = queries.conversation_card(session, viewer, conversation_id)
    named = request.form.get("message", "")
    last = queries.stretch(session, viewer, card.id, everything=True, limit=1).items
    message_id = parse_id(named) if named else (last[0].id if last else 0)
    if message_id:
        membership = actions.mark_read(session, viewer, message_id)
        tell_read(session, viewer, membership)
    return ("", 204) if wants_fragment() else redirect(f"/chat/{card.id}", 303)


@feature.post("/chat/<id:conversation_id>/draft", allow=MEMBER)
def save_draft(session: Session, viewer: Viewer, conversation_id: int) -> ResponseReturnValue:
    """Keep what stands in the box; an empty one forgets it."""
    queries.conversation_card(session, viewer, conversation_id)
    root = request.form.get("root", "") or "0"
    if root != "0":
        find_message(session, parse_id(root))
    text = request.form.get("text", "")
    actions.save_draft(session, viewer, conversation_id, text, root_id=0 if root == "0" else parse_id(root))
    return "", 204


@feature.get("/chat/threads", allow=MEMBER)
def threads(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Threads that the viewer follows, the latest first."""
    followed = queries.followed_threads(session, viewer)
    cards = {card.id: card for card in queries.cards_of(session, viewer, [root for root, _new in followed])}
    places = queries.conversation_cards(session, viewer, {card.conversation_id for card in cards.values()})
    lines = [
        (cards[root], excerpt(plain(cards[root].html), most=140), places[cards[root].conversation_id], new)
        for root, new in followed
        if root in cards
    ]
    return render(
        "chat/threads.html", lines=lines, **{**frame.sidebar(session, viewer, current="threads"), "screen": "room"}
    )


@feature.get("/chat/saved", allow=MEMBER)
def saved(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Messages that the viewer saved."""
    before = request.args.get("before")
    page = queries.bookmarked_page(session, viewer, before=parse_id(before) if before else None)
    places = queries.conversation_cards(session, viewer, {card.conversation_id for card in page.items})
    shown = {**frame.sidebar(session, viewer, current="saved"), "screen": "room"}
    return render("chat/saved.html", page=page, places=places, **shown)
