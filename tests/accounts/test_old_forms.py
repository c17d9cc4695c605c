"""A page that was open before its reader signed in again: its script goes on for the same person, and for no other."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from intranet.kernel.db import Database
from tests.accounts.test_signing_in import door, enter
from tests.cast import Cast

__all__ = ["door"]


def token_in(client: FlaskClient) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/sign-in", follow_redirects=True).text)
    assert found
    return found[1]


def keep_draft(client: FlaskClient, token: str, **headers: str) -> TestResponse:
    given = {"place": "question", "text": "Half a question"}
    return client.post("/compose/draft", data=given, headers={"X-CSRFToken": token, **headers})


@pytest.fixture
def client(door: Flask) -> FlaskClient:
    """Alice's browser."""
    client = door.test_client()
    enter(client)
    return client


def again(door: Flask, client: FlaskClient, who: str = "alice") -> str:
    """The token of a page that was open before somebody signed in again."""
    old = token_in(client)
    client.post("/sign-out")
    enter(client, who)
    door.config["WTF_CSRF_ENABLED"] = True
    return old


def test_the_same_person_is_told_the_token_of_now(door: Flask, client: FlaskClient, cast: Cast) -> None:
    old = again(door, client)
    told: Any = keep_draft(client, old, **{"X-Fragment": "1"})
    assert (told.status_code, told.json["type"], told.json["viewer"]) == (400, "old-form", str(cast.alice.id))
    assert keep_draft(client, told.json["token"], **{"X-Fragment": "1"}).status_code == 200


def test_somebody_else_is_told_that_the_page_is_not_theirs(door: Flask, client: FlaskClient, cast: Cast) -> None:
    told: Any = keep_draft(client, again(door, client, "bob"), **{"X-Fragment": "1"})
    assert told.json["viewer"] == str(cast.bob.id) != str(cast.alice.id)


def test_what_no_own_script_asks_is_told_nothing(door: Flask, client: FlaskClient, database: Database) -> None:
    old = again(door, client)
    refused = keep_draft(client, old)
    assert refused.status_code == 400
    assert "older than your session" in refused.text
    assert "token" not in keep_draft(client, old, Accept="application/json").json  # type: ignore[operator]  # it is an object
