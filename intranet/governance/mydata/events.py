"""What happens to somebody's own data; audited without a word of it."""

from dataclasses import dataclass

from intranet.kernel.outbox import event


@event("data.copy-asked")
@dataclass(frozen=True, slots=True)
class CopyAsked:
    """Somebody wants a copy of what is theirs."""

    person_id: int
    actor_id: int | None


@event("data.copy-fetched")
@dataclass(frozen=True, slots=True)
class CopyFetched:
    """They took it away."""

    person_id: int
    actor_id: int | None


@event("data.erasure-asked")
@dataclass(frozen=True, slots=True)
class ErasureAsked:
    """Somebody wants to be deleted; ``takes_words`` says that what they wrote shall go too."""

    person_id: int
    takes_words: bool
    actor_id: int | None


@event("data.erasure-withdrawn")
@dataclass(frozen=True, slots=True)
class ErasureWithdrawn:
    """They thought better of it in time."""

    person_id: int
    actor_id: int | None


@event("data.erased")
@dataclass(frozen=True, slots=True)
class PersonErased:
    """Nothing of them is left but what others need to follow a conversation."""

    person_id: int
    takes_words: bool
    actor_id: int | None = None
