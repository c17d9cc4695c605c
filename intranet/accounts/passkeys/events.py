"""What can happen to somebody's passkeys. Audit and notices read these; ids only."""

from dataclasses import dataclass

from intranet.kernel.outbox import event


@event("account.passkey-added")
@dataclass(frozen=True, slots=True)
class PasskeyAdded:
    """Another device signs them in."""

    person_id: int
    actor_id: int | None
    passkey_id: int


@event("account.passkey-renamed")
@dataclass(frozen=True, slots=True)
class PasskeyRenamed:
    """It is called something else."""

    person_id: int
    actor_id: int | None
    passkey_id: int


@event("account.passkey-removed")
@dataclass(frozen=True, slots=True)
class PasskeyRemoved:
    """It signs nobody in any more."""

    person_id: int
    actor_id: int | None
    passkey_id: int


@event("account.passkey-refused")
@dataclass(frozen=True, slots=True)
class PasskeyRefused:
    """What a device answered did not hold; ``person_id`` is None where the passkey is nobody's."""

    person_id: int | None
    address: str
    actor_id: int | None = None
