"""What happens to posts, as others learn of it. Events hold ids only; ``item_id`` is a post's or a comment's."""

from dataclasses import dataclass, field

from intranet.kernel.outbox import event


@event("post.published")
@dataclass(frozen=True, slots=True)
class PostPublished:
    """Somebody posted."""

    post_id: int
    audience_id: int
    author_id: int


@event("post.edited")
@dataclass(frozen=True, slots=True)
class PostEdited:
    """A post says something else now, or was brought back after a deletion."""

    post_id: int
    audience_id: int
    author_id: int


@event("post.deleted")
@dataclass(frozen=True, slots=True)
class PostDeleted:
    """A post is gone for everybody."""

    post_id: int
    audience_id: int
    author_id: int


@event("post.removed")
@dataclass(frozen=True, slots=True)
class ItemRemoved:
    """A moderator took away a post or comment that ``person_id`` wrote."""

    item_id: int
    person_id: int
    actor_id: int


@event("post.given-back")
@dataclass(frozen=True, slots=True)
class ItemGivenBack:
    """A moderator brought back what they took away."""

    item_id: int
    person_id: int
    actor_id: int


@event("post.frozen")
@dataclass(frozen=True, slots=True)
class PostFrozen:
    """A moderator closed a post to replies."""

    post_id: int
    person_id: int
    actor_id: int


@event("post.thawed")
@dataclass(frozen=True, slots=True)
class PostThawed:
    """A moderator opened a post to replies again."""

    post_id: int
    person_id: int
    actor_id: int


@event("post.pinned")
@dataclass(frozen=True, slots=True)
class PostPinned:
    """A post is kept in sight in its group from now on, or no longer."""

    post_id: int
    audience_id: int
    actor_id: int


@event("post.link_changed")
@dataclass(frozen=True, slots=True)
class LinkChanged:
    """The card of a post's link came, changed or went."""

    post_id: int
    audience_id: int


@event("poll.voted")
@dataclass(frozen=True, slots=True)
class PollVoted:
    """Somebody voted; the totals changed."""

    post_id: int
    audience_id: int


@event("person.praised")
@dataclass(frozen=True, slots=True)
class PersonPraised:
    """A post praises somebody, who may read it."""

    recipient_id: int
    post_id: int
    author_id: int


@event("praise.declined")
@dataclass(frozen=True, slots=True)
class PraiseDeclined:
    """Somebody took their name out of praise."""

    post_id: int
    audience_id: int
    person_id: int


@event("announcement.acknowledged")
@dataclass(frozen=True, slots=True)
class AnnouncementAcknowledged:
    """Somebody took note of an announcement."""

    post_id: int
    audience_id: int
    person_id: int


@event("announcement.reminded")
@dataclass(frozen=True, slots=True)
class AnnouncementReminded:
    """Those who have not acknowledged an announcement are reminded of it, this once."""

    post_id: int
    audience_id: int
    owner_id: int


@event("comment.added")
@dataclass(frozen=True, slots=True)
class CommentAdded:
    """Somebody replied to a post."""

    comment_id: int
    post_id: int
    audience_id: int
    author_id: int


@event("comment.edited")
@dataclass(frozen=True, slots=True)
class CommentEdited:
    """A reply says something else now."""

    comment_id: int
    post_id: int
    audience_id: int
    author_id: int


@event("comment.deleted")
@dataclass(frozen=True, slots=True)
class CommentDeleted:
    """A reply is gone for everybody."""

    comment_id: int
    post_id: int
    audience_id: int
    author_id: int


@event("reaction.changed")
@dataclass(frozen=True, slots=True)
class ReactionChanged:
    """Somebody reacted to a post or comment, or took it back."""

    item_id: int
    post_id: int
    audience_id: int
    person_id: int


@event("person.mentioned")
@dataclass(frozen=True, slots=True)
class PersonMentioned:
    """A post or comment names somebody who may read it; ``comment_id`` is None where the post itself does."""

    recipient_id: int
    post_id: int
    comment_id: int | None
    author_id: int


@event("posts.imported")
@dataclass(frozen=True, slots=True)
class PostsImported:
    """A batch came in from elsewhere. Nobody is told; search and expertise read the rows by these ids."""

    post_ids: list[int] = field(default_factory=list)
    comment_ids: list[int] = field(default_factory=list)
