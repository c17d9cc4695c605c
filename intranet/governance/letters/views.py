"""Dead letters, for administrators: to whom, why, and since when; never what stands in them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.governance.letters.events import (
    AllLettersTriedAgain,
    LetterLetGo,
    LetterTriedAgain,
    ParkedEventLetGo,
    ParkedEventTriedAgain,
)
from intranet.governance.views import feature
from intranet.kernel import jobs, mail, parked
from intranet.kernel.errors import NotFound
from intranet.kernel.ids import moment_of, parse_id
from intranet.kernel.outbox import record
from intranet.kernel.page import decode_cursor, encode_cursor, render
from intranet.kernel.policy import ADMIN
from intranet.kernel.viewer import Viewer
from intranet.people.cards import PersonCard, person_cards, whole

HERE = "/admin/letters"
_PAGE = 50
_PUSHES = "notifications.push"


@dataclass(frozen=True, slots=True)
class Letter:
    """One thing that was given up. ``to`` is the address of a mail, ``person`` whom a push was for; it waits
    ``since`` it was first to be done."""

    id: int
    sort: str
    to: str
    person: PersonCard | None
    reason: str
    since: datetime


@feature.get("/admin/letters", allow=ADMIN)
def letters(session: Session, _viewer: Viewer) -> ResponseReturnValue:
    """All of them, the latest first."""
    keys = decode_cursor(request.args.get("before"), size=1)
    rows = jobs.given_up(session, before=whole(keys[0]) if keys else None, limit=_PAGE + 1)
    shown = rows[:_PAGE]
    people = person_cards(session, {one for row in shown if (one := _person_of(row.payload)) is not None})
    found = [_letter(row, people) for row in shown]
    older = encode_cursor(str(shown[-1].id)) if len(rows) > _PAGE else None
    # What a part of the product could not take is rare and urgent: it stands on the first page, before the rest.
    held = parked.parked(session, limit=_PAGE + 1) if keys is None else []
    return render(
        "governance/letters.html", letters=found, older=older, held=held[:_PAGE], has_more_held=len(held) > _PAGE
    )


def _person_of(payload: dict[str, Any]) -> int | None:
    given = str(payload.get("person_id", ""))
    return int(given) if given.isdecimal() else None


def _letter(row: jobs.Job, people: dict[int, PersonCard]) -> Letter:
    is_mail = row.kind == mail.SEND
    sort = _("Mail") if is_mail else _("Push") if row.kind.startswith(_PUSHES) else row.kind
    to = str(row.payload.get("to", "")) if is_mail else ""
    return Letter(row.id, sort, to, people.get(_person_of(row.payload) or 0), row.last_error, moment_of(row.id))


@feature.post("/admin/letters/again", allow=ADMIN)
def all_again(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """All of them, as when the mail server is back: nobody presses a button for each of a night's mails."""
    count = jobs.try_all_again(session)
    if count:
        record(session, AllLettersTriedAgain(count, viewer.id))
        flash(_("They are tried again now."))
    return redirect(HERE, 303)


@feature.post("/admin/letters/<id:job_id>/again", allow=ADMIN)
def again(session: Session, viewer: Viewer, job_id: int) -> ResponseReturnValue:
    """Have the worker try it once more, from the beginning."""
    kind = jobs.try_again(session, job_id)
    if kind is None:
        raise NotFound
    record(session, LetterTriedAgain(job_id, kind, viewer.id))
    flash(_("It is tried again now."))
    return redirect(HERE, 303)


@feature.post("/admin/letters/<id:job_id>/drop", allow=ADMIN)
def drop(session: Session, viewer: Viewer, job_id: int) -> ResponseReturnValue:
    """Let it go."""
    kind = jobs.let_go(session, job_id)
    if kind is None:
        raise NotFound
    record(session, LetterLetGo(job_id, kind, viewer.id))
    return redirect(HERE, 303)


@feature.post("/admin/letters/parked/again", allow=ADMIN)
def again_parked(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Have the worker give an event once more to the part of the product that could not take it."""
    subscriber, event_id = _named()
    if not parked.try_again(session, subscriber, event_id):
        raise NotFound
    record(session, ParkedEventTriedAgain(event_id, subscriber, viewer.id))
    flash(_("It is tried again now."))
    return redirect(HERE, 303)


@feature.post("/admin/letters/parked/drop", allow=ADMIN)
def drop_parked(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Let it go: that part of the product never hears of it."""
    subscriber, event_id = _named()
    if not parked.let_go(session, subscriber, event_id):
        raise NotFound
    record(session, ParkedEventLetGo(event_id, subscriber, viewer.id))
    return redirect(HERE, 303)


def _named() -> tuple[str, int]:
    return request.form.get("subscriber", ""), parse_id(request.form.get("event_id", ""))
