"""Signed out at the company is signed out here: what it says is believed when it signed it, for us, now, and once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwt
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from intranet.accounts import actions, passwords, views
from intranet.accounts.entering import enter
from intranet.accounts.models import SignIn, Way
from intranet.accounts.oidc.claims import read, session_of
from intranet.accounts.oidc.models import Identity
from intranet.config import Settings
from intranet.governance.models import AuditEntry
from intranet.kernel import clock, outbox
from intranet.kernel.db import Database
from intranet.kernel.hub import Hub
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from tests.accounts.company.conftest import Browser
from tests.accounts.company.staging import KEY, OTHER, Stage
from tests.accounts.company.test_believing import RULES
from tests.accounts.factors.stage import code, give_factor, prove
from tests.cast import SYSTEM, Cast

PASSWORD = "seven brass lanterns"
HAPPENED: dict[str, dict[str, str]] = {"http://schemas.openid.net/event/backchannel-logout": {}}
ComesIn = Callable[..., FlaskClient]


@pytest.fixture
def place(app: Flask, stage: Stage, database: Database, cast: Cast) -> Flask:
    """A place whose company knows alice as ada and bob as bert; both have passwords too."""
    app.config["WTF_CSRF_ENABLED"] = False
    runtime(app).settings = replace(runtime(app).settings, oidc_issuer=stage.url)
    hashed = passwords.hash_password(PASSWORD)
    with database.unit_of_work(SYSTEM) as session:
        for viewer, subject in ((cast.alice, "ada"), (cast.bob, "bert")):
            actions.set_password(session, SYSTEM, viewer.member_id, hashed, spare=None)
            session.add(Identity(person_id=viewer.member_id, issuer=stage.url, subject=subject))
    return app


@pytest.fixture
def come_in(place: Flask, database: Database, stage: Stage) -> ComesIn:
    """A browser that came from a session there; from none where the name is None."""

    def sign_in(username: str, name: str | None, way: Way = Way.COMPANY) -> FlaskClient:
        client = place.test_client()
        client.post("/sign-in", data={"login": username, "password": PASSWORD})
        with database.unit_of_work(SYSTEM) as session:
            newest = session.scalars(select(SignIn.id).order_by(SignIn.id.desc())).first()
            known = session_of(stage.url, name) if name is not None else None
            session.execute(update(SignIn).where(SignIn.id == newest).values(company_session=known, way=way))
        return client

    return sign_in


def token(stage: Stage, *, key: Any = KEY, typ: str | None = "logout+jwt", **changed: Any) -> str:
    now = int(clock.now().timestamp())
    made = {"iss": stage.url, "aud": "couth", "iat": now, "exp": now + 120, "jti": "one", "events": HAPPENED}
    told = {name: value for name, value in {**made, "sub": "ada", **changed}.items() if value is not None}
    header = {"alg": "RS256", "kid": "first", **({"typ": typ} if typ else {})}
    return jwt.encode(header, told, key)


def tell(app: Flask, logout_token: str) -> TestResponse:
    return app.test_client().post("/sign-in/company/logout", data={"logout_token": logout_token})


def is_in(client: FlaskClient) -> bool:
    return client.get("/settings/security").status_code == 200


def test_whoever_signs_out_there_is_signed_out_here_in_every_browser(
    place: Flask, stage: Stage, come_in: ComesIn
) -> None:
    here, there, bob = come_in("alice", "s1"), come_in("alice", None, Way.PASSWORD), come_in("bob", "s2")
    answer = tell(place, token(stage))
    assert (answer.status_code, answer.data) == (200, b"")
    assert "no-store" in answer.headers["Cache-Control"]
    assert [is_in(client) for client in (here, there, bob)] == [False, False, True]


def test_one_named_session_ends_alone(place: Flask, stage: Stage, come_in: ComesIn) -> None:
    ended, other, own = come_in("alice", "s1"), come_in("alice", "s2"), come_in("alice", None, Way.PASSWORD)
    unnamed, older = come_in("alice", ""), come_in("alice", None, Way.COMPANY)
    assert tell(place, token(stage, sid="s1")).status_code == 200
    assert [is_in(client) for client in (ended, other, own, unnamed, older)] == [False, True, True, False, False]


def test_a_session_is_found_without_a_subject(place: Flask, stage: Stage, come_in: ComesIn) -> None:
    ended, unnamed, bob = come_in("alice", "s1"), come_in("alice", ""), come_in("bob", "s2")
    assert tell(place, token(stage, sub=None, sid="s1")).status_code == 200
    assert [is_in(client) for client in (ended, unnamed, bob)] == [False, True, True]


def test_nobody_is_signed_out_by_another_ones_session(place: Flask, stage: Stage, come_in: ComesIn) -> None:
    bob = come_in("bob", "s2")
    assert tell(place, token(stage, sid="s2")).status_code == 200  # ada's, it says
    assert tell(place, token(stage, sub="nobody we know", jti="two")).status_code == 200
    assert is_in(bob)


@pytest.fixture
def pause(
    place: Flask, cast: Cast, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str | None], FlaskClient]:
    """A browser of alice's that came from a session there and stands before the second step."""
    give_factor(place, cast.alice)

    def first_step(name: str | None) -> FlaskClient:
        known = session_of(stage.url, name) if name is not None else None
        client = place.test_client()
        with monkeypatch.context() as arriving:
            arriving.setattr(views, "enter", partial(enter, company_session=known))
            answer = client.post("/sign-in", data={"login": "alice", "password": PASSWORD})
        assert answer.location == "/sign-in/code"
        return client

    return first_step


