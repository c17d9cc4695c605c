"""Reporting: the same form and the same way back for whatever can be reported."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urldefrag

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from intranet.accounts.queries import person_by_username
from intranet.articles.queries import article_card
from intranet.articles.voices.actions import find_voice
from intranet.chat.finding import find_conversation, find_message
from intranet.chat.models import ConversationKind
from intranet.governance.reports import actions, withholding
from intranet.governance.reports.models import Report, ReportReason
from intranet.governance.views import feature
from intranet.groups.finding import group_by_slug
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.forms import Form
from intranet.kernel.page import render
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.people.cards import PersonCard, person_cards
from intranet.people.routes import at_most
from intranet.posts.anonymous.queries import is_by
from intranet.posts.finding import find_item
from intranet.posts.queries import item_card

REASONS = {
    ReportReason.PERSONAL: lazy_gettext("It tells something personal about somebody"),
    ReportReason.UNKIND: lazy_gettext("It is unkind"),
    ReportReason.WRONG_AUDIENCE: lazy_gettext("It is for other readers"),
    ReportReason.UNTRUE: lazy_gettext("It is not true, and does harm"),
    ReportReason.OTHER: lazy_gettext("Something else"),
}
_REPORTED = lazy_gettext("Reported. Moderators look at it; its author does not learn who you are.")
_limit = at_most(30, timedelta(hours=1), "report")


class ReportForm(Form):
    """Why something is out of place."""

    reason: ReportReason
    words: str = ""


@dataclass(frozen=True)
class Reported:
    """What its reader is about to report; ``back`` is the page where it stands."""

    author: PersonCard | None
    quote: str
    back: str
    between_two: bool = False


def _reportable(
    what: str, rule: str, show: Callable[[Session, Viewer, Any], Reported], file: Callable[..., Report]
) -> None:
    """Mount the form at ``rule``, whose ``key`` names what ``show`` shows and ``file`` reports."""

    def ask(session: Session, viewer: Viewer, key: Any) -> ResponseReturnValue:
        return _form(show(session, viewer, key))

    def report(session: Session, viewer: Viewer, key: Any, **_prepared: object) -> ResponseReturnValue:
        reported = show(session, viewer, key)
        try:
            form = ReportForm.parse(request.form)
            file(session, viewer, key, form.reason, words=form.words)
        except Invalid as invalid:
            return _form(reported, invalid.fields), 422
        flash(_REPORTED)
        return redirect(urldefrag(reported.back).url, 303)  # to the top, where it says that it was reported

    feature.get(rule, allow=MEMBER, endpoint=f"ask_{what}_report")(ask)
    feature.post(rule, allow=MEMBER, prepare=_limit, endpoint=f"report_{what}")(report)


def _form(reported: Reported, errors: dict[str, str] | None = None) -> str:
    typed = {"reason": request.form.get("reason", ""), "words": request.form.get("words", "")}
    return render("governance/report.html", reported=reported, reasons=REASONS, typed=typed, errors=errors or {})


def _item(session: Session, viewer: Viewer, item_id: int) -> Reported:
    card = item_card(session, viewer, item_id)
    if is_by(session, find_item(session, item_id), viewer.id):
        raise NotFound
    return Reported(card.author, card.text, card.url)


def _profile(session: Session, _viewer: Viewer, username: str) -> Reported:
    person = person_by_username(session, username)
    card = person_cards(session, [person.id])[person.id]
    return Reported(card, withholding.profile_words(session, person), card.url)


def _group(session: Session, _viewer: Viewer, slug: str) -> Reported:
    group = group_by_slug(session, slug)
    return Reported(None, withholding.group_words(group), f"/groups/{group.slug}")


def _article(session: Session, viewer: Viewer, article_id: int) -> Reported:
    card = article_card(session, viewer, article_id)
    return Reported(card.keeper, card.text, card.url)


def _voice(session: Session, _viewer: Viewer, voice_id: int) -> Reported:
    voice, article = find_voice(session, voice_id)
    author = person_cards(session, [voice.author_id])[voice.author_id]
    return Reported(author, voice.note, f"/articles/{article.id}#voices")


def _message(session: Session, viewer: Viewer, message_id: int) -> Reported:
    message = find_message(session, message_id)
    if message.author_id == viewer.id:
        raise NotFound
    author = person_cards(session, [message.author_id])[message.author_id]
    quote = withholding.message_words(session, message)
    is_direct = find_conversation(session, message.conversation_id).kind is ConversationKind.DIRECT
    return Reported(author, quote, f"/chat/messages/{message.id}", between_two=is_direct)


def _file_profile(session: Session, viewer: Viewer, username: str, reason: ReportReason, *, words: str) -> Report:
    return actions.report_profile(session, viewer, person_by_username(session, username), reason, words=words)


def _file_group(session: Session, viewer: Viewer, slug: str, reason: ReportReason, *, words: str) -> Report:
    return actions.report_group(session, viewer, group_by_slug(session, slug), reason, words=words)


_reportable("item", "/posts/<id:key>/report", _item, actions.file_report)
_reportable("profile", "/people/<key>/report", _profile, _file_profile)
_reportable("group", "/groups/<key>/report", _group, _file_group)
_reportable("article", "/articles/<id:key>/report", _article, actions.report_article)
_reportable("voice", "/articles/voices/<id:key>/report", _voice, actions.report_voice)
_reportable("message", "/chat/messages/<id:key>/report", _message, actions.report_message)
