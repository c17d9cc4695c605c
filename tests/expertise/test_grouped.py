"""What a group knows: of its members alone, with what this viewer may read, and for nobody outside."""

import pytest

from intranet.expertise.actions import hide_topic
from intranet.expertise.grouped.looking import describe_depths, look_into, members_of
from intranet.groups import actions as groups
from intranet.groups.models import Group, GroupKind
from intranet.kernel.db import Database
from intranet.kernel.errors import NotFound
from intranet.kernel.viewer import Viewer
from intranet.search.index import Index
from intranet.topics import actions as topics
from intranet.topics.vocabulary import topic_ids
from tests.cast import Cast
from tests.fixtures import AsViewer
from tests.search.writing import say


def found(database: Database, cast: Cast, kind: GroupKind) -> tuple[int, str]:
    """A group of alice and bob."""
    with database.unit_of_work(cast.alice) as session:
        group = groups.found_group(session, cast.alice, groups.GroupDraft(name="Pumps", kind=kind))
        groups.take_in(session, group, cast.bob.member_id, actor_id=cast.alice.id)
        return group.id, group.slug


def known(database: Database, viewer: Viewer, slug: str) -> dict[str, list[str]]:
    depths = look_into(viewer, members_of(viewer, slug, most_topics=30))
    with database.reading(viewer) as session:
        return {one.name: [face.username for face in one.faces] for one in describe_depths(session, depths)}


def vouch(database: Database, viewer: Viewer, person: Viewer, topic: str) -> None:
    with database.unit_of_work(viewer) as session:
        topic_id = topic_ids(session, [topic])[topic]
        topics.endorse(session, viewer, person.member_id, topic_id, reason=f"Taught me {topic}")


def claim(database: Database, viewer: Viewer, topic: str) -> None:
    with database.unit_of_work(viewer) as session:
        topics.claim_skill(session, viewer, topic)


def test_members_are_known_for_what_they_have_shown(index: Index, database: Database, cast: Cast) -> None:
    _group, slug = found(database, cast, GroupKind.OPEN)
    claim(database, cast.bob, "valves")
    claim(database, cast.carol, "sailing")
    for viewer in (cast.alice, cast.carol, cast.dana):
        vouch(database, viewer, cast.bob, "valves")
    say(database, cast.bob, "Valves stick when they are cold #valves")
    assert known(database, cast.carol, slug) == {"valves": ["bob"]}


def test_wishes_hold_here_too(index: Index, database: Database, cast: Cast) -> None:
    _group, slug = found(database, cast, GroupKind.OPEN)
    claim(database, cast.bob, "valves")
    for viewer in (cast.alice, cast.carol, cast.dana):
        vouch(database, viewer, cast.bob, "valves")
    assert "valves" in known(database, cast.alice, slug)
    with database.unit_of_work(cast.bob) as session:
        hide_topic(session, cast.bob, topic_ids(session, ["valves"])["valves"])
    assert known(database, cast.alice, slug) == {}


def test_what_was_said_in_private_proves_nothing_to_others(index: Index, database: Database, cast: Cast) -> None:
    group_id, slug = found(database, cast, GroupKind.OPEN)
    say(database, cast.alice, "What is a merger, please tell #merger", audience_id=group_id)
    for number in range(3):
        say(database, cast.bob, f"Merger step {number}: how we draw the lines #merger", audience_id=cast.group)
    assert "bob" in known(database, cast.alice, slug)["merger"]
    assert known(database, cast.carol, slug)["merger"] == ["alice"]


@pytest.mark.parametrize("kind", [GroupKind.CLOSED, GroupKind.HIDDEN])
def test_outsiders_do_not_learn_what_a_group_knows(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer, kind: GroupKind
) -> None:
    _group, slug = found(database, cast, kind)
    claim(database, cast.bob, "valves")
    with pytest.raises(NotFound):
        members_of(cast.carol, slug, most_topics=5)
    carol = as_viewer(cast.carol)
    for address in (f"/groups/{slug}/experts", f"/groups/{slug}/experts?q=valves"):
        assert carol.get(address).status_code == 404
        assert carol.get(address, headers={"X-Fragment": "1"}).status_code == 404


def test_the_finder_of_a_group_names_its_members_with_proofs(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    _group, slug = found(database, cast, GroupKind.CLOSED)
    post = say(database, cast.bob, "The reactor valve sticks when it is cold #valves")
    say(database, cast.carol, "The reactor valve is mine too #valves")
    page = as_viewer(cast.alice).get(f"/groups/{slug}/experts?q=reactor+valve").text
    assert "Bob Example" in page
    assert f'href="/posts/{post}"' in page
    assert "Carol Example" not in page
    assert "No member has shown" in as_viewer(cast.alice).get(f"/groups/{slug}/experts?q=qqqq").text


def test_who_left_the_group_is_not_of_it_any_more(index: Index, database: Database, cast: Cast) -> None:
    group_id, slug = found(database, cast, GroupKind.OPEN)
    claim(database, cast.bob, "valves")
    for viewer in (cast.alice, cast.carol, cast.dana):
        vouch(database, viewer, cast.bob, "valves")
    assert "valves" in known(database, cast.carol, slug)
    with database.unit_of_work(cast.bob) as session:
        groups.leave_group(session, cast.bob, group_id)
        assert session.get(Group, group_id) is not None
    assert "valves" not in known(database, cast.carol, slug)
