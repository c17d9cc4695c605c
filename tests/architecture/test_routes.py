"""Every route, from the route table itself: a new one is covered the moment it exists."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from intranet.accounts import models as accounts
from intranet.accounts.sessions import token_hash
from intranet.kernel.db import Database
from intranet.kernel.ids import new_id
from intranet.kernel.policy import ANYONE, MEMBER, Allow
from tests.architecture.stage import SECRET, Stage, guarded_models
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer

# Open to people who are not signed in, each for a reason. A route joins this list on purpose or not at all.
OPEN_TO_ANYONE = {
    "accounts.sign_in": "the door itself",
    "accounts.open_session": "the door itself",
    "accounts.ask_passkey": "what any device is asked; it says nothing of anybody",
    "accounts.enter_by_passkey": "the door itself",
    "accounts.second_step": "whoever gave a right password just now",
    "accounts.give_code": "whoever gave a right password just now",
    "accounts.recovery_step": "whoever gave a right password just now",
    "accounts.give_recovery_code": "whoever gave a right password just now",
    "accounts.set_up": "whoever gave a right password just now, where a second factor is asked for",
    "accounts.finish_set_up": "whoever gave a right password just now, where a second factor is asked for",
    "accounts.sign_out": "a second click on it must not be an error",
    "accounts.welcome": "whoever holds the first start's one-time link",
    "accounts.found": "whoever holds the first start's one-time link",
    "accounts.invitation": "whoever holds an invitation's one-time link",
    "accounts.accept": "whoever holds an invitation's one-time link",
    "accounts.forgot": "whoever can't get in",
    "accounts.mail_reset": "whoever can't get in; the answer says nothing of anybody",
    "accounts.reset": "whoever holds a reset's one-time link",
    "accounts.set_new_password": "whoever holds a reset's one-time link",
    "accounts.set_out": "the way to the company's sign-in",
    "accounts.come_back": "the way back from it, with what this browser was given at the beginning",
    "accounts.leave_company": "out of the company's sign-in, after signing out here",
    "accounts.end_for_company": "the company's sign-in says, signed, who signed out there",
    "governance.logo": "the sign-in page shows it",
    "home.offline": "kept by browsers for when there is no line; it says nothing of anybody",
    "home.service_worker": "browsers ask for it also where nobody is signed in; it says nothing of anybody",
    "notifications.ask_stop": "whoever holds the signed address of a mail",
    "notifications.stop": "whoever holds the signed address of a mail",
    "operations.show_arrival": "the doctor, whose address is signed; hidden from others by the view itself",
    "operations.show_health": "load balancers",
    "operations.show_metrics": "a collector on this machine; hidden from others by the view itself",
}
_FLASKS_OWN = {"static"}


@dataclass(frozen=True, slots=True)
class Door:
    """One way in: a rule with one of its methods."""

    rule: Rule
    method: str
    allow: Allow

    def knock(self, client: FlaskClient, **given: object) -> TestResponse:
        values = {
            name: given.get(name, 1 if "Id" in type(c).__name__ else "x") for name, c in self.rule._converters.items()
        }
        adapter = client.application.url_map.bind("localhost")
        return client.open(adapter.build(self.rule.endpoint, values, method=self.method), method=self.method)

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule} ({self.rule.endpoint})"


def doors(app: Flask) -> Iterator[Door]:
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if rule.endpoint not in _FLASKS_OWN:
                yield Door(rule, method, getattr(view, "allow", None) or _missing(rule))


def _missing(rule: Rule) -> Allow:
    raise AssertionError(f"{rule.rule} does not say who is let in")


def _sends_away(answer: TestResponse) -> bool:
    """401, or a redirect to the sign-in page: the same for everything."""
    is_redirect = answer.status_code in {302, 303} and (answer.location or "").startswith("/sign-in")
    return answer.status_code == 401 or is_redirect


def test_every_route_says_who_is_let_in(app: Flask) -> None:
    assert len(list(doors(app))) > 2


def test_only_the_named_routes_are_open_to_anyone(app: Flask) -> None:
    assert {door.rule.endpoint for door in doors(app) if door.allow is ANYONE} == set(OPEN_TO_ANYONE)


def test_every_other_route_sends_a_signed_out_visitor_away(app: Flask, cast: Cast) -> None:
    client = app.test_client()
    let_in = [str(door) for door in doors(app) if door.allow is not ANYONE and not _sends_away(door.knock(client))]
    assert not let_in


def _cookie_client(app: Flask, database: Database, person_id: int) -> FlaskClient:
    """A browser with a session that was good when it began."""
    token = f"a browser of {person_id}"
    with database.unit_of_work(SYSTEM) as session:
        stage = Stage(session, 1, person_id)
        stage.row(accounts.SignIn).token_hash = token_hash(token)
        stage.row(accounts.SignIn).expires_at = stage.row(accounts.SignIn).expires_at.replace(year=2999)
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    return client


def test_every_other_route_sends_a_deactivated_member_away(app: Flask, database: Database, cast: Cast) -> None:
    """Although the browser still holds a session and a program still holds a token."""
    browser = _cookie_client(app, database, cast.erin.member_id)
    with database.unit_of_work(SYSTEM) as session:
        Stage(session, 1, cast.erin.member_id).row(accounts.ApiToken).token_hash = token_hash("a program of erin")
    program = app.test_client()
    program.environ_base["HTTP_AUTHORIZATION"] = "Bearer a program of erin"
    closed = [door for door in doors(app) if door.allow is not ANYONE]
    let_in = [str(door) for door in closed for client in (browser, program) if not _sends_away(door.knock(client))]
    assert not let_in


def test_the_same_session_lets_an_active_member_in(app: Flask, database: Database, cast: Cast) -> None:
    """The check of the check: it is the deactivation that sends erin away."""
    client = _cookie_client(app, database, cast.alice.member_id)
    pages = [door for door in doors(app) if door.allow is MEMBER and door.method == "GET" and not door.rule.arguments]
    assert any(door.knock(client).status_code == 200 for door in pages)


def test_a_plain_member_is_refused_where_a_role_is_asked(app: Flask, cast: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.carol)
    special = [door for door in doors(app) if door.allow not in {ANYONE, MEMBER}]
    let_in = [str(door) for door in special if door.knock(client).status_code not in {403, 404}]
    assert not let_in


@pytest.fixture
def hidden(database: Database, cast: Cast) -> dict[str, int]:
    """By the noun of a URL value: the id of a row that belongs to alice's group."""
    found: dict[str, int] = {}
    with database.unit_of_work(SYSTEM) as session:
        stage = Stage(session, cast.group, cast.alice.member_id)
        for model in guarded_models():
            identity = inspect(stage.row(model)).identity
            if identity:
                found[model.__tablename__.rsplit("_", 1)[-1].removesuffix("s")] = identity[0]
    return found


