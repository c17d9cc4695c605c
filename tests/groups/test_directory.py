"""The directory narrows by kind, size, topic and liveliness, and counts only what its reader may see."""

from datetime import timedelta
from typing import Any

import pytest

from intranet.groups import actions
from intranet.groups.directory import DirectoryFilter, GroupSize, directory_facets, directory_page
from intranet.groups.models import GroupKind
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.viewer import Viewer
from intranet.posts.actions import PostDraft, publish_post
from tests.cast import Cast
from tests.fixtures import AsViewer, Queries


def found(database: Database, viewer: Viewer, name: str, kind: GroupKind, *posts: str) -> int:
    with database.unit_of_work(viewer) as session:
        group = actions.found_group(session, viewer, actions.GroupDraft(name=name, kind=kind))
        for text in posts:
            publish_post(session, viewer, PostDraft(text=text, audience_id=group.id))
        return group.id


@pytest.fixture
def town(database: Database, cast: Cast) -> None:
    """Of alice: an open group about kafka, a silent one, a closed and a hidden one about kafka too."""
    found(database, cast.alice, "Streams", GroupKind.OPEN, "Lag again #kafka")
    found(database, cast.alice, "Silence", GroupKind.OPEN)
    found(database, cast.alice, "Vault", GroupKind.CLOSED, "Keys in #kafka")
    found(database, cast.alice, "Zugvogel", GroupKind.HIDDEN, "Merger by #kafka")


def names(database: Database, viewer: Viewer, **chosen: Any) -> list[str]:
    with database.reading(viewer) as session:
        page = directory_page(session, viewer, DirectoryFilter(**chosen))
        return sorted(line.card.name for line in page.items)


@pytest.mark.usefixtures("town")
def test_what_is_said_behind_doors_makes_a_group_about_nothing_to_outsiders(database: Database, cast: Cast) -> None:
    assert names(database, cast.alice, topic="kafka") == ["Streams", "Vault", "Zugvogel"]
    assert names(database, cast.carol, topic="kafka") == ["Streams"]
    assert names(database, cast.alice, lively=True) == ["Streams", "Vault", "Zugvogel"]
    assert names(database, cast.carol, lively=True) == ["Streams"]
    assert names(database, cast.carol) == ["Silence", "Streams", "Vault"]


@pytest.mark.usefixtures("town")
def test_counts_are_those_of_the_reader(database: Database, cast: Cast, queries: Queries) -> None:
    seen = {}
    for viewer in (cast.alice, cast.carol):
        with database.reading(viewer) as session, queries(6):
            seen[viewer.id] = directory_facets(session, viewer, DirectoryFilter())
    alice, carol = seen[cast.alice.id], seen[cast.carol.id]
    assert alice.kinds == {GroupKind.OPEN: 2, GroupKind.CLOSED: 1, GroupKind.HIDDEN: 1}
    assert carol.kinds == {GroupKind.OPEN: 2, GroupKind.CLOSED: 1}
    assert (alice.lively, carol.lively) == (3, 1)
    assert (alice.topics, carol.topics) == ((("kafka", "kafka", 3),), (("kafka", "kafka", 1),))
    assert (alice.sizes, carol.sizes) == ({GroupSize.SMALL: 4}, {GroupSize.SMALL: 3})


@pytest.mark.usefixtures("town")
def test_a_count_is_what_choosing_it_shows(database: Database, cast: Cast) -> None:
    for chosen in (
        DirectoryFilter(),
        DirectoryFilter(topic="kafka"),
        DirectoryFilter(kind=GroupKind.OPEN, lively=True),
    ):
        with database.reading(cast.carol) as session:
            facets = directory_facets(session, cast.carol, chosen)
            for kind, count in facets.kinds.items():
                narrowed = DirectoryFilter(kind=kind, topic=chosen.topic, lively=chosen.lively)
                assert len(directory_page(session, cast.carol, narrowed).items) == count


@pytest.mark.usefixtures("town")
def test_old_posts_make_no_group_lively(database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    later = clock.now() + timedelta(days=31)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert names(database, cast.alice, lively=True) == []


@pytest.mark.usefixtures("town")
def test_the_page_keeps_what_was_chosen(as_viewer: AsViewer, cast: Cast) -> None:
    page = as_viewer(cast.carol).get("/groups?kind=open&topic=kafka&q=str").text
    assert "Streams" in page
    assert "Silence" not in page
    assert "Zugvogel" not in page
    assert (
        'href="/groups?q=str&amp;kind=open&amp;lively=1&amp;topic=kafka"' in page or "topic=kafka&amp;lively=1" in page
    )
    for hostile in ("topic=%00", "topic=東京", "size=huge", "lively=2", "kind=<script>", "topic='"):
        assert as_viewer(cast.carol).get(f"/groups?{hostile}").status_code == 200
    found = as_viewer(cast.carol).get("/api/v1/groups?topic=kafka&lively=1&size=small").get_json()
    assert [group["name"] for group in found["items"]] == ["Streams"]
    assert as_viewer(cast.carol).get("/api/v1/groups?size=huge").status_code == 422
