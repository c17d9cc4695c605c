"""Who is asking. Every session, action and page knows its viewer from the start."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person may do beyond being a member; roles add up."""

    MEMBER = "member"
    STEWARD = "steward"
    MODERATOR = "moderator"
    COMMUNICATOR = "communicator"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Viewer:
    """``id`` is the person's id; None for a signed-out visitor and for the system. ``language`` is what they chose.

    ``must_agree`` says that the place asks them to agree to something before they go on.
    """

    id: int | None
    roles: frozenset[Role] = frozenset()
    system_reason: str | None = None
    language: str | None = None
    must_agree: bool = False

    @property
    def is_member(self) -> bool:
        return self.id is not None

    @property
    def is_system(self) -> bool:
        return self.system_reason is not None

    @property
    def member_id(self) -> int:
        """The person's id where a member is certain.

        Raises:
            LookupError: nobody is signed in.
        """
        if self.id is None:
            raise LookupError("this viewer is not a person")
        return self.id

    def has_role(self, role: Role | str) -> bool:
        """Admins hold every role."""
        return Role(role) in self.roles or Role.ADMIN in self.roles


ANONYMOUS = Viewer(id=None)


def system(*, reason: str) -> Viewer:
    """The product itself, which sees every row. ``reason`` says why it must; grep for it."""
    return Viewer(id=None, system_reason=reason)
