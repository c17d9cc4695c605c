"""Making an article of an accepted answer, and keeping it right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.articles.events import ArticleChanged, ArticleFellDue, ArticleHandedOver, ArticleMade
from intranet.articles.finding import find_article
from intranet.articles.models import LONGEST_NOTE, Article, ArticleStep, StepKind
from intranet.articles.policy import ArticlePermission
from intranet.articles.recording import record_article
from intranet.articles.voices.actions import settle_all
from intranet.kernel import clock
from intranet.kernel.audience import readers_among
from intranet.kernel.errors import Conflict, Invalid, NotFound
from intranet.kernel.policy import require
from intranet.kernel.text import clean_line, excerpt
from intranet.kernel.viewer import Viewer
from intranet.people import actions as people
from intranet.people.models import FollowKind
from intranet.people.naming import colleagues
from intranet.posts.actions.linking import write
from intranet.posts.actions.publishing import refuse_archived
from intranet.posts.finding import find_comment
from intranet.posts.models import Comment, Post
from intranet.questions.actions import find_question


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleDraft:
    """What an article is to say; ``note`` is why it changes. With ``settles`` it takes up what readers said of it up to
    that moment. ``version`` is what it said when the editor began."""

    title: str
    text: str
    lead: str = ""
    note: str = ""
    settles: datetime | None = None
    version: str = ""


def promotable(session: Session, viewer: Viewer, question_id: int) -> tuple[Post, Comment]:
    """A question with the answer that could become an article.

    Raises:
        NotFound: it is not there for this viewer, or nothing has solved it.
        Refused: the viewer neither asked, nor answered, nor is a steward; or its group is archived.
    """
    question = find_question(session, question_id)
    if question.accepted_id is None:
        raise NotFound
    answer = find_comment(session, question.accepted_id)
    require(ArticlePermission.PROMOTE, viewer, question.author_id, answer.author_id)
    refuse_archived(session, question.audience_id)
    return question, answer


def promote(
    session: Session, viewer: Viewer, question_id: int, draft: ArticleDraft, *, keeper: str = "", review_by: date
) -> Article:
    """Make an article of the answer that solved a question. Without a ``keeper`` the viewer keeps it.

    Raises:
        NotFound, Refused: as ``promotable``.
        Invalid: there is nothing to say or too much, or the keeper cannot read it.
        Conflict: it has become one already.
    """
    question, answer = promotable(session, viewer, question_id)
    known = select(Article.id).where(Article.question_id == question.id)
    if session.scalar(known) is not None:
        raise Conflict(str(_("An article was made of this already.")))
    keeper_id = _keeper(session, question.audience_id, keeper).id if keeper.strip() else viewer.member_id
    written = write(session, draft.text)
    article = Article(
        audience_id=question.audience_id,
        author_id=answer.author_id,
        question_id=question.id,
        answer_id=answer.id,
        keeper_id=keeper_id,
        title=draft.title,
        lead=draft.lead,
        text=written.text,
        html=written.html,
        checked_by_id=viewer.member_id,
        review_by=review_by,
    )
    session.add(article)
    session.flush()
    _note(session, viewer, article, StepKind.MADE, note=draft.note, review_by=review_by, at=article.made_at)
    record_article(session, ArticleMade(article.id, question.id, article.audience_id, viewer.member_id, keeper_id))
    return article


def _keeper(session: Session, audience_id: int, name: str) -> Person:
    """Who is named, as long as they may read it."""
    named = colleagues(session, [clean_line(name).lstrip("@")], field="keeper")[0]
    if not readers_among(session, audience_id, [named.id]):
        raise Invalid({"keeper": str(_("%(name)s cannot read this. Name somebody who can.", name=named.name))})
    return named


def _note(
    session: Session,
    viewer: Viewer,
    article: Article,
    kind: StepKind,
    *,
    note: str = "",
    review_by: date | None = None,
    to_id: int | None = None,
    at: datetime | None = None,
) -> None:
    """Add a step; one that made or changed its words keeps them as they are now."""
    has_words = kind in {StepKind.MADE, StepKind.EDITED}
    step = ArticleStep(
        article_id=article.id,
        audience_id=article.audience_id,
        person_id=viewer.member_id,
        kind=kind,
        title=article.title if has_words else "",
        lead=article.lead if has_words else "",
        text=article.text if has_words else "",
        note=excerpt(clean_line(note), most=LONGEST_NOTE),
        review_by=review_by,
        to_id=to_id,
        at=at or clock.now(),
    )
    session.add(step)


def _changed(session: Session, viewer_id: int | None, article: Article, what: str) -> None:
    record_article(session, ArticleChanged(article.id, article.question_id, article.audience_id, viewer_id, what))


def edit(session: Session, viewer: Viewer, article_id: int, draft: ArticleDraft) -> Article:
    """Change what it says; what it said before stays among its steps.

    Raises:
        NotFound: it is not there for this viewer.
        Refused: the viewer neither keeps it, nor wrote the answer, nor is a steward; or its group is archived. Only
            who keeps it and stewards settle what readers said.
        Invalid: there is nothing to say, or too much.
        Conflict: somebody else changed it since the draft's ``version``.
    """
    article = find_article(session, article_id, for_update=True)
    require(ArticlePermission.EDIT, viewer, article)
    refuse_archived(session, article.audience_id)
    written = write(session, draft.text)
    is_same = (draft.title, draft.lead, written.text) == (article.title, article.lead, article.text)
    if draft.version and draft.version != article.version and not is_same:
        raise Conflict
    if draft.settles is not None:
        settle_all(session, viewer, article_id, until=draft.settles)
    if is_same:
        return article
    article.title, article.lead = draft.title, draft.lead
    article.text, article.html, article.edited_at = written.text, written.html, clock.now()
    _note(session, viewer, article, StepKind.EDITED, note=draft.note, at=article.edited_at)
    _changed(session, viewer.id, article, StepKind.EDITED)
    return article


def bring_back(session: Session, viewer: Viewer, article_id: int, step_id: int) -> Article:
    """Let it say again what it said after an earlier step.

    Raises:
        NotFound: it is not there for this viewer, or has no such step with words.
        Refused, Invalid: as ``edit``.
    """
    article = find_article(session, article_id)
    step = session.get(ArticleStep, step_id)
    if step is None or step.article_id != article.id or not step.text:
        raise NotFound
    note = str(_("An earlier version again"))
    draft = ArticleDraft(title=step.title, lead=step.lead, text=step.text, note=note)
    return edit(session, viewer, article_id, draft)


def check(session: Session, viewer: Viewer, article_id: int, *, review_by: date, note: str = "") -> Article:
    """Say that it is still right, until another day; a retired one is offered again.

    Raises:
        NotFound: it is not there for this viewer.
        Refused: the viewer neither keeps it nor is a steward.
    """
    article = find_article(session, article_id)
    require(ArticlePermission.KEEP, viewer, article)
    article.checked_at, article.checked_by_id = clock.now(), viewer.member_id
    article.review_by, article.due_at, article.retired_at = review_by, None, None
    _note(session, viewer, article, StepKind.CHECKED, note=note, review_by=review_by)
    _changed(session, viewer.id, article, StepKind.CHECKED)
    return article


def hand_over(session: Session, viewer: Viewer, article_id: int, keeper: str) -> Article:
    """Have somebody else keep it, who may read it.

    Raises:
        NotFound: it is not there for this viewer.
        Refused: the viewer neither keeps it nor is a steward.
        Invalid: nobody is called that, or they cannot read it.
    """
    article = find_article(session, article_id)
    require(ArticlePermission.KEEP, viewer, article)
    heir = _keeper(session, article.audience_id, keeper)
    if heir.id != article.keeper_id:
        article.keeper_id = heir.id
        _note(session, viewer, article, StepKind.HANDED_OVER, to_id=heir.id)
        _handed_over(session, article, viewer.id)
    return article


def _handed_over(session: Session, article: Article, actor_id: int | None) -> None:
    record_article(
        session, ArticleHandedOver(article.id, article.question_id, article.audience_id, actor_id, article.keeper_id)
    )


def retire(session: Session, viewer: Viewer, article_id: int) -> Article:
    """Offer it to nobody any more; its address still opens, and ``check`` brings it back.

    Raises:
        NotFound: it is not there for this viewer.
        Refused: the viewer neither keeps it nor is a steward.
    """
    article = find_article(session, article_id)
    require(ArticlePermission.KEEP, viewer, article)
    if article.retired_at is None:
        article.retired_at, article.due_at = clock.now(), None
        _note(session, viewer, article, StepKind.RETIRED)
        _changed(session, viewer.id, article, StepKind.RETIRED)
    return article


def follow_article(session: Session, viewer: Viewer, article_id: int, *, is_on: bool) -> None:
    """Hear when it changes, falls due, is out of date or is somebody else's to keep; or no longer.

    Raises:
        NotFound: it is not there for this viewer.
    """
    require(ArticlePermission.FOLLOW, viewer)
    article = find_article(session, article_id)
    people.follow(session, viewer, FollowKind.ARTICLE, article.id, is_on=is_on)


def fall_due(session: Session, article: Article) -> None:
    """Mark that it waits for its keeper, once until it is checked again."""
    if article.due_at is None and article.retired_at is None:
        article.due_at = clock.now()
        due = ArticleFellDue(article.id, article.question_id, article.audience_id, article.keeper_id)
        record_article(session, due)


def withhold(session: Session, article_id: int, *, is_undone: bool) -> None:
    """Hide an article from everybody as moderators decided, or give it back."""
    article = session.get(Article, article_id)
    if article is not None and (article.hidden_at is None) is not is_undone:
        article.hidden_at = None if is_undone else clock.now()
        _changed(session, None, article, "shown" if is_undone else "hidden")


def pass_articles_on(
    session: Session,
    leaver_id: int,
    successor_id: int | None,
    *,
    actor_id: int | None,
    named: Mapping[int, int] | None = None,
) -> int:
    """Have the successor keep what a leaver kept, where they may read it, and else who wrote the answer; what nobody
    can keep stays, and falls due to the stewards. ``named`` says by id who keeps a single article instead. Returns how
    many found a keeper. The session must see every group."""
    found = 0
    for article in session.scalars(select(Article).where(Article.keeper_id == leaver_id).order_by(Article.id)):
        wanted = (named or {}).get(article.id, successor_id)
        heir = _first_here(session, article, [wanted, article.author_id], leaver_id)
        if heir is not None:
            article.keeper_id = heir
            _handed_over(session, article, actor_id)
            found += 1
    return found


def _first_here(session: Session, article: Article, people: Sequence[int | None], leaver_id: int) -> int | None:
    wanted = [one for one in people if one is not None and one != leaver_id]
    readers = set(readers_among(session, article.audience_id, wanted))
    here = select(Person.id).where(Person.id.in_(readers), Person.deactivated_at.is_(None))
    still = set(session.scalars(here))
    return next((one for one in wanted if one in still), None)
