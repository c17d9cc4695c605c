"""From what was typed to what is stored: HTML, the members it names, and whether it calls everybody."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.chat.models import LONGEST_MESSAGE, Call, ChatMember, Message, MessageMention
from intranet.kernel import clock
from intranet.kernel.text import render_markdown
from intranet.people.cards import AROUND
from intranet.people.models import PresenceMark
from intranet.people.naming import read_text

CALLED_WITHOUT_ASKING = 20


@dataclass(frozen=True, slots=True)
class Written:
    """A text ready to store; ``people`` are those it names, members or not."""

    text: str
    html: str
    people: tuple[int, ...]
    calls: Call | None


def write(session: Session, text: str, *, may_be_empty: bool = False) -> Written:
    """Check, clean and render what somebody typed.

    Raises:
        Invalid: it is empty, too long, or names too many people.
    """
    text, named = read_text(session, text, longest=LONGEST_MESSAGE, may_be_empty=may_be_empty)
    calls = {call.value: call.value for call in Call if call.value not in named}
    shown = render_markdown(text, {**calls, **{username: name for username, (_id, name) in named.items()}})
    called = next((Call(word) for word in shown.mentions if word in calls), None)
    people = tuple(named[username][0] for username in shown.mentions if username in named)
    return Written(text=text, html=_without_links(shown.html, calls), people=people, calls=called)


def _without_links(html: str, calls: Iterable[str]) -> str:
    """``@room`` is nobody's page."""
    for word in calls:
        link = f'<a class="mention" href="/people/{word}" data-person="{word}">@{word}</a>'
        html = html.replace(link, f'<span class="mention" data-call="{word}">@{word}</span>')
    return html


def called_members(session: Session, conversation_id: int, call: Call, *, but: int) -> list[int]:
    """Whom a call reaches: all members, or those who are around."""
    inside = select(ChatMember.person_id).where(
        ChatMember.conversation_id == conversation_id, ChatMember.person_id != but
    )
    if call is Call.HERE:
        around = select(PresenceMark.person_id).where(PresenceMark.seen_at > clock.now() - AROUND)
        inside = inside.where(ChatMember.person_id.in_(around))
    return sorted(session.scalars(inside))


def named_members(session: Session, conversation_id: int, people: Iterable[int], *, but: int) -> list[int]:
    """Those of the named who are in the conversation and did not write it."""
    wanted = set(people) - {but}
    if not wanted:
        return []
    inside = select(ChatMember.person_id).where(
        ChatMember.conversation_id == conversation_id, ChatMember.person_id.in_(wanted)
    )
    return sorted(session.scalars(inside))


def mention(session: Session, message: Message, people: Iterable[int]) -> None:
    """Note whom a message names or calls."""
    session.add_all(
        MessageMention(
            message_id=message.id,
            person_id=person_id,
            conversation_id=message.conversation_id,
            position=message.position,
            audience_id=message.audience_id,
        )
        for person_id in people
    )
