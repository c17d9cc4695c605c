"""What somebody began to say in chat and would rather ask as a question: the composer begins with it, and the draft in
chat stays where it is until the question is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from intranet.chat.actions.drafting import drop_draft
from intranet.chat.models import ChatDraft
from intranet.files.actions import MOST_FILES
from intranet.kernel.ids import parse_id
from intranet.kernel.viewer import Viewer
from intranet.posts.models import Post

DRAFT, FILES = "begun", "begun_files"


@dataclass(frozen=True, slots=True)
class Begun:
    """A draft in chat as it was at a moment: ``conversation:moment`` in a form."""

    conversation_id: int
    at: datetime

    def __str__(self) -> str:
        return f"{self.conversation_id}:{self.at.isoformat()}"


def read_begun(words: str) -> Begun | None:
    """What a form says; None where it says nothing of the kind."""
    conversation, _colon, moment = words.partition(":")
    try:
        return Begun(int(conversation), datetime.fromisoformat(moment))
    except ValueError:
        return None


def read_files(words: str) -> list[int]:
    """Ids with commas between."""
    return [parse_id(one) for one in words.split(",")[: MOST_FILES + 1] if one]


class Beginning:
    """What the composer's form says of a draft in chat."""

    prefix = DRAFT

    def files(self, _session: Session, _viewer: Viewer, given: Mapping[str, str]) -> Sequence[int]:
        """What was attached there and waits on its owner's shelf."""
        return read_files(given.get(FILES, ""))

    def published(self, session: Session, viewer: Viewer, _post: Post, given: Mapping[str, str]) -> None:
        """The draft was sent another way; what was typed there since then stays."""
        begun = read_begun(given.get(DRAFT, ""))
        if begun is None:
            return
        draft = session.get(ChatDraft, (viewer.member_id, begun.conversation_id, 0))
        if draft is not None and draft.updated_at <= begun.at:
            drop_draft(session, viewer, begun.conversation_id)


BEGINNING = Beginning()
