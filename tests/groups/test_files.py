"""The files of a group: all of them, found by name and kind, and for nobody outside."""

from typing import Any

import pytest

from intranet.files.actions import put_on_shelf, receive
from intranet.files.models import FileKind
from intranet.files.sorts import FileSort, sort_of
from intranet.groups import actions as groups
from intranet.groups.models import GroupKind
from intranet.kernel.db import Database
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.posts import actions
from intranet.posts.collected import queries as collected
from intranet.posts.collected.queries import FileFilter, file_count, file_counts, files_page
from tests.cast import Cast
from tests.fixtures import AsViewer, Queries


class Desk:
    """Founds a group of alice's and posts files in it."""

    def __init__(self, app: Any, database: Database, cast: Cast) -> None:
        self._app, self._database, self._cast = app, database, cast

    def found(self, kind: GroupKind) -> int:
        with self._database.unit_of_work(self._cast.alice) as session:
            return groups.found_group(session, self._cast.alice, groups.GroupDraft(name="Depot", kind=kind)).id

    def post(self, group_id: int, *names: str) -> int:
        with self._app.test_request_context():
            kept = [receive(runtime(self._app).settings.files_folder, name, name.encode()) for name in names]
        with self._database.unit_of_work(self._cast.alice) as session:
            ids = tuple(put_on_shelf(session, self._cast.alice, one).id for one in kept)
            draft = actions.PostDraft(text="Attached", audience_id=group_id, files=ids)
            return actions.publish_post(session, self._cast.alice, draft).id


@pytest.fixture
def desk(app: Any, database: Database, cast: Cast) -> Desk:
    return Desk(app, database, cast)


def names(database: Database, viewer: Viewer, group_id: int, **chosen: Any) -> list[str]:
    with database.reading(viewer) as session:
        return [one.card.name for one in files_page(session, group_id, FileFilter(**chosen)).items]


def test_all_files_are_there_the_newest_first(desk: Desk, database: Database, cast: Cast) -> None:
    group_id = desk.found(GroupKind.OPEN)
    for part in (("plan.pdf", "costs.csv"), ("Übersicht.PDF",)):
        desk.post(group_id, *part)
    assert names(database, cast.carol, group_id) == ["Übersicht.PDF", "costs.csv", "plan.pdf"]
    assert names(database, cast.carol, group_id, words="ÜBER") == ["Übersicht.PDF"]
    assert names(database, cast.carol, group_id, sort=FileSort.TEXT) == ["Übersicht.PDF", "plan.pdf"]
    with database.reading(cast.carol) as session:
        assert file_counts(session, group_id, FileFilter()) == {FileSort.TEXT: 2, FileSort.TABLE: 1}
        assert file_counts(session, group_id, FileFilter(words="p")) == {FileSort.TEXT: 2}


@pytest.mark.parametrize("name", ["a.pdf", "b.CSV", "c.pptx", "d.mp4", "e.exe", "no ending", "東京.docx", "50%_off.md"])
def test_page_and_database_agree_on_what_a_file_is(desk: Desk, database: Database, cast: Cast, name: str) -> None:
    group_id = desk.found(GroupKind.OPEN)
    desk.post(group_id, name)
    with database.reading(cast.alice) as session:
        assert file_counts(session, group_id, FileFilter()) == {sort_of(FileKind.FILE, name): 1}


def test_pages_follow_each_other_without_gap_and_at_one_cost(
    desk: Desk,
    database: Database,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    queries: Queries,
) -> None:
    monkeypatch.setattr(collected, "PAGE", 3)
    group_id = desk.found(GroupKind.OPEN)
    for number in range(8):
        desk.post(group_id, f"{number}.txt")
    seen: list[str] = []
    cursor: str | None = None
    while True:
        with database.reading(cast.carol) as session, queries(3):
            page = files_page(session, group_id, FileFilter(), cursor=cursor)
        seen += [one.card.name for one in page.items]
        cursor = page.older
        if cursor is None:
            break
    assert seen == [f"{number}.txt" for number in reversed(range(8))]


def test_a_deleted_post_takes_its_files_along(desk: Desk, database: Database, cast: Cast) -> None:
    group_id = desk.found(GroupKind.OPEN)
    post_id = desk.post(group_id, "secret.pdf")
    with database.unit_of_work(cast.alice) as session:
        actions.delete_item(session, cast.alice, post_id)
    assert names(database, cast.alice, group_id) == []
    with database.reading(cast.alice) as session:
        assert file_count(session, group_id) == 0


@pytest.mark.parametrize("kind", [GroupKind.CLOSED, GroupKind.HIDDEN])
def test_outsiders_learn_of_no_file(
    desk: Desk, database: Database, as_viewer: AsViewer, cast: Cast, kind: GroupKind
) -> None:
    group_id = desk.found(kind)
    desk.post(group_id, "merger.pdf")
    assert names(database, cast.carol, group_id) == []
    with database.reading(cast.carol) as session:
        assert file_count(session, group_id) == 0
    url = as_viewer(cast.alice).get(f"/g/{group_id}").location
    assert "merger.pdf" in as_viewer(cast.alice).get(f"{url}/files?q=MERGER&kind=text").text
    assert as_viewer(cast.carol).get(f"{url}/files").status_code == 404
    assert "merger" not in as_viewer(cast.carol).get(url).text


def test_hostile_words_and_cursors_are_answered(desk: Desk, as_viewer: AsViewer, cast: Cast) -> None:
    group_id = desk.found(GroupKind.OPEN)
    desk.post(group_id, "<script>alert(1)</script>.html")
    carol = as_viewer(cast.carol)
    url = carol.get(f"/g/{group_id}").location
    assert "<script>alert" not in carol.get(f"{url}/files").text
    for asked in ("q=%25_%27", "kind=nonsense", "q=東京", "kind=&q="):
        assert carol.get(f"{url}/files?{asked}").status_code == 200
    assert carol.get(f"{url}/files?before=zzz").status_code == 422
