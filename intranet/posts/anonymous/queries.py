"""Who wrote what stands under nobody's name: for the product itself, and for the person."""

from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from intranet.kernel.viewer import Viewer
from intranet.people.cards import PersonCard, person_cards
from intranet.posts.anonymous.models import HiddenAuthor
from intranet.posts.models import Comment, Post


@dataclass(frozen=True, slots=True)
class Anonymity:
    """What may be said of who asked: the two stewards who can learn it, and whether the viewer is the asker or one of
    them."""

    stewards: tuple[PersonCard, ...]
    is_mine: bool
    may_learn: bool


def writer_of(session: Session, item: Post | Comment) -> int:
    """Who really wrote it. Never for a page: what it says must not reach readers."""
    return writer_behind(session, item.id, item.author_id)


def writer_behind(session: Session, item_id: int, author_id: int) -> int:
    """As ``writer_of``, of an item that the session need not be able to read."""
    hidden = session.get(HiddenAuthor, item_id)
    return hidden.person_id if hidden is not None else author_id


def written_unnamed(person_id: int) -> "Select[int]":
    """Ids of what somebody wrote under nobody's name: for what is shown to them alone."""
    return select(HiddenAuthor.item_id).where(HiddenAuthor.person_id == person_id)


def asker_of(session: Session, post: Post) -> int:
    """Who really asked; the same, and as secret."""
    return writer_of(session, post)


def anonymity(session: Session, viewer: Viewer, post_id: int) -> Anonymity | None:
    """None for what stands under its author's name."""
    hidden = session.get(HiddenAuthor, post_id)
    if hidden is None:
        return None
    keepers = (hidden.steward_id, hidden.other_steward_id)
    cards = person_cards(session, keepers)
    stewards = tuple(cards[one] for one in keepers if one in cards)
    return Anonymity(stewards, hidden.person_id == viewer.id, viewer.id in keepers)


def is_by(session: Session, item: Post | Comment, person_id: int | None) -> bool:
    """Whether a person wrote it, under their name or not."""
    if item.author_id == person_id:
        return True
    hidden = session.get(HiddenAuthor, item.id) if person_id is not None else None
    return hidden is not None and hidden.person_id == person_id
