"""What a notice asks for can be done in its row, by whom it asks, for as long as it is to be done."""

import re

import pytest
from flask import Flask

from intranet.accounts.models import Person
from intranet.groups import actions as groups
from intranet.groups.models import Group, GroupKind
from intranet.kernel.audience import EVERYONE
from intranet.kernel.db import Database
from intranet.kernel.outbox import record
from intranet.kernel.viewer import Role, Viewer
from intranet.notifications import queries
from intranet.notifications.deeds import Deeds, deeds_of
from intranet.people.actions import follow_person
from intranet.posts.actions import PostDraft, publish_post
from intranet.posts.announcements.actions import AnnouncementDraft
from intranet.posts.models import PostKind
from intranet.questions.routing.events import PersonAsked
from intranet.questions.routing.models import AskedPerson, Doing, Why
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer, Queries
from tests.notifications.test_ledger import drain, posted, replied, sources_of
from tests.questions.asking import accept, answer, ask

IN_PLACE = {"X-Fragment": "1"}


def deeds(database: Database, viewer: Viewer) -> list[Deeds]:
    with database.reading(viewer) as session:
        return list(deeds_of(session, viewer, queries.bundles(session, viewer).items).values())


def words(database: Database, viewer: Viewer) -> list[str]:
    return [button.words for one in deeds(database, viewer) for button in one.buttons]


@pytest.fixture
def closed(database: Database, cast: Cast) -> int:
    """A closed group of alice's, at whose door carol knocks."""
    with database.unit_of_work(cast.alice) as session:
        found = groups.found_group(session, cast.alice, groups.GroupDraft(name="Night shift", kind=GroupKind.CLOSED)).id
    with database.unit_of_work(cast.carol) as session:
        groups.ask_to_join(session, cast.carol, found, words="I start on Monday")
    drain(database)
    return found


def asked(database: Database, asker: Viewer, person: Viewer) -> int:
    question = ask(database, asker, "Who has the key?")
    with database.unit_of_work(SYSTEM) as session:
        row = AskedPerson(post_id=question, person_id=person.member_id, wave=1, why=Why.WROTE, audience_id=EVERYONE)
        session.add(row)
        session.flush()
        record(session, PersonAsked(question, person.member_id))
    drain(database)
    return question


def test_who_knocks_is_let_in_from_the_row_and_then_there_is_nothing_left_to_do(
    database: Database, cast: Cast, closed: int, as_viewer: AsViewer
) -> None:
    page = as_viewer(cast.alice).get("/notifications").text
    assert "I start on Monday" in page
    assert 'action="/groups/night-shift/requests/carol"' in page
    sent = as_viewer(cast.alice).post("/groups/night-shift/requests/carol", data={"let_in": "1"}, headers=IN_PLACE)
    assert sent.status_code == 204
    assert words(database, cast.alice) == []
    drain(database)
    assert deeds(database, cast.carol) == []


def test_a_second_owner_who_comes_late_is_told_why_nothing_happened(
    cast: Cast, closed: int, as_viewer: AsViewer
) -> None:
    address = "/groups/night-shift/requests/carol"
    as_viewer(cast.alice).post(address, data={"let_in": "0"}, headers=IN_PLACE)
    again = as_viewer(cast.alice).post(address, data={"let_in": "1"}, headers=IN_PLACE)
    assert again.status_code == 404
    assert again.is_json


def test_without_script_the_same_button_leads_to_the_page_of_the_group(
    cast: Cast, closed: int, as_viewer: AsViewer
) -> None:
    sent = as_viewer(cast.alice).post("/groups/night-shift/requests/carol", data={"let_in": "1"})
    assert sent.headers["Location"] == "/groups/night-shift"


def test_only_who_keeps_the_door_is_offered_to_open_it(database: Database, cast: Cast, closed: int) -> None:
    assert words(database, cast.alice) == ["Let in", "Do not let in"]
    with database.unit_of_work(cast.alice) as session:
        groups.take_in(session, session.get_one(Group, closed), cast.bob.member_id, actor_id=None)
        groups.hand_over(session, cast.alice, closed, cast.bob.member_id, stays=False)
    assert words(database, cast.alice) == []
    assert words(database, cast.carol) == words(database, cast.dana) == []


def test_an_invitation_is_accepted_and_left_again_from_the_row(
    database: Database, cast: Cast, closed: int, as_viewer: AsViewer
) -> None:
    with database.unit_of_work(cast.alice) as session:
        groups.invite(session, cast.alice, closed, [session.get_one(Person, cast.bob.member_id)])
    drain(database)
    (offer,) = deeds(database, cast.bob)
    join = offer.buttons[0]
    assert (join.words, join.fields) == ("Join", {"accept": "1"})
    bob = as_viewer(cast.bob)
    assert bob.post(join.address, data=dict(join.fields), headers=IN_PLACE).status_code == 204
    assert words(database, cast.bob) == []
    assert join.undo is not None
    assert bob.post(join.undo.address, headers=IN_PLACE).status_code == 204
    assert bob.get("/groups/night-shift/members").status_code == 404


