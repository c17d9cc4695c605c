"""Articles as pages and programs show them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Literal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from intranet.articles.finding import find_article, offered, there
from intranet.articles.models import Article, ArticleStep, StepKind
from intranet.articles.policy import ArticlePermission
from intranet.articles.schemas import ArticleJson
from intranet.articles.voices.queries import Tally, tallies
from intranet.groups.queries import GroupCard, group_cards
from intranet.kernel import apart
from intranet.kernel.audience import EVERYONE
from intranet.kernel.ids import parse_id
from intranet.kernel.page import Page
from intranet.kernel.policy import allows
from intranet.kernel.viewer import Viewer
from intranet.people.cards import PersonCard, person_cards
from intranet.people.models import Follow, FollowKind
from intranet.posts.changes import Piece, changes
from intranet.posts.models import Post, PostTopic
from intranet.topics.queries import TopicCard, topic_cards

PAGE = 20
_STEPS, _COMPARED = 50, 8  # comparing two long texts takes a while


class State(StrEnum):
    """How far an article can be trusted; the values are those of the design's ``data-state``."""

    FRESH = "fresh"
    DUE = "due"
    RETIRED = "stale"


@dataclass(frozen=True, slots=True)
class ArticleCard:
    """An article. ``elapsed`` is how much of the time between two reviews has passed, in percent."""

    id: int
    title: str
    lead: str
    text: str
    html: str
    author: PersonCard
    keeper: PersonCard
    question_id: int
    question_title: str
    answer_id: int
    audience_id: int
    made_at: datetime
    edited_at: datetime | None
    version: str
    checked_at: datetime
    checked_by: PersonCard
    review_by: date
    due_at: datetime | None
    state: State
    topics: tuple[TopicCard, ...]
    group: GroupCard | None
    tally: Tally
    may_edit: bool
    may_keep: bool

    @property
    def url(self) -> str:
        return f"/articles/{self.id}"

    @property
    def question_url(self) -> str:
        return f"/questions/{self.question_id}"

    @property
    def answer_url(self) -> str:
        return f"{self.question_url}#item-{self.answer_id}"

    @property
    def is_for_everyone(self) -> bool:
        return self.audience_id == EVERYONE

    def elapsed(self, today: date) -> int:
        """Up to the day of the review, which stands at 96 of 100: what is due has used up all of it."""
        if self.state is not State.FRESH:
            return 100
        whole = max(1, (self.review_by - self.checked_at.date()).days)
        return max(1, min(96, round(96 * (today - self.checked_at.date()).days / whole)))

    def as_json(self) -> ArticleJson:
        """The same for everybody who may read it."""
        return {
            "id": str(self.id),
            "url": self.url,
            "title": self.title,
            "lead": self.lead,
            "text": self.text,
            "html": self.html,
            "author": self.author.as_json(),
            "keeper": self.keeper.as_json(),
            "question": str(self.question_id),
            "answer": str(self.answer_id),
            "topics": [{"id": str(topic.id), "slug": topic.slug, "name": topic.name} for topic in self.topics],
            "made_at": self.made_at.isoformat(),
            "edited_at": self.edited_at.isoformat() if self.edited_at else None,
            "checked_at": self.checked_at.isoformat(),
            "review_by": self.review_by.isoformat(),
            "state": _STATE_WORDS[self.state],
            "voices": {"right": self.tally.right, "different": self.tally.different},
        }


_STATE_WORDS: dict[State, Literal["fresh", "due", "retired"]] = {
    State.FRESH: "fresh",
    State.DUE: "due",
    State.RETIRED: "retired",
}


def _state(article: Article) -> State:
    if article.retired_at is not None:
        return State.RETIRED
    return State.DUE if article.due_at is not None else State.FRESH


def cards(session: Session, viewer: Viewer, articles: Sequence[Article]) -> list[ArticleCard]:
    """Cards in this order; six statements, however many."""
    if not articles:
        return []
    everybody = {one for row in articles for one in (row.author_id, row.keeper_id, row.checked_by_id)}
    people = person_cards(session, everybody)
    groups = group_cards(session, {row.audience_id for row in articles})
    topics = _topics(session, [row.question_id for row in articles])
    asked = select(Post.id, Post.title).where(Post.id.in_([row.question_id for row in articles]))
    titles = {row.id: row.title for row in session.execute(asked)}
    said = tallies(session, [row.id for row in articles])
    return [
        ArticleCard(
            id=row.id,
            title=row.title,
            lead=row.lead,
            text=row.text,
            html=row.html,
            author=people[row.author_id],
            keeper=people[row.keeper_id],
            question_id=row.question_id,
            question_title=titles.get(row.question_id, ""),
            answer_id=row.answer_id,
            audience_id=row.audience_id,
            made_at=row.made_at,
            edited_at=row.edited_at,
            version=row.version,
            checked_at=row.checked_at,
            checked_by=people[row.checked_by_id],
            review_by=row.review_by,
            due_at=row.due_at,
            state=_state(row),
            topics=tuple(topics.get(row.question_id, ())),
            group=groups.get(row.audience_id),
            tally=said.get(row.id, Tally()),
            may_edit=allows(ArticlePermission.EDIT, viewer, row),
            may_keep=allows(ArticlePermission.KEEP, viewer, row),
        )
        for row in articles
    ]


