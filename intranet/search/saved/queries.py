"""Reads of saved searches: always and only the viewer's own."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.kernel.errors import NotFound
from intranet.kernel.viewer import Viewer
from intranet.search.narrowing import Narrowing, read_query_string
from intranet.search.question import Question, read_question
from intranet.search.saved.models import SavedSearch


@dataclass(frozen=True, slots=True)
class SavedCard:
    """A saved search as lists show it."""

    id: int
    name: str
    address: str
    question: Question
    narrowing: Narrowing
    seen_at: datetime
    created_at: datetime

    @property
    def url(self) -> str:
        return f"/search?{self.address}"


def saved_searches(session: Session, viewer: Viewer) -> list[SavedCard]:
    """The viewer's, by name. One statement."""
    mine = select(SavedSearch).where(SavedSearch.person_id == viewer.id)
    return [card_of(row) for row in session.scalars(mine.order_by(SavedSearch.folded_name, SavedSearch.id))]


def find_saved(session: Session, viewer: Viewer, saved_id: int) -> SavedSearch:
    """One of the viewer's.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    row = session.get(SavedSearch, saved_id)
    if row is None or row.person_id != viewer.id:
        raise NotFound
    return row


def card_of(row: SavedSearch) -> SavedCard:
    """A row as a card."""
    line, narrowing = read_query_string(row.address)
    return SavedCard(row.id, row.name, row.address, read_question(line), narrowing, row.seen_at, row.created_at)
