"""What every post may have hanging on it, and what of it comments have too: one statement for all of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from intranet.files.models import StoredFile
from intranet.files.queries import FileCard
from intranet.files.queries import card_of as file_card
from intranet.groups.models import Group, GroupMember, GroupRole
from intranet.groups.queries import GroupCard
from intranet.groups.queries import card_of as group_card
from intranet.kernel import apart
from intranet.kernel.reactions import ReactionCount, ReactionKind
from intranet.kernel.together import Rows, Several, Writing, made_once
from intranet.people.cards import PersonCard, person_cards
from intranet.posts.models import Attachment, Bookmark, Comment, MutedThread, PostMention, PostTopic, Reaction
from intranet.posts.parts.registry import Around, Asked, Places, parts
from intranet.topics.models import Topic
from intranet.topics.queries import TopicCard
from intranet.topics.queries import card_of as topic_card

_ORDER = {kind: place for place, kind in enumerate(ReactionKind)}


class Said(NamedTuple):
    """How many comments a post has, and how many of them answer it directly."""

    comments: int = 0
    answers: int = 0


NOTHING_SAID = Said()


@dataclass(frozen=True, slots=True)
class Hanging:
    """What hangs on items, by the id of the item; groups and roles by the id of the audience. ``unheard`` are those
    whose replies are folded up."""

    reactions: dict[int, tuple[ReactionCount, ...]] = field(default_factory=dict)
    files: dict[int, tuple[FileCard, ...]] = field(default_factory=dict)
    topics: dict[int, tuple[TopicCard, ...]] = field(default_factory=dict)
    replies: dict[int, Said] = field(default_factory=dict)
    saved: frozenset[int] = frozenset()
    named: frozenset[int] = frozenset()
    muted: frozenset[int] = frozenset()
    groups: dict[int, GroupCard] = field(default_factory=dict)
    keeps: frozenset[int] = frozenset()
    people: dict[int, PersonCard] = field(default_factory=dict)
    parts: dict[int, dict[str, Any]] = field(default_factory=dict)
    unheard: frozenset[int] = frozenset()


def hanging_on_posts(session: Session, asked: Asked, authors: set[int]) -> Hanging:
    """Everything for cards of posts. Two statements: what hangs on them, then the people whom any of it names."""
    wanted = [part for part in parts() if part.is_wanted(asked)]
    rows = _of_posts(session, tuple(part.name for part in wanted)).read(session, asked.values)
    named = {person_id for part in wanted for row in rows[part.name] for person_id in part.people(row)}
    around = Around(asked.viewer, person_cards(session, authors | named))
    shown: dict[int, dict[str, Any]] = {}
    for part in wanted:
        for post_id, found in _by_first(rows[part.name]).items():
            shown.setdefault(post_id, {})[part.name] = part.show(found, around)
    return Hanging(
        reactions=_reactions(rows["reactions"]),
        files=_files(rows["files"]),
        topics={post_id: tuple(map(topic_card, found)) for post_id, found in _by_first(rows["topics"]).items()},
        replies={row.post_id: Said(row.number, int(row.answers)) for row in rows["replies"]},
        saved=frozenset(row.post_id for row in rows["saved"]),
        named=frozenset(row.item_id for row in rows["named"]),
        muted=frozenset(row.post_id for row in rows["muted"]),
        groups={row.id: group_card(row) for row in rows["groups"]},
        keeps=frozenset(row.group_id for row in rows["keeps"]),
        people=dict(around.people),
        parts=shown,
    )


@made_once
def _of_posts(writing: Writing, names: tuple[str, ...]) -> Several:
    """The statement for pages that hold such parts."""
    places = Places(writing)
    selects = {part.name: part.rows(places) for part in parts() if part.name in names}
    return writing.several({**_own(places), **selects})


def hanging_on_comments(session: Session, viewer_id: int, ids: Sequence[int], authors: Iterable[int]) -> Hanging:
    """The less that comments have. Two statements."""
    if not ids:
        return Hanging(people=person_cards(session, authors))
    rows = _of_comments(session).read(session, {"viewer_id": viewer_id, "ids": list(ids)})
    return Hanging(
        reactions=_reactions(rows["reactions"]),
        files=_files(rows["files"]),
        people=person_cards(session, authors),
        unheard=frozenset(row.other_id for row in rows["unheard"]),
    )


@made_once
def _of_comments(writing: Writing) -> Several:
    places = Places(writing)
    selects = {**_of_items(places), "unheard": apart.unheard(places.viewer_id)}
    return writing.several(selects)


def _of_items(places: Places) -> dict[str, Rows]:
    # MAX over 0 and 1 rather than BOOL_OR, which SQLite does not have.
    mine = func.max(case((Reaction.person_id == places.viewer_id, 1), else_=0)).label("is_mine")
    number = func.count().label("number")
    return {
        "reactions": select(Reaction.item_id, Reaction.kind, number, mine)
        .where(Reaction.item_id.in_(places.ids))
        .group_by(Reaction.item_id, Reaction.kind),
        "files": select(Attachment.item_id, Attachment.position, StoredFile)
        .join(StoredFile, StoredFile.id == Attachment.file_id)
        .where(Attachment.item_id.in_(places.ids)),
    }


def _own(places: Places) -> dict[str, Rows]:
    ids, viewer_id, audiences = places.ids, places.viewer_id, places.audiences
    kept = select(GroupMember.group_id).where(GroupMember.person_id == viewer_id, GroupMember.role == GroupRole.OWNER)
    return {
        **_of_items(places),
        "topics": select(PostTopic.item_id, Topic.id, Topic.slug, Topic.name, Topic.follower_count)
        .join(Topic, Topic.id == PostTopic.topic_id)
        .where(PostTopic.item_id.in_(ids)),
        "replies": replies_select(ids),
        "saved": select(Bookmark.post_id).where(Bookmark.person_id == viewer_id, Bookmark.post_id.in_(ids)),
        "named": select(PostMention.item_id).where(PostMention.person_id == viewer_id, PostMention.item_id.in_(ids)),
        "muted": select(MutedThread.post_id).where(MutedThread.person_id == viewer_id, MutedThread.post_id.in_(ids)),
        "groups": select(Group).where(Group.id.in_(audiences)),
        "keeps": kept.where(GroupMember.group_id.in_(audiences)),
    }


def replies_select(ids: Any) -> Rows:
    """How many comments posts have, and how many of them stand right below."""
    answers = func.sum(case((Comment.parent_id.is_(None), 1), else_=0)).label("answers")
    there = select(Comment.post_id, func.count().label("number"), answers).where(Comment.deleted_at.is_(None))
    return there.where(Comment.post_id.in_(ids)).group_by(Comment.post_id)


def _by_first(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    return found


def _sorted(rows: Iterable[Any], by: Callable[[Any], Any], show: Callable[[Any], Any]) -> Mapping[int, tuple[Any, ...]]:
    return {item_id: tuple(map(show, sorted(found, key=by))) for item_id, found in _by_first(rows).items()}


def _reactions(rows: Iterable[Any]) -> dict[int, tuple[ReactionCount, ...]]:
    return dict(
        _sorted(
            rows,
            lambda row: _ORDER[row.kind],
            lambda row: ReactionCount(row.kind, row.number, bool(row.is_mine)),
        )
    )


def _files(rows: Iterable[Any]) -> dict[int, tuple[FileCard, ...]]:
    return dict(_sorted(rows, lambda row: row.position, file_card))
