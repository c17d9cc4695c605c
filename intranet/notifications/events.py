"""What happens to notices; only their owner's windows are told."""

from dataclasses import dataclass

from intranet.kernel.outbox import event


@event("notices.changed")
@dataclass(frozen=True, slots=True)
class NoticesChanged:
    """Somebody has a new notice (``notice_id``), or read some, or something they were told of is gone."""

    recipient_id: int
    notice_id: int | None = None
