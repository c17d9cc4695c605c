"""Documents as people read them in hits and proofs, through the viewer's own session: nothing hidden shows."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.chat.models import Message
from intranet.groups.models import Group
from intranet.kernel.text import excerpt, first_line, plain
from intranet.kernel.together import listing
from intranet.people.models import Profile
from intranet.posts.models import Comment, Post, PostKind
from intranet.posts.polls.models import PollOption
from intranet.posts.praise.models import Praise, PraisedPerson
from intranet.search.sources import Shown
from intranet.topics.models import Endorsement, Skill, Topic

_LONGEST_TITLE = 110
_SENTENCES = re.compile(r".{40,109}[.?!:](?:\s+|$)|.{20,109}[。！？]")  # as many as fit, if they say enough


_POSTS = listing(
    lambda among: select(Post.id, Post.author_id, Post.html, Post.created_at, Post.kind, Post.title).where(
        Post.id.in_(among("ids")), Post.deleted_at.is_(None)
    )
)
_ANSWERS = listing(
    lambda among: (
        select(PollOption.post_id, PollOption.text)
        .where(PollOption.post_id.in_(among("polls")))
        .order_by(PollOption.post_id, PollOption.position)
    )
)
_COMMENTS = listing(
    lambda among: (
        select(Comment.id, Comment.post_id, Comment.author_id, Comment.html, Comment.created_at, Post.kind)
        .join(Post, Post.id == Comment.post_id)
        .where(Comment.id.in_(among("ids")), Comment.deleted_at.is_(None), Post.deleted_at.is_(None))
    )
)


def posts(session: Session, keys: Sequence[str]) -> dict[str, Shown]:
    """Posts by their first line; the answers of a poll follow its question."""
    rows = _POSTS(session, ids=[int(key) for key in keys])
    answers = _answers(session, [row.id for row in rows if row.kind is PostKind.POLL])
    shown: dict[str, Shown] = {}
    for row in rows:
        title, text = (row.title, plain(row.html)) if row.title else _title_and_text(row.html)
        text = " · ".join((*([text] if text else []), *answers.get(row.id, ())))
        place = "questions" if row.kind is PostKind.QUESTION else "posts"
        shown[str(row.id)] = Shown(f"/{place}/{row.id}", title, text, row.author_id, row.created_at)
    return shown


def _answers(session: Session, polls: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    if polls:
        for post_id, words in _ANSWERS(session, polls=polls):
            found.setdefault(post_id, []).append(words)
    return found


def comments(session: Session, keys: Sequence[str]) -> dict[str, Shown]:
    """Comments by their own words; the link opens the post they stand under."""
    shown: dict[str, Shown] = {}
    for row in _COMMENTS(session, ids=[int(key) for key in keys]):
        title, text = _title_and_text(row.html)
        place = "questions" if row.kind is PostKind.QUESTION else "posts"
        url = f"/{place}/{row.post_id}#item-{row.id}"
        shown[str(row.id)] = Shown(url, title, text, row.author_id, row.created_at)
    return shown


def title_of(html: str) -> str:
    """The first line of a text, as far as a title goes."""
    return _title_and_text(html)[0]


def messages(session: Session, keys: Sequence[str]) -> dict[str, Shown]:
    """Chat messages by their own words; the link leads to where they were said."""
    found = select(Message.id, Message.author_id, Message.html, Message.created_at).where(
        Message.id.in_([int(key) for key in keys]), Message.deleted_at.is_(None)
    )
    return {
        str(row.id): Shown(f"/chat/messages/{row.id}", *_title_and_text(row.html), row.author_id, row.created_at)
        for row in session.execute(found)
    }


@lru_cache(maxsize=2_000)
def _title_and_text(html: str) -> tuple[str, str]:
    """The first line and what follows. Of a long line the title is its first sentences, or as many words as fit; the
    rest goes on in the text."""
    line, rest = first_line(html)
    if len(line) > _LONGEST_TITLE and (sentences := _SENTENCES.match(line)):
        title, over = sentences.group().rstrip(), line[sentences.end() :]
    else:
        title = excerpt(line, most=_LONGEST_TITLE)
        over = "" if title == line else "…" + line[len(title) - 1 :].lstrip()
    return title, " ".join(part for part in (over, rest) if part)


def people(session: Session, keys: Sequence[str]) -> dict[str, Shown]:
    """People by name, with what their profile says."""
    said = (Profile.title, Profile.department, Profile.location, Profile.about, Profile.ask_me_about)
    found = (
        select(Person.id, Person.username, Person.name, Person.created_at, *said)
        .outerjoin(Profile, Profile.person_id == Person.id)
        .where(Person.id.in_([int(key) for key in keys]), Person.deactivated_at.is_(None))
    )
    return {
        str(row.id): Shown(
            f"/people/{row.username}",
            row.name,
            _said((row.title, row.department, row.location), row.about, row.ask_me_about),
            row.id,
            row.created_at,
        )
        for row in session.execute(found)
    }


def _said(role: Iterable[str | None], about: str | None, ask_me_about: Iterable[str] | None) -> str:
    """What the index knows of a profile, as one text that reads well."""
    parts = (", ".join(words for words in role if words), about, ", ".join(ask_me_about or ()))
    return " · ".join(" ".join(words.split()) for words in parts if words)


def topics(session: Session, keys: Sequence[str]) -> dict[str, Shown]:
    """Topics by name, with their description."""
    return {
        str(topic.id): Shown(f"/topics/{topic.slug}", topic.name, topic.description, 0, topic.created_at)
        for topic in session.scalars(select(Topic).where(Topic.id.in_([int(key) for key in keys])))
    }


def groups(session: Session, keys: Sequence[str]) -> dict[str, Shown]:
    """Groups by name, with what they are about."""
    found = session.scalars(select(Group).where(Group.id.in_([int(key) for key in keys])))
    return {
        str(group.id): Shown(f"/groups/{group.slug}", group.name, group.about, 0, group.created_at) for group in found
    }


def pair_key(first: int, second: int) -> str:
    """The key of a row that has two: of a claim by person and topic, of praise by post and person."""
    return f"{first}-{second}"


def key_pairs(keys: Sequence[str]) -> list[tuple[int, int]]:
    """The two ids behind each ``pair_key``."""
    split = [key.split("-") for key in keys]
    return [(int(first), int(second)) for first, second in split]


def skills(session: Session, keys: Sequence[str]) -> dict[str, Shown]:
    """Claims; the link opens the profile that makes them."""
    claimed = (
        select(Skill.person_id, Skill.topic_id, Skill.created_at, Topic.name, Person.username)
        .join(Topic, Topic.id == Skill.topic_id)
        .join(Person, Person.id == Skill.person_id)
        .where(tuple_(Skill.person_id, Skill.topic_id).in_(key_pairs(keys)))
    )
    return {
        pair_key(row.person_id, row.topic_id): Shown(
            f"/people/{row.username}", row.name, "", row.person_id, row.created_at
        )
        for row in session.execute(claimed)
    }


def praise(session: Session, keys: Sequence[str]) -> dict[str, Shown]:
    """Praise by its topic, in the words of whoever gave it; the link opens the post."""
    pairs = key_pairs(keys)
    given = (
        select(PraisedPerson.post_id, PraisedPerson.person_id, Post.author_id, Post.html, Post.created_at, Topic.name)
        .join(Praise, Praise.post_id == PraisedPerson.post_id)
        .join(Post, Post.id == PraisedPerson.post_id)
        .join(Topic, Topic.id == Praise.topic_id)
        .where(tuple_(PraisedPerson.post_id, PraisedPerson.person_id).in_(pairs), Post.deleted_at.is_(None))
    )
    return {
        pair_key(row.post_id, row.person_id): Shown(
            f"/posts/{row.post_id}", row.name, plain(row.html), row.author_id, row.created_at
        )
        for row in session.execute(given)
    }


def endorsements(session: Session, keys: Sequence[str]) -> dict[str, Shown]:
    """Endorsements in the endorser's words; the link opens the profile of the person who is endorsed."""
    given = (
        select(
            Endorsement.id,
            Endorsement.endorser_id,
            Endorsement.reason,
            Endorsement.created_at,
            Topic.name,
            Person.username,
        )
        .join(Topic, Topic.id == Endorsement.topic_id)
        .join(Person, Person.id == Endorsement.person_id)
        .where(Endorsement.id.in_([int(key) for key in keys]))
    )
    return {
        str(row.id): Shown(f"/people/{row.username}", row.name, row.reason, row.endorser_id, row.created_at)
        for row in session.execute(given)
    }
