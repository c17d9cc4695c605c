"""Whoever follows an article hears when it changes, falls due, is out of date or is somebody else's to keep."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.articles import actions
from intranet.articles.actions import ArticleDraft
from intranet.articles.forms import today
from intranet.articles.queries import Filter, Show, articles
from intranet.articles.subscribers import review
from intranet.kernel import clock
from intranet.kernel.audience import leave
from intranet.kernel.db import Database
from intranet.kernel.errors import NotFound
from intranet.kernel.viewer import Viewer
from intranet.notifications.models import Level, Notice, Source
from intranet.notifications.queries import bundles
from intranet.notifications.wording import cards
from intranet.people.apart.actions import block
from tests.articles.keeping import TITLE, WORDS, kept, settle, solved
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer


def follow(database: Database, viewer: Viewer, made: int, *, is_on: bool = True) -> None:
    with database.unit_of_work(viewer) as session:
        actions.follow_article(session, viewer, made, is_on=is_on)


def change(database: Database, viewer: Viewer, made: int, text: str = f"{WORDS} Twice.") -> None:
    with database.unit_of_work(viewer) as session:
        actions.edit(session, viewer, made, ArticleDraft(title=TITLE, text=text))


def news(database: Database, viewer: Viewer) -> list[str]:
    settle(database)
    with database.reading(viewer) as session:
        mine = (Notice.person_id == viewer.member_id, Notice.source == Source.ARTICLE_NEWS)
        rows = session.scalars(select(Notice).where(*mine).order_by(Notice.id)).all()
    assert {row.level for row in rows} <= {Level.TODAY}
    return [row.thread.rpartition(":")[2] for row in rows]


def test_followers_hear_what_becomes_of_it_and_who_did_it_does_not(app: Flask, database: Database, cast: Cast) -> None:
    made = kept(database, cast.bob, solved(database, cast.alice, cast.bob), review_by=today() + timedelta(days=1))
    for viewer in (cast.carol, cast.bob):
        follow(database, viewer, made)
    change(database, cast.bob, made)
    assert (news(database, cast.carol), news(database, cast.bob), news(database, cast.alice)) == (["edited"], [], [])
    with clock.fixed(clock.now() + timedelta(days=2)):
        with database.unit_of_work(SYSTEM) as session:
            review(session, {})
        assert news(database, cast.carol) == ["edited", "due"]
        assert news(database, cast.bob) == []  # who keeps it has a task of it
        with database.unit_of_work(cast.bob) as session:
            actions.hand_over(session, cast.bob, made, "alice")
        assert news(database, cast.carol) == ["edited", "due", "handed-over"]
        assert news(database, cast.alice) == []
        with database.unit_of_work(cast.alice) as session:
            actions.retire(session, cast.alice, made)
        assert news(database, cast.carol) == ["edited", "handed-over", "retired"]  # it waits for nobody any more
        assert news(database, cast.bob) == ["retired"]
    with app.test_request_context(), database.reading(cast.carol) as session:
        said = [str(one.sentence.striptags()) for one in cards(session, bundles(session, cast.carol).items)]
    assert said == [
        f"Alice Example says that {TITLE} is out of date",
        f"Somebody else keeps {TITLE} from now on",
        f"Bob Example changed {TITLE}",
    ]


def test_nobody_hears_more_who_unfollows_or_may_not_read_it_any_more(database: Database, cast: Cast) -> None:
    made = kept(database, cast.bob, solved(database, cast.alice, cast.bob, to=cast.group))
    with pytest.raises(NotFound):
        follow(database, cast.carol, made)
    follow(database, cast.alice, made)
    follow(database, cast.alice, made, is_on=False)
    change(database, cast.bob, made)
    assert news(database, cast.alice) == []
    follow(database, cast.alice, made)
    with database.unit_of_work(SYSTEM) as session:
        leave(session, cast.group, [cast.alice.member_id])
    change(database, cast.bob, made, f"{WORDS} Thrice.")
    assert news(database, cast.alice) == []
    with database.reading(cast.alice) as session:
        assert articles(session, cast.alice, Filter(Show.FOLLOWED)).items == []


def test_who_keeps_apart_from_its_author_hears_nothing_of_it(database: Database, cast: Cast) -> None:
    made = kept(database, cast.bob, solved(database, cast.alice, cast.bob), keeper="dana")
    follow(database, cast.carol, made)
    with database.unit_of_work(cast.carol) as session:
        block(session, cast.carol, cast.bob.member_id, is_on=True)
    with database.unit_of_work(cast.dana) as session:
        actions.edit(session, cast.dana, made, ArticleDraft(title=TITLE, text="Anew"))
    assert news(database, cast.carol) == []


def test_it_stands_among_all_that_one_follows_also_out_of_date_and_ends_there(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    made = kept(database, cast.bob, solved(database, cast.alice, cast.bob))
    assert as_viewer(cast.carol).post(f"/articles/{made}/follow").location == f"/articles/{made}"
    with database.unit_of_work(cast.bob) as session:
        actions.retire(session, cast.bob, made)
    assert f'action="/articles/{made}/unfollow"' in as_viewer(cast.carol).get("/following").text
    assert TITLE in as_viewer(cast.carol).get("/articles?show=followed").text
    assert TITLE not in as_viewer(cast.carol).get("/articles").text
    assert TITLE not in as_viewer(cast.alice).get("/articles?show=followed").text
    ended = as_viewer(cast.carol).post(f"/articles/{made}/unfollow", data={"next": "/following"})
    assert ended.location == "/following"
    assert TITLE not in as_viewer(cast.carol).get("/following").text


def test_questions_stand_there_too_and_end_there(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    question = solved(database, cast.alice, cast.bob)
    assert as_viewer(cast.carol).post(f"/questions/{question}/follow").location == f"/questions/{question}"
    assert f'action="/questions/{question}/unfollow"' in as_viewer(cast.carol).get("/following").text
    as_viewer(cast.carol).post(f"/questions/{question}/unfollow", data={"next": "/following"})
    assert f"/questions/{question}/unfollow" not in as_viewer(cast.carol).get("/following").text
