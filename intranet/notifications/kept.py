"""Articles in the ledger: whoever keeps one is told once that it is due, that it is theirs to keep, and what a reader
found different; whoever follows one hears what becomes of it."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.accounts.queries import holders_of
from intranet.articles.events import ArticleChanged, ArticleFellDue, ArticleHandedOver, ArticleMade, ArticleSaid
from intranet.articles.finding import find_article, offered
from intranet.articles.models import Article, StepKind
from intranet.articles.voices.models import IS_OPEN, ArticleVoice, Says
from intranet.kernel import apart, clock
from intranet.kernel.audience import readers_among
from intranet.kernel.errors import NotFound
from intranet.kernel.outbox import delivery_of, subscribe
from intranet.kernel.viewer import Role
from intranet.notifications.models import LENT, Notice, Source
from intranet.notifications.telling import Matter, drop, take_back, tell, tell_followers
from intranet.people.models import FollowKind
from intranet.questions.asked.queries import limits_of
from intranet.questions.events import AbsenceSaid

_DUE = "due"
_LONG = timedelta(days=14)


def register() -> None:
    """Listen."""
    subscribe("notifications", ArticleMade, given)
    subscribe("notifications", ArticleHandedOver, given)
    subscribe("notifications", ArticleFellDue, due)
    subscribe("notifications", ArticleChanged, settled)
    subscribe("notifications", ArticleSaid, said)
    subscribe("notifications", AbsenceSaid, away)


def given(session: Session, happened: ArticleMade | ArticleHandedOver) -> None:
    """It is somebody's to keep, whom somebody else named. Where it is due they are told just that."""
    article = _find(session, happened.article_id)
    if article is None or article.keeper_id != happened.keeper_id:
        return
    if isinstance(happened, ArticleHandedOver):
        _tell_followers(session, article, StepKind.HANDED_OVER, happened.actor_id, but={article.keeper_id})
    _drop_unread(session, article, but=article.keeper_id)
    _drop_dealt_with(session, article)
    if article.due_at is not None:
        _tell_due(session, article)
        return
    about = f"article-given:{article.id}:{delivery_of(session).event_id}"  # it may be theirs again some day
    matter = _matter(article, Source.ARTICLE_GIVEN, about, happened.actor_id)
    tell(session, matter, [article.keeper_id])


def due(session: Session, happened: ArticleFellDue) -> None:
    article = _find(session, happened.article_id)
    if article is not None and article.due_at is not None:
        reviewers = _tell_due(session, article)
        _tell_followers(session, article, _DUE, None, but=reviewers)


def away(session: Session, happened: AbsenceSaid) -> None:
    """What waited for its keeper before they said that they are away for long waits for others now, too."""
    if _is_away_for_long(session, happened.person_id):
        waiting = offered().where(Article.keeper_id == happened.person_id, Article.due_at.is_not(None))
        for article in session.scalars(waiting.order_by(Article.id)).all():
            _tell_due(session, article)


def _tell_due(session: Session, article: Article) -> list[int]:
    """One task for each time that it falls due; returns whose it is."""
    reviewers = _reviewers(session, article)
    matter = _matter(article, Source.ARTICLE_DUE, _about(article), None)
    if article.keeper_id not in reviewers:
        matter = replace(matter, thread=_lent(article))
    tell(session, matter, reviewers)
    return reviewers


def _reviewers(session: Session, article: Article) -> list[int]:
    """Whoever keeps it; while they are away for long the other stewards who can read it. Where there are none, it
    waits for its keeper."""
    keepers = list(_keepers(session, article))
    if keepers != [article.keeper_id] or not _is_away_for_long(session, article.keeper_id):
        return keepers
    stewards = set(holders_of(session, Role.STEWARD)) - {article.keeper_id}
    return readers_among(session, article.audience_id, stewards) or keepers


def _is_away_for_long(session: Session, person_id: int) -> bool:
    """Whether they said that they are back only after so long that a review cannot wait for it."""
    until = limits_of(session, person_id).away_until
    return until is not None and until > clock.now() + _LONG


