"""Hiding what a profile or a group says of itself, an article or a note on one, and giving it back.

The words are taken out of their row and kept apart, so that no page, hit or push shows them meanwhile; what was written
anew since then stays when they are given back.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.articles.actions import withhold
from intranet.articles.models import Article
from intranet.articles.voices.actions import withhold_voice
from intranet.chat.models import Conversation, Message, MessageFile
from intranet.files.models import StoredFile
from intranet.governance.reports.models import Decision, Withheld
from intranet.groups.events import GroupChanged
from intranet.groups.models import Group
from intranet.kernel import audience, clock
from intranet.kernel.outbox import record
from intranet.people.events import ProfileChanged
from intranet.people.models import Profile

_EMPTY: dict[str, Any] = {
    "about": "", "ask_me_about": [], "links": [], "photo_key": None, "status_emoji": "", "status_text": "",
}  # fmt: skip


def profile_words(session: Session, person: Person) -> str:
    """What somebody says on their profile in words of their own, as moderators read it."""
    profile = session.get(Profile, person.id)
    if profile is None:
        return person.name
    links = [f"{link['label']}: {link['url']}" for link in profile.links]
    said = [person.name, profile.status_text, profile.about, ", ".join(profile.ask_me_about), *links]
    return "\n".join(line for line in said if line)


def group_words(group: Group) -> str:
    """What a group is called and says of itself."""
    return f"{group.name}\n{group.about}".strip()


def article_words(article: Article) -> str:
    """What an article says, as moderators read it."""
    return "\n\n".join(part for part in (article.title, article.lead, article.text) if part)


def message_words(session: Session, message: Message) -> str:
    """What a message says itself, and the names of its files. What it passes on was said in another conversation, from
    which nobody shows moderators anything."""
    hanging = select(StoredFile.name).join(MessageFile, MessageFile.file_id == StoredFile.id)
    names = session.scalars(hanging.where(MessageFile.message_id == message.id).order_by(MessageFile.place))
    return "\n".join(part for part in (message.text, *([] if message.forwarded_id else names)) if part)


def message_place(session: Session, message: Message) -> str:
    """The name of the room, where everybody may know of it."""
    if not audience.open_ids(session, [message.audience_id]):
        return ""
    return session.scalar(select(Conversation.name).where(Conversation.id == message.conversation_id)) or ""


def withhold_article(session: Session, article_id: int, decision: Decision, *, is_undone: bool) -> None:
    """Hide an article, or give it back; there is nothing to close, since nobody replies to one."""
    if decision is Decision.HIDE:
        withhold(session, article_id, is_undone=is_undone)


def withhold_note(session: Session, voice_id: int, decision: Decision, *, is_undone: bool) -> None:
    """Hide a reader's note on an article, or give it back."""
    if decision is Decision.HIDE:
        withhold_voice(session, voice_id, is_undone=is_undone)


def withhold_profile(session: Session, person_id: int, *, is_undone: bool) -> None:
    """Hide somebody's photo, status and what they wrote about themselves, or give it back."""
    profile = session.get(Profile, person_id)
    if profile is None:
        return
    if _move(session, person_id, profile, _EMPTY, is_undone=is_undone):
        record(session, ProfileChanged(person_id))


def withhold_group(session: Session, group_id: int, decision: Decision, *, is_undone: bool) -> None:
    """Hide what a group says of itself, or close it to new posts; or undo that."""
    group = session.get(Group, group_id)
    if group is None:
        return
    if decision is Decision.FREEZE:
        group.archived_at = None if is_undone else group.archived_at or clock.now()
    elif not _move(session, group_id, group, {"about": ""}, is_undone=is_undone):
        return
    record(session, GroupChanged(group.id, None, group.audience_id))


def _move(session: Session, subject_id: int, row: Profile | Group, empty: dict[str, Any], *, is_undone: bool) -> bool:
    """Between the row and its keeping place; False where there is nothing to move."""
    kept = session.get(Withheld, subject_id)
    if is_undone:
        if kept is None:
            return False
        for name, value in kept.kept.items():
            if getattr(row, name) == empty[name]:
                setattr(row, name, value)
        session.delete(kept)
        return True
    if kept is not None:
        return False
    session.add(Withheld(subject_id=subject_id, kept={name: getattr(row, name) for name in empty}))
    for name, value in empty.items():
        setattr(row, name, value)
    return True
