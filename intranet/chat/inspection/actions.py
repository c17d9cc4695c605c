"""Asking to read a private conversation, deciding about it, opening what was approved, ending it."""

import re
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.chat.actions.bringing import colleagues, names_in
from intranet.chat.inspection.events import (
    ConversationInspected,
    InspectionAsked,
    InspectionDecided,
    InspectionEnded,
    InspectionOpened,
)
from intranet.chat.inspection.models import HOURS, LONGEST_REASON, SHORTEST_REASON, Decision, Inspection
from intranet.chat.inspection.policy import InspectionPermission
from intranet.chat.models import Conversation
from intranet.kernel import audience, clock
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.ids import MAX_ID
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.text import clean_text
from intranet.kernel.viewer import Viewer

_ADDRESS = re.compile(r"(?:\S*/chat/)?(\d{1,19})(?:[?#]\S*)?")


@dataclass(frozen=True, slots=True)
class InspectionDraft:
    """``what`` is a conversation's address or number, or the usernames of the two who write with each other."""

    what: str
    reason: str
    hours: int


def ask_inspection(session: Session, viewer: Viewer, draft: InspectionDraft) -> Inspection:
    """Ask to read a conversation. Whether there is one is not looked up: the answer would tell.

    Raises:
        Refused: the viewer is no administrator.
        Invalid: the reason says too little, the time is none of those offered, or the conversation is named by
            nothing that could name one, or is one that the viewer reads anyway.
    """
    require(InspectionPermission.ASK, viewer)
    reason = clean_text(draft.reason).strip()
    if len(reason) < SHORTEST_REASON:
        raise Invalid({"reason": str(_("Say in a sentence why it must be read."))})
    if len(reason) > LONGEST_REASON:
        raise Invalid({"reason": str(_("At most %(count)s characters.", count=LONGEST_REASON))})
    if draft.hours not in HOURS:
        raise Invalid({"hours": str(_("Choose one of the times."))})
    conversation_id, pair = _named(session, viewer, draft.what.strip())
    inspection = Inspection(
        requester_id=viewer.member_id,
        reason=reason,
        hours=draft.hours,
        conversation_id=conversation_id,
        pair=pair,
    )
    session.add(inspection)
    session.flush()
    record(session, InspectionAsked(inspection.id, reason, viewer.id))
    return inspection


def _named(session: Session, viewer: Viewer, what: str) -> tuple[int | None, str | None]:
    address = _ADDRESS.fullmatch(what)
    if address:
        number = int(address.group(1))
        if not 0 < number <= MAX_ID:
            raise Invalid({"what": str(_("That is no conversation's address."))})
        if audience.readers_among(session, number, [viewer.member_id]) and audience.is_conversation(session, number):
            raise Invalid({"what": str(_("You can read it anyway."))})
        return number, None
    people = _two_people(session, what)
    if viewer.member_id in people:
        raise Invalid({"what": str(_("You can read it anyway."))})
    low, high = sorted(people)
    return None, f"{low}:{high}"


def _two_people(session: Session, what: str) -> list[int]:
    try:
        people = [one.id for one in colleagues(session, names_in(session, what))]
    except Invalid as error:
        raise Invalid({"what": error.fields["people"]}) from error
    if len(people) != 2:
        raise Invalid({"what": str(_("Give the conversation's address, or two usernames."))})
    return people


def decide_inspection(session: Session, viewer: Viewer, inspection_id: int, decision: Decision) -> Inspection:
    """Approve a request or refuse it. Approved, its time begins, and those who are in the conversation hear of it.

    The session must be the product's own: whoever decides may not read the conversation either.

    Raises:
        NotFound: there is no such request, or it waits for nobody.
        Refused: the viewer asked themselves, is in the conversation, or is no administrator.
    """
    inspection = _waiting(session, inspection_id)
    conversation_id = _meant(session, inspection)
    is_inside = viewer.id in inspection.pair_ids or (
        conversation_id is not None and audience.is_member(session, conversation_id, viewer.member_id)
    )
    require(InspectionPermission.DECIDE, viewer, inspection, is_inside)
    now = clock.now()
    inspection.decision, inspection.decided_by_id, inspection.decided_at = decision, viewer.id, now
    record(session, InspectionDecided(inspection.id, decision.value, inspection.requester_id, viewer.id))
    if decision is Decision.APPROVED:
        inspection.conversation_id, inspection.until = conversation_id, now + timedelta(hours=inspection.hours)
        _tell_inside(session, inspection)
    return inspection


def _waiting(session: Session, inspection_id: int) -> Inspection:
    inspection = session.get(Inspection, inspection_id, with_for_update=True)  # of two who decide one is too late
    if inspection is None or not inspection.waits:
        raise NotFound
    return inspection


def _meant(session: Session, inspection: Inspection) -> int | None:
    """The conversation that a request names, if there is one."""
    named = Conversation.pair == inspection.pair if inspection.pair else Conversation.id == (inspection.conversation_id)
    return session.scalar(select(Conversation.id).where(named))


def _tell_inside(session: Session, inspection: Inspection) -> None:
    where = inspection.conversation_id
    if where is not None:
        record(session, ConversationInspected(inspection.id, where, inspection.requester_id, where))


def open_inspection(session: Session, viewer: Viewer, inspection_id: int) -> Inspection:
    """Begin to read what was approved; each time is written to the log.

    Raises:
        NotFound: there is no such request.
        Refused: it was not approved, its time is over, or somebody else asked.
    """
    inspection = session.get(Inspection, inspection_id)
    if inspection is None:
        raise NotFound
    require(InspectionPermission.READ, viewer, inspection, clock.now())
    inspection.opened_at = inspection.opened_at or clock.now()
    record(session, InspectionOpened(inspection.id, viewer.id))
    return inspection


def end_inspection(session: Session, viewer: Viewer, inspection_id: int) -> Inspection:
    """Withdraw a request that waits, or end the reading before its time is over. Any administrator may.

    Raises:
        NotFound: there is no such request, or nothing of it to end.
        Refused: the viewer is no administrator.
    """
    require(InspectionPermission.ASK, viewer)
    inspection = session.get(Inspection, inspection_id)
    now = clock.now()
    if inspection is None or not (inspection.waits or inspection.is_open_at(now)):
        raise NotFound
    was_approved = inspection.decision is Decision.APPROVED
    inspection.until = now
    record(session, InspectionEnded(inspection.id, inspection.requester_id, viewer.id))
    if was_approved:
        _tell_inside(session, inspection)
    return inspection
