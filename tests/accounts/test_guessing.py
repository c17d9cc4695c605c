"""Guessers are stopped; owners, their neighbours and whole offices are not."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from intranet.accounts import actions, passwords
from intranet.accounts.browsers import browser_of
from intranet.accounts.guessing import place_of
from intranet.kernel import outbox
from intranet.kernel.db import Database
from tests.cast import SYSTEM, Cast

PASSWORD = "seven brass lanterns"


@pytest.fixture
def door(app: Flask, cast: Cast, database: Database) -> Flask:
    app.config["WTF_CSRF_ENABLED"] = False
    hashed = passwords.hash_password(PASSWORD)
    with database.unit_of_work(SYSTEM) as session:
        for viewer in (cast.alice, cast.bob):
            actions.set_password(session, SYSTEM, viewer.member_id, hashed, spare=None)
    return app


def status(client: FlaskClient, login: str, password: str) -> int:
    return client.post("/sign-in", data={"login": login, "password": password}).status_code


def test_a_guesser_behind_the_same_address_does_not_lock_out_the_owners_browser(door: Flask) -> None:
    owner, guesser = door.test_client(), door.test_client()
    assert status(owner, "alice", PASSWORD) == 302
    owner.post("/sign-out")
    for attempt in range(9):
        status(guesser, "alice", f"guess {attempt}")
    assert status(guesser, "alice", PASSWORD) == 422
    assert status(owner, "alice", PASSWORD) == 302


def test_username_and_address_of_one_person_share_one_count(door: Flask) -> None:
    guesser = door.test_client()
    for attempt in range(4):
        status(guesser, "alice", f"guess {attempt}")
        status(guesser, "alice@example.org", f"guess {attempt}")
    assert status(guesser, "alice", PASSWORD) == 422


def test_a_whole_office_signs_in_from_one_address(door: Flask) -> None:
    for _ in range(10):
        assert status(door.test_client(), "bob", PASSWORD) == 302


def test_a_known_browser_is_known_for_its_own_person_only(door: Flask) -> None:
    bobs = door.test_client()
    status(bobs, "bob", PASSWORD)
    for attempt in range(8):
        status(bobs, "alice", f"guess {attempt}")
    assert status(door.test_client(), "alice", PASSWORD) == 422


def test_refused_tries_are_on_record_without_what_was_typed(door: Flask, cast: Cast, database: Database) -> None:
    status(door.test_client(), "alice", "my secret typo")
    status(door.test_client(), "no-such-name", "my secret typo")
    with database.reading(SYSTEM) as session:
        rows = [
            row.payload
            for row in session.scalars(select(outbox.OutboxEvent).order_by(outbox.OutboxEvent.id))
            if row.type == "account.sign-in-refused"
        ]
    assert [row["person_id"] for row in rows] == [cast.alice.member_id, None]
    assert not any(typed in str(rows) for typed in ("my secret typo", "no-such-name"))


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("10.0.0.7", "10.0.0.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:10.0.0.7", "::ffff:10.0.0.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
    ],
)
def test_one_ipv6_network_is_one_place(address: str, place: str) -> None:
    assert place_of(address) == place


@pytest.mark.parametrize(
    ("header", "name", "icon"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux", "laptop"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140", "Edge on Windows",
         "laptop"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Safari/604.1",
         "Safari on iPhone", "phone"),
        ("curl/8.5.0", "curl", "laptop"),
        ("", "A browser", "laptop"),
    ],
)  # fmt: skip
def test_browsers_are_called_what_people_call_them(app: Flask, header: str, name: str, icon: str) -> None:
    with app.test_request_context():
        found = browser_of(header)
    assert (found.name, found.icon) == (name, icon)
