"""A right password is half of the way: nothing opens before the second step, and no code opens twice."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_socketio import SocketIOTestClient
from sqlalchemy import select

from intranet.accounts import actions
from intranet.accounts.factors import actions as factors
from intranet.accounts.factors.models import Authenticator, RecoveryCode
from intranet.accounts.models import SignIn
from intranet.kernel import clock, outbox
from intranet.kernel.db import Database
from intranet.kernel.runtime import runtime
from tests.accounts.factors.stage import code, enter, give_factor, is_in, open_door, prove, wrong_code
from tests.cast import SYSTEM, Cast


@pytest.fixture
def spare(app: Flask, cast: Cast, database: Database) -> list[str]:
    """alice has a second factor; her recovery codes."""
    open_door(app, database)
    return give_factor(app, cast.alice)


@pytest.fixture
def door(app: Flask, spare: list[str]) -> Flask:
    assert len(spare) == 10
    return app


def half_in(app: Flask, **more: str) -> FlaskClient:
    client = app.test_client()
    assert enter(client, **more).location == "/sign-in/code"
    return client


def test_the_password_alone_opens_nothing(door: Flask, database: Database) -> None:
    client = half_in(door)
    for path in ("/", "/settings/security", "/people", "/api/v1/me", "/start", "/guidelines/agree"):
        answer = client.get(path)
        assert answer.status_code in {302, 401}, path
        assert "/sign-in" in (answer.location or "/sign-in")
    assert client.post("/api/v1/posts", json={"text": "in"}).status_code == 401
    socket = SocketIOTestClient(door, runtime(door).socketio, flask_test_client=client)
    assert not socket.is_connected()
    with database.reading(SYSTEM) as session:
        assert session.scalars(select(SignIn)).all() == []
    with client.session_transaction() as cookie:
        assert "_user_id" not in cookie


def test_the_code_opens_and_leads_to_where_one_was_going(door: Flask) -> None:
    client = half_in(door, next="/people", keep="1")
    assert prove(client, code()).location == "/people"
    assert is_in(client)
    with client.session_transaction() as cookie:
        assert "second-step" not in cookie
        assert cookie.permanent


def test_somebody_without_a_second_factor_is_asked_for_none(door: Flask) -> None:
    client = door.test_client()
    assert enter(client, "bob").location == "/"
    assert is_in(client)


@pytest.mark.parametrize("late", [-1, 0, 1])
def test_a_clock_may_be_off_by_one_step(door: Flask, late: int) -> None:
    assert prove(half_in(door), code(late=late)).status_code == 302


@pytest.mark.parametrize("late", [-2, 2])
def test_and_no_more(door: Flask, late: int) -> None:
    with clock.fixed(clock.now()):
        client = half_in(door)
        assert prove(client, code(late=late)).status_code == 422
        assert not is_in(client)


@pytest.mark.parametrize("shape", ["{0} {1}", " {0}{1} ", "\u0660"])
def test_codes_are_read_as_authenticators_show_them(door: Flask, shape: str) -> None:
    with clock.fixed(clock.now()):
        digits = code()
        arabic = "".join(chr(0x660 + int(digit)) for digit in digits)
        typed = arabic if shape == "\u0660" else shape.format(digits[:3], digits[3:])
        assert prove(half_in(door), typed).status_code == 302


def test_a_code_that_was_seen_over_a_shoulder_opens_nothing_any_more(door: Flask) -> None:
    with clock.fixed(clock.now()):
        seen = code()
        assert prove(half_in(door), seen).status_code == 302
        thief = half_in(door)
        assert prove(thief, seen).status_code == 422
        assert prove(thief, code(late=1)).status_code == 422  # nor does an earlier one
        assert not is_in(thief)


def test_of_two_at_the_same_moment_one_gets_in(door: Flask, cast: Cast, database: Database) -> None:
    person_id = cast.alice.member_id
    with database.unit_of_work(SYSTEM) as session:
        taken = [factors.spend_step(session, person_id, 7), factors.spend_step(session, person_id, 7)]
    assert taken == [True, False]


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "1" * 61, "'; drop table", "²³¹²³¹"])
def test_what_is_no_code_is_refused(door: Flask, typed: str) -> None:
    client = half_in(door)
    assert prove(client, typed).status_code == 422
    assert not is_in(client)


def test_guessing_codes_is_stopped_and_the_right_one_is_refused_too(door: Flask) -> None:
    client = half_in(door)
    for _ in range(8):
        prove(client, wrong_code())
    answer = prove(client, code())
    assert answer.status_code == 422
    assert "Too many tries" in answer.text


def test_guessing_from_many_places_is_stopped_for_the_account(door: Flask) -> None:
    client = half_in(door)
    for place in range(24):
        client.post("/sign-in/code", data={"code": wrong_code()}, environ_base={"REMOTE_ADDR": f"10.0.0.{place}"})
    answer = client.post("/sign-in/code", data={"code": code()}, environ_base={"REMOTE_ADDR": "10.0.1.1"})
    assert "Too many tries" in answer.text


def test_the_owners_browser_is_not_locked_out_by_a_guesser(door: Flask) -> None:
    owner = half_in(door)
    assert prove(owner, code(late=1)).status_code == 302
    owner.post("/sign-out")
    thief = half_in(door)
    for _ in range(9):
        prove(thief, wrong_code())
    assert enter(owner).location == "/sign-in/code"
    assert prove(owner, code()).status_code == 302


def test_the_half_way_state_lasts_ten_minutes(door: Flask) -> None:
    client = half_in(door)
    with clock.fixed(clock.now() + timedelta(minutes=11)):
        assert prove(client, code()).location == "/sign-in"
        assert client.get("/sign-in/code").location == "/sign-in"
        assert not is_in(client)


def test_whoever_never_gave_a_password_has_no_second_step(door: Flask) -> None:
    client = door.test_client()
    assert prove(client, code()).location == "/sign-in"
    assert client.post("/sign-in/recovery", data={"code": "x"}).location == "/sign-in"
    assert client.get("/sign-in/set-up").location == "/sign-in"
    assert not is_in(client)


def test_a_new_password_meanwhile_begins_anew(door: Flask, cast: Cast, database: Database) -> None:
    client = half_in(door)
    with database.unit_of_work(SYSTEM) as session:
        actions.set_password(session, SYSTEM, cast.alice.member_id, "another hash", spare=None)
    assert prove(client, code()).location == "/sign-in"


def test_a_leaver_does_not_get_in_half_way(door: Flask, cast: Cast, database: Database) -> None:
    client = half_in(door)
    with database.unit_of_work(cast.dana) as session:
        actions.deactivate(session, cast.dana, actions.get_person(session, cast.alice.member_id))
    assert prove(client, code()).location == "/sign-in"
    with database.reading(SYSTEM) as session:
        assert session.scalars(select(Authenticator)).all() == []
        assert session.scalars(select(RecoveryCode)).all() == []


def test_the_session_is_a_fresh_one_after_each_step(door: Flask, database: Database) -> None:
    client = door.test_client()
    with client.session_transaction() as cookie:
        cookie["planted"] = "by an attacker"
    enter(client)
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        cookie["planted"] = "between the steps"
    half = client.get_cookie("couth")
    assert half is not None
    prove(client, code())
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
    planter = door.test_client()
    planter.set_cookie("couth", half.value)
    assert not is_in(planter)  # whoever knows the half-way cookie has no part in the session


def test_somebody_elses_code_opens_nothing(door: Flask, cast: Cast) -> None:
    client = door.test_client()
    enter(client, "bob")
    client.post("/sign-out")
    with client.session_transaction() as cookie:
        cookie["second-step"] = [str(cast.bob.member_id), False, "/", clock.now().timestamp(), False]
    assert prove(client, code()).location == "/sign-in"  # bob owes none


def test_a_wrong_password_gets_the_same_answer_with_and_without_a_second_factor(door: Flask) -> None:
    answers = [enter(door.test_client(), name, "wrong") for name in ("alice", "bob", "nobody")]
    pages = {answer.text.replace(name, "") for answer, name in zip(answers, ("alice", "bob", "nobody"), strict=True)}
    assert {answer.status_code for answer in answers} == {422}
    assert len({page.split("<main")[1].split("csrf_token")[0] for page in pages}) == 1


def test_a_recovery_code_opens_once_and_says_how_many_are_left(door: Flask, spare: list[str]) -> None:
    client = half_in(door)
    answer = client.post("/sign-in/recovery", data={"code": spare[0].upper().replace("-", " ")})
    assert answer.status_code == 302
    assert "9 recovery codes are left." in client.get("/settings/security").text
    again = half_in(door)
    assert again.post("/sign-in/recovery", data={"code": spare[0]}).status_code == 422
    assert not is_in(again)
    assert again.post("/sign-in/recovery", data={"code": spare[1]}).status_code == 302


def test_recovery_codes_are_no_codes_and_are_guessed_under_the_same_limit(door: Flask, spare: list[str]) -> None:
    client = half_in(door)
    assert prove(client, spare[0]).status_code == 422
    for _ in range(8):
        client.post("/sign-in/recovery", data={"code": "aaaa-bbbb-cccc-dddd"})
    assert "Too many tries" in client.post("/sign-in/recovery", data={"code": spare[0]}).text


def test_somebody_elses_recovery_code_opens_nothing(app: Flask, door: Flask, cast: Cast) -> None:
    bobs = give_factor(app, cast.bob)
    assert half_in(door).post("/sign-in/recovery", data={"code": bobs[0]}).status_code == 422


def test_a_trusted_browser_is_not_asked_for_thirty_days(door: Flask) -> None:
    client = half_in(door)
    prove(client, code(), trust="1")
    client.post("/sign-out")
    assert enter(client).location == "/"
    client.post("/sign-out")
    with clock.fixed(clock.now() + timedelta(days=31)):
        assert enter(client).location == "/sign-in/code"


def test_a_trusted_browser_is_trusted_for_one_person(app: Flask, door: Flask, cast: Cast) -> None:
    client = half_in(door)
    prove(client, code(), trust="1")
    client.post("/sign-out")
    give_factor(app, cast.bob)
    assert enter(client, "bob").location == "/sign-in/code"


def test_trust_ends_with_the_password_and_with_signing_out_everywhere(door: Flask) -> None:
    client = half_in(door)
    prove(client, code(), trust="1")
    client.post("/settings/sessions/end-others")
    client.post("/sign-out")
    assert enter(client).location == "/sign-in/code"


def test_a_secret_that_cannot_be_read_leaves_the_recovery_codes(
    door: Flask, spare: list[str], cast: Cast, database: Database
) -> None:
    with database.unit_of_work(SYSTEM) as session:
        session.get_one(Authenticator, cast.alice.member_id).sealed_key = "bm90IHNlYWxlZCBieSB1cyBhdCBhbGw="
    client = half_in(door)
    assert "can no longer be read" in prove(client, code()).text
    assert client.post("/sign-in/recovery", data={"code": spare[0]}).status_code == 302


def test_a_refused_code_is_on_record_without_what_was_typed(door: Flask, cast: Cast, database: Database) -> None:
    typed = wrong_code()
    prove(half_in(door), typed)
    with database.reading(SYSTEM) as session:
        found = select(outbox.OutboxEvent).where(outbox.OutboxEvent.type == "account.factor-refused")
        rows = [row.payload for row in session.scalars(found)]
    assert [row["person_id"] for row in rows] == [cast.alice.member_id]
    assert typed not in str(rows)


def test_tokens_of_programs_go_on(door: Flask, cast: Cast, database: Database) -> None:
    with database.unit_of_work(SYSTEM) as session:
        token = actions.make_token(session, SYSTEM, actions.get_person(session, cast.alice.member_id), "nightly")
    headers = {"Authorization": f"Bearer {token}"}
    assert door.test_client().get("/api/v1/me", headers=headers).status_code == 200


def test_the_second_step_needs_the_forms_token(door: Flask) -> None:
    client = half_in(door)
    door.config["WTF_CSRF_ENABLED"] = True
    assert prove(client, code()).status_code == 400
