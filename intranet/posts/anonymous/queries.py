"""Who wrote what stands under nobody's name: for the product itself, and for the person."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.posts.anonymous.models import HiddenAuthor
from intranet.posts.models import Comment, Post


def asker_of(session: Session, post: Post) -> int:
    """Who really asked. Never for a page: what it says must not reach readers."""
    hidden = session.get(HiddenAuthor, post.id)
    return hidden.person_id if hidden is not None else post.author_id


def is_by(session: Session, item: Post | Comment, person_id: int | None) -> bool:
    """Whether a person wrote it, under their name or not."""
    if item.author_id == person_id:
        return True
    hidden = session.get(HiddenAuthor, item.id) if person_id is not None else None
    return hidden is not None and hidden.person_id == person_id


def hidden_by(session: Session, person_id: int) -> frozenset[int]:
    """The items that somebody wrote under nobody's name, for themself alone."""
    return frozenset(session.scalars(select(HiddenAuthor.item_id).where(HiddenAuthor.person_id == person_id)))
