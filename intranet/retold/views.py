"""From a message to the composer, and what a post shows of it."""

from flask import g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.chat.actions.changing import file_ids
from intranet.chat.asking.actions import sharing_of
from intranet.chat.finding import find_message
from intranet.chat.models import Message
from intranet.kernel.page import current_viewer, render
from intranet.kernel.parts import part
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.kernel.web import Feature
from intranet.people.cards import person_cards
from intranet.posts.cards import PostCard
from intranet.posts.composing import composer
from intranet.posts.models import PostKind
from intranet.retold.actions import MESSAGE, title_of, words_of

feature = Feature("retold")

_LONGEST_ID = 20


@feature.get("/chat/messages/<id:message_id>/retell", allow=MEMBER)
def retell(session: Session, viewer: Viewer, message_id: int) -> ResponseReturnValue:
    """The composer with a message's words; what was said in private is its author's to give first."""
    message = find_message(session, message_id)
    asks = request.args.get("kind") == PostKind.QUESTION
    sharing = sharing_of(session, viewer, message)
    if not sharing.is_allowed:
        return redirect(f"/chat/messages/{message.id}/ask?kind={'question' if asks else 'post'}")
    author = person_cards(session, [message.author_id])[message.author_id]
    box = composer(
        session,
        viewer,
        place="question" if asks else "home",
        text=words_of(message, author.username, is_own=author.id == viewer.id),
        title=title_of(message) if asks else "",
        kind=PostKind.QUESTION if asks else PostKind.UPDATE,
    )
    return render("posts/compose.html", composer=box)


def composer_part(**_context: object) -> str:
    """Which message the form carries along, also when it is sent back, and whether its files come with it."""
    message = _carried()
    if message is None:
        return ""
    sharing = sharing_of(g.session, current_viewer(), message)
    files = len(file_ids(g.session, message.id)) if sharing.with_files else 0
    return render_template("retold/_composer.html", message=message, files=files)


def _carried() -> Message | None:
    named = request.form.get(MESSAGE, "")
    if request.endpoint == "retold.retell":
        named = str((request.view_args or {})["message_id"])
    return g.session.get(Message, int(named)) if named.isdecimal() and len(named) < _LONGEST_ID else None


def source_of_post(*, post: PostCard, **_context: object) -> str:
    """Whose words it tells, and the way there for those who may go it."""
    told = post.parts.get("retold")
    return part("retold/_source.html", told=told) if told else ""
