"""Reporting something, deciding about it, and taking the decision back.

A moderator need not be able to read what is reported, so the decision is carried out by the worker; the report keeps
who decided, and so does the audit log.
"""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.chat.actions.changing import withhold_message
from intranet.governance.policy import GovernancePermission
from intranet.governance.reports.events import ReportDecided, ReportFiled, ReportReopened
from intranet.governance.reports.models import LONGEST_WORDS, Decision, Report, ReportReason, Subject
from intranet.governance.reports.withholding import (
    withhold_article,
    withhold_group,
    withhold_note,
    withhold_profile,
)
from intranet.kernel import clock, jobs
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.text import clean_text
from intranet.kernel.viewer import Viewer, system
from intranet.people.events import PersonJudged, Verdict
from intranet.posts.actions import delete_item, freeze_post, restore_item
from intranet.posts.anonymous.queries import writer_behind
from intranet.posts.finding import find_deleted, find_item, post_id_of

CARRY_OUT = "governance.carry-out"
_LONGEST_QUOTE = 2000
_HAND = system(reason="moderation: carries out what a moderator decided about a report, whatever its audience")


def file_report(session: Session, viewer: Viewer, fresh: Report, reason: ReportReason, *, words: str = "") -> Report:
    """Show moderators what ``fresh`` tells of, one of ``reportable``; a second time changes the reason.

    Raises:
        Invalid: too many words.
    """
    words = clean_text(words)
    if len(words) > LONGEST_WORDS:
        raise Invalid({"words": str(_("At most %(count)s characters.", count=LONGEST_WORDS))})
    mine = select(Report).where(Report.item_id == fresh.item_id, Report.reporter_id == viewer.member_id)
    report = session.scalar(mine)
    if report is None:
        report = fresh
        report.reporter_id, report.quote = viewer.member_id, fresh.quote[:_LONGEST_QUOTE]
        session.add(report)
    report.reason, report.words = reason, words
    session.flush()
    record(session, ReportFiled(report.id, report.item_id, report.author_id, viewer.id))
    return report


def decide(session: Session, viewer: Viewer, item_id: int, decision: Decision, *, note: str = "") -> None:
    """Decide about every open report of an item at once.

    Raises:
        Refused: the viewer is no moderator.
        NotFound: nothing is open about it.
    """
    require(GovernancePermission.REVIEW, viewer)
    waiting = select(Report).where(Report.item_id == item_id, Report.decided_at.is_(None))
    reports = session.scalars(waiting.with_for_update()).all()  # of two who decide at once the second finds nothing
    if not reports:
        raise NotFound
    for report in reports:
        report.decision, report.note = decision, clean_text(note)[:LONGEST_WORDS]
        report.decided_by_id, report.decided_at = viewer.id, clock.now()
    record(session, ReportDecided(item_id, decision.value, reports[0].author_id, viewer.id))
    _tell(session, reports, decision)
    _later(session, reports[0].kind, item_id, decision, is_undone=False)


def reopen(session: Session, viewer: Viewer, item_id: int) -> None:
    """Take a decision back: what was hidden shows again, what was frozen can be answered.

    Raises:
        Refused: the viewer is no moderator.
        NotFound: nothing was decided about it.
    """
    require(GovernancePermission.REVIEW, viewer)
    decided = select(Report).where(Report.item_id == item_id, Report.decided_at.is_not(None))
    # The last decision first: what was kept at one time may have been hidden after a later report.
    reports = session.scalars(decided.order_by(Report.decided_at.desc(), Report.id).with_for_update()).all()
    if not reports:
        raise NotFound
    decision = reports[0].decision or Decision.NOTHING
    decisions = {report.decision for report in reports}
    for report in reports:
        report.decision = report.decided_by_id = report.decided_at = None
    record(session, ReportReopened(item_id, decision.value, reports[0].author_id, viewer.id))
    if decision is not Decision.NOTHING:
        record(session, PersonJudged(_owner_of(session, reports[0]), item_id, Verdict.GIVEN_BACK.value))
    for done in (one for one in (Decision.HIDE, Decision.FREEZE) if one in decisions):  # what is hidden cannot thaw
        _later(session, reports[0].kind, item_id, done, is_undone=True)


def _tell(session: Session, reports: Sequence[Report], decision: Decision) -> None:
    """Whose it is hears what was taken away; whoever reported it hears whether something was, each for themself."""
    first, is_kept = reports[0], decision is Decision.NOTHING
    if not is_kept:
        verdict = Verdict.HIDDEN if decision is Decision.HIDE else Verdict.CLOSED
        record(session, PersonJudged(_owner_of(session, first), first.item_id, verdict.value))
    outcome = Verdict.REPORT_KEPT if is_kept else Verdict.REPORT_ACTED
    for report in reports:
        record(session, PersonJudged(report.reporter_id, report.item_id, outcome.value))


def _owner_of(session: Session, report: Report) -> int:
    """Who really wrote it, also under nobody's name: they alone are told."""
    if report.kind is not Subject.ITEM:
        return report.author_id
    return writer_behind(session, report.item_id, report.author_id)


def _later(session: Session, kind: Subject, item_id: int, decision: Decision, *, is_undone: bool) -> None:
    if decision is not Decision.NOTHING:
        what = {"kind": kind.value, "item_id": item_id, "decision": decision.value, "is_undone": is_undone}
        jobs.later(session, CARRY_OUT, what)


@jobs.job(CARRY_OUT)
def carry_out(session: Session, payload: dict[str, Any]) -> None:
    """Hide or freeze what was decided about, or undo that; nothing where it is gone or done already."""
    item_id, is_undone = int(payload["item_id"]), bool(payload["is_undone"])
    kind, decision = Subject(payload.get("kind", Subject.ITEM)), Decision(payload["decision"])
    if kind is Subject.PERSON:
        return withhold_profile(session, item_id, is_undone=is_undone)
    if kind is Subject.GROUP:
        return withhold_group(session, item_id, decision, is_undone=is_undone)
    if kind is Subject.ARTICLE:
        return withhold_article(session, item_id, decision, is_undone=is_undone)
    if kind is Subject.VOICE:
        return withhold_note(session, item_id, decision, is_undone=is_undone)
    if kind is Subject.MESSAGE:
        # As with an article there is nothing to close: a thread belongs to its conversation.
        return withhold_message(session, _HAND, item_id, is_undone=is_undone) if decision is Decision.HIDE else None
    try:
        if payload["decision"] == Decision.FREEZE:
            freeze_post(session, _HAND, post_id_of(find_item(session, item_id)), is_on=not is_undone)
        elif is_undone:
            # What its author took away meanwhile stays away: only what was hidden here has nobody's name on it.
            if find_deleted(session, item_id).deleted_by_id is None:
                restore_item(session, _HAND, item_id)
        else:
            delete_item(session, _HAND, item_id, for_good=False)
    except NotFound:
        return None
    return None
