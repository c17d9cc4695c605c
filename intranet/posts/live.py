"""What sockets are told of posts: the same for everybody, as ``GET /api/v1/posts/<id>`` gives it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from intranet.kernel.apart import People
from intranet.kernel.errors import NotFound
from intranet.kernel.live import Message, presents, presents_together
from intranet.kernel.tables import BigId
from intranet.kernel.viewer import system
from intranet.posts import events, queries
from intranet.posts.cards import as_json
from intranet.posts.finding import find_item
from intranet.posts.models import Comment, Post, PostKind

_NEUTRAL = system(reason="live: what is pushed carries no viewer's marks")


def _item(session: Session, item_id: int) -> Message | None:
    try:
        return as_json(queries.item_card(session, _NEUTRAL, item_id))
    except NotFound:
        return None  # deleted since; its own event follows


def _below(session: Session, post_id: int) -> dict[str, Any]:
    said, post = queries.said_below(session, post_id), session.get(Post, post_id)
    accepted = str(post.accepted_id) if post and post.accepted_id else None
    return {"comment_count": said.comments, "answer_count": said.answers, "accepted_answer": accepted}


_Shown = events.PostPublished | events.PostEdited | events.PostPinned | events.LinkChanged | events.PraiseDeclined


def posts(session: Session, happened: Sequence[_Shown]) -> list[Message | None]:
    """As they are now; None for what was deleted since. What is pushed together is read together."""
    cards = queries.post_cards(session, _NEUTRAL, list(dict.fromkeys(event.post_id for event in happened)))
    shown = {card.id: as_json(card) for card in cards}
    return [shown.get(event.post_id) for event in happened]


def voted(session: Session, event: events.PollVoted) -> Message | None:
    found = _item(session, event.post_id)
    return found and {"id": found["id"], "poll": found["poll"]}


def comment(session: Session, event: events.CommentAdded | events.CommentEdited) -> Message | None:
    found = _item(session, event.comment_id)
    return found and {**found, **_below(session, event.post_id)}


def post_gone(session: Session, event: events.PostDeleted) -> dict[str, Any] | None:
    return {"id": str(event.post_id)} if session.get(Post, event.post_id) else None


def comment_gone(session: Session, event: events.CommentDeleted) -> dict[str, Any] | None:
    if session.get(Comment, event.comment_id) is None:
        return None
    return {"id": str(event.comment_id), "post_id": str(event.post_id), **_below(session, event.post_id)}


def reactions(session: Session, event: events.ReactionChanged) -> dict[str, Any] | None:
    try:
        find_item(session, event.item_id)
    except NotFound:
        return None
    counts = queries.reaction_counts(session, event.item_id)
    who = str(event.person_id)
    return {"id": str(event.item_id), "post_id": str(event.post_id), "person_id": who, "reactions": counts}


_EACH = 100  # up to so many every one is told of; then about every hundredth part, or thousands would hear thousands


def acknowledged(session: Session, event: events.AnnouncementAcknowledged) -> Message | None:
    cards = queries.post_cards(session, _NEUTRAL, [event.post_id])
    card = cards[0].announcement if cards else None
    if card is None or card.acknowledged % (card.acknowledged // _EACH + 1):
        return None
    counts = {"acknowledged": card.acknowledged, "people": card.people}
    return {"id": str(event.post_id), "person_id": str(event.person_id), **counts}


def praised(session: Session, event: events.PersonPraised) -> Message | None:
    return _item(session, event.post_id)


def mention(session: Session, event: events.PersonMentioned) -> Message | None:
    return _item(session, event.comment_id or event.post_id)


def _is_for_all(data: dict[str, Any]) -> bool:
    """What the company says passes every mute and block."""
    return bool(data["kind"] == PostKind.ANNOUNCEMENT)


def _writers() -> People:
    post_id: Any = bindparam("post_id", type_=BigId)
    of_post = select(Post.author_id).where(Post.id == post_id)
    below = select(Comment.author_id).where(Comment.post_id == post_id)
    return select(of_post.union_all(below).subquery().c.author_id)


WRITERS = _writers()
"""Who wrote the post that an event is about, and who wrote what is counted below it."""


def set_up() -> None:
    """Have posts pushed; called once at start."""
    presents_together(events.PostPublished, posts, written_by=WRITERS, is_news=True, for_all=_is_for_all)
    for changed in (events.PostEdited, events.PostPinned, events.LinkChanged, events.PraiseDeclined):
        presents_together(changed, posts, written_by=WRITERS)
    presents(events.PollVoted, voted, written_by=WRITERS)
    presents(events.AnnouncementAcknowledged, acknowledged, written_by=WRITERS)
    presents(events.PersonPraised, praised)
    presents(events.PostDeleted, post_gone, written_by=WRITERS)
    for said in (events.CommentAdded, events.CommentEdited):
        presents(said, comment, written_by=WRITERS)
    presents(events.CommentDeleted, comment_gone, written_by=WRITERS)
    presents(events.ReactionChanged, reactions, written_by=WRITERS)
    presents(events.PersonMentioned, mention)
