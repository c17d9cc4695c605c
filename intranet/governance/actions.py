"""Changes to the whole place."""

from typing import Any

from sqlalchemy.orm import Session

from intranet.accounts.events import SiteChanged
from intranet.accounts.models import SiteSetting
from intranet.governance.policy import GovernancePermission
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.viewer import Viewer


def change_site(session: Session, viewer: Viewer, name: str, value: Any) -> None:
    """Set one setting of the place; the same value again changes nothing.

    Raises:
        Refused: the viewer is no admin.
    """
    require(GovernancePermission.CHANGE_SITE, viewer)
    held = session.get(SiteSetting, name)
    if held is not None and held.value == value:
        return
    if held is None:
        session.add(SiteSetting(name=name, value=value))
    else:
        held.value = value
    record(session, SiteChanged(name, viewer.id))
