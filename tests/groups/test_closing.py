"""An open group that closes is shut at once: on pages, in search, counts and cards, and on every open line."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from intranet.groups import actions
from intranet.groups.models import GroupKind
from intranet.kernel.db import Database
from intranet.kernel.hub import Hub
from intranet.kernel.runtime import runtime
from intranet.posts.actions import PostDraft, publish_post
from intranet.search.index import Index, index_of
from tests.cast import Cast
from tests.fixtures import AsViewer

FRAGMENT = {"X-Fragment": "1"}


@pytest.fixture
def index(app: Flask, cast: Cast) -> Any:
    with app.app_context():
        held = index_of(app)
        yield held
        held.close()


class Group:
    """Alice's open group, with one post."""

    def __init__(self, database: Database, cast: Cast) -> None:
        self._database, self._cast = database, cast
        with database.unit_of_work(cast.alice) as session:
            group = actions.found_group(session, cast.alice, actions.GroupDraft(name="Zugvogel"))
            self.id, self.slug = group.id, group.slug
        self.say("Cranes lift at noon #zugvogel")

    def say(self, text: str) -> None:
        with self._database.unit_of_work(self._cast.alice) as session:
            publish_post(session, self._cast.alice, PostDraft(text=text, audience_id=self.id))

    def become(self, kind: GroupKind) -> None:
        with self._database.unit_of_work(self._cast.alice) as session:
            draft = actions.GroupDraft(name="Zugvogel", kind=kind)
            actions.change_group(session, self._cast.alice, self.id, draft)


def surfaces(group: Group) -> list[str]:
    """Where an outsider could read what was posted, or that it was."""
    return [
        f"/groups/{group.slug}",
        f"/groups/{group.slug}/posts?before=",
        f"/groups/{group.slug}/files",
        "/?view=everyone",
        "/api/v1/feed?view=everyone",
        "/search?q=cranes",
        "/api/v1/search?q=cranes",
        "/search/suggest?q=cran",
        "/experts?q=cranes",
        "/api/v1/experts?q=cranes",
        "/topics/zugvogel",
        "/people/alice/posts",
        "/api/v1/events?since=0",
    ]


def reading(browser: FlaskClient, group: Group) -> set[str]:
    found = {place for place in surfaces(group) if "lift at noon" in browser.get(place).text}
    return found | {place for place in surfaces(group) if "Cranes" in browser.get(place, headers=FRAGMENT).text}


@pytest.mark.parametrize("kind", [GroupKind.CLOSED, GroupKind.HIDDEN])
def test_the_next_page_of_an_outsider_shows_nothing_of_it(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer, kind: GroupKind
) -> None:
    group = Group(database, cast)
    carol = as_viewer(cast.carol)
    before = reading(carol, group)
    assert {f"/groups/{group.slug}", "/?view=everyone", "/search?q=cranes", "/topics/zugvogel"} <= before
    group.become(kind)
    assert reading(as_viewer(cast.carol), group) == set()
    assert "lift at noon" in as_viewer(cast.alice).get(f"/groups/{group.slug}").text
    if kind is GroupKind.HIDDEN:
        nowhere = (
            "/groups",
            "/palette?q=zug",
            "/api/v1/groups",
            f"/g/{group.id}",
            "/people/alice",
            "/people/alice/card",
        )
        for place in nowhere:
            answer = as_viewer(cast.carol).get(place, headers=FRAGMENT).text
            assert f"/groups/{group.slug}" not in answer, place
            assert ">Zugvogel<" not in answer, place


def test_an_open_line_falls_silent_in_the_same_moment(
    app: Flask, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    group, hub = Group(database, cast), Hub(app)
    runtime(app).identify = lambda: cast.carol
    socket = runtime(app).socketio.test_client(app)
    answer = socket.emit("watch", {"audience": str(group.id)}, callback=True)
    assert answer["ok"], answer

    def heard() -> list[str]:
        hub.step()
        return [one["args"][0]["type"] for one in socket.get_received() if one["name"] == "event"]

    heard()
    group.say("one")
    assert "post.published" in heard()
    # Both happen before the hub looks: what is posted after closing reaches nobody who only watched.
    group.become(GroupKind.CLOSED)
    group.say("two")
    hub.step()
    told = socket.get_received()
    assert [one["name"] for one in told if one["name"] == "rooms"] == ["rooms"]  # the page asks again, and is refused
    assert "post.published" not in [one["args"][0]["type"] for one in told if one["name"] == "event"]
    group.say("three")
    assert "post.published" not in heard()
    assert not socket.emit("watch", {"audience": str(group.id)}, callback=True)["ok"]
    missed = as_viewer(cast.carol).get("/api/v1/events?since=0").get_json()["items"]
    assert not [one for one in missed if one["type"] == "post.published"]


def test_settings_say_in_numbers_who_gains_and_loses_sight(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    group = Group(database, cast)
    page = as_viewer(cast.alice).get(f"/groups/{group.slug}/settings").text
    assert "3 people who can read it now no longer will" in page  # bob, carol and dana; erin left
    assert "3 people no longer see that it is there" in page
    group.become(GroupKind.CLOSED)
    with database.unit_of_work(cast.carol) as session:
        actions.ask_to_join(session, cast.carol, group.id)
    page = as_viewer(cast.alice).get(f"/groups/{group.slug}/settings").text
    assert "3 more people can read everything that was posted before" in page
    assert "1 person who asks to join is let in" in page
    assert as_viewer(cast.carol).get(f"/groups/{group.slug}/settings").status_code == 404


def test_who_is_taken_out_hears_that_and_nothing_after(app: Flask, database: Database, cast: Cast) -> None:
    group, hub = Group(database, cast), Hub(app)
    with database.unit_of_work(cast.bob) as session:
        actions.join_group(session, cast.bob, group.id)
    group.become(GroupKind.HIDDEN)
    hub.step()
    runtime(app).identify = lambda: cast.bob
    socket = runtime(app).socketio.test_client(app)
    with database.unit_of_work(cast.alice) as session:
        actions.remove_member(session, cast.alice, group.id, cast.bob.member_id)
    group.say("after")
    hub.step()
    heard = [one["args"][0] for one in socket.get_received() if one["name"] == "event"]
    assert [(one["type"], one["data"]) for one in heard] == [("group.gone", {"id": str(group.id)})]
