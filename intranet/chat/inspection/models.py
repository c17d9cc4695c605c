"""Requests to read a conversation that one is not in, and what became of them."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import clock
from intranet.kernel.tables import Base, Identified, one_of

SHORTEST_REASON, LONGEST_REASON = 20, 1000
HOURS = (1, 4, 24)
LASTS = timedelta(days=7)
"""A request that nobody decided about by then is void: what was a reason a week ago need not be one today."""


class Decision(StrEnum):
    """What a second administrator said to a request."""

    APPROVED = "approved"
    REFUSED = "refused"


class Inspection(Identified, Base):
    """One administrator's request to read one conversation for some hours.

    It names the conversation by its number, or by the two who write with each other (``pair``, as a conversation has
    it), whether or not there is one: only an approval looks. ``until`` is the end of the time that was approved, or
    the moment at which it was ended or withdrawn.
    """

    __tablename__ = "chat_inspections"
    __table_args__ = (Index("ix_chat_inspections_conversation", "conversation_id", "decided_at"),)

    requester_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))
    hours: Mapped[int]
    conversation_id: Mapped[int | None]
    pair: Mapped[str | None] = mapped_column(String(41))
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    decision: Mapped[Decision | None] = mapped_column(one_of(Decision))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    until: Mapped[datetime | None]

    @property
    def waits(self) -> bool:
        """Nobody has decided, it was not withdrawn, and its time to be decided is not over."""
        return self.decision is None and self.until is None and clock.now() < self.asked_at + LASTS

    def is_open_at(self, moment: datetime) -> bool:
        """Whether what it names may be read then."""
        return self.decision is Decision.APPROVED and self.until is not None and moment < self.until

    @property
    def pair_ids(self) -> tuple[int, ...]:
        """The two people whom it names; nobody where it names a conversation."""
        return tuple(int(one) for one in self.pair.split(":")) if self.pair else ()
