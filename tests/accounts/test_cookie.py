"""The session's cookie is written where something in it changed, and what is said once is said to a person."""

import pytest
from flask import Flask

from tests.accounts.test_signing_in import door, enter

__all__ = ["door"]


@pytest.mark.parametrize("keep", ["1", ""])
def test_an_answer_that_changes_nothing_leaves_the_cookie_alone(door: Flask, keep: str) -> None:
    """It would put back what another answer, asked for later and here earlier, has just changed."""
    client = door.test_client()
    enter(client, keep=keep)
    client.get("/settings/security")
    for path in ("/", "/settings/security", "/api/v1/events?since=0", "/people/nobody"):
        assert "Set-Cookie" not in client.get(path).headers


def test_what_is_said_once_waits_for_a_page_that_somebody_sees(door: Flask) -> None:
    client = door.test_client()
    enter(client)
    with client.session_transaction() as cookie:
        cookie["_flashes"] = [("message", "The lantern is lit.")]
    for kind in ("0", "1"):
        assert "The lantern is lit." not in client.get("/people", headers={"X-Fragment": kind}).text
    assert "The lantern is lit." in client.get("/people").text
    assert "The lantern is lit." not in client.get("/people").text
