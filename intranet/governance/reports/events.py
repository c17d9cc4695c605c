"""What happens to reports; all of it is audited."""

from dataclasses import dataclass

from intranet.kernel.outbox import event


@event("report.filed")
@dataclass(frozen=True, slots=True)
class ReportFiled:
    """A member reported a post or comment; ``person_id`` wrote it."""

    report_id: int
    item_id: int
    person_id: int
    actor_id: int | None


@event("report.decided")
@dataclass(frozen=True, slots=True)
class ReportDecided:
    """A moderator decided about everything reported of an item."""

    item_id: int
    decision: str
    person_id: int
    actor_id: int | None


@event("report.reopened")
@dataclass(frozen=True, slots=True)
class ReportReopened:
    """A moderator took a decision back."""

    item_id: int
    decision: str
    person_id: int
    actor_id: int | None
