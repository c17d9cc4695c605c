"""What the index alone has to know."""

from dataclasses import dataclass, field

from intranet.kernel.outbox import event


@event("search.items-touched")
@dataclass(frozen=True, slots=True)
class ItemsTouched:
    """Posts and comments whose documents are to be read again, though they themselves did not change."""

    item_ids: list[int] = field(default_factory=list)
