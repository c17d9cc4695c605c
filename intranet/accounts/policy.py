"""Who may do what to an account."""

from enum import StrEnum

from intranet.accounts.models import Person
from intranet.kernel.policy import permission
from intranet.kernel.viewer import Role, Viewer


class AccountPermission(StrEnum):
    """Names of this feature's rules."""

    ADMINISTER = "accounts:person:administer"
    EDIT_OWN = "accounts:person:edit-own"


@permission(AccountPermission.ADMINISTER)
def admin_administers(viewer: Viewer, *_person: Person) -> bool:
    """Admins invite, change roles, deactivate and make links."""
    return viewer.has_role(Role.ADMIN)


@permission(AccountPermission.EDIT_OWN)
def person_keeps_own_account(viewer: Viewer, person: Person) -> bool:
    """Password, sessions, tokens and names are changed by their person."""
    return viewer.id == person.id and person.deactivated_at is None
