"""One way in: the gate, the forged form, the retry, and errors as pages or problems."""

import sys
from http import HTTPStatus

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import func, select

from intranet import config
from intranet.accounts.models import Person
from intranet.kernel.api import Api
from intranet.kernel.db import Database, Session
from intranet.kernel.errors import Invalid, NotFound, TooFast
from intranet.kernel.idempotency import KeptAnswer
from intranet.kernel.policy import ADMIN, ANYONE, MEMBER
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import ANONYMOUS, Viewer
from intranet.kernel.web import Feature
from tests.cast import SYSTEM, Cast, add_person
from tests.fixtures import AsViewer

feature = Feature("tests_bench")


@feature.get("/bench/open", allow=ANYONE)
def for_anyone(_session: Session, _viewer: Viewer) -> str:
    return "open"


@feature.get("/bench/missing", allow=MEMBER)
def missing(_session: Session, _viewer: Viewer) -> str:
    raise NotFound


@feature.get("/bench/admin", allow=ADMIN)
def for_admins(_session: Session, _viewer: Viewer) -> str:
    return "admin"


@feature.get("/bench/fast", allow=MEMBER)
def fast(_session: Session, _viewer: Viewer) -> str:
    raise TooFast(3)


@feature.get("/bench/broken", allow=MEMBER)
def broken(_session: Session, _viewer: Viewer) -> str:
    raise ValueError("the reason stays in the log")


@feature.post("/bench/people", allow=MEMBER)
def make(session: Session, _viewer: Viewer) -> tuple[str, int]:
    add_person(session, request.form["name"])
    return ("kept", 201) if request.form.get("keep") else ("thrown away", 422)


@feature.post("/bench/secret", allow=MEMBER)
def secret(_session: Session, _viewer: Viewer) -> str:
    return "shown once"


@feature.post("/api/v1/bench", allow=MEMBER, api=Api())
def api(_session: Session, _viewer: Viewer) -> str:
    raise Invalid({"text": "too long"})


@pytest.fixture
def bench(app: Flask, cast: Cast) -> Flask:
    feature.mount(app)
    return app


@pytest.fixture
def alice(bench: Flask, as_viewer: AsViewer, cast: Cast) -> FlaskClient:
    return as_viewer(cast.alice)


def people(database: Database) -> int:
    with database.reading(SYSTEM) as session:
        return session.scalar(select(func.count()).select_from(Person)) or 0


def test_a_visitor_gets_the_open_page_and_is_asked_to_sign_in_elsewhere(bench: Flask, as_viewer: AsViewer) -> None:
    visitor = as_viewer(ANONYMOUS)
    assert visitor.get("/bench/open").status_code == 200
    answer = visitor.get("/bench/missing?a=b")
    assert answer.status_code == 302
    assert answer.location == "/sign-in?next=%2Fbench%2Fmissing%3Fa%3Db"
    assert visitor.post("/api/v1/bench").status_code == 401


def test_a_member_is_refused_what_admins_may(alice: FlaskClient) -> None:
    assert alice.get("/bench/admin").status_code == 403


def test_an_error_answer_keeps_nothing(alice: FlaskClient, database: Database) -> None:
    before = people(database)
    assert alice.post("/bench/people", data={"name": "gina"}).status_code == 422
    assert people(database) == before
    assert alice.post("/bench/people", data={"name": "gina", "keep": "1"}).status_code == 201
    assert people(database) == before + 1


def test_a_retry_with_the_same_key_changes_nothing_and_answers_the_same(alice: FlaskClient, database: Database) -> None:
    data = {"name": "hugo", "keep": "1", "idempotency_key": "k1"}
    first = alice.post("/bench/people", data=data)
    after = people(database)
    second = alice.post("/bench/people", data=data)
    assert (first.status_code, first.data) == (second.status_code, second.data) == (201, b"kept")
    assert people(database) == after


def test_a_page_is_not_kept_since_it_may_show_a_secret(alice: FlaskClient, database: Database) -> None:
    assert alice.post("/bench/secret", headers={"Idempotency-Key": "k3"}).status_code == 200
    with database.reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(KeptAnswer)) == 0


def test_a_key_cannot_be_used_for_something_else(alice: FlaskClient) -> None:
    alice.post("/bench/people", data={"name": "ines", "keep": "1", "idempotency_key": "k2"})
    answer = alice.post("/api/v1/bench", headers={"Idempotency-Key": "k2"})
    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.get_json()["fields"]


def test_a_forged_form_is_refused(bench: Flask, cast: Cast, database: Database) -> None:
    runtime(bench).identify = lambda: cast.alice
    before = people(database)
    answer = bench.test_client().post("/bench/people", data={"name": "judas", "keep": "1"})
    assert answer.status_code == 400
    assert people(database) == before


def test_programs_get_problem_documents(alice: FlaskClient) -> None:
    answer = alice.post("/api/v1/bench")
    assert answer.content_type == "application/problem+json"
    assert answer.json == {
        "type": "invalid",
        "title": HTTPStatus.UNPROCESSABLE_ENTITY.phrase,  # Python 3.13 renamed it
        "status": 422,
        "fields": {"text": "too long"},
    }
    assert alice.get("/bench/fast", headers={"X-Fragment": "1"}).headers["Retry-After"] == "3"


def test_a_fault_of_ours_shows_no_detail(alice: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    answer = alice.get("/bench/broken", headers={"Accept": "application/json"})
    assert answer.status_code == 500
    assert b"reason" not in answer.data
    assert "the reason stays in the log" in caplog.text


def test_headers_forbid_inline_scripts_and_foreign_places(alice: FlaskClient) -> None:
    answer = alice.get("/bench/open")
    rules = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in rules
    assert "unsafe-inline" not in rules.replace("style-src-attr 'unsafe-inline'", "")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_route_without_a_gate_cannot_be_written() -> None:
    with pytest.raises(TypeError, match="allow"):
        feature.get("/bench/careless")  # type: ignore[call-arg]  # that is the point


def test_importing_the_entry_point_patches_nothing() -> None:
    assert not any(name == "eventlet" for name in sys.modules)


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"COUTH_PORT": "http"}, "COUTH_PORT"),
        ({"COUTH_PORT": "70000"}, "65535"),
        ({"COUTH_ASYNC_MODE": "magic"}, "COUTH_ASYNC_MODE"),
        ({"COUTH_HOST": "0.0.0.0"}, "COUTH_BASE_URL"),  # noqa: S104 (refused, as the test says)
        ({"COUTH_BASE_URL": "couth.example"}, "https://"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_line(environment: dict[str, str], words: str) -> None:
    with pytest.raises(config.BadSetting, match=words) as caught:
        config.load(environment)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "status"),
    [("/articles/5/edit", 404), ("/posts/5/edit", 404), ("/posts/5/comments", 404), ("/questions/5/article", 404)],
)
def test_a_failure_gives_back_what_a_plain_form_sent(
    cast: Cast, as_viewer: AsViewer, address: str, status: int
) -> None:
    words = "An hour of <b>work</b>"
    page = as_viewer(cast.alice).post(address, data={"title": "Why?", "text": words, "password": "not this"})
    assert page.status_code == status
    assert "An hour of &lt;b&gt;work&lt;/b&gt;</textarea>" in page.text
    assert "not this" not in page.text
    out = as_viewer(ANONYMOUS).post(address, data={"title": "Why?", "text": words})
    assert out.status_code == 401
    assert "An hour of" in out.text
    assert 'href="/sign-in"' in out.text
    assert as_viewer(ANONYMOUS).post(address).location == "/sign-in"