def test_whoever_is_at_the_second_step_does_not_finish_it(
    place: Flask, stage: Stage, pause: Callable[[str | None], FlaskClient]
) -> None:
    named, unnamed = pause("s1"), pause("")
    assert tell(place, token(stage)).status_code == 200
    for client in (named, unnamed):
        assert prove(client, code()).location == "/sign-in"
        assert not is_in(client)
        assert "signed out meanwhile" in client.get("/sign-in").text
    again = pause("s2")
    assert prove(again, code()).location == "/"
    assert is_in(again)


@pytest.mark.parametrize("subject", ["ada", None])
def test_a_named_session_stops_its_own_second_step_alone(
    place: Flask, stage: Stage, pause: Callable[[str | None], FlaskClient], subject: str | None
) -> None:
    ended, other, own = pause("s1"), pause("s2"), pause(None)
    assert tell(place, token(stage, sub=subject, sid="s1")).status_code == 200
    steps = [client.get("/sign-in/code").status_code for client in (ended, other, own)]
    assert steps == [303, 200, 200]


def test_a_session_that_came_without_a_name_may_be_the_one_that_ended(
    place: Flask, stage: Stage, pause: Callable[[str | None], FlaskClient]
) -> None:
    unnamed = pause("")
    assert tell(place, token(stage, sub="bert", sid="s1")).status_code == 200  # of somebody else
    assert unnamed.get("/sign-in/code").status_code == 200
    assert tell(place, token(stage, sid="s1", jti="two")).status_code == 200
    assert unnamed.get("/sign-in/code").status_code == 303


def test_open_sockets_close_with_it(place: Flask, stage: Stage, come_in: ComesIn) -> None:
    hub, client = Hub(place), come_in("alice", "s1")
    socket = runtime(place).socketio.test_client(place, flask_test_client=client)
    assert socket.is_connected()
    tell(place, token(stage, sid="s1"))
    while hub.step():
        pass
    assert not socket.is_connected()


def test_it_is_on_record(place: Flask, stage: Stage, come_in: ComesIn, database: Database, cast: Cast) -> None:
    come_in("alice", "s1")
    tell(place, token(stage))
    with place.app_context():
        while outbox.drain(database, "audit", "tests"):
            pass
    with database.reading(SYSTEM) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "account.signed-out")).all()[-1]
    assert entry.actor_id is None


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another-program"},
        {"aud": None},
        {"iat": None},
        {"iat": "now"},
        {"iat": 1_000_000_000, "exp": None},
        {"iat": 4_000_000_000, "exp": None},
        {"exp": 1_000_000_000},
        {"jti": None},
        {"events": None},
        {"events": {}},
        {"events": ["http://schemas.openid.net/event/backchannel-logout"]},
        {"events": {"http://schemas.openid.net/event/backchannel-logout": 1}},
        {"nonce": "as an ID token has"},
        {"typ": "at+jwt"},
        {"sub": None},
        {"sub": ["ada"]},
        {"sub": None, "sid": 7},
        pytest.param({"key": OTHER}, id="signed by another key"),
    ],
    ids=str,
)
def test_what_is_not_such_a_token_ends_nothing(
    place: Flask, stage: Stage, come_in: ComesIn, changed: dict[str, Any]
) -> None:
    client = come_in("alice", "s1")
    answer = tell(place, token(stage, **changed))
    assert (answer.status_code, answer.get_json()) == (400, {"error": "invalid_request"})
    assert is_in(client)


