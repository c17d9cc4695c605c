"""What a window may say on its reader's screen of a message that just came: levels, mutes and quiet times decide."""

from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.chat.finding import find_message, own_place
from intranet.chat.models import ConversationKind, MessageMention
from intranet.chat.queries import conversation_card
from intranet.kernel import apart, clock
from intranet.kernel.policy import MEMBER
from intranet.kernel.text import excerpt, plain
from intranet.kernel.viewer import Viewer
from intranet.notifications.levels import levels_of
from intranet.notifications.models import Level, Source
from intranet.notifications.quiet import quiet_of
from intranet.notifications.views import feature
from intranet.people.cards import person_cards

_LONGEST = 140


@feature.get("/notifications/message/<id:message_id>", allow=MEMBER)
def of_message(session: Session, viewer: Viewer, message_id: int) -> ResponseReturnValue:
    """``{"notification": {"title", "body", "url", "tag"}}``; null where the reader does not want it told."""
    return jsonify({"notification": _notification(session, viewer, message_id)})


def _notification(session: Session, viewer: Viewer, message_id: int) -> dict[str, Any] | None:
    """Words of a public room are told; of a private conversation who wrote, since screens stand where others see them.

    Raises:
        NotFound: the viewer may not read it, or is not in the conversation.
    """
    message = find_message(session, message_id)
    conversation, membership = own_place(session, viewer, message.conversation_id)
    is_named = session.get(MessageMention, (message.id, viewer.member_id)) is not None
    if message.author_id == viewer.id or (conversation.kind is ConversationKind.ROOM and not is_named):
        return None
    source = Source.CHAT_MENTION if is_named else Source.CHAT_DIRECT
    is_read = membership.read_position >= message.position
    is_muted = membership.muted_until is not None and membership.muted_until > clock.now()
    if is_read or is_muted or levels_of(session, source, [viewer.member_id])[viewer.member_id] is not Level.NOW:
        return None
    if quiet_of(session, viewer.member_id).holds_at(clock.now()):
        return None
    if message.author_id in apart.unheard_ids(session, viewer.member_id):
        return None
    card = conversation_card(session, viewer, conversation.id)
    name = person_cards(session, [message.author_id])[message.author_id].name
    words = excerpt(plain(message.html), most=_LONGEST) if card.is_public else ""
    body = _("mentioned you") if is_named else _("wrote to you")
    title = _("%(name)s in %(place)s", name=name, place=card.name) if card.is_room else name
    return {
        "title": title,
        "body": words or body,
        "url": f"/chat/messages/{message.id}",
        "tag": f"chat:{conversation.id}",
    }
