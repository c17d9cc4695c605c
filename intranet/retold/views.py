"""From a message to the composer, and what a post shows of it."""

from flask import flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from sqlalchemy.orm import Session

from intranet.chat.actions.changing import file_ids
from intranet.chat.actions.drafting import save_draft
from intranet.chat.asking.actions import sharing_of
from intranet.chat.finding import find_message, own_place
from intranet.chat.models import ChatDraft, Message
from intranet.files.actions import MOST_FILES
from intranet.files.queries import card_of, find_file
from intranet.kernel.ids import parse_id
from intranet.kernel.page import current_viewer, render
from intranet.kernel.parts import part
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.kernel.web import Feature
from intranet.people.cards import person_cards
from intranet.posts.cards import PostCard
from intranet.posts.composing import composer
from intranet.posts.models import PostKind
from intranet.posts.queries import draft_at
from intranet.retold.actions import MESSAGE, as_question, title_of, words_of, words_of_thread
from intranet.retold.drafts import DRAFT, FILES, Begun, read_begun, read_files

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
        text=words_of(message.text, author.username, is_own=author.id == viewer.id),
        title=title_of(message.text) if asks else "",
        kind=PostKind.QUESTION if asks else PostKind.UPDATE,
    )
    return render("posts/compose.html", composer=box)


@feature.get("/chat/messages/<id:message_id>/keep", allow=MEMBER)
def keep(session: Session, viewer: Viewer, message_id: int) -> ResponseReturnValue:
    """The composer with a whole thread, whose first words must be free to go; who is quoted is named, and so told."""
    root = find_message(session, message_id)
    if root.root_id is not None:
        return redirect(f"/chat/messages/{root.root_id}/keep")
    if not sharing_of(session, viewer, root).is_allowed:
        return redirect(f"/chat/messages/{root.id}/ask?kind=post")
    kept = words_of_thread(session, viewer, root)
    if kept.left_out:
        flash(
            ngettext(
                "%(num)s message stays out: it is private, or too long for a post.",
                "%(num)s messages stay out: they are private, or too long for a post.",
                kept.left_out,
            )
        )
    return render("posts/compose.html", composer=composer(session, viewer, place=f"chat:{root.id}", text=kept.text))


@feature.post("/chat/<id:conversation_id>/as-question", allow=MEMBER)
def ask_instead(session: Session, viewer: Viewer, conversation_id: int) -> ResponseReturnValue:
    """Keep what stands in the box, as a draft there, and go on with it as a question."""
    text = request.form.get("text", "").replace("\r\n", "\n")  # as forms send it, and as the box's script keeps it
    save_draft(session, viewer, conversation_id, text)
    files = ",".join(str(parse_id(one)) for one in request.form.getlist("files")[:MOST_FILES])
    return redirect(f"/chat/{conversation_id}/as-question" + (f"?files={files}" if files else ""), 303)


@feature.get("/chat/<id:conversation_id>/as-question", allow=MEMBER)
def begin_question(session: Session, viewer: Viewer, conversation_id: int) -> ResponseReturnValue:
    """The form of a question with what was begun in chat."""
    own_place(session, viewer, conversation_id)
    draft = session.get(ChatDraft, (viewer.member_id, conversation_id, 0))
    place = f"chat:{conversation_id}"
    later = draft_at(session, viewer, place)
    # Who went on with it in the form of a question before finds it as they left it there.
    goes_on = draft is not None and later is not None and later.updated_at > draft.updated_at
    title, text = as_question(draft.text if draft and not goes_on else "")
    box = composer(session, viewer, place=place, text=text, title=title, kind=PostKind.QUESTION)
    return render("posts/compose.html", composer=box)


def composer_part(**_context: object) -> str:
    """What the form carries along, also when it is sent back: the message that it tells, and whether its files come
    with it; or the draft in chat with which it began."""
    return _of_message() or _of_draft()


def _of_draft() -> str:
    begun, files = request.form.get(DRAFT, ""), read_files(request.form.get(FILES, ""))
    if request.endpoint == "retold.begin_question":
        conversation_id = (request.view_args or {})["conversation_id"]
        draft = g.session.get(ChatDraft, (current_viewer().member_id, conversation_id, 0))
        begun = str(Begun(conversation_id, draft.updated_at)) if draft else ""
        files = read_files(request.args.get("files", ""))
    found = read_begun(begun)
    if found is None and not files:
        return ""
    shelf = [card_of(find_file(g.session, one)) for one in files]
    return render_template("retold/_begun.html", begun=found, files=shelf)


def _of_message() -> str:
    message = _carried()
    if message is None:
        return ""
    sharing = sharing_of(g.session, current_viewer(), message)
    files = len(file_ids(g.session, message.id)) if sharing.with_files else 0
    return render_template("retold/_composer.html", message=message, files=files)


def _carried() -> Message | None:
    named = request.form.get(MESSAGE, "")
    if request.endpoint in {"retold.retell", "retold.keep"}:
        named = str((request.view_args or {})["message_id"])
    return g.session.get(Message, int(named)) if named.isdecimal() and len(named) < _LONGEST_ID else None


def source_of_post(*, post: PostCard, **_context: object) -> str:
    """Whose words it tells, and the way there for those who may go it."""
    told = post.parts.get("retold")
    return part("retold/_source.html", told=told) if told else ""
