"""What a message becomes when it is told outside, and what the composer brings along with it."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.chat.actions.changing import file_ids
from intranet.chat.asking.actions import sharing_of
from intranet.chat.finding import find_message
from intranet.chat.models import Message
from intranet.files.actions import copy_to_shelf
from intranet.kernel.errors import Refused
from intranet.kernel.ids import parse_id
from intranet.kernel.text import excerpt, plain
from intranet.kernel.viewer import Viewer
from intranet.posts.models import LONGEST_TITLE, Post
from intranet.retold.models import RetoldMessage

MESSAGE, FILES = "retells", "retells_files"


def words_of(message: Message, username: str, *, is_own: bool) -> str:
    """The text that the composer begins with: one's own words as they are, another's as a quotation with their name."""
    if is_own:
        return message.text
    quoted = "\n".join(f"> {line}".rstrip() for line in message.text.splitlines())
    return f"{quoted}\n\n— @{username}"


def title_of(message: Message) -> str:
    """The first line, as far as a question's title goes."""
    first = next((line for line in message.text.splitlines() if line.strip()), "")
    return excerpt(plain(first) or first, most=LONGEST_TITLE)


class Retelling:
    """What the composer's form says of a message: whether it may be told is asked again when it is."""

    prefix = MESSAGE

    def files(self, session: Session, viewer: Viewer, given: Mapping[str, str]) -> Sequence[int]:
        """Copies of its files, where its author lets them go along."""
        message = _told(session, given)
        if message is None or given.get(FILES) != "1":
            return ()
        if not sharing_of(session, viewer, message).with_files:
            raise Refused(str(_("Its author did not say that the files may go along.")))
        return copy_to_shelf(session, viewer, file_ids(session, message.id))

    def published(self, session: Session, viewer: Viewer, post: Post, given: Mapping[str, str]) -> None:
        """The post says whose words it tells."""
        message = _told(session, given)
        if message is None:
            return
        if not sharing_of(session, viewer, message).is_allowed:
            raise Refused(str(_("Its author has not agreed.")))
        told = RetoldMessage(
            post_id=post.id, message_id=message.id, author_id=message.author_id, audience_id=post.audience_id
        )
        session.merge(told)


def _told(session: Session, given: Mapping[str, str]) -> Message | None:
    """The message that a form names, if it names one.

    Raises:
        NotFound: it is not there for this viewer, or not any more.
    """
    named = given.get(MESSAGE, "")
    return find_message(session, parse_id(named)) if named else None


RETELLING = Retelling()
