"""What admins do with the log itself."""

from dataclasses import dataclass

from intranet.kernel.outbox import event


@event("log.exported")
@dataclass(frozen=True, slots=True)
class LogExported:
    """Somebody took a copy of the audit log."""

    actor_id: int | None
