"""The last reply of somebody that helped another, as their hover card shows it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.kernel.reactions import ReactionKind
from intranet.kernel.text import excerpt, plain
from intranet.posts.models import Comment, Post, Reaction

_SAYS_SO = (ReactionKind.THANKS, ReactionKind.BULB, ReactionKind.AGREE)
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Helped:
    """A reply for which somebody else said thanks, or that it is right."""

    url: str
    words: str
    created_at: datetime


def last_help(session: Session, person_id: int) -> Helped | None:
    """The latest that the viewer may read; none where nobody has said so yet."""
    said = select(Reaction.item_id).where(
        Reaction.item_id == Comment.id, Reaction.kind.in_(_SAYS_SO), Reaction.person_id != person_id
    )
    found = (
        select(Comment.id, Comment.post_id, Comment.html, Comment.created_at)
        .join(Post, Post.id == Comment.post_id)
        .where(Comment.author_id == person_id, Comment.deleted_at.is_(None), Post.deleted_at.is_(None), said.exists())
        .order_by(Comment.id.desc())
        .limit(1)
    )
    row = session.execute(found).first()
    if row is None:
        return None
    return Helped(f"/posts/{row.post_id}#item-{row.id}", excerpt(plain(row.html), most=_LONGEST), row.created_at)
