"""What happens around reading somebody else's conversation; all of it is audited."""

from dataclasses import dataclass

from intranet.kernel.outbox import event


@event("inspection.asked")
@dataclass(frozen=True, slots=True)
class InspectionAsked:
    """An administrator asks to read a private conversation. The reason is here too: the log must keep it as given."""

    inspection_id: int
    reason: str
    actor_id: int | None


@event("inspection.decided")
@dataclass(frozen=True, slots=True)
class InspectionDecided:
    """A second administrator approved or refused it; ``person_id`` asked."""

    inspection_id: int
    decision: str
    person_id: int
    actor_id: int | None


@event("inspection.opened")
@dataclass(frozen=True, slots=True)
class InspectionOpened:
    """What was approved is being read."""

    inspection_id: int
    actor_id: int | None


@event("inspection.ended")
@dataclass(frozen=True, slots=True)
class InspectionEnded:
    """Withdrawn before it was decided, or ended before its time was over; ``person_id`` asked."""

    inspection_id: int
    person_id: int
    actor_id: int | None


@event("conversation.inspected")
@dataclass(frozen=True, slots=True)
class ConversationInspected:
    """Those who are in the conversation hear that somebody may read it, or no longer."""

    inspection_id: int
    conversation_id: int
    actor_id: int | None
    audience_id: int
