"""The picture of a message's link card, for those who may read the message."""

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.chat.finding import find_message
from intranet.chat.routes import feature
from intranet.files.views import stored_bytes
from intranet.kernel.errors import NotFound
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer


@feature.get("/chat/messages/<id:message_id>/link/picture", allow=MEMBER)
def link_picture(session: Session, _viewer: Viewer, message_id: int) -> ResponseReturnValue:
    """Our own small copy of the linked page's picture."""
    message = find_message(session, message_id)
    if message.link_picture is None:
        raise NotFound
    return stored_bytes(message.link_picture, "image/webp", name="link.webp", as_attachment=False)
