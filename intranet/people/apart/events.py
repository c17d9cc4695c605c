"""What happened between two people. Nobody is told but the one who wanted it so."""

from dataclasses import dataclass

from intranet.kernel.outbox import event


@event("person.parted")
@dataclass(frozen=True, slots=True)
class PersonParted:
    """``recipient_id`` muted or blocked somebody: their own open pages let go of what that person wrote."""

    recipient_id: int
    other_id: int


@event("person.joined-again")
@dataclass(frozen=True, slots=True)
class PersonJoinedAgain:
    """``recipient_id`` took a mute or a block back."""

    recipient_id: int
    other_id: int