@pytest.mark.parametrize("given", ["", "a.b.c", "x" * 10_000, "\0"])
def test_what_is_no_token_at_all_ends_nothing_either(place: Flask, stage: Stage, given: str) -> None:
    assert tell(place, given).status_code == 400


def test_an_unsigned_or_shared_secret_token_is_not_believed(place: Flask, stage: Stage) -> None:
    signed = token(stage)
    for header in ("eyJhbGciOiJub25lIn0", "eyJhbGciOiJIUzI1NiJ9"):
        assert tell(place, f"{header}.{signed.split('.')[1]}.{signed.split('.')[2]}").status_code == 400


def test_a_token_that_somebody_kept_does_nothing_later(
    place: Flask, stage: Stage, come_in: ComesIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = token(stage, exp=None)
    assert tell(place, kept).status_code == 200
    client = come_in("alice", "s1")
    assert tell(place, kept).status_code == 400
    later = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert tell(place, kept).status_code == 400
    assert is_in(client)


def test_a_token_is_not_used_up_where_its_work_failed(
    place: Flask, stage: Stage, come_in: ComesIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = come_in("alice", "s1")
    with monkeypatch.context() as broken:
        broken.setattr(actions, "end_sessions", lambda *_given, **_named: 1 / 0)
        assert tell(place, token(stage)).status_code == 500
    assert tell(place, token(stage)).status_code == 200
    assert not is_in(client)


class Killed(BaseException):
    """Nothing more of this is run, as after kill -9."""


def test_a_token_is_not_used_up_where_its_work_is_cut_off(
    place: Flask, stage: Stage, come_in: ComesIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_given: object) -> None:
        raise Killed

    client = come_in("alice", "s1")
    with monkeypatch.context() as broken:
        broken.setattr(actions, "end_sessions", die)
        with pytest.raises(Killed):
            tell(place, token(stage))
    assert tell(place, token(stage)).status_code == 200
    assert not is_in(client)


def test_a_provider_that_does_not_answer_may_say_it_again(place: Flask, stage: Stage, come_in: ComesIn) -> None:
    client = come_in("alice", "s1")
    del stage.answers["/keys"]
    assert tell(place, token(stage)).status_code == 503
    stage.show(KEY)
    assert tell(place, token(stage)).status_code == 200
    assert not is_in(client)


def test_only_wrong_tokens_are_counted(place: Flask, stage: Stage) -> None:
    assert {tell(place, token(stage, jti=str(number))).status_code for number in range(120)} == {200}
    assert {tell(place, "rubbish").status_code for _ in range(101)} == {400, 429}


def test_without_a_companys_sign_in_there_is_no_such_place(app: Flask, stage: Stage, settings: Settings) -> None:
    runtime(app).settings = replace(settings, oidc_issuer="")
    assert tell(app, token(stage)).status_code == 404


def test_a_session_there_is_kept_with_the_one_here(
    browser: Callable[[], Browser], database: Database, cast: Cast
) -> None:
    visitor = browser()
    visitor.come_in("ada")
    with database.reading(SYSTEM) as session:
        assert session.scalars(select(SignIn.company_session)).one() is not None
    one, other = ({"iss": "https://a.example", "sub": "ada", "sid": name} for name in ("s1", "s2"))
    told = [read(claims, RULES) for claims in (one, one, other)]
    assert len({found.session for found in told if found}) == 2
    assert isinstance(cast.alice, Viewer)
