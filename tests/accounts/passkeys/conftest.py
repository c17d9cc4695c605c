"""The door, and a device that opens it."""

import pytest
from flask import Flask

from intranet.kernel.db import Database
from tests.accounts.factors.stage import open_door, signed_in
from tests.accounts.passkeys.device import Device
from tests.accounts.passkeys.stage import add
from tests.cast import Cast


@pytest.fixture
def door(app: Flask, cast: Cast, database: Database) -> Flask:
    return open_door(app, database)


@pytest.fixture
def device(door: Flask) -> Device:
    """alice's."""
    made = Device()
    assert add(signed_in(door), made).location == "/settings/security#passkeys"
    return made
