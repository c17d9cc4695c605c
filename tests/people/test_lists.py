"""Lists of people: private, bounded, each with a timeline."""

import re

import pytest
from sqlalchemy.orm import Session

from intranet.feed.queries import list_timeline
from intranet.feed.streams import Stretch
from intranet.groups import actions as groups
from intranet.groups.models import GroupKind
from intranet.kernel.audience import EVERYONE
from intranet.kernel.db import Database
from intranet.kernel.errors import Invalid, NotFound, Refused
from intranet.kernel.viewer import Viewer
from intranet.people.apart.actions import block, mute
from intranet.people.lists import actions, queries
from intranet.posts.actions import PostDraft, publish_post
from tests.cast import Cast
from tests.fixtures import AsViewer


@pytest.fixture
def night_shift(database: Database, cast: Cast) -> int:
    """Bob's list with alice on it."""
    with database.unit_of_work(cast.bob) as session:
        made = actions.make_list(session, cast.bob, "Herons at work")
        actions.put_on_list(session, cast.bob, made.id, cast.alice.member_id, is_on=True)
        return made.id


def posted(database: Database, viewer: Viewer, text: str, *, to: int = EVERYONE) -> int:
    with database.unit_of_work(viewer) as session:
        return publish_post(session, viewer, PostDraft(text=text, audience_id=to)).id


def shown(session: Session, viewer: Viewer, list_id: int, **stretch: int) -> list[int]:
    return [card.id for card in list_timeline(session, viewer, list_id, Stretch(**stretch)).items]


def test_the_timeline_holds_what_its_people_post_and_pages_without_a_gap(
    database: Database, cast: Cast, night_shift: int
) -> None:
    mine = [posted(database, cast.alice, f"number {number}") for number in range(5)]
    posted(database, cast.carol, "of no list")
    with database.reading(cast.bob) as session:
        assert shown(session, cast.bob, night_shift) == mine[::-1]
        assert shown(session, cast.bob, night_shift, limit=2) == mine[:2:-1]
        assert shown(session, cast.bob, night_shift, limit=2, before=mine[3]) == [mine[2], mine[1]]
        assert shown(session, cast.bob, night_shift, limit=9, after=mine[3]) == [mine[4]]


def test_it_shows_only_what_its_owner_may_read(database: Database, cast: Cast, night_shift: int) -> None:
    with database.unit_of_work(cast.alice) as session:
        group = groups.found_group(session, cast.alice, groups.GroupDraft(name="Quiet", kind=GroupKind.CLOSED))
    posted(database, cast.alice, "inside", to=group.id)
    with database.reading(cast.bob) as session:
        assert shown(session, cast.bob, night_shift) == []


@pytest.mark.parametrize(
    "address", ["/lists/{}", "/lists/{}/people", "/api/v1/lists/{}/posts", "/api/v1/lists/{}/people"]
)
def test_nobody_else_learns_of_a_list(cast: Cast, as_viewer: AsViewer, night_shift: int, address: str) -> None:
    address = address.format(night_shift)
    assert as_viewer(cast.bob).get(address).status_code == 200
    for other in (cast.alice, cast.carol, cast.dana):
        client = as_viewer(other)
        assert client.get(address).status_code == 404
        assert client.post(f"/lists/{night_shift}/people", data={"username": "carol"}).status_code == 404
        assert client.post(f"/lists/{night_shift}/rename", data={"name": "x"}).status_code == 404
        assert client.post(f"/lists/{night_shift}/delete").status_code == 404
        assert client.delete(f"/api/v1/lists/{night_shift}").status_code == 404
        for page in ("/lists", "/api/v1/lists", "/people/alice/lists", "/people/bob"):
            assert "Herons at work" not in client.get(page).text


def test_names_are_checked_and_lists_are_bounded(
    database: Database, cast: Cast, night_shift: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_LISTS", 2)
    monkeypatch.setattr(actions, "MOST_PEOPLE", 1)
    with database.unit_of_work(cast.bob) as session:
        for name in ("", "  ", "herons AT work", "x" * 61):
            with pytest.raises(Invalid):
                actions.make_list(session, cast.bob, name)
        other = actions.make_list(session, cast.bob, "夜班 <b>")
        with pytest.raises(Invalid):
            actions.rename_list(session, cast.bob, other.id, "Herons At Work")
        with pytest.raises(Invalid):
            actions.make_list(session, cast.bob, "One too many")
        with pytest.raises(Invalid):
            actions.put_on_list(session, cast.bob, night_shift, cast.carol.member_id, is_on=True)
        with pytest.raises(NotFound):
            actions.put_on_list(session, cast.bob, other.id, 7, is_on=True)


def test_a_block_takes_people_off_each_others_lists_and_a_mute_quiets_them(
    database: Database, cast: Cast, night_shift: int
) -> None:
    posted(database, cast.alice, "hello")
    with database.unit_of_work(cast.bob) as session:
        mute(session, cast.bob, cast.alice.member_id, is_on=True)
        assert shown(session, cast.bob, night_shift) == []
        assert queries.listed_ids(session, night_shift) == {cast.alice.id}
    with database.unit_of_work(cast.alice) as session:
        block(session, cast.alice, cast.bob.member_id, is_on=True)
    with database.unit_of_work(cast.bob) as session:
        assert queries.listed_ids(session, night_shift) == frozenset()
        with pytest.raises(Refused):
            actions.put_on_list(session, cast.bob, night_shift, cast.alice.member_id, is_on=True)


def test_lists_are_made_and_changed_with_plain_forms(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.bob)
    made = client.post("/lists", data={"name": "<script>alert(1)</script>"})
    address = made.headers["Location"]
    page = client.get(address).text
    assert "<script>alert" not in page
    wrong = client.post(address, data={"username": "nobody"})
    assert wrong.status_code == 422
    assert 'value="nobody"' in wrong.text
    assert client.post(address, data={"username": "@alice"}).status_code == 303
    assert "Alice Example" in client.get(address).text
    assert client.post("/lists", data={"name": "With carol", "username": "carol"}).status_code == 303
    choice = client.get("/people/carol/lists").text
    assert len(re.findall(r'name="list" value="\d+" checked', choice)) == 1
    client.post("/people/carol/lists", data={})
    assert 'name="list"' in client.get("/people/carol/lists").text
    assert not re.findall(r'name="list" value="\d+" checked', client.get("/people/carol/lists").text)
    client.post(address.replace("/people", "/rename"), data={"name": "Renamed"})
    assert "Renamed" in client.get("/lists").text
    client.post(address.replace("/people", "/delete"))
    assert "Renamed" not in client.get("/lists").text


def test_programs_keep_lists_too(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.bob)
    made = client.post("/api/v1/lists", json={"name": "Ops"}).get_json()
    people = f"/api/v1/lists/{made['id']}/people"
    assert client.post(people, json={"username": "alice"}).status_code == 204
    assert [one["username"] for one in client.get(people).get_json()["items"]] == ["alice"]
    posted(database, cast.alice, "from the list")
    posts = client.get(f"/api/v1/lists/{made['id']}/posts").get_json()
    assert [one["text"] for one in posts["items"]] == ["from the list"]
    assert client.delete(f"{people}/alice").status_code == 204
    assert client.get(people).get_json()["items"] == []
    assert client.post("/api/v1/lists", json={}).status_code == 422
    assert client.delete(f"/api/v1/lists/{made['id']}").status_code == 204
    assert client.get("/api/v1/lists").get_json()["items"] == []
