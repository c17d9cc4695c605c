"""Answers that somebody in the made-up company thought worth keeping: one was changed since, one is due, and readers
said what they found."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from intranet.articles.actions import ArticleDraft, edit, follow_article, promote
from intranet.articles.models import Article
from intranet.articles.voices.actions import say
from intranet.articles.voices.models import Says
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.errors import NotFound
from intranet.kernel.viewer import Role, Viewer, system
from intranet.posts.models import Comment, Post
from intranet.questions.actions import accept_answer

_VIEWER = system(reason="demo: looks for the answers that are worth keeping")


@dataclass(frozen=True, slots=True)
class _Kept:
    """``asked`` is how the question begins, ``due_in`` after how many days from now it is looked at again."""

    asked: str
    keeper: str
    title: str
    lead: str
    text: str
    due_in: int


_PARTITIONS = """## You have this if

All of it is true at once. One alone is something else.

- The lag grows on **every** partition, not on one tenant.
- Brokers are healthy, and consumers wait for work.
- A consumer has no partition of its own left to read.

## What to do

1. Say in the room of your team that you are on it. Two people raising it at once is how it goes wrong.
2. Drain the producers, and wait until the lag is nothing:

   ```sh
   tide lag --by-partition meter-readings
   ```
3. Raise the number, and restart the consumers **one by one**, {seconds} seconds apart.
4. Watch *Lag per partition* for five minutes. Then go and tell the people who were waiting.

## Why it happens

Keys move to other partitions when their number changes. Who still writes meanwhile reaches a key's new home too early.

Readers then meet new readings before the old ones, and the order is gone."""

_LAG = """`tide lag --by-partition` does it with your own account; so does the dashboard *Lag per partition*.

A shell is only needed to change something.

Red is what is older than five minutes. What is merely long is not late."""

_SIGNING = """The pipeline sends a hash to the signing box and gets a signature back. The key never leaves the box.

1. Ask for a runner with the label `signs`.
2. `tide sign --hash build/firmware.sha256` writes the signature beside it.
3. Each signature names who pressed the button. Press it yourself."""

_BATTERY = """`tide fleet show SERIAL`, fifth line. Below 30 % an update refuses by itself.

Nothing needs to be stopped by hand.

A gateway that was in the cold shows too little for an hour. Ask again before you send somebody."""

_ARTICLES = (
    _Kept("Is it safe to raise the partition count", "junho", "Raising the partition count without losing the order",
          "Ten minutes, two people, no heroics.", _PARTITIONS.format(seconds="five"), 170),
    _Kept("How do I read the lag per partition", "junho", "Reading the lag per partition with your own account",
          "No shell on a broker is needed.", _LAG, 340),
    _Kept("How do you sign firmware in the pipeline", "oskar", "Signing firmware without a key on the runner", "",
          _SIGNING, 90),
    _Kept("Can I see the battery state", "leila", "The battery of a gateway, before you update it",
          "One line tells it, and below 30 % nothing happens anyway.", _BATTERY, -2),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Word:
    """What a reader said of an article: with a ``note`` what is different, and else that it is still right."""

    title: str
    reader: str
    days_ago: int
    note: str = ""
    follows: bool = False


_WORDS = (
    _Word(_ARTICLES[0].title, "priya", 3, follows=True),
    _Word(_ARTICLES[0].title, "aoife", 2),
    _Word(_ARTICLES[0].title, "yusuf", 2),
    _Word(_ARTICLES[0].title, "leila", 3, follows=True),
    _Word(
        _ARTICLES[0].title,
        "noor",
        1,
        "Step 2: it is called tide lag --partitions now. The old flag works too.",
    ),
    _Word(_ARTICLES[2].title, "leila", 2, follows=True),
    _Word(_ARTICLES[2].title, "meiling", 1),
    _Word(_ARTICLES[3].title, "kwame", 3),
    _Word(_ARTICLES[3].title, "tomasz", 2),
    _Word(_ARTICLES[3].title, "samuel", 1, "On this year's gateways it is the sixth line.", follows=True),
)


def keep_answers(database: Database, people: Mapping[str, int], now: datetime) -> None:
    """Through the product's own actions, as those whose answers they are."""
    for kept in _ARTICLES:
        with database.reading(_VIEWER) as session:
            found = _answered(session, kept, people[kept.keeper])
        if found is None:
            continue
        question, answer = found
        if question.accepted_id is None:
            _accept(database, question, answer)
        _keep(database, Viewer(people[kept.keeper]), question, kept, now)
    for word in _WORDS:
        with clock.fixed(now - timedelta(days=word.days_ago, hours=3)), suppress(NotFound):
            reader = Viewer(people[word.reader])
            database.transact(reader, partial(_say, reader=reader, word=word))
    steward = Viewer(people["aoife"], frozenset({Role.MEMBER, Role.STEWARD}))
    with clock.fixed(now - timedelta(days=3)):
        database.transact(steward, lambda session: _change(session, steward))


def _answered(session: Session, kept: _Kept, keeper_id: int) -> tuple[Post, Comment] | None:
    """The first question of these words that the keeper answered, solved ones before others."""
    is_solution = Comment.id == Post.accepted_id
    mine = select(Post, Comment).join(Comment, Comment.post_id == Post.id).where(Comment.author_id == keeper_id)
    mine = mine.where(Post.title.startswith(kept.asked), or_(is_solution, Post.accepted_id.is_(None)))
    mine = mine.where(Comment.parent_id.is_(None))  # an answer, not what is said about one
    found = session.execute(mine.order_by(Post.accepted_id.is_(None), Post.id, Comment.id).limit(1)).first()
    return (found[0], found[1]) if found is not None else None


def _accept(database: Database, question: Post, answer: Comment) -> None:
    asker = Viewer(question.author_id)
    with clock.fixed(answer.created_at + timedelta(hours=5)):
        database.transact(asker, lambda session: accept_answer(session, asker, answer.id))


def _say(session: Session, *, reader: Viewer, word: _Word) -> None:
    """Said, and followed, by whoever may read it."""
    article_id = session.scalar(select(Article.id).where(Article.title == word.title))
    if article_id is not None:
        says = Says.DIFFERENT if word.note else Says.RIGHT
        say(session, reader, article_id, says, note=word.note)
        follow_article(session, reader, article_id, is_on=word.follows)


def _keep(database: Database, keeper: Viewer, question: Post, kept: _Kept, now: datetime) -> None:
    made_at = min(question.created_at + timedelta(days=2), now - timedelta(days=4))
    draft = ArticleDraft(title=kept.title, lead=kept.lead, text=kept.text)
    day = now.date() + timedelta(days=kept.due_in)
    with clock.fixed(made_at):
        database.transact(keeper, lambda session: promote(session, keeper, question.id, draft, review_by=day))


def _change(session: Session, steward: Viewer) -> None:
    first = _ARTICLES[0]
    article = session.scalar(select(Article).where(Article.title == first.title))
    if article is not None:
        text = _PARTITIONS.format(seconds="ten") + "\n\nResist the urge to script it faster."
        draft = ArticleDraft(title=first.title, lead=first.lead, text=text, note="Ten seconds, not five")
        edit(session, steward, article.id, draft)
