"""The administrators' page for reading private conversations, and the page on which an approved one is read."""

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from intranet.chat.inspection import actions, queries
from intranet.chat.inspection.models import HOURS, LONGEST_REASON, Decision, Inspection
from intranet.chat.inspection.policy import InspectionPermission
from intranet.governance.views import feature
from intranet.kernel import clock
from intranet.kernel.db import start_over
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.ids import parse_id
from intranet.kernel.page import render
from intranet.kernel.policy import ADMIN, require
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer, system

_REGISTRAR = system(reason="inspection: looks up what a request means, and who is in it, for whom it is hidden from")
_LECTOR = system(reason="inspection: reads a conversation that two administrators agreed to have read")


@feature.get("/admin/inspections", allow=ADMIN)
def inspections_page(session: Session, _viewer: Viewer) -> ResponseReturnValue:
    """Every request, and the form for a new one."""
    return _page(session, {"hours": str(HOURS[1]), "what": request.args.get("what", "")[:200]}, {})


def _page(session: Session, typed: dict[str, str], errors: dict[str, str]) -> str:
    return render(
        "governance/inspections/page.html",
        page=queries.inspections_page(session, cursor=request.args.get("before")),
        hours=[(str(one), ngettext("%(num)s hour", "%(num)s hours", one)) for one in HOURS],
        longest=LONGEST_REASON,
        typed=typed,
        errors=errors,
    )


@feature.post("/admin/inspections", allow=ADMIN)
def ask_inspection(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Ask to read a conversation."""
    typed = {name: request.form.get(name, "") for name in ("what", "reason", "hours")}
    hours = int(typed["hours"]) if typed["hours"].isdecimal() and len(typed["hours"]) < 4 else 0
    try:
        draft = actions.InspectionDraft(what=typed["what"], reason=typed["reason"], hours=hours)
        actions.ask_inspection(session, viewer, draft)
    except Invalid as error:
        start_over(session)
        return _page(session, typed, error.fields), 422
    flash(_("Asked. Another administrator must agree before anything can be read."))
    return redirect("/admin/inspections", 303)


def _inspection_id() -> int:
    return parse_id(str((request.view_args or {})["inspection_id"]))


def _decide(viewer: Viewer) -> Decision:
    """In a transaction that sees every conversation: whoever decides may not read it either."""
    given = request.form.get("decision", "")
    if given not in {one.value for one in Decision}:
        raise NotFound
    decision = Decision(given)

    def act(session: Session) -> None:
        actions.decide_inspection(session, viewer, _inspection_id(), decision)

    runtime().database.transact(_REGISTRAR, act)
    return decision


@feature.post("/admin/inspections/<id:inspection_id>/decide", allow=ADMIN, prepare=_decide)
def decide_inspection(_session: Session, _viewer: Viewer, *, prepared: Decision, **_values: int) -> ResponseReturnValue:
    """Approve a request of another administrator's, or refuse it."""
    said = {
        Decision.APPROVED: _("Approved. Those who are in the conversation are told who reads it, and why."),
        Decision.REFUSED: _("Refused. Nothing was read."),
    }
    flash(said[prepared])
    return redirect("/admin/inspections", 303)


@feature.post("/admin/inspections/<id:inspection_id>/open", allow=ADMIN)
def open_inspection(session: Session, viewer: Viewer, inspection_id: int) -> ResponseReturnValue:
    """Begin to read; that is written down too."""
    actions.open_inspection(session, viewer, inspection_id)
    return redirect(f"/admin/inspections/{inspection_id}", 303)


@feature.post("/admin/inspections/<id:inspection_id>/end", allow=ADMIN)
def end_inspection(session: Session, viewer: Viewer, inspection_id: int) -> ResponseReturnValue:
    """Withdraw it, or be done before its time is over."""
    actions.end_inspection(session, viewer, inspection_id)
    flash(_("Ended."))
    return redirect("/admin/inspections", 303)


def _read(viewer: Viewer) -> queries.Transcript | None:
    """What was said, if this viewer may read it at this moment.

    Raises:
        NotFound: there is no such request, or it was not opened.
        Refused: it was not approved, its time is over, or somebody else asked.
    """
    before = request.args.get("before", "")
    with runtime().database.reading(viewer) as session:
        inspection = session.get(Inspection, _inspection_id())
        if inspection is None:
            raise NotFound
        require(InspectionPermission.READ, viewer, inspection, clock.now())
        if inspection.opened_at is None or inspection.conversation_id is None:
            raise NotFound
        where = inspection.conversation_id
    with runtime().database.reading(_LECTOR) as session:
        return queries.transcript(session, where, before=parse_id(before) if before else None)


@feature.get("/admin/inspections/<id:inspection_id>", allow=ADMIN, prepare=_read)
def read_inspection(
    session: Session, _viewer: Viewer, inspection_id: int, *, prepared: queries.Transcript | None
) -> ResponseReturnValue:
    """The conversation to read, and nothing to do in it."""
    return render(
        "governance/inspections/read.html",
        inspection=queries.inspection_card(session, inspection_id),
        transcript=prepared,
    )
