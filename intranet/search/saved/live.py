"""A person's other windows learn that their list of searches changed, and ask for it again."""

from typing import Any

from sqlalchemy.orm import Session

from intranet.kernel.live import presents
from intranet.search.saved.events import SavedSearchesChanged


def _changed(_session: Session, _happened: SavedSearchesChanged) -> dict[str, Any]:
    return {}


def set_up() -> None:
    """Have the change pushed; called once at start."""
    presents(SavedSearchesChanged, _changed)
