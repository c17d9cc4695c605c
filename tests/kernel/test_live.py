"""Pushes reach exactly those whom the row's audience names, and what was missed is what was pushed."""

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from intranet.kernel import audience, live, outbox, rooms
from intranet.kernel.audience import EVERYONE
from intranet.kernel.db import Database, Session, viewer_of
from intranet.kernel.hub import Hub
from intranet.kernel.policy import ADMIN, MEMBER
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import ANONYMOUS, Viewer
from tests.cast import Cast
from tests.fixtures import AsViewer


@outbox.event("tests.said")
@dataclass(frozen=True, slots=True)
class Said:
    """Words for an audience."""

    words_id: int
    audience_id: int


@outbox.event("tests.whispered")
@dataclass(frozen=True, slots=True)
class Whispered:
    """Words for one person."""

    words_id: int
    recipient_id: int


@outbox.event("tests.counted")
@dataclass(frozen=True, slots=True)
class Counted:
    """Some words are read together; nothing can be done with none."""

    number: int
    audience_id: int


live.presents(Said, lambda _session, event: {"id": str(event.words_id)})
live.presents(Whispered, lambda session, event: {"id": str(event.words_id), "reader": viewer_of(session).id})
live.presents_together(Counted, lambda _session, counted: [{"half": 1 / one.number} for one in counted])
live.register_call("tests:break", MEMBER, lambda _session, _viewer, data: {"found": data["what is not there"]})
live.register_call("tests:echo", MEMBER, lambda _session, _viewer, data: {"echo": data["words"]})
live.register_call("tests:rule", ADMIN, lambda _session, _viewer, _data: {})


