"""Reads of what was posted where: the files of a group, the groups of a topic."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from intranet.files.models import StoredFile
from intranet.files.queries import FileCard, card_of
from intranet.files.sorts import FileSort, sort_column
from intranet.groups.models import Group
from intranet.groups.queries import GroupCard, group_cards
from intranet.kernel.page import Page, decode_cursor, encode_cursor
from intranet.kernel.text import fold
from intranet.people.cards import PersonCard, person_cards, whole
from intranet.posts.models import Attachment, PostTopic

PAGE = 30
_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class FileFilter:
    """What narrows the files of a group."""

    words: str = ""
    sort: FileSort | None = None


@dataclass(frozen=True, slots=True)
class PostedFile:
    """One file, whose it is, and the post or comment that it hangs on."""

    card: FileCard
    owner: PersonCard
    url: str
    is_on_comment: bool
    created_at: datetime


def files_page(
    session: Session, audience_id: int, chosen: FileFilter, *, cursor: str | None = None
) -> Page[PostedFile]:
    """Files posted to an audience, the newest first. Two statements."""
    wanted = select(StoredFile, Attachment.item_id, Attachment.post_id)
    wanted = wanted.join(Attachment, Attachment.file_id == StoredFile.id).where(*_conditions(audience_id, chosen))
    if chosen.sort is not None:
        wanted = wanted.where(sort_column() == chosen.sort.value)
    keys = decode_cursor(cursor, size=1)
    if keys is not None:
        wanted = wanted.where(StoredFile.id < whole(keys[0]))
    rows = session.execute(wanted.order_by(StoredFile.id.desc()).limit(PAGE + 1)).all()
    owners = person_cards(session, (row.StoredFile.owner_id for row in rows))
    files = [
        PostedFile(
            card_of(row.StoredFile),
            owners[row.StoredFile.owner_id],
            f"/posts/{row.post_id}#item-{row.item_id}",
            row.item_id != row.post_id,
            row.StoredFile.created_at,
        )
        for row in rows[:PAGE]
    ]
    return Page(files, older=encode_cursor(str(files[-1].card.id)) if len(rows) > PAGE else None)


def file_counts(session: Session, audience_id: int, chosen: FileFilter) -> dict[FileSort, int]:
    """How many files of each sort bear the words."""
    sort = sort_column().label("sort")
    counted = select(sort, func.count()).where(*_conditions(audience_id, chosen)).group_by(sort)
    return {FileSort(row[0]): row[1] for row in session.execute(counted)}


def file_count(session: Session, audience_id: int) -> int:
    """How many files were posted to an audience."""
    counted = select(func.count()).select_from(StoredFile).where(*_conditions(audience_id, FileFilter()))
    return session.scalar(counted) or 0


def _conditions(audience_id: int, chosen: FileFilter) -> "list[ColumnElement[bool]]":
    # A file of a deleted post went back to the shelf of whoever deleted it: its audience is another.
    conditions: list[ColumnElement[bool]] = [StoredFile.audience_id == audience_id, StoredFile.is_attached.is_(True)]
    words = fold(chosen.words).split()[:_MOST_WORDS]
    return conditions + [StoredFile.folded_name.contains(word, autoescape=True) for word in words]


@dataclass(frozen=True, slots=True)
class Place:
    """A group in which a topic is talked about, and how often."""

    group: GroupCard
    mentions: int


def places_of(session: Session, topic_id: int, *, most: int = 4) -> list[Place]:
    """Where a topic is talked about most, as far as the viewer may read. Two statements."""
    number = func.count()
    counted = select(PostTopic.audience_id, number).join(Group, Group.id == PostTopic.audience_id)
    counted = counted.where(PostTopic.topic_id == topic_id, Group.archived_at.is_(None))
    rows = session.execute(counted.group_by(PostTopic.audience_id).order_by(number.desc()).limit(most)).all()
    groups = group_cards(session, (row[0] for row in rows))
    return [Place(groups[row[0]], row[1]) for row in rows if row[0] in groups]
