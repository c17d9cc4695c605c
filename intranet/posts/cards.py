"""What pages and programs show of posts and comments: frozen, complete, and read in a fixed number of statements."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from intranet.files.queries import FileCard
from intranet.groups.queries import GroupCard
from intranet.kernel import clock
from intranet.kernel.audience import EVERYONE
from intranet.kernel.clock import iso
from intranet.kernel.reactions import REACTION_NAMES, ReactionCount, ReactionKind
from intranet.links.cards import LinkCard
from intranet.people.cards import PersonCard
from intranet.posts.announcements.models import USUAL
from intranet.posts.announcements.queries import AnnouncementCard
from intranet.posts.models import PostKind
from intranet.posts.polls.queries import PollCard
from intranet.posts.praise.queries import PraiseCard
from intranet.posts.schemas import AudienceJson, CommentJson, ItemJson, PostJson
from intranet.topics.queries import TopicCard

VOTE = ReactionKind.AGREE
"""The reaction that ranks the answers to a question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCard:
    """What posts and comments have in common. ``can_*`` are for this viewer."""

    id: int
    post_id: int
    author: PersonCard
    text: str
    html: str
    created_at: datetime
    edited_at: datetime | None
    reactions: tuple[ReactionCount, ...] = ()
    files: tuple[FileCard, ...] = ()
    can_edit: bool = False
    can_delete: bool = False
    title: str = ""

    @property
    def leading(self) -> ReactionKind | None:
        """The reaction that has a button of its own here, whether anybody used it or not."""
        return None

    @property
    def leading_words(self) -> str:
        """What that button says."""
        return ""

    @property
    def leads(self) -> bool:
        """Whether anybody used it."""
        return any(one.kind is self.leading for one in self.reactions)

    @property
    def version(self) -> str:
        """The moment of the last change, for noticing that somebody else's edit came first."""
        return (self.edited_at or self.created_at).isoformat()

    @property
    def pictures(self) -> tuple[FileCard, ...]:
        return tuple(file for file in self.files if file.is_picture)

    @property
    def documents(self) -> tuple[FileCard, ...]:
        return tuple(file for file in self.files if not file.is_picture)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostCard(ItemCard):
    """A post as lists show it; ``group`` is where it was posted, None for everyone. ``quoted`` is None where nothing is
    passed on, and where what was is not there for this viewer: then ``quoted_id`` alone is set. ``parts`` are what its
    kind brings, by name. ``linked`` is a post of ours that its text links to, None also where this viewer may not read
    it."""

    kind: PostKind
    audience_id: int
    group: GroupCard | None = None
    topics: tuple[TopicCard, ...] = ()
    comment_count: int = 0
    is_bookmarked: bool = False
    is_muted: bool = False
    is_pinned: bool = False
    is_frozen: bool = False
    can_pin: bool = False
    quoted_id: int | None = None
    quoted: "PostCard | None" = None
    names_me: bool = False
    parts: Mapping[str, Any] = field(default_factory=dict, hash=False)
    link: LinkCard | None = None
    link_is_removed: bool = False
    linked: "PostCard | None" = None
    answer_count: int = 0
    accepted_id: int | None = None

    @property
    def url(self) -> str:
        return f"/questions/{self.id}" if self.is_question else f"/posts/{self.id}"

    @property
    def is_question(self) -> bool:
        return self.kind is PostKind.QUESTION

    @property
    def leading(self) -> ReactionKind | None:
        """Of a question: having it too."""
        return ReactionKind.EYE if self.is_question else None

    @property
    def leading_words(self) -> str:
        return str(REACTION_NAMES[ReactionKind.EYE])

    @property
    def poll(self) -> PollCard | None:
        return self.parts.get("poll")

    @property
    def link_picture_url(self) -> str:
        return f"/posts/{self.id}/link/picture"

    @property
    def praise(self) -> PraiseCard | None:
        return self.parts.get("praise")

    @property
    def announcement(self) -> AnnouncementCard | None:
        return self.parts.get("announcement")

    @property
    def stands_out(self) -> bool:
        """Whether it is an announcement that has not ended; those that came from elsewhere end after the usual time."""
        if self.kind is not PostKind.ANNOUNCEMENT:
            return False
        ends_at = self.announcement.ends_at if self.announcement else self.created_at + USUAL
        return ends_at > clock.now()

    @property
    def over(self) -> tuple[bool, ...]:
        """What of it has come to its end, which the clock tells and not the card."""
        poll, announcement = self.poll, self.announcement
        return self.stands_out, bool(poll and poll.is_closed), bool(announcement and announcement.is_over)

    @property
    def unnamed_topics(self) -> tuple[TopicCard, ...]:
        """Topics that came with the post and stand neither in its text as hashtags nor as what its praise is for."""
        praised = self.praise.topic if self.praise else None
        named = (topic for topic in self.topics if f'href="{topic.url}"' not in self.html)
        return tuple(topic for topic in named if topic != praised)

    @property
    def is_for_everyone(self) -> bool:
        return self.audience_id == EVERYONE


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentCard(ItemCard):
    """A comment; ``replies`` holds those that answer it. One that was deleted shows only that it was there, one by
    somebody whom the viewer has muted is folded up."""

    parent_id: int | None
    is_deleted: bool = False
    is_muted: bool = False
    is_answer: bool = False
    accepted_at: datetime | None = None
    accepted_by: PersonCard | None = None
    replies: list["CommentCard"] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"/{'questions' if self.is_answer else 'posts'}/{self.post_id}#item-{self.id}"

    @property
    def leading(self) -> ReactionKind | None:
        """Of an answer: the one that ranks the answers to a question."""
        return VOTE if self.is_answer else None

    @property
    def leading_words(self) -> str:
        return str(_("Helpful"))


