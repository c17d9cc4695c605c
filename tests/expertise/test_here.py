"""Who here knows: of those in a conversation alone, with what this viewer may read, and for nobody outside of it."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from intranet.chat import actions as chat
from intranet.chat.models import Message
from intranet.expertise.finding import Asked, find_experts
from intranet.expertise.knowing.looking import look_at
from intranet.groups import actions as groups
from intranet.groups.models import GroupKind
from intranet.kernel.db import Database
from intranet.kernel.viewer import Viewer
from intranet.search.index import Index
from intranet.topics.vocabulary import ensure_topics
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer
from tests.search.writing import say

FRAGMENT = {"X-Fragment": "1"}


def room(database: Database, owner: Viewer, *people: str, name: str = "pumps", **named: Any) -> int:
    draft = chat.RoomDraft(name=name, people=people, **named)
    return database.transact(owner, lambda session: chat.open_room(session, owner, draft).id)


def talk(database: Database, owner: Viewer, *people: str) -> int:
    return database.transact(owner, lambda session: chat.start_conversation(session, owner, people).id)


def tell(database: Database, viewer: Viewer, conversation: int, text: str) -> int:
    draft = chat.MessageDraft(text=text, nonce=f"{conversation} {text}"[:100])
    return database.transact(viewer, lambda session: chat.send_message(session, viewer, conversation, draft).id)


def named(client: FlaskClient, conversation: int, words: str, **headers: str) -> list[str]:
    answer = client.get(f"/chat/{conversation}/experts?q={words}", headers=headers)
    assert answer.status_code == 200
    return re.findall(r'<a class="strong truncate" href="/people/(\w+)"', answer.get_data(as_text=True))


def found(viewer: Viewer, words: str) -> list[int]:
    return [expert.person_id for expert in find_experts(viewer, Asked(words)).experts.items]


def test_only_those_in_the_conversation_are_named_and_never_the_asker(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    for viewer in (cast.alice, cast.bob, cast.carol):
        say(database, viewer, "Relief valves want grease, and here is how often")
    here = room(database, cast.alice, "bob")
    assert named(as_viewer(cast.alice), here, "valves", **FRAGMENT) == ["bob"]
    assert sorted(named(as_viewer(cast.carol), here, "valves", **FRAGMENT)) == ["alice", "bob"]
    page = as_viewer(cast.alice).get(f"/chat/{here}/experts?q=valves").get_data(as_text=True)
    assert "1 of the 1 others in this room" in page
    assert "grease" in page


def test_asking_names_them_in_the_draft_beside_what_stands_there(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    say(database, cast.bob, "Relief valves want grease")
    here = room(database, cast.alice, "bob")
    database.transact(cast.alice, lambda session: chat.save_draft(session, cast.alice, here, "who greases?"))
    alice = as_viewer(cast.alice)
    panel = alice.get(f"/chat/{here}/experts?q=valves", headers=FRAGMENT).get_data(as_text=True)
    assert f'href="/chat/{here}?newest=1&amp;name=bob#box-0" data-mention="bob"' in panel
    assert "who greases? @bob </textarea>" in alice.get(f"/chat/{here}?newest=1&name=bob").get_data(as_text=True)
    assert "@nobody" not in alice.get(f"/chat/{here}?name=nobody").get_data(as_text=True)


def test_what_the_viewer_may_not_read_makes_nobody_known_to_them(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    say(database, cast.bob, "The merger has three steps", audience_id=cast.group)
    here = room(database, cast.alice, "bob", "carol")
    assert named(as_viewer(cast.alice), here, "merger", **FRAGMENT) == ["bob"]
    assert named(as_viewer(cast.carol), here, "merger", **FRAGMENT) == []


@pytest.mark.parametrize("words", ["", "valves"])
def test_an_outsider_asks_a_conversation_that_is_not_there(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer, words: str
) -> None:
    say(database, cast.bob, "Relief valves want grease")
    left = room(database, cast.alice, "bob", "carol", name="left", is_public=False)
    database.transact(cast.carol, lambda session: chat.leave(session, cast.carol, left))
    places = (talk(database, cast.alice, "bob"), room(database, cast.alice, "bob", name="quiet", is_public=False), left)
    for place in places:
        for viewer in (cast.carol, cast.dana):
            address = f"/chat/{place}/experts?q={words}"
            assert as_viewer(viewer).get(address).status_code == 404
            assert as_viewer(viewer).get(address, headers=FRAGMENT).status_code == 404


def test_who_has_left_the_company_is_not_named(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    say(database, cast.erin, "Relief valves want grease")
    here = room(database, cast.alice, "bob")
    assert named(as_viewer(cast.alice), here, "valves", **FRAGMENT) == []


def test_a_public_room_counts_and_much_less_than_a_post(index: Index, database: Database, cast: Cast) -> None:
    here = room(database, cast.alice, "bob")
    text = "Relief valves want grease every spring"
    tell(database, cast.bob, here, text)
    assert found(cast.carol, "relief valves") == [cast.bob.member_id]
    say(database, cast.alice, text)
    answer = find_experts(cast.carol, Asked("relief valves")).experts
    assert [expert.person_id for expert in answer.items] == [cast.alice.member_id, cast.bob.member_id]
    post, message = (expert.evidence[0].vote for expert in answer.items)
    assert message < post / 3


def test_who_only_asks_in_a_room_is_no_expert(index: Index, database: Database, cast: Cast) -> None:
    here = room(database, cast.alice, "bob")
    tell(database, cast.alice, here, "Does anybody know how relief valves work?")
    assert found(cast.carol, "relief valves") == []


def test_what_is_said_in_private_makes_nobody_known_anywhere(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    with database.unit_of_work(SYSTEM) as session:
        ensure_topics(session, ["relief valves"])
    say(database, cast.carol, "Lunch is at noon")
    places = (
        talk(database, cast.bob, "alice"),
        talk(database, cast.bob, "alice", "dana"),
        room(database, cast.bob, "alice", name="quiet", is_public=False),
    )
    for place in places:
        for number in range(4):
            tell(database, cast.bob, place, f"Relief valves want grease, rule {number} #relief-valves")
    for viewer in (cast.alice, cast.bob, cast.carol, cast.dana):
        assert found(viewer, "relief valves") == []
        assert look_at(viewer, cast.bob.member_id).knows.items == ()
        client = as_viewer(viewer)
        for address in ("/people/bob", "/people/bob/knows", "/topics/relief-valves", "/api/v1/experts?q=relief+valves"):
            assert "rule" not in client.get(address).get_data(as_text=True), address
    carol = as_viewer(cast.carol)
    for address in ("/search?q=grease", "/api/v1/search?q=grease", "/search/suggest?q=grea"):
        assert "Relief" not in carol.get(address).get_data(as_text=True), address
    assert "Relief" in as_viewer(cast.alice).get("/search?q=grease").get_data(as_text=True)


def test_a_room_of_a_group_proves_nothing_outside_of_it(index: Index, database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.alice) as session:
        group = groups.found_group(session, cast.alice, groups.GroupDraft(name="Pumps", kind=GroupKind.CLOSED))
        groups.take_in(session, group, cast.bob.member_id, actor_id=cast.alice.id)
        group_id = group.id
    here = room(database, cast.alice, "bob", group_id=group_id)
    tell(database, cast.bob, here, "Relief valves want grease every spring")
    assert found(cast.carol, "relief valves") == found(cast.dana, "relief valves") == []


def test_a_message_that_is_taken_away_proves_nothing_more(index: Index, database: Database, cast: Cast) -> None:
    here = room(database, cast.alice, "bob")
    message = tell(database, cast.bob, here, "Relief valves want grease every spring")
    assert found(cast.carol, "relief valves") == [cast.bob.member_id]
    database.transact(cast.bob, lambda session: chat.delete_message(session, cast.bob, message))
    assert found(cast.carol, "relief valves") == []
    with database.reading(SYSTEM) as session:
        assert session.get(Message, message) is not None