def test_an_announcement_is_acknowledged_in_its_row_once(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    speaker = Viewer(cast.dana.member_id, frozenset({Role.MEMBER, Role.COMMUNICATOR}))
    draft = PostDraft(text="We move.", kind=PostKind.ANNOUNCEMENT, announcement=AnnouncementDraft(asks=True))
    with database.unit_of_work(speaker) as session:
        post_id = publish_post(session, speaker, draft).id
    drain(database)
    assert words(database, cast.alice) == ["Acknowledge"]
    sent = as_viewer(cast.alice).post(f"/posts/{post_id}/acknowledge", headers=IN_PLACE)
    assert sent.status_code == 200
    assert words(database, cast.alice) == []
    assert words(database, cast.carol) == ["Acknowledge"]


def test_a_question_is_put_off_passed_on_or_declined_in_its_row_and_a_wrong_name_is_said_there(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    question = asked(database, cast.alice, cast.bob)
    assert words(database, cast.bob) == ["Answer", "Suggest someone else", "Later", "Not me"]
    assert words(database, cast.carol) == []
    bob = as_viewer(cast.bob)
    assert bob.post(f"/questions/{question}/asked/later", data={"when": "day"}, headers=IN_PLACE).status_code == 204
    assert words(database, cast.bob) == ["Answer", "Suggest someone else", "Not me"]
    wrong = bob.post(f"/questions/{question}/asked/pass", data={"to": "nobody.at.all"}, headers=IN_PLACE)
    assert (wrong.status_code, list((wrong.json or {})["fields"])) == (422, ["to"])
    page = bob.post(f"/questions/{question}/asked/pass", data={"to": 'nobody "at" all', "note": "<b>knows</b>"})
    assert page.status_code == 422
    assert 'value="nobody &#34;at&#34; all"' in page.text  # what was typed stays, beside what is wrong with it
    assert 'value="&lt;b&gt;knows&lt;/b&gt;"' in page.text
    assert 'id="pass-to-error"' in page.text
    assert bob.post(f"/questions/{question}/asked/decline", headers=IN_PLACE).status_code == 204
    assert words(database, cast.bob) == []
    assert "finder trusts less" not in bob.get("/notifications").text  # nothing is said a second time, elsewhere
    with database.reading(SYSTEM) as session:
        assert session.get_one(AskedPerson, (question, cast.bob.member_id)).doing is Doing.DECLINED


def test_a_solved_question_asks_for_nothing_any_more(database: Database, cast: Cast) -> None:
    question = asked(database, cast.alice, cast.bob)
    accept(database, cast.alice, answer(database, cast.carol, question, "In the drawer"))
    assert words(database, cast.bob) == []


def test_who_follows_is_followed_back_and_that_can_be_undone(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    with database.unit_of_work(cast.bob) as session:
        follow_person(session, cast.bob, cast.alice.member_id)
    drain(database)
    ((follow,),) = [one.buttons for one in deeds(database, cast.alice)]
    assert follow.undo is not None
    alice = as_viewer(cast.alice)
    assert alice.post(follow.address, headers=IN_PLACE).status_code == 200
    assert words(database, cast.alice) == []
    assert alice.post(follow.undo.address, headers=IN_PLACE).status_code == 200
    assert words(database, cast.alice) == ["Follow back"]


def test_the_page_asks_no_more_statements_for_many_notices_than_for_few(
    database: Database, cast: Cast, as_viewer: AsViewer, app: Flask, queries: Queries
) -> None:
    for _time in range(8):
        asked(database, cast.alice, cast.bob)
    with database.unit_of_work(cast.carol) as session:
        follow_person(session, cast.carol, cast.bob.member_id)
    drain(database)
    with queries(45):
        page = as_viewer(cast.bob).get("/notifications").text
    assert len(re.findall(r"asked/decline", page)) == 8


def test_a_thread_that_goes_on_and_on_is_muted_and_heard_again_from_the_row(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    post = posted(database, cast.alice, "Where shall we eat?")
    replied(database, cast.bob, post, "At the harbour")
    replied(database, cast.carol, post, "Not again")
    (row,) = deeds(database, cast.bob)
    assert words(database, cast.bob) == ["Mute this thread"]
    (mute,) = row.buttons
    assert as_viewer(cast.bob).post(mute.address, data=mute.fields, headers=IN_PLACE).status_code == 204
    assert words(database, cast.bob) == []
    replied(database, cast.carol, post, "Not even on Friday")
    assert len(sources_of(database, cast.bob)) == 1, "nothing more of it"
    assert mute.undo is not None
    assert as_viewer(cast.bob).post(mute.undo.address, data=mute.undo.fields, headers=IN_PLACE).status_code == 204
    assert words(database, cast.bob) == ["Mute this thread"]


def test_a_thread_that_one_may_not_read_any_more_offers_nothing(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    with database.unit_of_work(cast.alice) as session:
        group = groups.found_group(session, cast.alice, groups.GroupDraft(name="Guild", kind=GroupKind.HIDDEN))
        session.flush()
        for viewer in (cast.bob, cast.carol):
            groups.take_in(session, group, viewer.member_id, actor_id=cast.alice.member_id)
        room = group.id
    post = posted(database, cast.alice, "Where shall we eat?", room)
    replied(database, cast.bob, post, "At the harbour")
    replied(database, cast.carol, post, "Not again")
    assert words(database, cast.bob) == ["Mute this thread"]
    with database.unit_of_work(cast.alice) as session:
        groups.remove_member(session, cast.alice, room, cast.bob.member_id)
    assert words(database, cast.bob) == []
    assert as_viewer(cast.bob).post(f"/posts/{post}/mute", data={"on": "1"}).status_code == 404
