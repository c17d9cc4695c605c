"""What happens to the guidelines; all of it is audited."""

from dataclasses import dataclass

from intranet.kernel.outbox import event


@event("guidelines.published")
@dataclass(frozen=True, slots=True)
class GuidelinesPublished:
    """A new version holds from now on."""

    version: int
    actor_id: int | None


@event("guidelines.accepted")
@dataclass(frozen=True, slots=True)
class GuidelinesAccepted:
    """Somebody agreed to a version."""

    version: int
    person_id: int
    actor_id: int | None


@event("guidelines.list-exported")
@dataclass(frozen=True, slots=True)
class AcceptancesExported:
    """Somebody took the list of who accepted a version."""

    version: int
    actor_id: int | None
