"""What happens in somebody's first minutes. Nobody is told."""

from dataclasses import dataclass

from intranet.kernel.outbox import event


@event("welcome.moved")
@dataclass(frozen=True, slots=True)
class WelcomeMoved:
    """``person_id`` went on to another step, or was done (an empty ``step``)."""

    person_id: int
    step: str
