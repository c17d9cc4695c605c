"""What happens to lists of people; only their owner may ever be told."""

from dataclasses import dataclass

from intranet.kernel.outbox import event


@event("people-list.changed")
@dataclass(frozen=True, slots=True)
class PeopleListChanged:
    """Somebody made, renamed or dropped a list of theirs, or changed who is in it."""

    recipient_id: int
    list_id: int
