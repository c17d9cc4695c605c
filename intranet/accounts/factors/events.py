"""What can happen to somebody's second factor. Audit and notices read these; ids only."""

from dataclasses import dataclass

from intranet.kernel.outbox import event


@event("account.factor-turned-on")
@dataclass(frozen=True, slots=True)
class FactorTurnedOn:
    """An authenticator is asked for from now on; ``is_new`` says that it took another's place."""

    person_id: int
    actor_id: int | None
    is_new: bool = False


@event("account.factor-turned-off")
@dataclass(frozen=True, slots=True)
class FactorTurnedOff:
    """The password alone lets in again, by their own wish."""

    person_id: int
    actor_id: int | None


@event("account.factors-reset")
@dataclass(frozen=True, slots=True)
class FactorsReset:
    """Whoever runs the place took away authenticator, recovery codes and passkeys of somebody who lost them."""

    person_id: int
    actor_id: int | None


@event("account.recovery-codes-made")
@dataclass(frozen=True, slots=True)
class RecoveryCodesMade:
    """Ten new ones; the older ones work no more."""

    person_id: int
    actor_id: int | None


@event("account.recovery-code-used")
@dataclass(frozen=True, slots=True)
class RecoveryCodeUsed:
    """One of them let somebody in."""

    person_id: int
    actor_id: int | None
    left: int


@event("account.factor-refused")
@dataclass(frozen=True, slots=True)
class FactorRefused:
    """The password was right and the second step was not."""

    person_id: int
    actor_id: int | None
    address: str
