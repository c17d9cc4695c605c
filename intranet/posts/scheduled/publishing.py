"""The worker's part: when the moment has come, publish as the author would, with what the author may do by then.

All of it is one transaction in a session of the author, which also takes the row away: killed before its end, it begins
again; run twice, the second finds nothing.
"""

from functools import partial
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.accounts.sessions import viewer_of_person
from intranet.kernel import clock, jobs
from intranet.kernel.db import Database
from intranet.kernel.errors import Invalid, NotFound, Refused
from intranet.kernel.viewer import Viewer, system
from intranet.posts.scheduled.actions import PUBLISH, bring_back, send_now
from intranet.posts.scheduled.models import ScheduledPost


def publish_due(database: Database, payload: dict[str, Any]) -> None:
    """Publish it, or give it back with the reason."""
    scheduled_id = int(payload["scheduled_id"])
    author = _author_of(database, scheduled_id)
    if author is None:
        return
    with force_locale(author.language or "en"):
        try:
            database.transact(author, partial(_send_if_due, viewer=author, scheduled_id=scheduled_id))
        except (Invalid, NotFound, Refused) as error:
            reason = _reason(error)
            again = partial(bring_back, viewer=author, scheduled_id=scheduled_id, reason=reason, has_failed=True)
            database.transact(author, again)


@jobs.slow_job(PUBLISH, publish_due)
def done(_session: Session, _payload: dict[str, Any], _found: None) -> None:
    """Nothing is left to do: the slow part is a transaction of its own, in the author's name."""


def _author_of(database: Database, scheduled_id: int) -> Viewer | None:
    with database.reading(system(reason="posts: whose post for later this is")) as session:
        waiting = session.get(ScheduledPost, scheduled_id)
        author = session.get(Person, waiting.author_id) if waiting is not None else None
        # Who has left posts nothing any more.
        return viewer_of_person(author) if author is not None and author.deactivated_at is None else None


def _send_if_due(session: Session, *, viewer: Viewer, scheduled_id: int) -> None:
    waiting = session.get(ScheduledPost, scheduled_id, with_for_update=True)
    if waiting is None or waiting.reason or waiting.goes_at > clock.now():
        return  # sent, taken back or put off meanwhile; what was put off has a job of its own
    send_now(session, viewer, scheduled_id)


def _reason(error: Invalid | NotFound | Refused) -> str:
    if isinstance(error, Invalid):
        return " ".join(error.fields.values())
    said = str(error)
    # Of a permission that was lost only its name is told.
    if isinstance(error, NotFound) or not said or ":" in said:
        return str(_("You can no longer post this where it was to go."))
    return said
