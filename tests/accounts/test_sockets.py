"""A socket is as signed in as its session or token, and not a second longer."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from intranet.accounts import actions, passwords, queries
from intranet.kernel import live
from intranet.kernel.db import Database
from intranet.kernel.hub import Hub
from intranet.kernel.policy import MEMBER
from intranet.kernel.runtime import runtime
from tests.cast import SYSTEM, Cast

PASSWORD = "seven brass lanterns"

live.register_call("tests:who", MEMBER, lambda _session, viewer, _data: {"id": str(viewer.id)})


@pytest.fixture
def alice(app: Flask, cast: Cast, database: Database) -> FlaskClient:
    """Alice's browser, signed in."""
    app.config["WTF_CSRF_ENABLED"] = False
    hashed = passwords.hash_password(PASSWORD)
    with database.unit_of_work(SYSTEM) as session:
        actions.set_password(session, SYSTEM, cast.alice.member_id, hashed, spare=None)
    client = app.test_client()
    client.post("/sign-in", data={"login": "alice", "password": PASSWORD})
    return client


def socket_of(app: Flask, client: FlaskClient | None = None, token: str | None = None) -> Any:
    auth = {"token": token} if token else None
    return runtime(app).socketio.test_client(app, flask_test_client=client, auth=auth)


def token_of(cast: Cast, database: Database) -> str:
    with database.unit_of_work(SYSTEM) as session:
        return actions.make_token(session, SYSTEM, actions.get_person(session, cast.alice.member_id), "script")


def test_a_session_opens_a_socket_and_a_stranger_gets_none(app: Flask, alice: FlaskClient) -> None:
    assert socket_of(app, alice).is_connected()
    assert not socket_of(app).is_connected()


def test_a_token_opens_a_socket_and_identifies_each_call(app: Flask, cast: Cast, database: Database) -> None:
    socket = socket_of(app, token=token_of(cast, database))
    assert socket.is_connected()
    assert socket.emit("tests:who", {}, callback=True) == {"ok": True, "id": str(cast.alice.member_id)}
    assert not socket_of(app, token="made up").is_connected()


def test_signing_out_elsewhere_closes_the_socket_at_once(app: Flask, alice: FlaskClient) -> None:
    hub = Hub(app)
    socket = socket_of(app, alice)
    alice.post("/settings/sessions/end-all")
    answer = socket.emit("tests:who", {}, callback=True)
    assert answer["error"]["type"] == "sign-in-needed"  # even before the hub has closed it
    while hub.step():
        pass
    assert not socket.is_connected()
    assert not socket_of(app, alice).is_connected()


def test_deactivation_closes_sockets_of_sessions_and_of_tokens(
    app: Flask, alice: FlaskClient, cast: Cast, database: Database
) -> None:
    token = token_of(cast, database)
    hub = Hub(app)
    sockets = [socket_of(app, alice), socket_of(app, token=token)]
    with database.unit_of_work(cast.dana) as session:
        actions.deactivate(session, cast.dana, actions.get_person(session, cast.alice.member_id))
    while hub.step():
        pass
    assert not any(socket.is_connected() for socket in sockets)
    assert not socket_of(app, token=token).is_connected()


def test_a_dropped_token_calls_no_more(app: Flask, cast: Cast, database: Database) -> None:
    token = token_of(cast, database)
    hub = Hub(app)
    socket = socket_of(app, token=token)
    with database.unit_of_work(cast.alice) as session:
        for row in queries.tokens_of(session, cast.alice.member_id):
            actions.drop_token(session, cast.alice, row.id)
    assert socket.emit("tests:who", {}, callback=True)["ok"] is False
    while hub.step():
        pass
    assert not socket.is_connected()
