"""Reporting, and the moderators' review queue."""

from datetime import timedelta
from typing import Any

from flask import flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from intranet.accounts.queries import person_by_username
from intranet.articles.queries import article_card
from intranet.articles.voices.actions import find_voice
from intranet.chat.finding import find_conversation, find_message
from intranet.chat.models import ConversationKind
from intranet.governance.reports import actions, queries, withholding
from intranet.governance.reports.models import Decision, ReportReason
from intranet.governance.views import feature
from intranet.groups.finding import group_by_slug
from intranet.kernel import clock
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.forms import Form
from intranet.kernel.page import current_viewer, render, section
from intranet.kernel.parts import part
from intranet.kernel.policy import MEMBER, MODERATOR, allows
from intranet.kernel.viewer import Viewer
from intranet.people.cards import PersonCard, person_cards
from intranet.people.routes import at_most
from intranet.posts.actions import freeze_post
from intranet.posts.anonymous.queries import is_by
from intranet.posts.anonymous.slots import wrote
from intranet.posts.cards import PostCard
from intranet.posts.finding import find_item, post_id_of
from intranet.posts.forms import SwitchForm
from intranet.posts.queries import item_card
from intranet.posts.views import shown

REASONS = {
    ReportReason.PERSONAL: lazy_gettext("It tells something personal about somebody"),
    ReportReason.UNKIND: lazy_gettext("It is unkind"),
    ReportReason.WRONG_AUDIENCE: lazy_gettext("It is for other readers"),
    ReportReason.UNTRUE: lazy_gettext("It is not true, and does harm"),
    ReportReason.OTHER: lazy_gettext("Something else"),
}
DECISIONS = {
    Decision.NOTHING: lazy_gettext("Nothing wrong here"),
    Decision.HIDE: lazy_gettext("Hidden"),
    Decision.FREEZE: lazy_gettext("Closed to replies"),
}
_REPORTED = lazy_gettext("Reported. Moderators look at it; its author does not learn who you are.")
_TOLD_FOR = timedelta(days=14)
_report_limit = at_most(30, timedelta(hours=1), "report")


class ReportForm(Form):
    """Why something is out of place."""

    reason: ReportReason
    words: str = ""


class DecisionForm(Form):
    """What a moderator decides, and why."""

    decision: Decision
    note: str = ""


@feature.get("/posts/<id:item_id>/report", allow=MEMBER)
def ask_report(session: Session, viewer: Viewer, item_id: int) -> ResponseReturnValue:
    """The form for reporting a post or comment."""
    return _form(session, viewer, item_id)


def _form(session: Session, viewer: Viewer, item_id: int, errors: dict[str, str] | None = None) -> str:
    card = item_card(session, viewer, item_id)
    if is_by(session, find_item(session, item_id), viewer.id):
        raise NotFound
    return _ask(card.author, card.text, card.url, errors)


def _ask(
    author: PersonCard | None, quote: str, back: str, errors: dict[str, str] | None = None, *, between_two: bool = False
) -> str:
    typed = {"reason": request.form.get("reason", ""), "words": request.form.get("words", "")}
    return render(
        "governance/report.html",
        author=author,
        quote=quote,
        back=back,
        between_two=between_two,
        reasons=REASONS,
        typed=typed,
        errors=errors or {},
    )


@feature.post("/posts/<id:item_id>/report", allow=MEMBER, prepare=_report_limit)
def report(session: Session, viewer: Viewer, item_id: int, **_prepared: object) -> ResponseReturnValue:
    """Show it to the moderators."""
    try:
        form = ReportForm.parse(request.form)
        actions.file_report(session, viewer, item_id, form.reason, words=form.words)
    except Invalid as invalid:
        return _form(session, viewer, item_id, invalid.fields), 422
    flash(_REPORTED)
    return redirect(f"/posts/{post_id_of(find_item(session, item_id))}", 303)


@feature.get("/people/<username>/report", allow=MEMBER)
def ask_profile_report(session: Session, _viewer: Viewer, username: str) -> ResponseReturnValue:
    """The form for reporting what a profile says."""
    return _profile_form(session, username)


