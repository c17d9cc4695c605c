"""What was asked about messages, as those see it whom it concerns: who asked, and who is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from intranet.chat.asking.models import LASTS, Answer, SharingRequest, Wish
from intranet.kernel import audience, clock
from intranet.kernel.together import Rows
from intranet.kernel.viewer import Viewer
from intranet.people.cards import PersonCard, person_cards


def free_to_tell(session: Session, viewer: Viewer, message_ids: Sequence[int], audience_id: int) -> frozenset[int]:
    """Of other people's messages with one audience those whose words the viewer may take outside: all of them where
    everybody may read there, else what their authors agreed to. Two statements."""
    if audience.open_ids(session, [audience_id]):
        return frozenset(message_ids)
    agreed = select(SharingRequest.message_id).where(
        SharingRequest.requester_id == viewer.member_id, SharingRequest.answer == Answer.AGREED
    )
    return frozenset(session.scalars(agreed.where(SharingRequest.message_id.in_(message_ids))))


@dataclass(frozen=True, slots=True)
class RequestCard:
    """A request beside its message. ``person`` is the other of the two; ``is_mine`` for who asked."""

    id: int
    person: PersonCard
    wish: Wish
    answer: Answer
    is_mine: bool
    has_lapsed: bool = False

    @property
    def is_waiting(self) -> bool:
        return self.answer is Answer.WAITING

    @property
    def is_agreed(self) -> bool:
        return self.answer is Answer.AGREED


def requests_select(viewer_id: Any, message_ids: Any) -> Rows:
    """What the viewer asked about these messages, and what they are asked and have not answered."""
    asked_me = and_(SharingRequest.author_id == viewer_id, SharingRequest.answer == Answer.WAITING)
    return select(SharingRequest).where(
        SharingRequest.message_id.in_(message_ids), or_(SharingRequest.requester_id == viewer_id, asked_me)
    )


def request_cards(session: Session, viewer: Viewer, rows: Sequence[Any]) -> dict[int, tuple[RequestCard, ...]]:
    """By message, in the order of asking. One statement where there are any."""
    people = person_cards(session, {one for row in rows for one in (row.requester_id, row.author_id)}) if rows else {}
    cards: dict[int, tuple[RequestCard, ...]] = {}
    for row in sorted(rows, key=lambda row: int(row.id)):
        is_mine = row.requester_id == viewer.id
        has_lapsed = row.answer is Answer.WAITING and clock.now() >= row.created_at + LASTS
        if has_lapsed and not is_mine:
            continue
        other = people[row.author_id if is_mine else row.requester_id]
        card = RequestCard(row.id, other, row.wish, row.answer, is_mine, has_lapsed)
        cards[row.message_id] = (*cards.get(row.message_id, ()), card)
    return cards
