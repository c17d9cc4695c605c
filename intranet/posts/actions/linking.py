"""From what was typed to what is stored: HTML, the people it names, the topics it names."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from intranet.kernel.audience import open_ids, readers_among
from intranet.kernel.errors import Invalid
from intranet.kernel.outbox import record
from intranet.kernel.text import clean_line, clean_text, mentioned_usernames, render_markdown
from intranet.people.naming import people_named, read_text
from intranet.posts.events import PersonMentioned
from intranet.posts.finding import Item, post_id_of
from intranet.posts.models import LONGEST_TEXT, LONGEST_TITLE, Comment, Post, PostKind, PostMention, PostTopic
from intranet.posts.praise.actions import link_praised
from intranet.topics.vocabulary import ensure_topics, topic_ids


@dataclass(frozen=True, slots=True)
class Written:
    """A text ready to store: how it is shown, and the ids of whom it names and the slugs of what it names."""

    text: str
    html: str
    people: tuple[int, ...]
    topics: tuple[str, ...]


def write(session: Session, text: str, *, may_be_empty: bool = False) -> Written:
    """Check, clean and render what somebody typed.

    Raises:
        Invalid: it is empty, too long, or names too many people.
    """
    text, named = read_text(session, text, longest=LONGEST_TEXT, may_be_empty=may_be_empty)
    return render(text, named)


def write_title(title: str) -> str:
    """What a question asks in one line.

    Raises:
        Invalid: it is empty or too long.
    """
    title = clean_line(title)
    if not title:
        raise Invalid({"title": str(_("Ask your question in one line."))})
    if len(title) > LONGEST_TITLE:
        raise Invalid(
            {"title": str(_("One line has at most %(count)s characters. The rest fits below.", count=LONGEST_TITLE))}
        )
    return title


def render(text: str, people: dict[str, tuple[int, str]]) -> Written:
    """The text with links to the ``people`` and topics that it names."""
    shown = render_markdown(text, {username: name for username, (_id, name) in people.items()})
    ids = tuple(people[username][0] for username in shown.mentions)
    return Written(text=text, html=shown.html, people=ids, topics=shown.hashtags)


def relink(session: Session, item: Item, written: Written) -> None:
    """Store whom and what the item names now, and tell the people whom it did not name before."""
    mentions = select(PostMention.person_id).where(PostMention.item_id == item.id)
    before = set(session.scalars(mentions))
    session.execute(delete(PostMention).where(PostMention.item_id == item.id))
    session.execute(delete(PostTopic).where(PostTopic.item_id == item.id))
    link(session, item, written)
    tell_named(session, item, [person for person in written.people if person not in before])


def link(session: Session, item: Item, written: Written) -> None:
    """Add the link rows of a new item."""
    _add_links(session, item, written, _topic_ids(session, item.audience_id, written.topics))


def _add_links(session: Session, item: Item, written: Written, topics: dict[str, int]) -> None:
    place = {"item_id": item.id, "post_id": post_id_of(item), "audience_id": item.audience_id}
    session.add_all(PostMention(person_id=person_id, **place) for person_id in dict.fromkeys(written.people))
    named = {topics[slug] for slug in written.topics if slug in topics}
    session.add_all(PostTopic(topic_id=topic_id, **place) for topic_id in sorted(named))
    if isinstance(item, Post) and item.kind is PostKind.PRAISE:
        session.flush()
        link_praised(session, item)


def link_again(session: Session, items: Sequence[Item]) -> None:
    """Add the link rows of items that lost them, telling nobody; a fixed number of statements for each audience."""
    texts = {item.id: clean_text(item.text) for item in items}
    people = people_named(session, set().union(*(mentioned_usernames(text) for text in texts.values())))
    by_audience: dict[int, list[tuple[Item, Written]]] = {}
    for item in items:
        by_audience.setdefault(item.audience_id, []).append((item, render(texts[item.id], people)))
    for audience_id, found in by_audience.items():
        topics = _topic_ids(session, audience_id, [slug for _item, written in found for slug in written.topics])
        for item, written in found:
            _add_links(session, item, written, topics)


def _topic_ids(session: Session, audience_id: int, slugs: Sequence[str]) -> dict[str, int]:
    """The vocabulary is everybody's: a word that only some may read leads to a topic, and never becomes one."""
    if not slugs:
        return {}
    return ensure_topics(session, slugs) if open_ids(session, [audience_id]) else topic_ids(session, slugs)


def tell_named(session: Session, item: Item, people: Sequence[int]) -> None:
    """Record a mention for each of the ``people`` who may read the item and did not write it."""
    for person_id in readers_among(session, item.audience_id, people):
        if person_id != item.author_id:
            comment_id = item.id if isinstance(item, Comment) else None
            record(session, PersonMentioned(person_id, post_id_of(item), comment_id, item.author_id))
