"""Pages of posts. Every change works as a plain form, and answers the page's script with a fragment."""

from datetime import datetime
from urllib.parse import urlencode

from flask import jsonify, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.files.actions import put_on_shelf
from intranet.files.uploads import Uploads
from intranet.kernel.audience import EVERYONE
from intranet.kernel.db import start_over
from intranet.kernel.errors import Conflict, Invalid, NotFound, Refused
from intranet.kernel.ids import parse_id
from intranet.kernel.page import render, wants_fragment
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.kernel.web import Feature, own_path
from intranet.posts import actions, queries
from intranet.posts.actions.linking import write
from intranet.posts.cards import CommentCard, PostCard
from intranet.posts.composing import composer, composer_again, prefilled
from intranet.posts.finding import find_item, post_id_of
from intranet.posts.forms import EditForm, PostForm, ReactionForm, SwitchForm, described
from intranet.posts.models import Comment, PostKind
from intranet.posts.sending import files_along, prepare_post, tell_companions

feature = Feature("posts")


def back_to(otherwise: str) -> ResponseReturnValue:
    """Redirect to the page that the form names, if it is one of ours."""
    return redirect(own_path(request.form.get("back", ""), otherwise=otherwise), 303)


def post_fragment(card: PostCard) -> str:
    """The one rendering of a post."""
    return render("posts/_post.html", post=card)


def comment_fragment(card: CommentCard) -> str:
    """The one rendering of a comment."""
    return render("posts/_comment.html", comment=card)


