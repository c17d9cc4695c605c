"""Posts and comments as JSON. A comment is a post with ``reply_to``; both are found under ``/api/v1/posts/<id>``."""

from http import HTTPStatus

from flask import jsonify, make_response, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.kernel.api import Api, Before, Listed
from intranet.kernel.audience import EVERYONE
from intranet.kernel.ids import parse_id
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.posts import actions, queries
from intranet.posts.cards import as_json, comment_json
from intranet.posts.forms import GroupRef, PostBody
from intranet.posts.models import Comment, Post
from intranet.posts.schemas import CommentJson, PostJson
from intranet.posts.sending import count_post
from intranet.posts.views import feature

Item = PostJson | CommentJson
_PUBLISHED = Api(Item, takes=PostBody, status=HTTPStatus.CREATED)


@feature.post("/api/v1/posts", allow=MEMBER, prepare=count_post, api=_PUBLISHED)
def api_create(session: Session, viewer: Viewer, body: PostBody, **_prepared: object) -> ResponseReturnValue:
    """Publish a post, or a comment where ``reply_to`` names a post or comment."""
    files = tuple(parse_id(file) for file in body.files)
    if body.reply_to is not None:
        target = parse_id(body.reply_to)
        made: Post | Comment = actions.add_comment(session, viewer, reply_to=target, text=body.text, files=files)
    else:
        place = parse_id(body.audience.group) if isinstance(body.audience, GroupRef) else EVERYONE
        quoted = parse_id(body.quote) if body.quote else None
        draft = actions.PostDraft(
            text=body.text,
            title=body.title,
            kind=body.kind,
            audience_id=place,
            files=files,
            quoted_id=quoted,
            poll=body.poll,
            praise=body.praise,
            announcement=body.announcement,
            asking=body.asking,
        )
        made = actions.publish_post(session, viewer, draft)
    response = make_response(jsonify(as_json(queries.item_card(session, viewer, made.id))), 201)
    response.location = url_for("posts.api_show", item_id=made.id)
    return response


@feature.get("/api/v1/posts/<id:item_id>", allow=MEMBER, api=Api(Item))
def api_show(session: Session, viewer: Viewer, item_id: int) -> ResponseReturnValue:
    """One post or comment."""
    return jsonify(as_json(queries.item_card(session, viewer, item_id)))


@feature.delete("/api/v1/posts/<id:item_id>", allow=MEMBER, api=Api())
def api_delete(session: Session, viewer: Viewer, item_id: int) -> ResponseReturnValue:
    """Take a post or comment away."""
    actions.delete_item(session, viewer, item_id)
    return "", 204


@feature.get("/api/v1/posts/<id:post_id>/comments", allow=MEMBER, api=Api(Listed[CommentJson], asks=Before))
def api_comments(session: Session, viewer: Viewer, post_id: int, asked: Before) -> ResponseReturnValue:
    """The comments of a post, newest stretch first, each stretch oldest first; replies follow what they answer."""
    before = parse_id(asked.before) if asked.before else None
    page = queries.comment_page(session, viewer, post_id, before=before)
    items = [one for comment in page.items for one in (comment, *comment.replies) if not one.is_deleted]
    return jsonify({"items": [comment_json(one) for one in items], "next": page.older})
