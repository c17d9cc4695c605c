"""Articles in the ledger: whoever keeps one is told once that it is due, and that it is theirs to keep."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.accounts.queries import holders_of
from intranet.articles.events import ArticleChanged, ArticleFellDue, ArticleHandedOver, ArticleMade
from intranet.articles.finding import find_article
from intranet.articles.models import Article, StepKind
from intranet.kernel.audience import readers_among
from intranet.kernel.errors import NotFound
from intranet.kernel.outbox import delivery_of, subscribe
from intranet.kernel.viewer import Role
from intranet.notifications.models import Notice, Source
from intranet.notifications.telling import Matter, take_back, tell


def register() -> None:
    """Listen."""
    subscribe("notifications", ArticleMade, given)
    subscribe("notifications", ArticleHandedOver, given)
    subscribe("notifications", ArticleFellDue, due)
    subscribe("notifications", ArticleChanged, settled)


def given(session: Session, happened: ArticleMade | ArticleHandedOver) -> None:
    """It is somebody's to keep, whom somebody else named. Where it is due they are told just that."""
    article = _find(session, happened.article_id)
    if article is None or article.keeper_id != happened.keeper_id:
        return
    _drop_unread(session, article, but=article.keeper_id)
    if article.due_at is not None:
        _tell_due(session, article)
        return
    about = f"article-given:{article.id}:{delivery_of(session).event_id}"  # it may be theirs again some day
    matter = _matter(article, Source.ARTICLE_GIVEN, about, happened.actor_id)
    tell(session, matter, [article.keeper_id])


def due(session: Session, happened: ArticleFellDue) -> None:
    article = _find(session, happened.article_id)
    if article is not None and article.due_at is not None:
        _tell_due(session, article)


def _tell_due(session: Session, article: Article) -> None:
    """One task for each time that it falls due: for who keeps it, or where they are gone for the stewards."""
    matter = _matter(article, Source.ARTICLE_DUE, _about(article), None)
    tell(session, matter, _keepers(session, article))


def _keepers(session: Session, article: Article) -> Iterable[int]:
    keeper = session.get_one(Person, article.keeper_id)
    can_read = readers_among(session, article.audience_id, [keeper.id])
    return [keeper.id] if keeper.deactivated_at is None and can_read else holders_of(session, Role.STEWARD)


def settled(session: Session, happened: ArticleChanged) -> None:
    """What is done, or gone, need not be looked at any more."""
    article = session.get(Article, happened.article_id)
    if article is not None and happened.what in {StepKind.CHECKED, StepKind.RETIRED, "hidden"}:
        _drop_unread(session, article)


def _drop_unread(session: Session, article: Article, *, but: int = 0) -> None:
    """Of everybody ``but`` one."""
    unread = select(Notice.about).where(
        Notice.thread == f"article:{article.id}", Notice.read_at.is_(None), Notice.person_id != but
    )
    for about in set(session.scalars(unread)):
        take_back(session, about)


def _about(article: Article) -> str:
    """Each time that it falls due is something else."""
    return f"article-due:{article.id}:{article.due_at:%Y%m%d%H%M%S}"


def _matter(article: Article, source: Source, about: str, actor_id: int | None) -> Matter:
    return Matter(
        source=source,
        about=about,
        thread=f"article:{article.id}",
        actor_id=actor_id,
        audience_id=article.audience_id,
        subject_id=article.id,
    )


def _find(session: Session, article_id: int) -> Article | None:
    try:
        return find_article(session, article_id)
    except NotFound:
        return None