class Stage:
    """Sockets of the cast on one server, and its hub."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.hub = Hub(app)

    def socket(self, viewer: Viewer) -> Any:
        runtime(self.app).identify = lambda: viewer
        return runtime(self.app).socketio.test_client(self.app)

    def events(self, socket: Any) -> list[dict[str, Any]]:
        self.hub.step()
        return [message["args"][0] for message in socket.get_received() if message["name"] == "event"]


@pytest.fixture
def stage(app: Flask, cast: Cast) -> Stage:
    return Stage(app)


def say(database: Database, viewer: Viewer, happened: object) -> None:
    def act(session: Session) -> None:
        outbox.record(session, happened)

    database.transact(viewer, act)


def test_a_group_push_reaches_its_members_alone(stage: Stage, cast: Cast, database: Database) -> None:
    bob, carol = stage.socket(cast.bob), stage.socket(cast.carol)
    say(database, cast.alice, Said(7, cast.group))
    assert [event["data"] for event in stage.events(bob)] == [{"id": "7"}]
    assert stage.events(carol) == []


def test_a_personal_push_reaches_one_person_alone(stage: Stage, cast: Cast, database: Database) -> None:
    bob, carol = stage.socket(cast.bob), stage.socket(cast.carol)
    say(database, cast.alice, Whispered(8, cast.carol.member_id))
    heard = stage.events(carol)
    assert [event["type"] for event in heard] == ["tests.whispered"]
    assert heard[0]["data"]["reader"] == cast.carol.id  # read by her own session, so it holds only what she may see
    assert stage.events(bob) == []


def test_signed_out_visitors_get_no_socket(stage: Stage) -> None:
    assert not stage.socket(ANONYMOUS).is_connected()


def test_ended_sockets_close(stage: Stage, cast: Cast, database: Database) -> None:
    bob = stage.socket(cast.bob)
    say(database, cast.dana, rooms.SocketsEnded(cast.bob.member_id))
    stage.hub.step()
    assert not bob.is_connected()


def test_calls_are_answered_and_refused_by_the_same_table(stage: Stage, cast: Cast) -> None:
    bob = stage.socket(cast.bob)
    assert bob.emit("tests:echo", {"words": "hi"}, callback=True) == {"ok": True, "echo": "hi"}
    refused = bob.emit("tests:rule", {}, callback=True)
    assert (refused["ok"], refused["error"]["type"]) == (False, "refused")
    odd = bob.emit("tests:echo", "not an object", callback=True)
    assert odd["error"]["fields"] == {"data": "must be an object"}


def test_what_was_missed_is_what_was_pushed(stage: Stage, cast: Cast, database: Database, as_viewer: AsViewer) -> None:
    bob = stage.socket(cast.bob)
    for number in range(5):
        say(database, cast.alice, Said(number, cast.group if number % 2 else EVERYONE))
    say(database, cast.alice, Whispered(9, cast.carol.member_id))
    pushed = stage.events(bob)
    missed = as_viewer(cast.bob).get("/api/v1/events?since=0").json
    assert missed is not None
    assert missed["items"] == pushed
    assert [event["data"]["id"] for event in pushed] == ["0", "1", "2", "3", "4"]
    nothing = as_viewer(cast.bob).get(f"/api/v1/events?since={pushed[-1]['id']}").json
    assert nothing is not None
    assert nothing["items"] == []


def test_an_outsider_misses_nothing_that_was_not_theirs(
    stage: Stage, cast: Cast, database: Database, as_viewer: AsViewer
) -> None:
    say(database, cast.alice, Said(1, cast.group))
    answer = as_viewer(cast.carol).get("/api/v1/events?since=0").json
    assert answer is not None
    assert answer["items"] == []


def test_a_gap_that_is_too_old_is_gone(stage: Stage, cast: Cast, database: Database, as_viewer: AsViewer) -> None:
    for number in range(3):
        say(database, cast.alice, Said(number, EVERYONE))

    def forget(session: Session) -> None:
        for row in outbox.after(session, 0)[:2]:
            session.delete(session.get_one(outbox.OutboxEvent, row.id))

    database.transact(cast.alice, forget)
    assert as_viewer(cast.bob).get("/api/v1/events?since=1").status_code == 410
    assert as_viewer(cast.bob).get("/api/v1/events?since=2").status_code == 200
    assert as_viewer(cast.bob).get("/api/v1/events?since=x").status_code == 422


def test_a_socket_follows_its_person_into_a_group_and_out_of_it(stage: Stage, cast: Cast, database: Database) -> None:
    carol = stage.socket(cast.carol)

    def come(session: Session) -> None:
        audience.join(session, cast.group, (cast.carol.member_id,))
        outbox.record(session, rooms.RoomsChanged(cast.carol.member_id))

    def go(session: Session) -> None:
        audience.leave(session, cast.group, (cast.carol.member_id,))
        outbox.record(session, rooms.RoomsChanged(cast.carol.member_id))

    database.transact(cast.alice, come)
    say(database, cast.alice, Said(1, cast.group))
    assert [event["data"]["id"] for event in stage.events(carol)] == ["1"]
    database.transact(cast.alice, go)
    say(database, cast.alice, Said(2, cast.group))
    assert stage.events(carol) == []


def test_an_open_audience_can_be_watched_until_it_closes(stage: Stage, cast: Cast, database: Database) -> None:
    def set_open(session: Session, *, is_open: bool) -> None:
        found = session.get(audience.Audience, cast.group)
        assert found is not None
        found.readable_by_all = is_open
        if not is_open:
            outbox.record(session, rooms.AudienceNarrowed(cast.group))

    carol, bob = stage.socket(cast.carol), stage.socket(cast.bob)
    runtime(stage.app).identify = lambda: cast.carol
    assert carol.emit("watch", {"audience": str(cast.group)}, callback=True)["error"]["type"] == "not-found"
    database.transact(cast.alice, lambda session: set_open(session, is_open=True))
    assert carol.emit("watch", {"audience": str(cast.group)}, callback=True) == {"ok": True}
    say(database, cast.alice, Said(3, cast.group))
    assert [event["data"]["id"] for event in stage.events(carol)] == ["3"]
    database.transact(cast.alice, lambda session: set_open(session, is_open=False))
    say(database, cast.alice, Said(4, cast.group))
    assert stage.events(carol) == []
    assert [event["data"]["id"] for event in stage.events(bob)] == ["3", "4"]


def test_watching_something_else_ends_the_first(stage: Stage, cast: Cast, database: Database) -> None:
    carol = stage.socket(cast.carol)
    with database.unit_of_work(cast.alice) as session:
        found = session.get(audience.Audience, cast.group)
        assert found is not None
        found.readable_by_all = True
    runtime(stage.app).identify = lambda: cast.carol
    carol.emit("watch", {"audience": str(cast.group)}, callback=True)
    carol.emit("watch", {"audience": None}, callback=True)
    say(database, cast.alice, Said(5, cast.group))
    assert stage.events(carol) == []


def test_what_was_missed_of_a_watched_audience_comes_only_while_it_is_open(
    cast: Cast, database: Database, as_viewer: AsViewer
) -> None:
    say(database, cast.alice, Said(6, cast.group))
    address = f"/api/v1/events?since=0&watch={cast.group}"
    closed = as_viewer(cast.carol).get(address).json
    with database.unit_of_work(cast.alice) as session:
        found = session.get(audience.Audience, cast.group)
        assert found is not None
        found.readable_by_all = True
    opened = as_viewer(cast.carol).get(address).json
    assert (closed or {})["items"] == []
    assert [event["data"]["id"] for event in (opened or {})["items"]] == ["6"]


def test_what_should_not_happen_is_answered_all_the_same(stage: Stage, cast: Cast) -> None:
    bob = stage.socket(cast.bob)
    answer = bob.emit("tests:break", {}, callback=True)
    assert (answer["ok"], answer["error"]["status"]) == (False, 500)


def test_one_broken_event_does_not_stop_those_beside_it(stage: Stage, cast: Cast, database: Database) -> None:
    bob = stage.socket(cast.bob)
    for number in (1, 0, 2):
        say(database, cast.alice, Counted(number, EVERYONE))
    assert [event["data"] for event in stage.events(bob)] == [{"half": 1.0}, {"half": 0.5}]
