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

from intranet.articles.voices.actions import find_voice
from intranet.chat.finding import find_conversation, find_message
from intranet.chat.models import ConversationKind
from intranet.governance.reports import reportable
from intranet.governance.reports.actions import file_report
from intranet.governance.reports.models import Report, ReportReason
from intranet.governance.views import feature
from intranet.groups.queries import group_cards
from intranet.kernel.errors import Invalid
from intranet.kernel.forms import Form
from intranet.kernel.page import render
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.people.cards import PersonCard, person_cards
from intranet.people.routes import at_most
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
    what: str,
    rule: str,
    found: Callable[[Session, Viewer, Any], Report],
    show: Callable[[Session, Viewer, Report], Reported],
) -> None:
    """Mount the form at ``rule``, whose ``key`` is what ``found`` finds, and ``show`` shows."""

    def ask(session: Session, viewer: Viewer, key: Any) -> ResponseReturnValue:
        return _form(show(session, viewer, found(session, viewer, key)))

    def report(session: Session, viewer: Viewer, key: Any, **_prepared: object) -> ResponseReturnValue:
        fresh = found(session, viewer, key)
        reported = show(session, viewer, fresh)
        try:
            form = ReportForm.parse(request.form)
            file_report(session, viewer, fresh, form.reason, words=form.words)
        except Invalid as invalid:
            return _form(reported, invalid.fields), 422
        flash(_REPORTED)
        return redirect(urldefrag(reported.back).url, 303)  # to the top, where it says that it was reported

    feature.get(rule, allow=MEMBER, endpoint=f"ask_{what}_report")(ask)
    feature.post(rule, allow=MEMBER, prepare=_limit, endpoint=f"report_{what}")(report)


def _form(reported: Reported, errors: dict[str, str] | None = None) -> str:
    typed = {"reason": request.form.get("reason", ""), "words": request.form.get("words", "")}
    return render("governance/report.html", reported=reported, reasons=REASONS, typed=typed, errors=errors or {})


def _card(session: Session, fresh: Report) -> PersonCard:
    return person_cards(session, [fresh.author_id])[fresh.author_id]


def _item(session: Session, viewer: Viewer, fresh: Report) -> Reported:
    card = item_card(session, viewer, fresh.item_id)
    return Reported(card.author, fresh.quote, card.url)


def _profile(session: Session, _viewer: Viewer, fresh: Report) -> Reported:
    card = _card(session, fresh)
    return Reported(card, fresh.quote, card.url)


def _group(session: Session, _viewer: Viewer, fresh: Report) -> Reported:
    return Reported(None, fresh.quote, group_cards(session, [fresh.item_id])[fresh.item_id].url)


def _article(session: Session, _viewer: Viewer, fresh: Report) -> Reported:
    return Reported(_card(session, fresh), fresh.quote, f"/articles/{fresh.item_id}")


def _voice(session: Session, _viewer: Viewer, fresh: Report) -> Reported:
    _found, article = find_voice(session, fresh.item_id)
    return Reported(_card(session, fresh), fresh.quote, f"/articles/{article.id}#voices")


def _message(session: Session, _viewer: Viewer, fresh: Report) -> Reported:
    conversation = find_conversation(session, find_message(session, fresh.item_id).conversation_id)
    is_direct = conversation.kind is ConversationKind.DIRECT
    return Reported(_card(session, fresh), fresh.quote, f"/chat/messages/{fresh.item_id}", between_two=is_direct)


_reportable("item", "/posts/<id:key>/report", reportable.item, _item)
_reportable("profile", "/people/<key>/report", reportable.profile, _profile)
_reportable("group", "/groups/<key>/report", reportable.group, _group)
_reportable("article", "/articles/<id:key>/report", reportable.article, _article)
_reportable("voice", "/articles/voices/<id:key>/report", reportable.voice, _voice)
_reportable("message", "/chat/messages/<id:key>/report", reportable.message, _message)