def test_what_carol_may_not_see_answers_like_what_is_not_there(
    app: Flask, cast: Cast, hidden: dict[str, int], as_viewer: AsViewer
) -> None:
    client = as_viewer(cast.carol)
    told: list[str] = []
    for door in doors(app):
        ids = {
            name: hidden[name.removesuffix("_id")] for name in door.rule.arguments if name.removesuffix("_id") in hidden
        }
        if not ids or door.allow is ANYONE:
            continue
        there, missing = door.knock(client, **ids), door.knock(client, **dict.fromkeys(ids, new_id()))
        # A redirect that does not look is no answer either: where it leads is asked in its turn.
        is_same = there.status_code == missing.status_code and there.status_code >= 300
        if not is_same or SECRET in there.text:
            told.append(f"{door}: {there.status_code}, and {missing.status_code} for what is missing")
    assert not told, "\n".join(told)


def test_no_page_shows_carol_a_word_of_it(app: Flask, cast: Cast, hidden: dict[str, int], as_viewer: AsViewer) -> None:
    client = as_viewer(cast.carol)
    pages = [door for door in doors(app) if door.method == "GET" and not door.rule.arguments]
    answers = {str(door): door.knock(client, q="heron") for door in pages}
    assert hidden
    assert not [door for door, answer in answers.items() if SECRET in answer.text]
    assert not {door: answer.status_code for door, answer in answers.items() if answer.status_code >= 500}
