"""Pages of groups: what members see, what owners do, and that carol sees nothing of a hidden one."""

import pytest
from flask import Flask

from intranet.groups import actions
from intranet.groups.models import Group, GroupKind
from intranet.kernel.db import Database
from intranet.kernel.page import encode_cursor
from intranet.kernel.viewer import Viewer
from intranet.posts.actions import PostDraft, publish_post
from tests.cast import Cast
from tests.fixtures import AsViewer

SECRET = "Zugvogel"


def found(database: Database, viewer: Viewer, kind: GroupKind, name: str = SECRET) -> str:
    with database.unit_of_work(viewer) as session:
        group = actions.found_group(session, viewer, actions.GroupDraft(name=name, kind=kind))
        publish_post(session, viewer, PostDraft(text=f"{SECRET} lands at noon", audience_id=group.id))
        return group.slug


def test_a_group_is_founded_in_a_form_that_loses_nothing(as_viewer: AsViewer, cast: Cast) -> None:
    alice = as_viewer(cast.alice)
    wrong = alice.post("/groups", data={"name": "", "about": "Torches and rods", "kind": "closed"})
    assert wrong.status_code == 422
    assert "Torches and rods" in wrong.text
    made = alice.post("/groups", data={"name": "Welding", "about": "Torches and rods", "kind": "closed"})
    page = alice.get(made.location)
    assert "Only its 1 member can read this." in page.text
    assert "Torches and rods" in page.text


@pytest.mark.parametrize("kind", [GroupKind.CLOSED, GroupKind.HIDDEN])
def test_what_is_posted_in_a_group_is_for_its_members(
    database: Database, as_viewer: AsViewer, cast: Cast, kind: GroupKind
) -> None:
    slug = found(database, cast.alice, kind)
    with database.reading(cast.alice) as session:
        group_id = session.query(Group.id).scalar()
    assert "lands at noon" in as_viewer(cast.alice).get(f"/groups/{slug}").text
    carol = as_viewer(cast.carol)
    page = carol.get(f"/groups/{slug}")
    assert page.status_code == (200 if kind is GroupKind.CLOSED else 404)
    places = ("/", "/?view=everyone", "/groups", f"/groups/{slug}/posts?before=9", f"/g/{group_id}", "/api/v1/groups")
    for place in (*places, f"/groups/{slug}/members", f"/api/v1/groups/{group_id}", "/api/v1/feed?view=everyone"):
        answer = carol.get(place, headers={"X-Fragment": "1"} if "before" in place else {})
        assert "lands at noon" not in answer.text, place
        if kind is GroupKind.HIDDEN:
            assert SECRET not in answer.text, place
    assert carol.get(f"/groups/{slug}/members").status_code == 404
    refused = carol.post("/posts", data={"text": "me too", "audience": str(group_id)})
    assert refused.status_code == 404


def test_who_only_reads_an_open_group_joins_before_posting(database: Database, as_viewer: AsViewer, cast: Cast) -> None:
    slug = found(database, cast.alice, GroupKind.OPEN)
    carol = as_viewer(cast.carol)
    page = carol.get(f"/groups/{slug}").text
    assert "lands at noon" in page
    assert "data-watch" in page
    assert 'id="composer"' not in page
    carol.post(f"/groups/{slug}/join")
    page = carol.get(f"/groups/{slug}").text
    assert 'id="composer"' in page
    assert "data-watch" not in page
    assert SECRET in carol.get("/").text  # its posts are in her home feed from now on, and the group in her navigation


def test_the_composer_names_its_audience_and_number(database: Database, as_viewer: AsViewer, cast: Cast) -> None:
    slug = found(database, cast.alice, GroupKind.CLOSED, "Welding")
    page = as_viewer(cast.alice).get(f"/groups/{slug}").text
    assert "Welding, 1 person" in page
    home = as_viewer(cast.alice).get("/").text
    assert "Everyone at Couth, 4 people" in home


def test_owners_let_in_and_the_door_says_so(database: Database, as_viewer: AsViewer, cast: Cast) -> None:
    slug = found(database, cast.alice, GroupKind.CLOSED)
    carol = as_viewer(cast.carol)
    carol.post(f"/groups/{slug}/ask", data={"words": "I watch birds"})
    assert "You have asked" in carol.get(f"/groups/{slug}").text
    alice = as_viewer(cast.alice)
    assert "I watch birds" in alice.get(f"/groups/{slug}").text
    alice.post(f"/groups/{slug}/requests/carol", data={"let_in": "1"})
    assert "lands at noon" in as_viewer(cast.carol).get(f"/groups/{slug}").text


