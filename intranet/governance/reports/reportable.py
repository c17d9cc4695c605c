"""What can be reported, by whom: each gives the report that a reader may send, with the words that moderators will see.

It is not kept yet, and has neither reporter nor reason. Every one of these raises NotFound where the thing is not there
for the viewer, or is their own.
"""

from sqlalchemy.orm import Session

from intranet.accounts.queries import person_by_username
from intranet.articles.finding import find_article
from intranet.articles.voices.actions import find_voice
from intranet.chat.finding import find_message
from intranet.governance.reports.models import Report, Subject
from intranet.governance.reports.withholding import (
    article_words,
    group_words,
    message_place,
    message_words,
    profile_words,
)
from intranet.groups.finding import group_by_slug, owner_ids
from intranet.groups.queries import group_cards
from intranet.kernel.errors import NotFound
from intranet.kernel.viewer import Viewer
from intranet.posts.anonymous.queries import is_by
from intranet.posts.finding import find_item, post_id_of


def item(session: Session, viewer: Viewer, item_id: int) -> Report:
    """A post or comment; who wrote one under nobody's name cannot report it either."""
    found = find_item(session, item_id)
    if is_by(session, found, viewer.id):
        raise NotFound
    return Report(
        item_id=item_id,
        post_id=post_id_of(found),
        author_id=found.author_id,
        quote=found.text,
        place=_group_name(session, found.audience_id),
    )


def profile(session: Session, viewer: Viewer, username: str) -> Report:
    """What somebody's profile says; who has left says nothing any more."""
    person = person_by_username(session, username)
    if person.id == viewer.id or person.deactivated_at is not None:
        raise NotFound
    return Report(kind=Subject.PERSON, item_id=person.id, author_id=person.id, quote=profile_words(session, person))


def group(session: Session, _viewer: Viewer, slug: str) -> Report:
    """What a group says of itself, where somebody owns it: its earliest owner is told what moderators decide."""
    found = group_by_slug(session, slug)
    owner = next(iter(owner_ids(session, found.id)), None)
    if owner is None:
        raise NotFound
    return Report(kind=Subject.GROUP, item_id=found.id, author_id=owner, quote=group_words(found))


def article(session: Session, viewer: Viewer, article_id: int) -> Report:
    """An article; who keeps it is told what moderators decide."""
    found = find_article(session, article_id)
    if found.keeper_id == viewer.id:
        raise NotFound
    return Report(
        kind=Subject.ARTICLE,
        item_id=found.id,
        author_id=found.keeper_id,
        quote=article_words(found),
        place=_group_name(session, found.audience_id),
    )


def voice(session: Session, viewer: Viewer, voice_id: int) -> Report:
    """What a reader noted on an article, in words."""
    found, on = find_voice(session, voice_id)
    if found.author_id == viewer.id or not found.note:
        raise NotFound
    return Report(
        kind=Subject.VOICE,
        item_id=found.id,
        author_id=found.author_id,
        quote=found.note,
        place=_group_name(session, on.audience_id),
    )


def message(session: Session, viewer: Viewer, message_id: int) -> Report:
    """What one message says itself, and nothing else of the conversation that it stands in."""
    found = find_message(session, message_id)
    if found.author_id == viewer.id:
        raise NotFound
    return Report(
        kind=Subject.MESSAGE,
        item_id=found.id,
        author_id=found.author_id,
        quote=message_words(session, found),
        place=message_place(session, found),
    )


def _group_name(session: Session, audience_id: int) -> str:
    card = group_cards(session, [audience_id]).get(audience_id)
    return card.name if card else ""