@feature.get("/compose", allow=MEMBER)
def compose(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """The composer on a page of its own, filled with what the address says; phones share to it."""
    asks = request.args.get("kind") == PostKind.QUESTION
    given = {**request.args, "place": "question" if asks else "home", "text": prefilled(request.args)}
    given |= {"audience": request.args.get("group", ""), "title": request.args.get("title", "") if asks else ""}
    box = composer_again(session, viewer, given)
    return render("posts/compose.html", composer=box)


@feature.post("/posts", allow=MEMBER, prepare=prepare_post)
def create(session: Session, viewer: Viewer, prepared: Uploads) -> ResponseReturnValue:
    """Publish what the composer holds; what cannot be taken comes back in the composer with the reason."""
    try:
        form = PostForm.parse(request.form)
        files = (*files_of(session, viewer, form, prepared), *files_along(session, viewer, request.form))
        post = actions.publish_post(session, viewer, form.draft(files))
        tell_companions(session, viewer, post, request.form)
    except Invalid as error:
        return sent_back(session, viewer, error)
    place = "home" if form.audience_id == EVERYONE else f"group:{form.audience_id}"
    _drop_draft(session, viewer, form.place or place, form.text)
    if wants_fragment():
        return post_fragment(queries.post_card(session, viewer, post.id)), 201
    if post.kind is PostKind.QUESTION:
        return redirect(f"/questions/{post.id}", 303)
    return back_to(f"/#item-{post.id}" if form.audience_id == EVERYONE else f"/g/{form.audience_id}")


def _drop_draft(session: Session, viewer: Viewer, place: str, text: str) -> None:
    if wants_fragment():
        actions.drop_sent_draft(session, viewer, place, text)
    else:
        actions.drop_draft(session, viewer, place)


def sent_back(session: Session, viewer: Viewer, error: Invalid) -> ResponseReturnValue:
    """What cannot be taken, back in the composer with the reason; the page's script is told the reason alone."""
    if wants_fragment():
        raise error
    start_over(session)
    box = composer_again(session, viewer, request.form, errors=error.fields)
    return render("posts/compose.html", composer=box), int(error.status)


def files_of(session: Session, viewer: Viewer, form: PostForm, uploads: Uploads) -> tuple[int, ...]:
    """Uploads that were sent before, and those that came with the form.

    Raises:
        Invalid: one that came with the form cannot be taken.
    """
    if uploads.errors:
        raise Invalid(uploads.errors)
    return (*form.file_ids, *(put_on_shelf(session, viewer, one).id for one in uploads.received))


@feature.get("/posts/<id:post_id>", allow=MEMBER)
def show(session: Session, viewer: Viewer, post_id: int) -> ResponseReturnValue:
    """One post with its comments; as a fragment the post alone."""
    try:
        card = queries.post_card(session, viewer, post_id)
    except NotFound:
        # Programs know comments by their id alone.
        comment = queries.comment_card(session, viewer, post_id)
        return comment_fragment(comment) if wants_fragment() else redirect(comment.url)
    if wants_fragment():
        return post_fragment(card)
    if card.is_question:
        return redirect(f"{card.url}?{urlencode(list(request.args.items(multi=True)))}".rstrip("?"))
    return _page(session, viewer, card)


def _page(
    session: Session, viewer: Viewer, card: PostCard, *, text: str = "", errors: dict[str, str] | None = None
) -> str:
    before = request.args.get("before")
    comments = queries.comment_page(session, viewer, card.id, before=parse_id(before) if before else None)
    box = composer(session, viewer, place=f"post:{card.id}", text=text or prefilled(request.args), errors=errors)
    return render("posts/show.html", post=card, comments=comments, composer=box)


@feature.get("/posts/<id:post_id>/comments", allow=MEMBER)
def thread(session: Session, viewer: Viewer, post_id: int) -> ResponseReturnValue:
    """The comments and the box for another, to open below a post in a feed."""
    if not wants_fragment():
        return redirect(url_for("posts.show", post_id=post_id, _anchor=f"comments-{post_id}"))
    card = queries.post_card(session, viewer, post_id)
    before = request.args.get("before")
    comments = queries.comment_page(session, viewer, post_id, before=parse_id(before) if before else None)
    box = composer(session, viewer, place=f"post:{post_id}")
    return render("posts/_thread.html", post=card, comments=comments, composer=box)


@feature.post("/posts/<id:post_id>/comments", allow=MEMBER, prepare=prepare_post)
def comment(session: Session, viewer: Viewer, post_id: int, prepared: Uploads) -> ResponseReturnValue:
    """Reply to a post, or with ``reply_to`` to one of its comments."""
    try:
        form = PostForm.parse(request.form)
        files = files_of(session, viewer, form, prepared)
        reply_to = parse_id(request.form.get("reply_to") or str(post_id))
        if post_id_of(find_item(session, reply_to)) != post_id:
            raise NotFound
        added = actions.add_comment(session, viewer, reply_to=reply_to, text=form.text, files=files)
    except (Invalid, Refused) as error:
        if wants_fragment():
            raise
        start_over(session)
        card = queries.post_card(session, viewer, post_id)
        fields = error.fields if isinstance(error, Invalid) else {} if card.is_frozen else {"text": str(error)}
        return _page(session, viewer, card, text=request.form.get("text", ""), errors=fields), int(error.status)
    _drop_draft(session, viewer, f"post:{post_id}", form.text)
    if wants_fragment():
        return comment_fragment(queries.comment_card(session, viewer, added.id)), 201
    return redirect(url_for("posts.show", post_id=post_id, _anchor=f"item-{added.id}"), 303)


@feature.get("/posts/<id:item_id>/edit", allow=MEMBER)
def edit(session: Session, viewer: Viewer, item_id: int) -> ResponseReturnValue:
    """The text of a post or comment in a box; as a fragment to stand in its place."""
    item = queries.item_card(session, viewer, item_id)
    if not item.can_edit:
        raise NotFound
    return _editing(item, text=item.text, title=item.title, version=item.version, errors={})


def _editing(item: PostCard | CommentCard, *, errors: dict[str, str], **typed: str) -> str:
    return render("posts/edit.html", fragment="posts/_edit.html", item=item, errors=errors, **typed)


@feature.post("/posts/<id:item_id>/edit", allow=MEMBER)
def save_edit(session: Session, viewer: Viewer, item_id: int) -> ResponseReturnValue:
    """Store the new text; an edit that came first is shown instead of lost."""
    form = EditForm.parse(request.form)
    try:
        actions.edit_item(session, viewer, item_id, form.text, title=form.title, seen=_moment(form.version))
        actions.describe_pictures(session, viewer, item_id, described(request.form))
    except (Invalid, Conflict) as error:
        start_over(session)
        item = queries.item_card(session, viewer, item_id)
        fields = error.fields if isinstance(error, Invalid) else {"version": "conflict"}
        typed = {"text": form.text, "title": form.title or "", "version": form.version}
        return _editing(item, errors=fields, **typed), int(error.status)
    return shown(session, viewer, item_id)


def _moment(version: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(version) if version else None
    except ValueError as error:
        raise Invalid({"version": "not a time"}) from error
    if moment is not None and moment.tzinfo is None:
        raise Invalid({"version": "a time without a zone"})
    return moment


def shown(session: Session, viewer: Viewer, item_id: int) -> ResponseReturnValue:
    """The item after a change: its fragment for the page's script, or the way back to the page."""
    card = queries.item_card(session, viewer, item_id)
    if not wants_fragment():
        return back_to(card.url)
    return comment_fragment(card) if isinstance(card, CommentCard) else post_fragment(card)


@feature.post("/posts/<id:item_id>/delete", allow=MEMBER)
def delete(session: Session, viewer: Viewer, item_id: int) -> ResponseReturnValue:
    """Take a post or comment away; scripts offer Undo, the page names the way back."""
    item = actions.delete_item(session, viewer, item_id)
    if wants_fragment():
        return "", 204
    if isinstance(item, Comment):
        return redirect(url_for("posts.show", post_id=item.post_id), 303)
    return redirect(url_for("posts.deleted", item_id=item.id), 303)


@feature.get("/posts/<id:item_id>/deleted", allow=MEMBER)
def deleted(_session: Session, _viewer: Viewer, item_id: int) -> ResponseReturnValue:
    """Says that something was deleted, with a button that brings it back; it shows nothing of it."""
    return render("posts/deleted.html", item_id=item_id)


@feature.post("/posts/<id:item_id>/restore", allow=MEMBER)
def restore(session: Session, viewer: Viewer, item_id: int) -> ResponseReturnValue:
    """Undo a deletion."""
    actions.restore_item(session, viewer, item_id)
    return shown(session, viewer, item_id)


@feature.get("/posts/<id:item_id>/history", allow=MEMBER)
def history(session: Session, viewer: Viewer, item_id: int) -> ResponseReturnValue:
    """Everything that a post or comment has said."""
    found = queries.versions(session, item_id)
    item = queries.item_card(session, viewer, item_id)
    return render("posts/history.html", item=item, versions=found)


@feature.post("/posts/<id:item_id>/reactions", allow=MEMBER)
def react(session: Session, viewer: Viewer, item_id: int) -> ResponseReturnValue:
    """React, or take it back."""
    form = ReactionForm.parse(request.form)
    kind, is_on = form.wanted()
    actions.react(session, viewer, item_id, kind, is_on=is_on)
    return shown(session, viewer, item_id)


@feature.post("/posts/<id:post_id>/bookmark", allow=MEMBER)
def bookmark(session: Session, viewer: Viewer, post_id: int) -> ResponseReturnValue:
    """Save a post for later, or let it go."""
    form = SwitchForm.parse(request.form)
    actions.bookmark(session, viewer, post_id, is_on=form.on == "1")
    return shown(session, viewer, post_id)


@feature.post("/posts/<id:post_id>/pin", allow=MEMBER)
def pin(session: Session, viewer: Viewer, post_id: int) -> ResponseReturnValue:
    """Keep a post in sight in its group, or let it go."""
    actions.pin(session, viewer, post_id, is_on=SwitchForm.parse(request.form).on == "1")
    return shown(session, viewer, post_id)


@feature.post("/compose/draft", allow=MEMBER)
def save_draft(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Keep what stands in a box; an empty one forgets it."""
    place, title, text = (request.form.get(name, "") for name in ("place", "title", "text"))
    saved = actions.save_draft(session, viewer, place, text, title=title, seen=request.form.get("seen"))
    return jsonify(version=saved.version if saved else "") if wants_fragment() else redirect("/", 303)


@feature.get("/compose/draft", allow=MEMBER)
def draft(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """What is kept of a box, for a device that was away or behind."""
    saved = queries.draft_at(session, viewer, request.args.get("place", ""))
    empty = {"title": "", "text": "", "version": ""}
    return jsonify({"title": saved.title, "text": saved.text, "version": saved.version} if saved else empty)


@feature.post("/compose/preview", allow=MEMBER)
def preview(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """How the text would look: as a fragment, or above the composer."""
    text = request.form.get("text", "")
    written = write(session, text)
    if wants_fragment():
        return make_response(jsonify(html=written.html))
    box = composer_again(session, viewer, request.form)
    return render("posts/compose.html", composer=box, preview=written.html)
