"""Saying that an article is still right or what is different, and dealing with what was said."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from intranet.articles.events import ArticleSaid
from intranet.articles.finding import find_article
from intranet.articles.models import Article
from intranet.articles.policy import ArticlePermission
from intranet.articles.recording import record_article
from intranet.articles.voices.models import IS_OPEN, LONGEST_VOICE, ArticleVoice, Says
from intranet.kernel import clock
from intranet.kernel.errors import Conflict, Invalid, NotFound, Refused
from intranet.kernel.policy import require
from intranet.kernel.text import clean_line
from intranet.kernel.viewer import Viewer
from intranet.posts.actions.publishing import refuse_archived


def say(session: Session, viewer: Viewer, article_id: int, says: Says, *, note: str = "") -> ArticleVoice:
    """Tell the keeper and the next readers what one found; a second time changes it.

    Raises:
        NotFound: it is not there for this viewer.
        Refused: they keep it themselves, it is out of date already, or its group is archived.
        Invalid: something is different and it is not said what, or too many words.
    """
    article = find_article(session, article_id)
    require(ArticlePermission.SAY, viewer, article)
    if article.retired_at is not None:
        raise Refused(str(_("This article is out of date already.")))
    refuse_archived(session, article.audience_id)
    note = _read_note(says, note)
    voice = own_voice(session, viewer.member_id, article.id)
    if voice is not None and (voice.says, voice.note) == (says, note):
        return voice
    if voice is None:
        voice = ArticleVoice(article_id=article.id, audience_id=article.audience_id, author_id=viewer.member_id)
        session.add(voice)
    voice.says, voice.note, voice.said_at = says, note, clock.now()
    session.flush()
    _said(session, article, voice.id, says)
    return voice


def _read_note(says: Says, typed: str) -> str:
    note = clean_line(typed)
    if says is Says.DIFFERENT and not note:
        raise Invalid({"note": str(_("Say what is different, so that it can be put right."))})
    if len(note) > LONGEST_VOICE:
        raise Invalid({"note": str(_("At most %(count)s characters.", count=LONGEST_VOICE))})
    return note


def own_voice(session: Session, person_id: int, article_id: int) -> ArticleVoice | None:
    """What somebody says of an article at present."""
    mine = (ArticleVoice.article_id == article_id, ArticleVoice.author_id == person_id, IS_OPEN)
    return session.scalar(select(ArticleVoice).where(*mine))


def _said(session: Session, article: Article, voice_id: int | None, what: str) -> None:
    record_article(session, ArticleSaid(article.id, article.question_id, article.audience_id, voice_id, what))


def unsay(session: Session, viewer: Viewer, article_id: int) -> None:
    """Take back what one said of it; nothing where one said nothing, or where it was dealt with.

    Raises:
        NotFound: it is not there for this viewer.
    """
    article = find_article(session, article_id)
    voice = own_voice(session, viewer.member_id, article.id)
    if voice is not None:
        session.delete(voice)
        _said(session, article, voice.id, "taken-back")


def find_voice(session: Session, voice_id: int) -> tuple[ArticleVoice, Article]:
    """What somebody said, with the article that it is about.

    Raises:
        NotFound: one of them is not there for this session's viewer.
    """
    voice = session.scalar(select(ArticleVoice).where(ArticleVoice.id == voice_id, ArticleVoice.hidden_at.is_(None)))
    if voice is None:
        raise NotFound
    return voice, find_article(session, voice.article_id)


def settle(session: Session, viewer: Viewer, voice_id: int, *, is_on: bool = True) -> Article:
    """It is dealt with and no longer counts; or, with ``is_on`` false, it does after all.

    Raises:
        NotFound: it is not there for this viewer.
        Refused: the viewer neither keeps the article nor is a steward.
        Conflict: its author has said something else since.
    """
    voice, article = find_voice(session, voice_id)
    require(ArticlePermission.KEEP, viewer, article)
    if (voice.settled_at is not None) == is_on:
        return article
    if not is_on and own_voice(session, voice.author_id, article.id) is not None:
        raise Conflict(str(_("They have said something else since.")))
    voice.settled_at, voice.settled_by_id = (clock.now(), viewer.member_id) if is_on else (None, None)
    _said(session, article, voice.id, "settled" if is_on else "reopened")
    return article


def settle_all(session: Session, viewer: Viewer, article_id: int, *, until: datetime) -> None:
    """What was said up to a moment is dealt with: those who go on count anew.

    Raises:
        NotFound: the article is not there for this viewer.
        Refused: the viewer neither keeps it nor is a steward.
    """
    article = find_article(session, article_id)
    require(ArticlePermission.KEEP, viewer, article)
    before = update(ArticleVoice).where(ArticleVoice.article_id == article.id, IS_OPEN, ArticleVoice.said_at <= until)
    settled = before.values(settled_at=clock.now(), settled_by_id=viewer.member_id)
    session.execute(settled.execution_options(synchronize_session=False))
    _said(session, article, None, "settled")


def withhold_voice(session: Session, voice_id: int, *, is_undone: bool) -> None:
    """Hide what somebody said, as moderators decided, or give it back: among what is settled, where its author has
    said something else since."""
    voice = session.get(ArticleVoice, voice_id)
    article = session.get(Article, voice.article_id) if voice is not None else None
    if voice is None or article is None or (voice.hidden_at is None) is is_undone:
        return
    if is_undone and voice.settled_at is None and own_voice(session, voice.author_id, article.id) is not None:
        voice.settled_at = clock.now()
    voice.hidden_at = None if is_undone else clock.now()
    _said(session, article, voice.id, "shown" if is_undone else "hidden")