def marked(html: str, username: str) -> Markup:
    """Rendered text for a page: mentions of its reader are set off, boxes of task lists are named in their language."""
    html = html.replace("<input ", f'<input aria-label="{_("Task")}" ')
    if username:
        html = html.replace(f' data-person="{username}"', f' data-me data-person="{username}"')
    return Markup(html)  # noqa: S704 (sanitised when it was rendered)


def as_json(card: PostCard | CommentCard) -> PostJson | CommentJson:
    """The card without anything of the viewer's own, the same for everybody who may read it."""
    if isinstance(card, CommentCard):
        return comment_json(card)
    return post_json(card)


def comment_json(card: CommentCard) -> CommentJson:
    return {**_item_json(card, card.url), "post_id": str(card.post_id), "reply_to": str(card.parent_id or card.post_id)}


def post_json(card: PostCard) -> PostJson:
    return {
        **_item_json(card, card.url),
        "kind": card.kind,
        "audience": "everyone" if card.is_for_everyone else _audience(card),
        "topics": [topic.slug for topic in card.topics],
        "comment_count": card.comment_count,
        "title": card.title,
        "answer_count": card.answer_count,
        "accepted_answer": str(card.accepted_id) if card.accepted_id else None,
        "poll": _part(card, "poll"),
        "praise": _part(card, "praise"),
        "announcement": _part(card, "announcement"),
        "retold": _part(card, "retold"),
        "quote": str(card.quoted_id) if card.quoted_id else None,
        "pinned": card.is_pinned,
        "frozen": card.is_frozen,
        "link": card.link.as_json(card.link_picture_url) if card.link else None,
    }


def _item_json(card: ItemCard, url: str) -> ItemJson:
    return {
        "id": str(card.id),
        "author": card.author.as_json(),
        "text": card.text,
        "html": card.html,
        "url": url,
        "created_at": iso(card.created_at),
        "edited_at": iso(card.edited_at),
        "reactions": {reaction.kind.value: reaction.count for reaction in card.reactions},
        "files": [file.as_json() for file in card.files],
    }


def _part(card: PostCard, name: str) -> Any:
    found = card.parts.get(name)
    return None if found is None else found.as_json()


def _audience(card: PostCard) -> AudienceJson:
    found = AudienceJson(id=str(card.audience_id))
    return {**found, "group": card.group.name, "url": card.group.url} if card.group else found


def nested(comments: Iterable[CommentCard]) -> list[CommentCard]:
    """Comments with their replies inside; a deleted one stays only where somebody answered it."""
    top: dict[int, CommentCard] = {}
    rest: list[CommentCard] = []
    for comment in comments:
        parent = top.get(comment.parent_id) if comment.parent_id else None
        if parent is not None:
            if not comment.is_deleted:
                parent.replies.append(comment)
        else:
            top[comment.id] = comment
            rest.append(comment)
    return [comment for comment in rest if comment.replies or not comment.is_deleted]
