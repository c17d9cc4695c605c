"""Praise as documents that speak for those whom it names: one for each person, read by those who may read the post."""

from collections.abc import Sequence

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from intranet.posts.models import Post
from intranet.posts.praise.models import Praise, PraisedPerson
from intranet.search.showing import key_pairs, pair_key
from intranet.search.sources import document_id
from intranet.topics.models import Topic
from search_index.documents import Document, Kind


def load_praise(session: Session, keys: Sequence[str]) -> list[Document]:
    """Praise that is there, each as a document of the person who is praised."""
    praised = (
        select(PraisedPerson.post_id, PraisedPerson.person_id, Post.text, Post.audience_id, Post.created_at, Topic.name)
        .join(Praise, Praise.post_id == PraisedPerson.post_id)
        .join(Post, Post.id == PraisedPerson.post_id)
        .join(Topic, Topic.id == Praise.topic_id)
        .where(tuple_(PraisedPerson.post_id, PraisedPerson.person_id).in_(key_pairs(keys)), Post.deleted_at.is_(None))
    )
    return [
        Document(
            id=document_id(Kind.PRAISE, pair_key(row.post_id, row.person_id)),
            kind=Kind.PRAISE,
            text=row.text,
            audience_id=row.audience_id,
            created_at=row.created_at,
            author_id=row.person_id,
            title=row.name,
            topics=(row.name,),
        )
        for row in session.execute(praised)
    ]


def next_praise(session: Session, after: str, limit: int) -> list[str]:
    """The keys of praise, by post and person."""
    pair = tuple_(PraisedPerson.post_id, PraisedPerson.person_id)
    start = key_pairs([after])[0] if after else (0, 0)
    found = select(PraisedPerson.post_id, PraisedPerson.person_id).where(pair > start)
    ordered = found.order_by(PraisedPerson.post_id, PraisedPerson.person_id).limit(limit)
    return [pair_key(post_id, person_id) for post_id, person_id in session.execute(ordered)]


def praise_of(session: Session, post_ids: Sequence[int]) -> list[str]:
    """The documents of the praise that these posts are, if any is."""
    found = select(PraisedPerson.post_id, PraisedPerson.person_id).where(PraisedPerson.post_id.in_(post_ids))
    return [document_id(Kind.PRAISE, pair_key(post_id, person_id)) for post_id, person_id in session.execute(found)]
