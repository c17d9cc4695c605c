"""A private conversation is read from outside with a reason, by two administrators, for a time, and not in secret."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from intranet.chat import actions as chat
from intranet.chat.inspection import actions, queries
from intranet.chat.inspection.actions import InspectionDraft
from intranet.chat.inspection.models import Decision, Inspection
from intranet.chat.models import Message
from intranet.governance.models import AuditEntry
from intranet.kernel import clock, outbox
from intranet.kernel.db import Database
from intranet.kernel.errors import Invalid, NotFound, Refused
from intranet.kernel.viewer import Role, Viewer
from intranet.notifications.models import Notice
from intranet.notifications.queries import bundles
from intranet.notifications.wording import cards
from intranet.people.apart.actions import mute
from intranet.people.models import Profile
from tests.cast import SYSTEM, Cast, add_person
from tests.chat.conftest import Talk, talk
from tests.fixtures import AsViewer

__all__ = ["talk"]  # the fixture, for this folder
SECRET = "quiet heron"
WHY = "A colleague reported threats in it to HR."


@pytest.fixture
def grace(database: Database) -> Viewer:
    """The second administrator."""
    with database.unit_of_work(SYSTEM) as session:
        person = add_person(session, "grace", roles=(Role.ADMIN,))
        return Viewer(person.id, frozenset({Role.MEMBER, Role.ADMIN}))


@pytest.fixture
def place(talk: Talk, cast: Cast) -> int:
    chat_id = talk.direct(cast.alice, "bob")
    talk.say(cast.alice, chat_id, SECRET)
    return chat_id


def asked(talk: Talk, viewer: Viewer, what: str, *, reason: str = WHY, hours: int = 4) -> int:
    return talk.do(viewer, actions.ask_inspection, InspectionDraft(what=what, reason=reason, hours=hours)).id


def decided(talk: Talk, viewer: Viewer, inspection_id: int, decision: Decision = Decision.APPROVED) -> Inspection:
    """As the page does: whoever decides sees no more of the conversation than before."""
    return talk.database.transact(
        SYSTEM, lambda session: actions.decide_inspection(session, viewer, inspection_id, decision)
    )


def reads(client: FlaskClient, inspection_id: int) -> int:
    """The status of the page on which it is read; its words stand there with 200 alone."""
    answer = client.get(f"/admin/inspections/{inspection_id}")
    assert (SECRET in answer.text) == (answer.status_code == 200)
    return answer.status_code


def opened(client: FlaskClient, inspection_id: int) -> int:
    return client.post(f"/admin/inspections/{inspection_id}/open").status_code


def test_an_approved_request_is_read_by_who_asked_until_its_time_is_over(
    talk: Talk, cast: Cast, grace: Viewer, place: int, as_viewer: AsViewer
) -> None:
    number = asked(talk, cast.dana, f"https://couth.example/chat/{place}")
    dana = as_viewer(cast.dana)
    assert (opened(dana, number), reads(dana, number)) == (403, 403)
    decided(talk, grace, number)
    assert reads(dana, number) == 404  # that it is opened must be on record first
    assert (opened(dana, number), reads(dana, number)) == (303, 200)
    other = as_viewer(grace)
    assert (opened(other, number), reads(other, number)) == (403, 403)
    dana = as_viewer(cast.dana)
    with clock.fixed(clock.now() + timedelta(hours=4, seconds=1)):
        assert (opened(dana, number), reads(dana, number)) == (403, 403)


def test_the_page_alone_shows_it_and_no_other_door_opens(
    talk: Talk, cast: Cast, grace: Viewer, place: int, as_viewer: AsViewer
) -> None:
    number = asked(talk, cast.dana, str(place))
    decided(talk, grace, number)
    for admin in (cast.dana, grace):
        client = as_viewer(admin)
        opened(client, number)
        for address in (f"/chat/{place}", f"/chat/{place}/inspections", f"/api/v1/conversations/{place}/messages"):
            assert client.get(address).status_code == 404


@pytest.mark.parametrize("decision", list(Decision))
def test_nobody_decides_about_their_own_request(
    talk: Talk, cast: Cast, place: int, as_viewer: AsViewer, decision: Decision
) -> None:
    number = asked(talk, cast.dana, str(place))
    answer = as_viewer(cast.dana).post(f"/admin/inspections/{number}/decide", data={"decision": decision.value})
    assert answer.status_code == 403
    with pytest.raises(Refused):
        decided(talk, cast.dana, number, decision)


@pytest.mark.parametrize("by_people", [True, False])
def test_who_is_in_the_conversation_does_not_decide(
    talk: Talk, cast: Cast, grace: Viewer, as_viewer: AsViewer, by_people: bool
) -> None:
    theirs = talk.direct(grace, "alice")
    number = asked(talk, cast.dana, "grace, alice" if by_people else str(theirs))
    answer = as_viewer(grace).post(f"/admin/inspections/{number}/decide", data={"decision": "approved"})
    assert answer.status_code == 403
    with pytest.raises(Refused):
        decided(talk, grace, number)


def test_who_is_no_administrator_has_no_part_in_it(talk: Talk, cast: Cast, place: int, as_viewer: AsViewer) -> None:
    number = asked(talk, cast.dana, str(place))
    for viewer in (cast.alice, cast.carol, Viewer(cast.carol.id, frozenset({Role.MEMBER, Role.MODERATOR}))):
        with pytest.raises(Refused):
            asked(talk, viewer, str(place))
        with pytest.raises(Refused):
            decided(talk, viewer, number)
        with pytest.raises(Refused):
            talk.do(viewer, actions.end_inspection, number)
    client = as_viewer(cast.carol)
    assert client.get("/admin/inspections").status_code == 403
    assert (opened(client, number), reads(client, number)) == (403, 403)


def test_what_was_refused_withdrawn_or_ended_is_not_read(
    talk: Talk, cast: Cast, grace: Viewer, place: int, as_viewer: AsViewer
) -> None:
    dana = as_viewer(cast.dana)
    refused, withdrawn, ended = (asked(talk, cast.dana, str(place)) for _each in range(3))
    decided(talk, grace, refused, Decision.REFUSED)
    talk.do(cast.dana, actions.end_inspection, withdrawn)
    decided(talk, grace, ended)
    assert (opened(dana, ended), reads(dana, ended)) == (303, 200)
    talk.do(grace, actions.end_inspection, ended)
    for number in (refused, withdrawn, ended):
        assert (opened(dana, number), reads(dana, number)) == (403, 403)
    for number in (refused, withdrawn):
        with pytest.raises(NotFound):
            decided(talk, grace, number)  # what was refused or withdrawn is asked for anew


def test_an_administrator_no_more_reads_no_more(
    talk: Talk, cast: Cast, grace: Viewer, place: int, database: Database
) -> None:
    number = asked(talk, cast.dana, str(place))
    decided(talk, grace, number)
    with pytest.raises(Refused), database.unit_of_work(SYSTEM) as session:
        actions.open_inspection(session, Viewer(cast.dana.id, frozenset({Role.MEMBER})), number)


def test_a_request_tells_nothing_of_what_there_is(talk: Talk, cast: Cast, place: int, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.dana)
    for what in (str(place), str(place + 1), "alice bob", "bob carol"):
        answer = client.post("/admin/inspections", data={"what": what, "reason": WHY, "hours": "1"})
        assert answer.status_code == 303
    page = client.get("/admin/inspections").text
    assert SECRET not in page


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (InspectionDraft("alice", WHY, 4), "what"),
        (InspectionDraft("alice nobody", WHY, 4), "what"),
        (InspectionDraft("dana alice", WHY, 4), "what"),
        (InspectionDraft("", WHY, 4), "what"),
        (InspectionDraft("alice bob", "because", 4), "reason"),
        (InspectionDraft("alice bob", "x" * 1001, 4), "reason"),
        (InspectionDraft("alice bob", WHY, 5000), "hours"),
    ],
)
def test_a_bad_request_names_its_field(talk: Talk, cast: Cast, app: Flask, draft: InspectionDraft, field: str) -> None:
    with app.test_request_context(), pytest.raises(Invalid) as refused:
        talk.do(cast.dana, actions.ask_inspection, draft)
    assert list(refused.value.fields) == [field]


def test_what_one_reads_anyway_needs_no_request(talk: Talk, cast: Cast, app: Flask) -> None:
    with app.test_request_context():
        for number in (talk.room(cast.alice, "open to all"), talk.direct(cast.dana, "bob")):
            with pytest.raises(Invalid):
                asked(talk, cast.dana, str(number))


def test_those_concerned_are_told_in_the_conversation_and_in_the_ledger(
    talk: Talk, cast: Cast, grace: Viewer, as_viewer: AsViewer, app: Flask
) -> None:
    database = talk.database
    number = talk.room(cast.alice, "quiet", is_public=False, people=("bob", "carol"))
    talk.say(cast.carol, number, SECRET)
    talk.do(cast.carol, chat.leave, number)
    talk.do(cast.bob, mute, cast.dana.member_id, is_on=True)
    inspection = asked(talk, cast.dana, str(number))
    drain(database, "notifications")
    assert told(database) == [(grace.id, "inspection-asked")]
    decided(talk, grace, inspection)
    drain(database, "notifications")
    assert told(database) == sorted(
        [(grace.id, "inspection-asked"), *((one.id, "inspected") for one in (cast.alice, cast.bob, cast.carol))],
        key=str,
    )
    with app.test_request_context():
        for viewer, url in ((cast.alice, f"/chat/{number}"), (cast.bob, f"/chat/{number}"), (cast.carol, "/chat")):
            with database.reading(viewer) as session:
                (card,) = cards(session, bundles(session, viewer).items)
                assert (card.url, SECRET in card.sentence) == (url, False)
    for viewer in (cast.alice, cast.bob):
        page = as_viewer(viewer).get(f"/chat/{number}").text
        assert WHY in page
        assert "Dana Example may read this" in page
    assert talk.look(cast.alice, lambda s: [one.reason for one in queries.inspections_of(s, number)]) == [WHY]


def drain(database: Database, subscriber: str) -> None:
    while outbox.drain(database, subscriber, "here"):
        pass


def told(database: Database) -> list[tuple[int | None, str]]:
    with database.reading(SYSTEM) as session:
        found = session.execute(select(Notice.person_id, Notice.source))
        return sorted(((row.person_id, row.source.value) for row in found), key=str)


def test_every_step_is_in_the_audit_log_with_the_reason(
    talk: Talk, cast: Cast, grace: Viewer, place: int, as_viewer: AsViewer
) -> None:
    database = talk.database
    number = asked(talk, cast.dana, str(place))
    decided(talk, grace, number)
    client = as_viewer(cast.dana)
    opened(client, number)
    client.post(f"/admin/inspections/{number}/end")
    drain(database, "audit")
    with database.reading(cast.dana) as session:
        found = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    steps = [(entry.action, entry.actor_id) for entry in found if entry.action.startswith("inspection.")]
    assert steps == [
        ("inspection.asked", cast.dana.id),
        ("inspection.decided", grace.id),
        ("inspection.opened", cast.dana.id),
        ("inspection.ended", cast.dana.id),
    ]
    assert next(entry.facts["reason"] for entry in found if entry.action == "inspection.asked") == WHY


def test_what_was_taken_away_or_said_elsewhere_is_not_shown(
    talk: Talk, cast: Cast, grace: Viewer, place: int, database: Database
) -> None:
    elsewhere = talk.direct(cast.bob, "carol")
    source = talk.say(cast.bob, elsewhere, "never approved")
    talk.do(cast.alice, chat.delete_message, talk.say(cast.alice, place, "taken back"))
    with database.unit_of_work(SYSTEM) as session:
        first = session.scalars(select(Message).where(Message.conversation_id == place)).first()
        assert first is not None
        first.forwarded_id = source
    decided(talk, grace, asked(talk, cast.dana, "alice bob"))
    with database.reading(SYSTEM) as session:
        found = queries.transcript(session, place)
    assert found is not None
    assert [line.html for line in found.lines] == [f"<p>{SECRET}</p>\n"]


def test_a_request_that_nobody_decides_within_a_week_is_void(
    talk: Talk, cast: Cast, grace: Viewer, place: int, as_viewer: AsViewer
) -> None:
    request = asked(talk, cast.dana, str(place))
    with clock.fixed(clock.now() + timedelta(days=8)):
        with pytest.raises(NotFound):
            decided(talk, grace, request)
        page = as_viewer(grace).get("/admin/inspections").get_data(as_text=True)
        assert "Nobody decided within a week" in page
        assert f"/admin/inspections/{request}/decide" not in page


def test_its_times_are_by_the_clock_of_whoever_reads_them(
    talk: Talk, cast: Cast, grace: Viewer, place: int, as_viewer: AsViewer
) -> None:
    with talk.database.unit_of_work(SYSTEM) as session:
        session.merge(Profile(person_id=cast.alice.member_id, timezone="Asia/Kolkata"))
    with clock.fixed(datetime(2026, 11, 23, 20, tzinfo=UTC)):
        decided(talk, grace, asked(talk, cast.dana, str(place), hours=1))
        said = as_viewer(cast.alice).get(f"/chat/{place}").get_data(as_text=True)
    assert "11/24/26, 2:30" in said  # 21:00 in Greenwich
