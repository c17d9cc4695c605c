"""The picture of a link card, for those who may read its post, and the author's button."""

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.files.views import stored_bytes
from intranet.kernel.errors import NotFound
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.posts.finding import find_post
from intranet.posts.forms import SwitchForm
from intranet.posts.links import actions
from intranet.posts.views import feature, shown


@feature.get("/posts/<id:post_id>/link/picture", allow=MEMBER)
def link_picture(session: Session, _viewer: Viewer, post_id: int) -> ResponseReturnValue:
    """Our own small copy of the linked page's picture."""
    post = find_post(session, post_id)
    if post.link_picture is None:
        raise NotFound
    return stored_bytes(post.link_picture, "image/webp", name="link.webp", as_attachment=False)


@feature.post("/posts/<id:post_id>/link", allow=MEMBER)
def link(session: Session, viewer: Viewer, post_id: int) -> ResponseReturnValue:
    """Take the card below one's own post away, or have it back."""
    actions.show_link(session, viewer, post_id, is_on=SwitchForm.parse(request.form).on == "1")
    return shown(session, viewer, post_id)
