"""What happens to saved searches; only their owner's windows are told."""

from dataclasses import dataclass

from intranet.kernel.outbox import event


@event("search.saved-changed")
@dataclass(frozen=True, slots=True)
class SavedSearchesChanged:
    """Somebody kept, renamed or dropped a search, or looked at one."""

    recipient_id: int
