"""What happens when somebody's things pass to a successor."""

from dataclasses import dataclass

from intranet.kernel.outbox import event


@event("person.succeeded")
@dataclass(frozen=True, slots=True)
class PersonSucceeded:
    """What a leaver looked after passed on; ``successor_id`` is None where nobody was named for their followers."""

    person_id: int
    successor_id: int | None
    groups: int
    reports: int
    roles: tuple[str, ...]
    actor_id: int | None
    articles: int = 0
