"""Open lists of articles hear what becomes of them, also in groups that their reader is not in."""

from intranet.articles.actions import retire
from intranet.kernel.audience import Audience
from intranet.kernel.db import Database
from intranet.kernel.viewer import Viewer
from intranet.people.apart.actions import block
from tests.articles.keeping import kept, said, solved
from tests.cast import Cast
from tests.fixtures import AsViewer


def heard(as_viewer: AsViewer, viewer: Viewer, since: int) -> list[tuple[str, dict[str, str]]]:
    """What a page of theirs is told of articles after an event."""
    answer = as_viewer(viewer).get(f"/api/v1/events?since={since}").get_json()
    return [(one["type"], one["data"]) for one in answer["items"] if one["type"].startswith("article.")]


def newest(as_viewer: AsViewer, viewer: Viewer) -> int:
    return int(as_viewer(viewer).get("/api/v1/events?since=0").get_json()["newest"])


def open_group(database: Database, cast: Cast, *, is_open: bool) -> None:
    with database.unit_of_work(cast.alice) as session:
        session.get_one(Audience, cast.group).readable_by_all = is_open


def test_who_is_not_in_an_open_group_hears_that_a_list_changed_and_not_what(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    open_group(database, cast, is_open=True)
    since = newest(as_viewer, cast.carol)
    made = kept(database, cast.bob, solved(database, cast.alice, cast.bob, to=cast.group))
    said(database, cast.alice, made)
    with database.unit_of_work(cast.bob) as session:
        retire(session, cast.bob, made)
    assert heard(as_viewer, cast.carol, since) == [("article.listed", {})] * 3
    inside = [name for name, _ in heard(as_viewer, cast.alice, since)]
    assert [name for name in inside if name != "article.listed"] == ["article.made", "article.said", "article.changed"]


def test_of_a_closed_group_nobody_else_hears_anything(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    since = newest(as_viewer, cast.carol)
    kept(database, cast.bob, solved(database, cast.alice, cast.bob, to=cast.group))
    assert heard(as_viewer, cast.carol, since) == []


def test_who_keeps_apart_from_its_author_hears_nothing(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    open_group(database, cast, is_open=True)
    with database.unit_of_work(cast.carol) as session:
        block(session, cast.carol, cast.bob.member_id, is_on=True)
    since = newest(as_viewer, cast.carol)
    kept(database, cast.bob, solved(database, cast.alice, cast.bob, to=cast.group))
    assert heard(as_viewer, cast.carol, since) == []
