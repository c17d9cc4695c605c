"""The sheet for passing on says of each place who can read there, and other programs can share to the composer."""

from intranet.groups import actions as groups
from intranet.groups.models import GroupKind
from intranet.kernel.db import Database
from intranet.kernel.viewer import Viewer
from intranet.posts import actions
from intranet.posts.passing import sheet
from tests.cast import Cast
from tests.fixtures import AsViewer


def found(database: Database, viewer: Viewer, name: str, kind: GroupKind) -> int:
    with database.unit_of_work(viewer) as session:
        return groups.found_group(session, viewer, groups.GroupDraft(name=name, kind=kind)).id


def publish(database: Database, viewer: Viewer, text: str, audience_id: int = 1) -> int:
    with database.unit_of_work(viewer) as session:
        return actions.publish_post(session, viewer, actions.PostDraft(text=text, audience_id=audience_id)).id


def test_a_post_of_a_closed_group_goes_nowhere_else(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    closed = found(database, cast.alice, "Closed circle", GroupKind.CLOSED)
    found(database, cast.alice, "Open circle", GroupKind.OPEN)
    post_id = publish(database, cast.alice, "Among us", closed)
    with database.reading(cast.alice) as session:
        shown = sheet(session, cast.alice, post_id)
    assert {place.choice.audience_id: place.is_open for place in shown.places}[closed]
    assert [place.is_open for place in shown.places].count(True) == 1
    assert shown.chosen is not None
    assert shown.chosen.audience_id == closed
    assert as_viewer(cast.carol).get(f"/posts/{post_id}/share").status_code == 404


def test_what_everybody_may_read_goes_anywhere_also_without_script(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    group_id = found(database, cast.alice, "Closed circle", GroupKind.CLOSED)
    post_id = publish(database, cast.bob, "Good to know")
    client = as_viewer(cast.alice)
    page = client.get(f"/posts/{post_id}/share").text
    assert "Closed circle" in page
    assert "disabled" not in page.split("share-places")[1].split("</fieldset>")[0]
    client.post("/posts", data={"text": "Look", "quote": str(post_id), "audience": str(group_id)})
    with database.reading(cast.alice) as session:
        assert "Good to know" in client.get("/groups/closed-circle").text
        assert sheet(session, cast.alice, post_id).readers == 4


def test_a_phone_shares_to_the_composer(cast: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.alice)
    page = client.get("/compose?title=A+page&text=Worth+it&url=https%3A%2F%2Fexample.org%2Fa").text
    box = page.split("<textarea")[1].split("</textarea>")[0]
    assert "A page\n\nWorth it\n\nhttps://example.org/a" in box
    twice = client.get("/compose?text=See+https%3A%2F%2Fexample.org%2Fa&url=https%3A%2F%2Fexample.org%2Fa").text
    assert twice.split("<textarea")[1].split("</textarea>")[0].count("https://example.org/a") == 1
    bad = client.get("/compose?text=x&url=javascript%3Aalert(1)").text
    assert "javascript:alert" not in bad.split("<textarea")[1].split("</textarea>")[0]
    with client.get("/static/manifest.webmanifest") as answer:
        manifest = answer.get_json(force=True)
    assert manifest["share_target"]["action"] == "/compose"
