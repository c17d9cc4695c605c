"""The palette leads to what its reader may know of, and to nothing else."""

from collections.abc import Callable

from flask.testing import FlaskClient

from intranet.groups import actions as groups
from intranet.groups.models import GroupKind
from intranet.kernel.db import Database
from intranet.kernel.viewer import Viewer
from tests.cast import Cast

Browser = Callable[[Viewer], FlaskClient]


def test_a_few_letters_lead_to_people_pages_and_actions(as_viewer: Browser, cast: Cast) -> None:
    found = as_viewer(cast.alice).get("/palette?q=bo").text
    assert 'href="/people/bob"' in found
    assert 'href="/bookmarks"' in as_viewer(cast.alice).get("/palette?q=saved").text
    assert 'href="/groups/new"' in as_viewer(cast.alice).get("/palette?q=start+group").text
    assert "Who knows about" in found


def test_a_hidden_group_is_no_place_for_carol(database: Database, as_viewer: Browser, cast: Cast) -> None:
    with database.unit_of_work(cast.alice) as session:
        groups.found_group(session, cast.alice, groups.GroupDraft(name="Zugvogel", kind=GroupKind.HIDDEN))
    assert "Zugvogel" in as_viewer(cast.alice).get("/palette?q=zug").text.replace("“zug”", "")
    assert "Zugvogel" not in as_viewer(cast.carol).get("/palette?q=zug").text


def test_administration_is_offered_to_admins_alone(as_viewer: Browser, cast: Cast) -> None:
    assert 'href="/admin"' not in as_viewer(cast.carol).get("/palette").text
    assert 'href="/admin"' in as_viewer(cast.dana).get("/palette").text


def test_hostile_lines_are_words_like_others(as_viewer: Browser, cast: Cast) -> None:
    for line in ("<script>", "%27", "'\"", "a" * 5000, "東京", "\u202e"):
        assert as_viewer(cast.alice).get("/palette", query_string={"q": line}).status_code == 200
