"""Short ways to an article."""

from datetime import date, timedelta

from sqlalchemy import select

from intranet.articles.actions import ArticleDraft, promote
from intranet.articles.forms import today
from intranet.articles.models import Article
from intranet.articles.queries import ArticleCard, article_card
from intranet.articles.subscribers import review
from intranet.articles.voices.actions import say
from intranet.articles.voices.models import Says
from intranet.articles.voices.queries import Voices, voices_of
from intranet.kernel import jobs, outbox
from intranet.kernel.audience import EVERYONE
from intranet.kernel.db import Database
from intranet.kernel.viewer import Role, Viewer
from intranet.notifications.models import Notice, Source
from tests.cast import SYSTEM
from tests.questions.asking import accept, answer, ask

TITLE, WORDS = "Why does the pump stall?", "Bleed the valve first."


def solved(database: Database, asker: Viewer, answerer: Viewer, *, to: int = EVERYONE, title: str = TITLE) -> int:
    """A question whose answer solved it."""
    question = ask(database, asker, title, to=to)
    accept(database, asker, answer(database, answerer, question, WORDS))
    return question


def kept(
    database: Database,
    viewer: Viewer,
    question: int,
    *,
    title: str = TITLE,
    text: str = WORDS,
    keeper: str = "",
    review_by: date | None = None,
) -> int:
    """The article that was made of it."""
    draft = ArticleDraft(title=title, text=text)
    with database.unit_of_work(viewer) as session:
        day = review_by or today() + timedelta(days=30)
        return promote(session, viewer, question, draft, keeper=keeper, review_by=day).id


def card(database: Database, viewer: Viewer, article_id: int) -> ArticleCard:
    with database.reading(viewer) as session:
        return article_card(session, viewer, article_id)


def row(database: Database, viewer: Viewer, article_id: int) -> Article:
    with database.reading(viewer) as session:
        return session.get_one(Article, article_id)


def settle(database: Database) -> None:
    """Have every subscriber and job that is due do its work."""
    for _ in range(3):
        for subscriber in outbox.subscribers():
            while outbox.drain(database, subscriber, "here"):
                pass
        while jobs.run_due(database):
            pass


def said(database: Database, viewer: Viewer, article_id: int, note: str = "") -> int:
    """What somebody says of it: with a ``note`` what is different, and else that it is still right."""
    with database.unit_of_work(viewer) as session:
        return say(session, viewer, article_id, Says.DIFFERENT if note else Says.RIGHT, note=note).id


def heard(database: Database, viewer: Viewer, article_id: int) -> Voices:
    """What its page shows this viewer of what readers say."""
    with database.reading(viewer) as session:
        return voices_of(session, viewer, session.get_one(Article, article_id))


def steward(viewer: Viewer) -> Viewer:
    return Viewer(viewer.id, viewer.roles | {Role.STEWARD})


def tasks(database: Database, viewer: Viewer, *sources: Source) -> list[str]:
    wanted = sources or (Source.ARTICLE_DUE, Source.ARTICLE_GIVEN)
    with database.reading(viewer) as session:
        mine = select(Notice.source).where(Notice.person_id == viewer.member_id, Notice.source.in_(wanted))
        return list(session.scalars(mine.order_by(Notice.id)))


def look(database: Database) -> None:
    """As the worker does every few minutes."""
    with database.unit_of_work(SYSTEM) as session:
        review(session, {})
    settle(database)
