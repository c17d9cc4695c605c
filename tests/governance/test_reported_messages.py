"""A reported message: moderators read that one, and learn nothing else of a private conversation."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from intranet.chat import actions as chat
from intranet.chat.finding import find_message
from intranet.chat.forwarding.actions import ForwardDraft, forward_message
from intranet.governance.models import AuditEntry
from intranet.governance.reports import actions, queries, reportable
from intranet.governance.reports.models import Decision, ReportReason
from intranet.kernel import clock, outbox
from intranet.kernel.db import Database
from intranet.kernel.errors import NotFound, Refused
from intranet.kernel.viewer import Viewer
from tests.cast import Cast
from tests.chat.conftest import Talk
from tests.fixtures import AsViewer
from tests.governance.reporting import finish
from tests.governance.test_reports import moderator

__all__ = ["moderator"]

SECRET, MEAN = "quiet heron", "mean words"


@pytest.fixture
def talk(database: Database) -> Talk:
    return Talk(database)


@pytest.fixture
def place(cast: Cast, talk: Talk) -> int:
    here = talk.room(cast.alice, f"room {SECRET}", is_public=False, people=("bob",), topic=SECRET)
    talk.say(cast.alice, here, f"before: {SECRET}")
    return here


@pytest.fixture
def said(cast: Cast, talk: Talk, place: int) -> int:
    found = talk.say(cast.alice, place, MEAN)
    talk.say(cast.bob, place, f"after: {SECRET}", root_id=found)
    return found


def reported(talk: Talk, viewer: Viewer, message_id: int) -> None:
    fresh = talk.do(viewer, reportable.message, message_id)
    talk.do(viewer, actions.file_report, fresh, ReportReason.UNKIND, words="not like this")


def decided(talk: Talk, viewer: Viewer, message_id: int, decision: Decision = Decision.HIDE) -> None:
    talk.do(viewer, actions.decide, message_id, decision, note="unkind")
    finish(talk.database)


def test_moderators_read_the_message_and_nothing_of_where_it_stands(
    as_viewer: AsViewer, cast: Cast, talk: Talk, moderator: Viewer, said: int
) -> None:
    place = talk.look(cast.bob, lambda session: find_message(session, said).conversation_id)
    reported(talk, cast.bob, said)
    client = as_viewer(moderator)
    queue = client.get("/moderation").text
    assert MEAN in queue
    assert "not like this" in queue
    assert SECRET not in queue
    assert f"/chat/{place}" not in queue
    assert "in a private conversation" in queue
    for address in (f"/chat/{place}", f"/chat/messages/{said}", f"/chat/messages/{said}/report"):
        assert client.get(address).status_code == 404


def test_a_public_room_is_named(as_viewer: AsViewer, cast: Cast, talk: Talk, moderator: Viewer) -> None:
    reported(talk, cast.bob, talk.say(cast.alice, talk.room(cast.alice, "gatehouse", people=("bob",)), MEAN))
    assert "in the room gatehouse" in as_viewer(moderator).get("/moderation").text


def test_what_a_message_passes_on_is_not_shown(
    as_viewer: AsViewer, cast: Cast, talk: Talk, moderator: Viewer, place: int
) -> None:
    source = talk.say(cast.alice, talk.direct(cast.alice, "bob"), f"between two: {SECRET}")
    draft = ForwardDraft(conversation_id=place, text="", nonce="on", is_confirmed=True)
    passed = talk.do(cast.alice, forward_message, source, draft).id
    reported(talk, cast.bob, passed)
    queue = as_viewer(moderator).get("/moderation").text
    assert "No words of its own." in queue
    assert SECRET not in queue


def test_what_is_hidden_shows_to_nobody_until_it_is_given_back(
    cast: Cast, talk: Talk, moderator: Viewer, place: int, said: int
) -> None:
    reported(talk, cast.bob, said)
    with pytest.raises(Refused):
        talk.do(cast.bob, actions.decide, said, Decision.HIDE)
    decided(talk, moderator, said)
    assert MEAN not in talk.texts(cast.alice, place)
    with pytest.raises(Refused):  # its author cannot bring back what a moderator hid
        talk.do(cast.alice, chat.restore_message, said)
    with clock.fixed(clock.now() + 2 * chat.changing.UNDO):
        finish(talk.database)  # what waits to be erased after a deletion must not take it along
    talk.do(moderator, actions.reopen, said)
    finish(talk.database)
    assert MEAN in talk.texts(cast.bob, place)


def test_what_its_author_took_away_meanwhile_stays_away(
    cast: Cast, talk: Talk, moderator: Viewer, place: int, said: int
) -> None:
    reported(talk, cast.bob, said)
    talk.do(cast.alice, chat.delete_message, said)
    decided(talk, moderator, said)
    talk.do(moderator, actions.reopen, said)
    finish(talk.database)
    assert MEAN not in talk.texts(cast.bob, place)


def test_a_message_cannot_be_closed(cast: Cast, talk: Talk, moderator: Viewer, place: int, said: int) -> None:
    reported(talk, cast.bob, said)
    decided(talk, moderator, said, Decision.FREEZE)
    assert MEAN in talk.texts(cast.bob, place)


def test_nobody_reports_themselves_nor_what_they_may_not_read(
    as_viewer: AsViewer, cast: Cast, talk: Talk, said: int
) -> None:
    for viewer in (cast.alice, cast.carol):
        with pytest.raises(NotFound):
            reported(talk, viewer, said)
        client: FlaskClient = as_viewer(viewer)
        assert client.get(f"/chat/messages/{said}/report").status_code == 404
        assert client.post(f"/chat/messages/{said}/report", data={"reason": "unkind"}).status_code == 404


def test_the_form_says_what_moderators_will_see_and_keeps_what_was_typed(
    as_viewer: AsViewer, cast: Cast, talk: Talk, moderator: Viewer, said: int
) -> None:
    client, address = as_viewer(cast.bob), f"/chat/messages/{said}/report"
    form = client.get(address).text
    assert MEAN in form
    assert SECRET not in form
    assert "Between two they can guess." not in form
    answer = client.post(address, data={"words": "please look"})
    assert answer.status_code == 422
    assert "please look" in answer.text
    assert client.post(address, data={"reason": "unkind"}).status_code == 303
    with talk.database.reading(moderator) as session:
        assert [case.quote for case in queries.cases(session, is_open=True)] == [MEAN]
    between_two = talk.say(cast.alice, talk.direct(cast.alice, "bob"), MEAN)
    assert "Between two they can guess." in client.get(f"/chat/messages/{between_two}/report").text


def test_the_audit_log_tells_of_it_without_words(database: Database, cast: Cast, talk: Talk, said: int) -> None:
    reported(talk, cast.bob, said)
    while outbox.drain(database, "audit", "here"):
        pass
    with database.reading(cast.dana) as session:
        entries = session.scalars(select(AuditEntry)).all()
    assert any(entry.action == "report.filed" for entry in entries)
    assert not any(MEAN in str(vars(entry)) or SECRET in str(vars(entry)) for entry in entries)