def _profile_form(session: Session, username: str, errors: dict[str, str] | None = None) -> str:
    person = person_by_username(session, username)
    card = person_cards(session, [person.id])[person.id]
    return _ask(card, withholding.profile_words(session, person), card.url, errors)


@feature.post("/people/<username>/report", allow=MEMBER, prepare=_report_limit)
def report_profile(session: Session, viewer: Viewer, username: str, **_prepared: object) -> ResponseReturnValue:
    """Show it to the moderators."""
    try:
        form = ReportForm.parse(request.form)
        person = person_by_username(session, username)
        actions.report_profile(session, viewer, person, form.reason, words=form.words)
    except Invalid as invalid:
        return _profile_form(session, username, invalid.fields), 422
    flash(_REPORTED)
    return redirect(f"/people/{username}", 303)


@feature.get("/groups/<slug>/report", allow=MEMBER)
def ask_group_report(session: Session, _viewer: Viewer, slug: str) -> ResponseReturnValue:
    """The form for reporting what a group says of itself."""
    return _group_form(session, slug)


def _group_form(session: Session, slug: str, errors: dict[str, str] | None = None) -> str:
    group = group_by_slug(session, slug)
    return _ask(None, withholding.group_words(group), f"/groups/{group.slug}", errors)


@feature.post("/groups/<slug>/report", allow=MEMBER, prepare=_report_limit)
def report_group(session: Session, viewer: Viewer, slug: str, **_prepared: object) -> ResponseReturnValue:
    """Show it to the moderators."""
    try:
        form = ReportForm.parse(request.form)
        actions.report_group(session, viewer, group_by_slug(session, slug), form.reason, words=form.words)
    except Invalid as invalid:
        return _group_form(session, slug, invalid.fields), 422
    flash(_REPORTED)
    return redirect(f"/groups/{slug}", 303)


@feature.get("/articles/<id:article_id>/report", allow=MEMBER)
def ask_article_report(session: Session, viewer: Viewer, article_id: int) -> ResponseReturnValue:
    """The form for reporting an article."""
    return _article_form(session, viewer, article_id)


def _article_form(session: Session, viewer: Viewer, article_id: int, errors: dict[str, str] | None = None) -> str:
    card = article_card(session, viewer, article_id)
    return _ask(card.keeper, card.text, card.url, errors)


@feature.post("/articles/<id:article_id>/report", allow=MEMBER, prepare=_report_limit)
def report_article(session: Session, viewer: Viewer, article_id: int, **_prepared: object) -> ResponseReturnValue:
    """Show it to the moderators."""
    try:
        form = ReportForm.parse(request.form)
        actions.report_article(session, viewer, article_id, form.reason, words=form.words)
    except Invalid as invalid:
        return _article_form(session, viewer, article_id, invalid.fields), 422
    flash(_REPORTED)
    return redirect(f"/articles/{article_id}", 303)


@feature.get("/articles/voices/<id:voice_id>/report", allow=MEMBER)
def ask_voice_report(session: Session, _viewer: Viewer, voice_id: int) -> ResponseReturnValue:
    """The form for reporting a reader's note on an article."""
    return _voice_form(session, voice_id)


def _voice_form(session: Session, voice_id: int, errors: dict[str, str] | None = None) -> str:
    voice, article = find_voice(session, voice_id)
    author = person_cards(session, [voice.author_id])[voice.author_id]
    return _ask(author, voice.note, f"/articles/{article.id}#voices", errors)


@feature.post("/articles/voices/<id:voice_id>/report", allow=MEMBER, prepare=_report_limit)
def report_voice(session: Session, viewer: Viewer, voice_id: int, **_prepared: object) -> ResponseReturnValue:
    """Show it to the moderators."""
    try:
        form = ReportForm.parse(request.form)
        actions.report_voice(session, viewer, voice_id, form.reason, words=form.words)
    except Invalid as invalid:
        return _voice_form(session, voice_id, invalid.fields), 422
    flash(_REPORTED)
    return redirect(f"/articles/{find_voice(session, voice_id)[1].id}", 303)


