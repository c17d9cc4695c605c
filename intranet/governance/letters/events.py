"""What administrators do with dead letters; audited."""

from dataclasses import dataclass

from intranet.kernel.outbox import event


@event("letter.tried-again")
@dataclass(frozen=True, slots=True)
class LetterTriedAgain:
    """An administrator had something tried again that had been given up."""

    job_id: int
    purpose: str
    actor_id: int | None


@event("letter.all-tried-again")
@dataclass(frozen=True, slots=True)
class AllLettersTriedAgain:
    """An administrator had everything tried again that had been given up."""

    count: int
    actor_id: int | None


@event("letter.event-tried-again")
@dataclass(frozen=True, slots=True)
class ParkedEventTriedAgain:
    """An administrator had an event given again to a part of the product that could not take it."""

    event_id: int
    purpose: str
    actor_id: int | None


@event("letter.event-let-go")
@dataclass(frozen=True, slots=True)
class ParkedEventLetGo:
    """An administrator let go of an event that a part of the product could not take."""

    event_id: int
    purpose: str
    actor_id: int | None


@event("letter.let-go")
@dataclass(frozen=True, slots=True)
class LetterLetGo:
    """An administrator let go of something that had been given up."""

    job_id: int
    purpose: str
    actor_id: int | None
