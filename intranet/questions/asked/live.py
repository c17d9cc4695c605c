"""That somebody who is asked is writing their answer: said by their page while they do, and stored nowhere."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from intranet.chat.models import ChatChoices
from intranet.kernel import apart, clock, live
from intranet.kernel.errors import NotFound
from intranet.kernel.ids import parse_id
from intranet.kernel.policy import MEMBER
from intranet.kernel.rooms import audience_room
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.questions.actions import find_question
from intranet.questions.asked.queries import CIRCLE
from intranet.questions.routing.models import AskedPerson
from intranet.questions.views import feature

OFTEN_ENOUGH = timedelta(seconds=2)
"""A page says it every three seconds; a question to everybody is pushed to every socket, so no more of it goes out."""
_PART = "questions.writing"
_MOST_KEPT = 500


@feature.on("question:writing", allow=MEMBER, writes=False)
def writing(session: Session, viewer: Viewer, data: dict[str, Any]) -> dict[str, Any]:
    """Somebody who is asked ``question`` is writing an answer to it. Those who do not show it in chat do not here.

    Raises:
        NotFound: there is no such question for the viewer, or they are not asked it.
    """
    post = find_question(session, parse_id(str(data.get("question", ""))))
    row = session.get(AskedPerson, (post.id, viewer.member_id))
    if row is None:
        raise NotFound
    is_over = post.accepted_id is not None or post.frozen_at is not None
    if is_over or row.why in CIRCLE or not _shows_it(session, viewer) or _said_lately(post.id, viewer.member_id):
        return {}
    said = {"question": str(post.id), "person_id": str(viewer.id)}
    live.push_lossy("writing", said, room=audience_room(post.audience_id))
    return {}


def _shows_it(session: Session, viewer: Viewer) -> bool:
    choices = session.get(ChatChoices, viewer.member_id)
    if choices is not None and not choices.shows_typing:
        return False
    # Across a block nobody hears of the other. A room cannot leave out single people in every process, so that those
    # who keep somebody apart show it to nobody.
    return not apart.parted_from(session, [viewer.member_id])


def _said_lately(post_id: int, person_id: int) -> bool:
    """Whether it was told a moment ago; notes that it is told now."""
    told: dict[tuple[int, int], datetime] = runtime().parts.setdefault(_PART, {})
    now, key = clock.now(), (post_id, person_id)
    last = told.get(key)
    if last is not None and now - last < OFTEN_ENOUGH:
        return True
    if len(told) >= _MOST_KEPT:
        told.clear()
    told[key] = now
    return False
