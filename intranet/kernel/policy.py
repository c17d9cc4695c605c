"""The permission table: every name, its rule, and nothing allowed that is not written here.

A feature declares its names as a StrEnum (``"posts:post:edit"``) and writes one pure predicate for each.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from intranet.kernel.errors import Refused, SignInNeeded
from intranet.kernel.viewer import Role, Viewer

Rule = Callable[..., bool]
R = TypeVar("R", bound=Rule)

_rules: dict[str, Rule] = {}


class Allow(StrEnum):
    """The coarse gates that a route names in ``allow=``."""

    ANYONE = "core:anyone"
    MEMBER = "core:member"
    STEWARD = "core:steward"
    MODERATOR = "core:moderator"
    COMMUNICATOR = "core:communicator"
    ADMIN = "core:admin"


ANYONE, MEMBER, ADMIN = Allow.ANYONE, Allow.MEMBER, Allow.ADMIN
STEWARD, MODERATOR, COMMUNICATOR = Allow.STEWARD, Allow.MODERATOR, Allow.COMMUNICATOR


def permission(name: StrEnum) -> Callable[[R], R]:
    """Register the predicate ``rule(viewer, *objects) -> bool`` under ``name``."""

    def register(rule: R) -> R:
        if name.value in _rules and _rules[name.value].__qualname__ != rule.__qualname__:
            raise ValueError(f"two rules for {name.value}")
        _rules[name.value] = rule
        return rule

    return register


def allows(name: StrEnum, viewer: Viewer, *objects: object) -> bool:
    """Whether the rule holds; an unknown name is denied, and the system may do anything known."""
    rule = _rules.get(name.value)
    return rule is not None and (viewer.is_system or rule(viewer, *objects))


def require(name: StrEnum, viewer: Viewer, *objects: object) -> None:
    """Let the action go on.

    Raises:
        SignInNeeded: nobody is signed in.
        Refused: the rule says no.
    """
    if allows(name, viewer, *objects):
        return
    if not viewer.is_member and not viewer.is_system:
        raise SignInNeeded
    raise Refused(name.value)


def table() -> list[tuple[str, str, str]]:
    """Every permission as (name, rule, what the rule says), in alphabetical order."""
    return sorted((name, rule.__name__, (rule.__doc__ or "").strip().split("\n")[0]) for name, rule in _rules.items())


@permission(Allow.ANYONE)
def anyone(_viewer: Viewer) -> bool:
    """Signed in or not."""
    return True


@permission(Allow.MEMBER)
def member(viewer: Viewer) -> bool:
    """Somebody is signed in."""
    return viewer.is_member


@permission(Allow.STEWARD)
def steward(viewer: Viewer) -> bool:
    """Keeps the shared vocabulary."""
    return viewer.has_role(Role.STEWARD)


@permission(Allow.MODERATOR)
def moderator(viewer: Viewer) -> bool:
    """Reviews what was reported."""
    return viewer.has_role(Role.MODERATOR)


@permission(Allow.COMMUNICATOR)
def communicator(viewer: Viewer) -> bool:
    """Speaks for the company."""
    return viewer.has_role(Role.COMMUNICATOR)


@permission(Allow.ADMIN)
def admin(viewer: Viewer) -> bool:
    """Runs the place."""
    return viewer.has_role(Role.ADMIN)
