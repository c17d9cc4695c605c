"""What a message becomes when it is told outside, and what the composer brings along with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.chat.actions.changing import file_ids
from intranet.chat.asking.actions import sharing_of
from intranet.chat.asking.queries import free_to_tell
from intranet.chat.finding import find_message
from intranet.chat.models import Message
from intranet.chat.queries import message_card, thread_cards
from intranet.files.actions import copy_to_shelf
from intranet.kernel.errors import Refused
from intranet.kernel.ids import parse_id
from intranet.kernel.text import excerpt, plain
from intranet.kernel.viewer import Viewer
from intranet.posts.models import LONGEST_TEXT, LONGEST_TITLE, Post
from intranet.retold.models import RetoldMessage

MESSAGE, FILES = "retells", "retells_files"
_BETWEEN = "\n\n"


def words_of(text: str, username: str, *, is_own: bool) -> str:
    """The text that the composer begins with: one's own words as they are, another's as a quotation with their name."""
    return text if is_own else quoted(text, username)


def quoted(text: str, username: str) -> str:
    """Words with the name of whose they are."""
    lines = "\n".join(f"> {line}".rstrip() for line in text.splitlines())
    return f"{lines}\n\n— @{username}"


def title_of(text: str) -> str:
    """The first line, as far as a question's title goes."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return excerpt(plain(first) or first, most=LONGEST_TITLE)


def as_question(text: str) -> tuple[str, str]:
    """The title and the text of a question that begins with these words: what the title says in full is not said
    again below it."""
    title, (first, _line, rest) = title_of(text), text.lstrip().partition("\n")
    return (title, rest.lstrip("\n")) if title == first.strip() else (title, text)


@dataclass(frozen=True, slots=True)
class Kept:
    """A thread's words for the composer, and how many of its messages are not among them."""

    text: str
    left_out: int


def words_of_thread(session: Session, viewer: Viewer, root: Message) -> Kept:
    """All that was said, with names: in private only one's own words and what their authors agreed to let go. What a
    post cannot hold is left out from the end."""
    cards = [message_card(session, viewer, root.id), *thread_cards(session, viewer, root.id)]
    said = [card for card in cards if card.text and not card.is_deleted]
    free = free_to_tell(session, viewer, [card.id for card in said], root.audience_id)
    told = [quoted(card.text, card.author.username) for card in said if card.id in free or card.author.id == viewer.id]
    ends = accumulate(len(part) + len(_BETWEEN) for part in told)
    parts = [part for part, end in zip(told, ends, strict=True) if end <= LONGEST_TEXT]
    return Kept(_BETWEEN.join(parts), len(said) - len(parts))


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
