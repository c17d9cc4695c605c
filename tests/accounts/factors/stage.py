"""An authenticator in a test's hand, and the way through the door."""

import re
from datetime import timedelta
from functools import lru_cache

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from intranet.accounts import actions, passwords
from intranet.accounts.factors import actions as factors
from intranet.accounts.factors.codes import STEP
from intranet.accounts.models import Person
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from tests.cast import SYSTEM

PASSWORD = "seven brass lanterns"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@lru_cache
def _hash() -> str:
    return passwords.hash_password(PASSWORD)


def open_door(app: Flask, database: Database) -> Flask:
    """Everybody has the same password; forms need no CSRF token."""
    app.config["WTF_CSRF_ENABLED"] = False
    password_hash = _hash()
    # The password is of yesterday, also for a test that turns the clock.
    with clock.fixed(clock.now() - timedelta(days=1)), database.unit_of_work(SYSTEM) as session:
        for person in session.scalars(select(Person)):
            actions.set_password(session, SYSTEM, person.id, password_hash, spare=None)
    return app


def give_factor(app: Flask, viewer: Viewer) -> list[str]:
    """Turn the second factor on, as if long ago; returns the recovery codes."""
    with app.app_context(), runtime(app).database.unit_of_work(viewer) as session:
        person = actions.get_person(session, viewer.member_id)
        return factors.turn_on(session, viewer, person, SECRET, 0, spare=None)


def code(*, late: int = 0) -> str:
    """The six digits of now, or of some half minutes ago."""
    return pyotp.TOTP(SECRET).at(int(clock.now().timestamp()) - late * STEP)


def wrong_code() -> str:
    """Six digits that are none of those that fit."""
    fitting = {code(late=late) for late in range(-2, 3)}
    return next(
        digits for digits in ("000000", "111111", "222222", "333333", "444444", "555555") if digits not in fitting
    )


def enter(client: FlaskClient, login: str = "alice", password: str = PASSWORD, **more: str) -> TestResponse:
    """The first step."""
    return client.post("/sign-in", data={"login": login, "password": password, **more})


def prove(client: FlaskClient, typed: str, **more: str) -> TestResponse:
    """The second step."""
    return client.post("/sign-in/code", data={"code": typed, **more})


def is_in(client: FlaskClient) -> bool:
    """Whether somebody is signed in here."""
    return client.get("/settings/security").status_code == 200


def signed_in(app: Flask, login: str = "alice") -> FlaskClient:
    """A browser in which somebody with no second factor is in, and has just typed their password once more."""
    client = app.test_client()
    assert enter(client, login).location == "/"
    assert client.post("/settings/prove", data={"current": PASSWORD}).status_code == 303
    return client


def shown_secret(page: str) -> str:
    """The key that a page offers, as text."""
    found = re.search(r'class="scan-key" dir="ltr">([A-Z2-7 ]+)<', page)
    assert found is not None
    return found.group(1).replace(" ", "")


def offer_of(page: str) -> str:
    """The sealed offer in its form."""
    found = re.search(r'name="offer" value="([^"]+)"', page)
    assert found is not None
    return found.group(1)


def shown_codes(page: str) -> list[str]:
    """The recovery codes on a page."""
    return re.findall(r"<li><code dir=\"ltr\">([a-z0-9-]+)</code></li>", page)
