"""Groups are found by those who may know of them, and name the places where something was written."""

from intranet.groups import actions as groups
from intranet.groups.models import GroupKind
from intranet.kernel.db import Database
from intranet.kernel.viewer import Viewer
from intranet.search import asking
from intranet.search.index import Index
from intranet.search.question import read_question
from tests.cast import Cast
from tests.fixtures import AsViewer
from tests.search.writing import say


def found(viewer: Viewer, line: str) -> list[str]:
    return [hit.id for hit in asking.search(viewer, read_question(line)).hits]


def founded(database: Database, viewer: Viewer, name: str, kind: GroupKind) -> int:
    with database.unit_of_work(viewer) as session:
        return groups.found_group(session, viewer, groups.GroupDraft(name=name, kind=kind, about="Pumps and valves")).id


def test_a_group_is_found_by_its_name_and_by_what_it_is_about(index: Index, database: Database, cast: Cast) -> None:
    group = founded(database, cast.alice, "Flow calibration", GroupKind.CLOSED)
    assert found(cast.carol, "calibration") == found(cast.carol, "pumps kind:group") == [f"group:{group}"]


def test_a_hidden_group_exists_for_its_members_alone(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    group = founded(database, cast.alice, "Zirconium merger", GroupKind.HIDDEN)
    say(database, cast.alice, "about the valve", audience_id=group)
    assert found(cast.alice, "zirconium") == [f"group:{group}"]
    client = as_viewer(cast.carol)
    for address in (
        "/search?q=merger",
        "/search/suggest?q=zirc",
        "/search?q=valve+in:zirconium-merger",
        f"/search?q=valve&in={group}",
        f"/api/v1/search?q=valve&in={group}&facets=audience,author,kind",
    ):
        text = client.get(address).text
        assert "Zirconium" not in text
        assert "about the valve" not in text
        assert f"post:{group}" not in text


def test_what_was_written_in_a_group_is_found_there(index: Index, database: Database, cast: Cast) -> None:
    group = founded(database, cast.alice, "Flow calibration", GroupKind.OPEN)
    inside = say(database, cast.alice, "a valve inside", audience_id=group)
    say(database, cast.alice, "a valve outside")
    for line in ("valve in:flow-calibration", 'valve in:"Flow calibration"', "valve in:flow"):
        assert found(cast.carol, line) == [f"post:{inside}"], line
    assert found(cast.carol, "valve in:nowhere") == []
    assert len(found(cast.carol, "valve in:everyone kind:post")) == 1