def _topics(session: Session, questions: Sequence[int]) -> dict[int, list[TopicCard]]:
    """An article is about what its question is about."""
    rows = session.execute(select(PostTopic.item_id, PostTopic.topic_id).where(PostTopic.item_id.in_(questions))).all()
    known = topic_cards(session, {row.topic_id for row in rows})
    found: dict[int, list[TopicCard]] = {}
    for row in sorted(rows, key=lambda row: row.topic_id):
        found.setdefault(row.item_id, []).append(known[row.topic_id])
    return found


def article_card(session: Session, viewer: Viewer, article_id: int) -> ArticleCard:
    """One article.

    Raises:
        NotFound: there is none that this viewer may read.
    """
    return cards(session, viewer, [find_article(session, article_id)])[0]


def titles_of(session: Session, ids: Collection[int]) -> dict[int, str]:
    """What these articles are called, as far as this session's viewer may read them."""
    found = select(Article.id, Article.title).where(Article.id.in_(ids), *there())
    return {row.id: row.title for row in session.execute(found)} if ids else {}


class Show(StrEnum):
    """Which articles."""

    ALL = "all"
    DUE = "due"
    MINE = "mine"
    FOLLOWED = "followed"


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to; ``person_id`` keeps them or wrote the answer."""

    show: Show = Show.ALL
    topic_id: int | None = None
    person_id: int | None = None


def articles(
    session: Session, viewer: Viewer, chosen: Filter, *, before: str | None = None, limit: int = PAGE
) -> Page[ArticleCard]:
    """Newest first.

    Raises:
        NotFound: ``before`` is no id.
    """
    found = offered()
    if chosen.show is Show.MINE:
        found = found.where(Article.keeper_id == viewer.member_id)
    elif chosen.show is Show.FOLLOWED:  # also what is out of date by now: it is there to be unfollowed
        followed = select(Follow.target_id).where(
            Follow.follower_id == viewer.member_id, Follow.kind == FollowKind.ARTICLE
        )
        found = select(Article).where(*there(), Article.id.in_(followed))
    else:
        found = found.where(Article.not_by(apart.unheard(viewer.id)))
    if chosen.show is Show.DUE:
        found = found.where(Article.due_at.is_not(None))
    if chosen.topic_id is not None:
        about = select(PostTopic.item_id).where(PostTopic.topic_id == chosen.topic_id)
        found = found.where(Article.question_id.in_(about))
    if chosen.person_id is not None:
        found = found.where(or_(Article.keeper_id == chosen.person_id, Article.author_id == chosen.person_id))
    if before:
        found = found.where(Article.id < parse_id(before))
    rows = list(session.scalars(found.order_by(Article.id.desc()).limit(limit + 1)))
    older = str(rows[limit - 1].id) if len(rows) > limit else None
    return Page(cards(session, viewer, rows[:limit]), older=older)


@dataclass(frozen=True, slots=True)
class StepCard:
    """One step in an article's history. ``changed`` is what an edit did to the words before it."""

    id: int
    kind: StepKind
    by: PersonCard
    to: PersonCard | None
    at: datetime
    note: str
    review_by: date | None
    changed: tuple[Piece, ...]
    may_come_back: bool


def steps(session: Session, article: ArticleCard) -> list[StepCard]:
    """What was done to it, the latest first, up to fifty."""
    kept = select(ArticleStep).where(ArticleStep.article_id == article.id)
    rows = list(session.scalars(kept.order_by(ArticleStep.id.desc()).limit(_STEPS)))
    people = person_cards(session, {one for row in rows for one in (row.person_id, row.to_id) if one})
    earlier = _words_before(rows)
    return [
        StepCard(
            id=row.id,
            kind=row.kind,
            by=people[row.person_id],
            to=people.get(row.to_id or 0),
            at=row.at,
            note=row.note,
            review_by=row.review_by,
            changed=tuple(changes(_words(earlier[row.id]), _words(row))) if row.id in earlier else (),
            may_come_back=article.may_edit and bool(row.text) and _words(row) != _now(article),
        )
        for row in rows
    ]


def edits_since(session: Session, article: ArticleCard, version: str) -> list[StepCard]:
    """Who changed its words since it was of that version, and how; the latest first."""
    return [step for step in steps(session, article) if step.changed and step.at.isoformat() > version]


def _words_before(rows: Sequence[ArticleStep]) -> dict[int, ArticleStep]:
    """Under each of the last steps that changed the words the one that did so before it."""
    written = [row for row in rows if row.text][: _COMPARED + 1]
    return {row.id: before for row, before in pairwise(written)}


def _words(step: ArticleStep) -> str:
    return "\n\n".join(part for part in (step.title, step.lead, step.text) if part)


def _now(article: ArticleCard) -> str:
    return "\n\n".join(part for part in (article.title, article.lead, article.text) if part)
