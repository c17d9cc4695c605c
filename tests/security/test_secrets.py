"""What opens something is in no line of the log, whatever people do with it, and whatever breaks while they do."""

import io
import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from intranet import config
from intranet.accounts import actions, links, passwords
from intranet.config import Settings
from intranet.kernel import jobs, journal
from intranet.kernel.db import Database
from intranet.kernel.runtime import runtime
from tests.cast import SYSTEM, Cast

PASSWORD, NEW_PASSWORD, WRONG = "marked brass lanterns", "marked copper lanterns", "marked guess of a stranger"
WORDS, SOUGHT, CODE, STATE = "marked words of alice", "marked search", "marked-code", "marked-state"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that the product writes, as it writes it, and at the level at which it tells most."""
    written = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    journal.start("web", Settings(log="json"), stream=written)
    logging.getLogger("intranet").setLevel(logging.DEBUG)
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.getLogger("intranet").setLevel(logging.NOTSET)


def test_the_log_holds_no_secret_and_no_words(
    app: Flask, cast: Cast, database: Database, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    secrets = {PASSWORD, NEW_PASSWORD, WRONG, "marked", "alice@example.org"}
    secrets |= set(_come_and_go(app, cast, database))
    secrets |= set(_come_by_link(app, cast, database))
    _come_from_the_company(app)
    _break(app, cast, monkeypatch)
    while jobs.run_due(database):
        pass
    told = log.getvalue()
    assert '"message": "request"' in told
    assert "unforeseen" in told or '"status": 500' in told
    assert [secret for secret in secrets if secret in told] == []


def _come_and_go(app: Flask, cast: Cast, database: Database) -> Iterator[str]:
    hashed = passwords.hash_password(PASSWORD)
    yield hashed
    with database.unit_of_work(SYSTEM) as session:
        actions.set_password(session, SYSTEM, cast.alice.member_id, hashed, spare=None)
    client = app.test_client()
    client.post("/sign-in", data={"login": "alice", "password": WRONG})
    client.post("/sign-in", data={"login": "alice@example.org", "password": PASSWORD})
    cookie = client.get_cookie("couth")
    assert cookie is not None
    yield cookie.value
    client.post("/posts", data={"text": WORDS, "audience": "everyone"})
    client.get("/search", query_string={"q": SOUGHT})
    client.get("/experts", query_string={"q": SOUGHT})
    answer = client.post("/settings/tokens", data={"name": "marked name"})
    token = answer.text.partition('<code dir="ltr">')[2].partition("<")[0]
    assert len(token) > 30
    yield token
    assert app.test_client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    app.test_client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}x"})
    client.post("/settings/password", data={"current": PASSWORD, "password": NEW_PASSWORD})
    client.post("/sign-out")


def _come_by_link(app: Flask, cast: Cast, database: Database) -> Iterator[str]:
    dana = cast.dana
    with database.unit_of_work(dana) as session:
        bob = actions.get_person(session, cast.bob.member_id)
        invitation = links.invite(session, dana, email="marked@example.org", roles=())
        paths = [invitation, links.reset_link(session, dana, bob)]
    for path in paths:
        yield path.rpartition("/")[2]
        client = app.test_client()
        assert client.get(path).status_code == 200
        given = {"name": "Marked Person", "username": "marked", "password": NEW_PASSWORD}
        assert client.post(path, data=given).status_code == 302
        assert client.get(path).status_code == 404


def _come_from_the_company(app: Flask) -> None:
    before = runtime(app).settings
    secret = "marked client secret"
    runtime(app).settings = replace(
        before, oidc_issuer="http://127.0.0.1:9", oidc_client_id="couth", oidc_client_secret=secret
    )
    client = app.test_client()
    assert client.get("/sign-in/company").status_code == 502
    assert client.get(f"/sign-in/company/back?code={CODE}&state={STATE}").status_code == 403
    assert client.get(f"/sign-in/company/back?error=marked&state={STATE}").status_code == 403
    runtime(app).settings = before


def _break(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault that quotes what was typed, as faults do."""

    def fails(*given: object, **_named: Any) -> None:
        raise ValueError(f"cannot read {given} {PASSWORD}")

    monkeypatch.setattr(passwords, "is_right", fails)
    assert app.test_client().post("/sign-in", data={"login": "bob", "password": WRONG}).status_code == 500


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"secret_key": "marked"}, "(set)"),
        ({"push_key": "marked"}, "(set)"),
        ({"oidc_client_secret": "marked"}, "(set)"),
        ({"database_url": "postgresql://couth:marked@db/couth"}, "postgresql://couth:…@db/couth"),
        ({"redis_url": "redis://:marked@cache/0"}, "redis://:…@cache/0"),
        ({"mail_url": "smtp://couth:mar@ked@mail:25"}, "smtp://couth:…@mail:25"),
    ],
)
def test_settings_are_listed_without_what_opens_something(given: dict[str, Any], shown: str) -> None:
    name = f"COUTH_{next(iter(given)).upper()}"
    assert config.shown(Settings(**given), name) == shown


_OUT = (
    "/static/../wsgi.py",
    "/static/%2e%2e/wsgi.py",
    "/static/..%2fwsgi.py",
    "/static/....//wsgi.py",
    "/static/..\\wsgi.py",
    "/static//etc/passwd",
    "/static/css/../../requirements.txt",
    "/static/%00/../wsgi.py",
    "/site/logo/../secret_key",
    "/site/logo/..%2f..%2fsecret_key",
    "/files/..%2fsecret_key",
    "/files/1/../../secret_key",
    "/people/..%2f..%2fsecret_key/photo",
)


def test_no_address_leads_out_of_its_folder(app: Flask, client: FlaskClient) -> None:
    (runtime(app).settings.data / "secret_key").write_text("marked key")
    for path in _OUT:
        answer = client.get(path)
        assert answer.status_code in {302, 308, 404}, path
        for kept in ("marked key", "Without it psycopg waits", "root:"):
            assert kept not in answer.text, path


@pytest.fixture
def client(app: Flask, cast: Cast) -> FlaskClient:
    runtime(app).identify = lambda: cast.dana
    return app.test_client()
