"""Getting in, staying in, and being out at once."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from intranet import create_app
from intranet.accounts import actions, keeping, links, passwords, queries
from intranet.accounts.models import ApiToken, OneTimeLink, Person, SignIn
from intranet.config import Settings
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.errors import Conflict, Invalid, Refused
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Role
from intranet.kernel.web import own_path
from tests.applications import make_tables
from tests.cast import SYSTEM, Cast

PASSWORD = "seven brass lanterns"


@pytest.fixture
def door(app: Flask, cast: Cast, database: Database) -> Flask:
    """Everybody in the cast has the same password; forms need no CSRF token."""
    app.config["WTF_CSRF_ENABLED"] = False
    password_hash = passwords.hash_password(PASSWORD)
    with database.unit_of_work(SYSTEM) as session:
        for person in session.scalars(select(Person)):
            actions.set_password(session, SYSTEM, person.id, password_hash, spare=None)
    return app


def enter(client: FlaskClient, login: str = "alice", password: str = PASSWORD, **more: str) -> TestResponse:
    return client.post("/sign-in", data={"login": login, "password": password, **more})


def is_in(client: FlaskClient) -> bool:
    return client.get("/settings/security").status_code == 200


@pytest.mark.parametrize("login", ["alice", "ALICE", "alice@example.org"])
def test_a_member_signs_in_by_username_or_address(door: Flask, login: str) -> None:
    client = door.test_client()
    assert enter(client, login).status_code == 302
    assert is_in(client)


@pytest.mark.parametrize(
    ("login", "password"), [("alice", "wrong"), ("nobody", PASSWORD), ("erin", PASSWORD), ("", "")]
)
def test_wrong_unknown_and_gone_get_the_same_answer(door: Flask, login: str, password: str) -> None:
    client = door.test_client()
    answer = enter(client, login, password)
    assert answer.status_code == 422
    assert not is_in(client)
    if login:
        assert "Username or password is not right." in answer.text
        assert f'value="{login}"' in answer.text  # what was typed is still there


def test_an_unknown_name_costs_a_hash_too(door: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str | None] = []
    original = passwords.is_right

    def watched(password_hash: str | None, password: str) -> bool:
        checked.append(password_hash)
        return original(password_hash, password)

    monkeypatch.setattr(passwords, "is_right", watched)
    enter(door.test_client(), "nobody")
    assert checked == [None]


def test_guessing_is_slowed_and_the_owner_elsewhere_still_gets_in(door: Flask) -> None:
    attacker = door.test_client()
    for _ in range(9):
        answer = enter(attacker, "alice", "guess")
    assert "Too many tries" in answer.text
    assert enter(attacker, "alice").status_code == 422
    owner = door.test_client()
    data = {"login": "alice", "password": PASSWORD}
    assert owner.post("/sign-in", data=data, environ_base={"REMOTE_ADDR": "10.1.1.1"}).status_code == 302


def test_an_ended_session_is_out_at_the_next_request(door: Flask, database: Database) -> None:
    client = door.test_client()
    enter(client)
    with database.unit_of_work(SYSTEM) as session:
        for row in session.scalars(select(SignIn)):
            session.delete(row)
    assert not is_in(client)


def test_signing_out_ends_the_session_on_the_server_too(door: Flask) -> None:
    client = door.test_client()
    enter(client)
    stolen = client.get_cookie("couth")
    assert stolen is not None
    client.post("/sign-out")
    thief = door.test_client()
    thief.set_cookie("couth", stolen.value)
    assert not is_in(thief)


def test_an_old_session_is_over(door: Flask) -> None:
    client = door.test_client()
    enter(client, keep="1")
    with clock.fixed(clock.now() + timedelta(days=15)):
        assert not is_in(client)


def test_deactivation_ends_every_session_and_token(door: Flask, cast: Cast, database: Database) -> None:
    client = door.test_client()
    enter(client)
    with database.unit_of_work(SYSTEM) as session:
        token = actions.make_token(session, SYSTEM, actions.get_person(session, cast.alice.member_id), "script")
    headers = {"Authorization": f"Bearer {token}"}
    assert door.test_client().get("/api/v1/events", headers=headers).status_code == 200
    with database.unit_of_work(cast.dana) as session:
        actions.deactivate(session, cast.dana, actions.get_person(session, cast.alice.member_id))
    assert not is_in(client)
    assert door.test_client().get("/api/v1/events", headers=headers).status_code == 401


def test_a_planted_cookie_is_worth_nothing_after_signing_in(door: Flask) -> None:
    client = door.test_client()
    with client.session_transaction() as cookie:
        cookie["planted"] = "by an attacker"
    enter(client)
    with client.session_transaction() as cookie:
        assert "planted" not in cookie


def test_secrets_are_kept_as_hashes(door: Flask, cast: Cast, database: Database) -> None:
    client = door.test_client()
    enter(client)
    answer = client.post("/settings/tokens", data={"name": "nightly"})
    shown = re.search(r'<code dir="ltr">([\w-]+)</code>', answer.text)
    assert shown is not None
    with database.reading(SYSTEM) as session:
        kept = session.scalars(select(ApiToken)).one()
        assert shown.group(1) not in (kept.token_hash, kept.name)
        hashed = queries.password_hash_of(session, cast.alice.member_id)
        assert hashed is not None
        assert hashed.startswith("$argon2id$")


@pytest.mark.parametrize(
    "address", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", "/\n/evil"]
)
def test_nobody_is_sent_elsewhere_after_signing_in(door: Flask, address: str) -> None:
    assert own_path(address) == "/"
    assert enter(door.test_client(), next=address).location == "/"


def test_cookies_are_secure_with_an_https_address(door: Flask, tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = Settings(data=tmp_path_factory.mktemp("secure"), base_url="https://couth.example", secret_key="x")
    secure = create_app(settings)
    make_tables(runtime(secure).database)
    page = secure.test_client().get("/sign-in", base_url="https://couth.example")
    planted = secure.test_client()
    planted.set_cookie("couth", page.headers["Set-Cookie"].partition("=")[2].partition(";")[0], secure=True)
    assert "Set-Cookie" in planted.get("/sign-in", base_url="https://couth.example").headers  # it is not looked at
    runtime(secure).database.engine.dispose()
    assert page.headers["Set-Cookie"].startswith("__Host-couth=")
    assert "; Secure" in page.headers["Set-Cookie"]
    assert "; Path=/" in page.headers["Set-Cookie"]
    assert "Domain" not in page.headers["Set-Cookie"]
    assert "max-age" in page.headers["Strict-Transport-Security"]
    answer = enter(door.test_client())
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_sign_in_without_the_forms_token_is_refused(door: Flask) -> None:
    door.config["WTF_CSRF_ENABLED"] = True
    assert enter(door.test_client()).status_code == 400


@pytest.mark.parametrize("password", ["short", "password123", "aaaaaaaaaaaaaa", "Hannah2026!!"])
def test_weak_passwords_are_refused_with_the_reason(door: Flask, password: str) -> None:
    with door.test_request_context(), pytest.raises(Invalid) as caught:
        passwords.check_new(password, personal=("hannah",))
    assert set(caught.value.fields) == {"password"}


def test_the_first_link_makes_an_admin_and_works_once(app: Flask, database: Database) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with database.unit_of_work(SYSTEM) as session:
        older = links.first_admin_link(session, "http://couth.example")
        link = links.first_admin_link(session, "http://couth.example")
    assert link is not None
    assert older is not None
    path = link.removeprefix("http://couth.example")
    assert app.test_client().get(older.removeprefix("http://couth.example")).status_code == 404
    client = app.test_client()
    data = {"name": "Ada Lovelace", "username": "Ada", "email": "ada@example.org", "password": PASSWORD}
    weak = client.post(path, data={**data, "password": "password123"})
    assert weak.status_code == 422
    assert "Ada Lovelace" in weak.text
    assert client.post(path, data=data).status_code == 302
    assert is_in(client)
    assert app.test_client().get(path).status_code == 404
    with database.unit_of_work(SYSTEM) as session:
        assert queries.person_by_username(session, "ada").roles == [Role.ADMIN]
        assert links.first_admin_link(session, "http://couth.example") is None


def test_an_invitation_takes_in_one_colleague(door: Flask, cast: Cast, database: Database) -> None:
    with database.unit_of_work(cast.dana) as session:
        path = links.invite(session, cast.dana, email="new@example.org", roles=(Role.STEWARD,))
    data = {"name": "New One", "username": "new.one", "email": "other@example.org", "password": PASSWORD}
    taken = door.test_client().post(path, data={**data, "username": "alice"})
    assert "Somebody has this username already." in taken.text
    assert door.test_client().post(path, data=data).status_code == 302
    assert door.test_client().post(path, data=data).status_code == 404
    with database.reading(SYSTEM) as session:
        person = queries.person_by_username(session, "new.one")
        assert (person.email, person.roles) == ("new@example.org", [Role.STEWARD])


def test_members_cannot_invite(cast: Cast, database: Database) -> None:
    with database.unit_of_work(cast.alice) as session, pytest.raises(Refused):
        links.invite(session, cast.alice, email=None, roles=())


def test_a_reset_link_sets_a_new_password_and_ends_sessions(door: Flask, cast: Cast, database: Database) -> None:
    client = door.test_client()
    enter(client)
    with database.unit_of_work(cast.dana) as session:
        person = actions.get_person(session, cast.alice.member_id)
        older = links.reset_link(session, cast.dana, person)
        path = links.reset_link(session, cast.dana, person)
    assert door.test_client().get(older).status_code == 404
    fresh = "nine copper kettles"
    assert door.test_client().post(path, data={"password": fresh}).status_code == 302
    assert not is_in(client)
    assert enter(door.test_client(), "alice", fresh).status_code == 302
    assert enter(door.test_client(), "alice").status_code == 422


def test_a_link_is_too_old_after_its_time(cast: Cast, door: Flask, database: Database) -> None:
    with database.unit_of_work(cast.dana) as session:
        path = links.invite(session, cast.dana, email=None, roles=())
        assert session.scalars(select(OneTimeLink)).one().token_hash not in path
    with clock.fixed(clock.now() + timedelta(days=15)):
        assert door.test_client().get(path).status_code == 404


def test_the_last_admin_can_neither_leave_nor_step_down(cast: Cast, database: Database) -> None:
    with database.unit_of_work(cast.dana) as session:
        dana = actions.get_person(session, cast.dana.member_id)
        with pytest.raises(Conflict):
            actions.deactivate(session, cast.dana, dana)
        with pytest.raises(Conflict):
            actions.change_roles(session, cast.dana, dana, frozenset())
        actions.change_roles(
            session, cast.dana, actions.get_person(session, cast.bob.member_id), frozenset({Role.ADMIN})
        )
        actions.deactivate(session, cast.dana, dana)


def test_a_password_change_needs_the_old_one_and_ends_other_sessions(door: Flask) -> None:
    here, there = door.test_client(), door.test_client()
    enter(here)
    enter(there)
    fresh = {"current": "not it", "password": "nine copper kettles"}
    assert "This is not your password." in here.post("/settings/password", data=fresh).text
    assert here.post("/settings/password", data={**fresh, "current": PASSWORD}).status_code == 302
    assert is_in(here)
    assert not is_in(there)


def test_a_rename_keeps_what_was_typed_when_it_is_refused(door: Flask, cast: Cast, database: Database) -> None:
    client = door.test_client()
    enter(client)
    data = {"name": "Alice Neu", "username": "bob", "email": "a@example.org", "current": PASSWORD}
    answer = client.post("/settings/identity", data=data)
    assert answer.status_code == 422
    assert "Alice Neu" in answer.text
    assert client.post("/settings/identity", data={**data, "username": "alice.neu"}).status_code == 302
    with database.reading(SYSTEM) as session:
        assert queries.person_by_username(session, "alice.neu").id == cast.alice.id


def test_one_cannot_end_somebody_elses_session(door: Flask, database: Database) -> None:
    alice, bob = door.test_client(), door.test_client()
    enter(alice)
    enter(bob, "bob")
    with database.reading(SYSTEM) as session:
        row = session.scalars(select(SignIn).order_by(SignIn.id.desc())).first()
        assert row is not None
    assert alice.post(f"/settings/sessions/{row.id}/end").status_code == 404
    assert is_in(bob)


def test_people_are_added_and_given_tokens_from_the_command_line(door: Flask, database: Database) -> None:
    runner = door.test_cli_runner()
    made = runner.invoke(args=["people", "add", "Grace", "--name", "Grace Hopper", "--email", "g@example.org"])
    password = re.search(r"Password: (\S+)", made.output)
    assert password is not None, made.output
    assert enter(door.test_client(), "grace", password.group(1)).status_code == 302
    token = runner.invoke(args=["token", "grace"]).output.strip()
    assert door.test_client().get("/api/v1/events", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    twice = runner.invoke(args=["people", "add", "grace", "--name", "Grace Hopper"])
    assert twice.exit_code == 1
    assert "username" in twice.output
    assert runtime(door).database is database


def test_making_a_token_leaves_the_form_of_names_alone(door: Flask) -> None:
    client = door.test_client()
    enter(client)
    page = client.post("/settings/tokens", data={"name": "nightly"}).text
    assert 'value="alice@example.org"' in page
    assert 'name="name" type="text" value="Alice Example"' in page
    wrong = client.post("/settings/password", data={"current": "not it", "password": "nine copper kettles"}).text
    assert 'value="Alice Example"' in wrong


def test_everything_wrong_about_a_new_account_is_said_at_once(door: Flask, cast: Cast, database: Database) -> None:
    with database.unit_of_work(cast.dana) as session:
        path = links.invite(session, cast.dana, email=None, roles=())
    page = door.test_client().post(path, data={"name": "", "username": "!!", "password": "password123"}).text
    assert page.count('role="alert"') == 3


def test_a_session_shows_when_it_was_last_seen(door: Flask, database: Database) -> None:
    client = door.test_client()
    enter(client, keep="1")
    later = clock.now() + timedelta(hours=1)
    with clock.fixed(later):
        assert is_in(client)
    with database.reading(SYSTEM) as session:
        assert session.scalars(select(SignIn)).one().seen_at == later


def test_sessions_that_are_over_are_forgotten(door: Flask, database: Database) -> None:
    enter(door.test_client())
    with clock.fixed(clock.now() + timedelta(days=1)), database.unit_of_work(SYSTEM) as session:
        keeping.prune(session, {})
        assert session.scalars(select(SignIn)).all() == []
