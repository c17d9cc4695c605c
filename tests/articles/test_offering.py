"""Who asks the same is offered what was kept, before plain questions; who may not read it never notices."""

from datetime import timedelta

from flask import Flask

from intranet.articles import actions
from intranet.articles.forms import today
from intranet.kernel.db import Database
from intranet.kernel.viewer import Viewer
from intranet.posts.actions import delete_item
from intranet.search import asking
from intranet.search.index import Index
from intranet.search.narrowing import Narrowing
from intranet.search.question import read_question
from tests.articles.keeping import kept, solved
from tests.cast import Cast
from tests.fixtures import AsViewer
from tests.questions.asking import ask

ASKED = "Why does the crimson pump stall at night?"
AGAIN = {"title": "Crimson pump stalls at night, why?", "text": ""}


def before(as_viewer: AsViewer, viewer: Viewer) -> str:
    return as_viewer(viewer).post("/questions/before", data=AGAIN, headers={"X-Fragment": "1"}).text


def found(app: Flask, viewer: Viewer, words: str) -> list[str]:
    with app.app_context():
        return [hit.kind for hit in asking.search(viewer, read_question(words), narrowing=Narrowing()).hits]


def test_it_stands_before_questions_and_in_place_of_its_own(
    database: Database, cast: Cast, index: Index, as_viewer: AsViewer
) -> None:
    assert index is not None
    plain = ask(database, cast.carol, "Does the crimson pump stall at night?")
    question = solved(database, cast.alice, cast.bob, title=ASKED)
    assert f"/questions/{question}" in before(as_viewer, cast.carol)
    made = kept(database, cast.alice, question, title=ASKED)
    shown = before(as_viewer, cast.carol)
    assert f"/questions/{question}" not in shown
    assert shown.index(f"/articles/{made}") < shown.index(f"/questions/{plain}")
    assert "kept by Alice Example" in shown
    other = as_viewer(cast.carol).get(f"/questions/{plain}/similar").text
    assert f"/articles/{made}" in other
    assert f"/articles/{made}" not in as_viewer(cast.carol).get(f"/questions/{question}/similar").text


def test_what_is_retired_or_gone_is_neither_offered_nor_found(
    app: Flask, database: Database, cast: Cast, index: Index, as_viewer: AsViewer
) -> None:
    assert index is not None
    question = solved(database, cast.alice, cast.bob, title=ASKED)
    made = kept(database, cast.alice, question, title=ASKED)
    assert found(app, cast.carol, "crimson kind:article") == ["article"]
    with database.unit_of_work(cast.alice) as session:
        actions.retire(session, cast.alice, made)
    assert found(app, cast.carol, "crimson kind:article") == []
    assert f"/articles/{made}" not in before(as_viewer, cast.carol)
    with database.unit_of_work(cast.alice) as session:
        actions.check(session, cast.alice, made, review_by=today() + timedelta(days=9))
    assert found(app, cast.carol, "crimson kind:article") == ["article"]
    with database.unit_of_work(cast.alice) as session:
        delete_item(session, cast.alice, question)
    assert found(app, cast.carol, "crimson kind:article") == []


def test_outsiders_are_offered_nothing_of_it(
    app: Flask, database: Database, cast: Cast, index: Index, as_viewer: AsViewer
) -> None:
    assert index is not None
    made = kept(database, cast.alice, solved(database, cast.alice, cast.bob, to=cast.group, title=ASKED), title=ASKED)
    assert f"/articles/{made}" in before(as_viewer, cast.bob)
    assert str(made) not in before(as_viewer, cast.carol)
    assert found(app, cast.carol, "crimson") == []
    for address in ("/articles", "/api/v1/articles", "/articles?by=bob", "/api/v1/articles?by=alice"):
        assert str(made) not in as_viewer(cast.carol).get(address).text
        assert str(made) in as_viewer(cast.bob).get(address).text
    assert as_viewer(cast.carol).get(f"/articles/{made}").status_code == 404
    assert as_viewer(cast.carol).get(f"/api/v1/articles/{made}").status_code == 404
