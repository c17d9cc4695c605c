"""Adding a passkey and coming in with one, as a browser would."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from intranet.accounts.passkeys import queries
from intranet.accounts.passkeys.models import Passkey
from intranet.kernel.db import Database
from tests.accounts.passkeys.device import Device
from tests.cast import SYSTEM, Cast


def options(client: FlaskClient, path: str = "/sign-in/passkey/options") -> dict[str, Any]:
    answer = client.post(path)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def add(client: FlaskClient, device: Device, name: str = "Work laptop") -> TestResponse:
    asked = options(client, "/settings/passkeys/options")
    return client.post("/settings/passkeys", data={"name": name, "credential": device.make(asked)})


def enter_with(client: FlaskClient, device: Device, **more: str) -> TestResponse:
    return client.post("/sign-in/passkey", data={"credential": device.sign(options(client)), **more})


def passkey_of(database: Database, cast: Cast) -> Passkey:
    with database.reading(SYSTEM) as session:
        [found] = queries.passkeys_of(session, cast.alice.member_id)
        session.expunge(found)
        return found