@feature.get("/settings/decisions", allow=MEMBER, before_agreeing=True)
def decisions(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """What moderators took away from the viewer, and why."""
    found = queries.verdicts_on(session, viewer.member_id)
    return render("governance/decisions.html", verdicts=found, reasons=REASONS, decisions=DECISIONS)


@feature.get("/chat/messages/<id:message_id>/report", allow=MEMBER)
def ask_message_report(session: Session, viewer: Viewer, message_id: int) -> ResponseReturnValue:
    """The form for reporting a message."""
    return _message_form(session, viewer, message_id)


def _message_form(session: Session, viewer: Viewer, message_id: int, errors: dict[str, str] | None = None) -> str:
    message = find_message(session, message_id)
    if message.author_id == viewer.id:
        raise NotFound
    author = person_cards(session, [message.author_id])[message.author_id]
    quote = withholding.message_words(session, message)
    is_direct = find_conversation(session, message.conversation_id).kind is ConversationKind.DIRECT
    return _ask(author, quote, f"/chat/messages/{message.id}", errors, between_two=is_direct)


@feature.post("/chat/messages/<id:message_id>/report", allow=MEMBER, prepare=_report_limit)
def report_message(session: Session, viewer: Viewer, message_id: int, **_prepared: object) -> ResponseReturnValue:
    """Show it to the moderators."""
    try:
        form = ReportForm.parse(request.form)
        actions.report_message(session, viewer, message_id, form.reason, words=form.words)
    except Invalid as invalid:
        return _message_form(session, viewer, message_id, invalid.fields), 422
    flash(_REPORTED)
    return redirect(f"/chat/messages/{message_id}", 303)


@feature.get("/moderation", allow=MODERATOR)
def queue(session: Session, _viewer: Viewer) -> ResponseReturnValue:
    """What was reported: what waits, or with ``show=decided`` what was decided."""
    is_open = request.args.get("show") != "decided"
    found = queries.cases(session, is_open=is_open)
    return render("governance/queue.html", cases=found, is_open=is_open, reasons=REASONS, decisions=DECISIONS)


@feature.post("/moderation/<id:item_id>/decide", allow=MODERATOR)
def decide(session: Session, viewer: Viewer, item_id: int) -> ResponseReturnValue:
    """Nothing wrong, hide it, or close it to replies."""
    form = DecisionForm.parse(request.form)
    actions.decide(session, viewer, item_id, form.decision, note=form.note)
    return redirect("/moderation", 303)


@feature.post("/moderation/<id:item_id>/reopen", allow=MODERATOR)
def reopen(session: Session, viewer: Viewer, item_id: int) -> ResponseReturnValue:
    """Take a decision back."""
    actions.reopen(session, viewer, item_id)
    return redirect("/moderation", 303)


@feature.post("/moderation/posts/<id:post_id>/freeze", allow=MODERATOR)
def freeze(session: Session, viewer: Viewer, post_id: int) -> ResponseReturnValue:
    """Close a post to replies without a report, or open it again."""
    freeze_post(session, viewer, post_id, is_on=SwitchForm.parse(request.form).on == "1")
    return shown(session, viewer, post_id)


def post_action(*, post: PostCard, **_context: Any) -> str:
    """The entries in a post's menu."""
    return part(
        "governance/_report_action.html",
        post_id=post.id,
        is_frozen=post.is_frozen,
        may_report=not wrote(post),
        may_freeze=allows(MODERATOR, current_viewer()),
    )


def nav_entry(**_context: object) -> str:
    """The way to the queue, for moderators."""
    if not allows(MODERATOR, current_viewer()):
        return ""
    return part("governance/_moderation_link.html", is_here=section() == "/moderation")


def told(**_context: object) -> str:
    """On the home page of whoever wrote it: what moderators decided lately, and where the reason stands."""
    found = queries.verdicts_on(g.session, current_viewer().member_id, since=clock.now() - _TOLD_FOR)
    return render_template("governance/_told.html", verdicts=found, decisions=DECISIONS) if found else ""


def profile_action(*, profile: Any, **_context: Any) -> str:
    """The way to report a profile, below it."""
    return (
        render_template("governance/_report_link.html", address=f"/people/{profile.card.username}/report")
        if (not profile.is_me and not profile.card.has_left)
        else ""
    )


def group_action(*, group: Any, **_context: Any) -> str:
    """The way to report a group, beside it."""
    return render_template("governance/_report_link.html", address=f"{group.url}/report")