def test_an_archived_group_takes_nothing_new(database: Database, as_viewer: AsViewer, cast: Cast) -> None:
    slug = found(database, cast.alice, GroupKind.OPEN)
    alice = as_viewer(cast.alice)
    alice.post(f"/groups/{slug}/archive")
    page = alice.get(f"/groups/{slug}").text
    assert "archived" in page
    assert 'id="composer"' not in page
    with database.reading(cast.alice) as session:
        group_id = session.query(Group.id).scalar()
    assert alice.post("/posts", data={"text": "one more", "audience": str(group_id)}).status_code == 403
    assert "Zugvogel" in alice.get("/groups?show=archived").text


def test_inviting_names_who_is_unknown_and_keeps_what_was_typed(
    database: Database, as_viewer: AsViewer, cast: Cast
) -> None:
    slug = found(database, cast.alice, GroupKind.HIDDEN)
    alice = as_viewer(cast.alice)
    wrong = alice.post(f"/groups/{slug}/invite", data={"people": "@carol, nobody"})
    assert wrong.status_code == 422
    assert "@carol, nobody" in wrong.text
    alice.post(f"/groups/{slug}/invite", data={"people": "Carol Example"})
    alice.post(f"/groups/{slug}/invite", data={"people": "@carol, @bob"})
    told = alice.get(f"/groups/{slug}/members").text
    assert "1 person is asked in." in told
    alice.post(f"/groups/{slug}/invite", data={"people": "@bob, @carol"})
    assert "They are members already, or were asked before." in alice.get(f"/groups/{slug}/members").text
    carol = as_viewer(cast.carol)
    assert "asks you to join" in carol.get("/groups").text


def test_the_api_founds_joins_and_leaves(app: Flask, as_viewer: AsViewer, cast: Cast) -> None:
    assert app.blueprints
    alice = as_viewer(cast.alice)
    made = alice.post("/api/v1/groups", json={"name": "Welding", "kind": "closed"})
    assert made.status_code == 201
    group_id = made.get_json()["id"]
    assert alice.post("/api/v1/groups", json={"name": "", "kind": "closed"}).status_code == 422
    assert alice.post(f"/api/v1/groups/{group_id}/members", json={"username": "bob"}).status_code == 201
    post = alice.post("/api/v1/posts", json={"text": "hello", "audience": {"group": group_id}}).get_json()
    assert post["audience"]["group"] == "Welding"
    carol = as_viewer(cast.carol)
    assert carol.get(f"/api/v1/posts/{post['id']}").status_code == 404
    assert carol.post(f"/api/v1/groups/{group_id}/members", json={"username": "carol"}).status_code == 202
    bob = as_viewer(cast.bob)
    assert bob.get(f"/api/v1/posts/{post['id']}").status_code == 200
    assert bob.delete(f"/api/v1/groups/{group_id}/members/bob").status_code == 204
    assert bob.get(f"/api/v1/posts/{post['id']}").status_code == 404


@pytest.mark.parametrize(
    "keys", [("x", "y"), ("x", "y", "z"), ("owner", "2026-01-01", "1"), ("owner", "now", "1"), (None, None)]
)
def test_a_cursor_made_by_hand_is_a_mistake_and_no_failure(
    database: Database, as_viewer: AsViewer, cast: Cast, keys: tuple[str | None, ...]
) -> None:
    slug = found(database, cast.alice, GroupKind.OPEN)
    cursor = encode_cursor(*keys)
    for place in ("/groups", f"/groups/{slug}/members", "/api/v1/groups"):
        assert as_viewer(cast.carol).get(f"{place}?before={cursor}").status_code in {200, 422}, place


def test_an_owner_hands_the_group_over_in_one_step(database: Database, as_viewer: AsViewer, cast: Cast) -> None:
    slug = found(database, cast.alice, GroupKind.OPEN, "Welding")
    as_viewer(cast.bob).post(f"/groups/{slug}/join")
    wrong = as_viewer(cast.alice).post(f"/groups/{slug}/hand-over", data={"successor": "carol"})
    assert wrong.status_code == 422
    assert "Name one member of the group." in wrong.text
    assert 'value="carol"' in wrong.text
    assert as_viewer(cast.alice).post(f"/groups/{slug}/hand-over", data={"successor": "alice"}).status_code == 403
    assert as_viewer(cast.bob).post(f"/groups/{slug}/hand-over", data={"successor": "bob"}).status_code in {403, 404}
    as_viewer(cast.alice).post(f"/groups/{slug}/hand-over", data={"successor": "Bob Example"})
    assert as_viewer(cast.alice).get(f"/groups/{slug}/settings").status_code == 404
    assert as_viewer(cast.bob).get(f"/groups/{slug}/settings").status_code == 200
    as_viewer(cast.bob).post(f"/groups/{slug}/hand-over", data={"successor": "alice", "leave": "1"})
    assert as_viewer(cast.alice).get(f"/groups/{slug}/settings").status_code == 200
    assert "1 member" in as_viewer(cast.carol).get(f"/groups/{slug}").text