def _keepers(session: Session, article: Article) -> Iterable[int]:
    keeper = session.get_one(Person, article.keeper_id)
    can_read = readers_among(session, article.audience_id, [keeper.id])
    return [keeper.id] if keeper.deactivated_at is None and can_read else holders_of(session, Role.STEWARD)


def settled(session: Session, happened: ArticleChanged) -> None:
    """What is done, or gone, need not be looked at any more."""
    article = session.get(Article, happened.article_id)
    if article is None:
        return
    if happened.what in {StepKind.CHECKED, StepKind.RETIRED, "hidden"}:
        _drop_unread(session, article)
    if happened.what == "hidden":
        _drop_dealt_with(session, article)
    if happened.what in {StepKind.EDITED, StepKind.RETIRED} and _find(session, article.id) is not None:
        _tell_followers(session, article, happened.what, happened.actor_id)


def _tell_followers(
    session: Session, article: Article, what: str, actor_id: int | None, *, but: Collection[int] = frozenset()
) -> None:
    """Each time is something else; what happens again before it is read stands in one line."""
    about = f"article-{what}:{article.id}:{delivery_of(session).event_id}"
    matter = replace(_matter(article, Source.ARTICLE_NEWS, about, actor_id), thread=_news(article, what))
    deaf = apart.parted_from(session, [article.author_id])
    tell_followers(session, matter, FollowKind.ARTICLE, article.id, but={*but, *deaf})


def _news(article: Article, what: str) -> str:
    return f"article-news:{article.id}:{what}"


def said(session: Session, happened: ArticleSaid) -> None:
    """Something is different: its keeper is told once of each note, whatever becomes of its words, until it is dealt
    with or taken back."""
    article = _find(session, happened.article_id)
    if article is None:
        return
    _drop_dealt_with(session, article)
    voice = session.get(ArticleVoice, happened.voice_id) if happened.what == Says.DIFFERENT else None
    if voice is not None and voice.id in _open_notes(session, article):
        matter = _matter(article, Source.ARTICLE_DIFFERENT, f"article-voice:{voice.id}", voice.author_id)
        matter = replace(matter, thread=_voices(article), item_id=voice.id)
        tell(session, matter, _keepers(session, article))


def _voices(article: Article) -> str:
    return f"article-voices:{article.id}"


def _open_notes(session: Session, article: Article) -> set[int]:
    open_notes = (ArticleVoice.article_id == article.id, ArticleVoice.says == Says.DIFFERENT, IS_OPEN)
    return set(session.scalars(select(ArticleVoice.id).where(*open_notes)))


def _drop_dealt_with(session: Session, article: Article) -> None:
    """What is settled, taken back or hidden need not be looked at any more, nor by who no longer keeps the article."""
    unread = select(Notice).where(Notice.thread == _voices(article), Notice.read_at.is_(None))
    left = _open_notes(session, article) if article.hidden_at is None else set()
    keepers = set(_keepers(session, article))
    for notice in session.scalars(unread):
        if notice.item_id not in left or notice.person_id not in keepers:
            drop(session, notice)


def _drop_unread(session: Session, article: Article, *, but: int = 0) -> None:
    """Its tasks, of everybody ``but`` one, and with them the news that it is due."""
    threads = [f"article:{article.id}", _lent(article)]
    if article.due_at is None:
        threads.append(_news(article, _DUE))
    if article.hidden_at is not None:
        threads += [_news(article, what) for what in (StepKind.EDITED, StepKind.RETIRED, StepKind.HANDED_OVER)]
    unread = select(Notice.about).where(Notice.thread.in_(threads), Notice.read_at.is_(None), Notice.person_id != but)
    for about in set(session.scalars(unread)):
        take_back(session, about)


def _lent(article: Article) -> str:
    """Of tasks of those who do not keep it."""
    return f"article:{article.id}:{LENT}"


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
