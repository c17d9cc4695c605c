"""Keeping, renaming and dropping searches, and looking at them."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intranet.kernel import clock
from intranet.kernel.errors import Invalid
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.text import clean_line, fold
from intranet.kernel.viewer import Viewer
from intranet.search.narrowing import Narrowing, query_string
from intranet.search.question import Question
from intranet.search.saved.events import SavedSearchesChanged
from intranet.search.saved.models import LONGEST_ADDRESS, LONGEST_NAME, SavedSearch
from intranet.search.saved.policy import SavedPermission
from intranet.search.saved.queries import find_saved

MOST_SAVED = 30


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """A search to keep; ``seen_until`` is the time of the newest hit that its keeper has before them."""

    name: str
    question: Question
    narrowing: Narrowing
    seen_until: datetime | None = None


def save_search(session: Session, viewer: Viewer, draft: SavedDraft) -> SavedSearch:
    """Keep a search under a name; keeping the same search again renames it.

    Raises:
        Invalid: it asks for nothing, the name is missing, too long or taken, or the list is full.
    """
    require(SavedPermission.KEEP, viewer, viewer.member_id)
    address = query_string(draft.question.text, draft.narrowing)
    if not (draft.question.text or draft.narrowing.filters) or len(address) > LONGEST_ADDRESS:
        raise Invalid({"q": _("Search for something first.")})
    digest = hashlib.sha256(address.encode()).hexdigest()
    mine = select(SavedSearch).where(SavedSearch.person_id == viewer.member_id)
    row = session.scalar(mine.where(SavedSearch.address_hash == digest))
    name, folded = _checked(session, viewer, draft.name, other_than=row.id if row else None)
    if row is not None:
        row.name, row.folded_name = name, folded
    else:
        if (session.scalar(select(func.count()).select_from(mine.subquery())) or 0) >= MOST_SAVED:
            raise Invalid({"name": _("At most %(count)s saved searches. Drop one first.", count=MOST_SAVED)})
        row = SavedSearch(
            person_id=viewer.member_id,
            name=name,
            folded_name=folded,
            address=address,
            address_hash=digest,
            seen_at=min(draft.seen_until or clock.now(), clock.now()),
        )
        session.add(row)
        session.flush()
    record(session, SavedSearchesChanged(viewer.member_id))
    return row


def rename_search(session: Session, viewer: Viewer, saved_id: int, name: str) -> SavedSearch:
    """Call it something else.

    Raises:
        NotFound: it is not the viewer's.
        Invalid: the name is missing, too long or taken.
    """
    row = _own(session, viewer, saved_id)
    row.name, row.folded_name = _checked(session, viewer, name, other_than=row.id)
    record(session, SavedSearchesChanged(row.person_id))
    return row


def drop_search(session: Session, viewer: Viewer, saved_id: int) -> None:
    """Keep it no longer.

    Raises:
        NotFound: it is not the viewer's.
    """
    row = _own(session, viewer, saved_id)
    session.delete(row)
    record(session, SavedSearchesChanged(row.person_id))


def look_at(session: Session, viewer: Viewer, saved_id: int, until: datetime | None = None) -> None:
    """What was written up to ``until`` (now) is no longer new; the mark never goes back, nor into the future.

    Raises:
        NotFound: it is not the viewer's.
    """
    row = _own(session, viewer, saved_id)
    seen = min(until or clock.now(), clock.now())
    if seen > row.seen_at:
        row.seen_at = seen
        record(session, SavedSearchesChanged(row.person_id))


def _own(session: Session, viewer: Viewer, saved_id: int) -> SavedSearch:
    row = find_saved(session, viewer, saved_id)
    require(SavedPermission.KEEP, viewer, row.person_id)
    return row


def _checked(session: Session, viewer: Viewer, name: str, *, other_than: int | None) -> tuple[str, str]:
    """A name that the viewer has not used for another search, as written and as compared."""
    name = clean_line(name[: LONGEST_NAME * 10])
    if not name:
        raise Invalid({"name": _("Give it a name.")})
    if len(name) > LONGEST_NAME:
        raise Invalid({"name": _("At most %(count)s characters.", count=LONGEST_NAME)})
    folded = fold(name)[: LONGEST_NAME * 2]
    same = select(SavedSearch.id).where(SavedSearch.person_id == viewer.member_id, SavedSearch.folded_name == folded)
    taken = session.scalar(same)
    if taken is not None and taken != other_than:
        raise Invalid({"name": _("You have a search of that name already.")})
    return name, folded
