"""What sockets are told of questions: the post as its GET gives it, the same for everybody who may read it."""

from typing import Any

from sqlalchemy.orm import Session

from intranet.kernel.errors import NotFound
from intranet.kernel.live import presents
from intranet.kernel.viewer import system
from intranet.posts.cards import as_json
from intranet.posts.live import WRITERS
from intranet.posts.models import Post
from intranet.posts.queries import post_card
from intranet.questions import events
from intranet.questions.routing.events import AskingChanged

_NEUTRAL = system(reason="live: what is pushed carries no viewer's marks")
_Judged = events.AnswerAccepted | events.AcceptanceWithdrawn


def judged(session: Session, event: _Judged) -> dict[str, Any] | None:
    try:
        return {**as_json(post_card(session, _NEUTRAL, event.post_id)), "answer": str(event.comment_id)}
    except NotFound:
        return None  # deleted since; its own event follows


def linked(session: Session, event: events.QuestionLinked | events.QuestionUnlinked) -> dict[str, Any] | None:
    """Which other question it is the same as is not told: not everybody who reads this one may read that one."""
    return {"id": str(event.post_id)} if session.get(Post, event.post_id) else None


def asking(session: Session, event: AskingChanged) -> dict[str, Any] | None:
    """Pages ask anew: who is shown as asked depends on who looks."""
    return {"id": str(event.post_id)} if session.get(Post, event.post_id) else None


def set_up() -> None:
    """Have questions pushed; called once at start."""
    presents(events.AnswerAccepted, judged, written_by=WRITERS)
    presents(events.AcceptanceWithdrawn, judged, written_by=WRITERS)
    presents(events.QuestionLinked, linked, written_by=WRITERS)
    presents(events.QuestionUnlinked, linked, written_by=WRITERS)
    presents(AskingChanged, asking, written_by=WRITERS)
