"""What people decided about being found."""

from dataclasses import dataclass

from intranet.kernel.outbox import event


@event("expertise.wishes-changed")
@dataclass(frozen=True, slots=True)
class WishesChanged:
    """Somebody hid a topic or showed it again, opted out or in. ``recipient_id`` is that person."""

    recipient_id: int
