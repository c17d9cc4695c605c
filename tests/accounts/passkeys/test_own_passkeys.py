"""Passkeys are added, named and removed by their owner alone; where a second factor is asked for, one is one."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.accounts import actions
from intranet.accounts.factors import queries as factors
from intranet.accounts.models import SiteSetting
from intranet.accounts.passkeys import queries
from intranet.accounts.passkeys.models import Passkey, PasskeyChallenge
from intranet.accounts.passkeys.party import Party, party
from intranet.config import Settings
from intranet.kernel import clock
from intranet.kernel.db import Database
from tests.accounts.factors.stage import PASSWORD, code, enter, give_factor, is_in, prove, signed_in
from tests.accounts.passkeys.device import Device
from tests.accounts.passkeys.stage import add, enter_with, options, passkey_of
from tests.cast import SYSTEM, Cast


@pytest.mark.parametrize("lie", [{"origin": "http://evil.example"}, {"host": "evil.example"}, {"sees_owner": False}])
def test_a_passkey_of_elsewhere_is_not_taken_in(door: Flask, lie: dict[str, Any], database: Database) -> None:
    assert add(signed_in(door), replace(Device(), **lie)).status_code == 422
    with database.reading(SYSTEM) as session:
        assert session.scalars(select(Passkey)).all() == []


def test_adding_and_removing_ask_for_the_password(door: Flask, device: Device, cast: Cast, database: Database) -> None:
    client = door.test_client()
    enter(client)
    one = f"/settings/passkeys/{passkey_of(database, cast).id}"
    assert client.get("/settings/passkeys/new").location == "/settings/prove?next=/settings/passkeys/new"
    assert client.post("/settings/passkeys/options").status_code == 403
    assert client.post("/settings/passkeys", data={"name": "x"}).location is not None
    assert client.post(f"{one}/remove").location == f"/settings/prove?next={one}"
    assert passkey_of(database, cast)


def test_a_passkey_proves_it_too_and_only_ones_own(door: Flask, device: Device) -> None:
    client = door.test_client()
    enter_with(client, device)
    assert client.get("/settings/passkeys/new").status_code == 303
    sent = device.sign(options(client, "/settings/prove/options"))
    answer = client.post("/settings/prove/passkey", data={"credential": sent, "next": "/settings/passkeys/new"})
    assert answer.location == "/settings/passkeys/new"
    assert client.get("/settings/passkeys/new").status_code == 200
    bob = door.test_client()
    enter(bob, "bob")
    sent = device.sign(options(bob, "/settings/prove/options"))
    assert bob.post("/settings/prove/passkey", data={"credential": sent}).status_code == 422
    assert bob.get("/settings/passkeys/new").status_code == 303


def test_several_have_names_are_renamed_and_removed(
    door: Flask, device: Device, cast: Cast, database: Database
) -> None:
    client, elsewhere = signed_in(door), door.test_client()
    enter(elsewhere)
    second = Device()
    add(client, second, "<b>Blue</b> key 钥匙")
    assert "&lt;b&gt;Blue&lt;/b&gt; key 钥匙" in client.get("/settings/security").text
    with database.reading(SYSTEM) as session:
        first_id, second_id = [row.id for row in queries.passkeys_of(session, cast.alice.member_id)]
    assert client.post(f"/settings/passkeys/{second_id}/rename", data={"name": ""}).status_code == 422
    client.post(f"/settings/passkeys/{second_id}/rename", data={"name": "Blue key"})
    assert "Blue key" in client.get(f"/settings/passkeys/{second_id}").text
    assert is_in(elsewhere)
    assert client.post(f"/settings/passkeys/{first_id}/remove").status_code == 303
    assert is_in(client)
    assert not is_in(elsewhere)
    assert enter_with(door.test_client(), device).status_code == 422
    assert enter_with(door.test_client(), second).status_code == 302


def test_the_same_passkey_is_taken_in_once(door: Flask, device: Device) -> None:
    client = signed_in(door)
    asked = options(client, "/settings/passkeys/options")
    assert [one["id"] for one in asked["excludeCredentials"]] == [json.loads(device.sign({"challenge": "x"}))["id"]]
    assert "This passkey is here already." in add(client, device).text
    bob = signed_in(door, "bob")
    assert add(bob, device).status_code == 422


def test_somebody_elses_passkey_is_not_there(door: Flask, device: Device, cast: Cast, database: Database) -> None:
    carol, one = signed_in(door, "carol"), f"/settings/passkeys/{passkey_of(database, cast).id}"
    assert carol.get(one).status_code == 404
    assert carol.post(f"{one}/rename", data={"name": "mine"}).status_code == 404
    assert carol.post(f"{one}/remove").status_code == 404
    assert "Work laptop" not in carol.get("/settings/security").text


def test_twenty_are_the_most(door: Flask, cast: Cast, database: Database) -> None:
    with database.unit_of_work(SYSTEM) as session:
        session.add_all(
            Passkey(
                person_id=cast.alice.member_id,
                credential_hash=str(number),
                credential_key="AA",
                public_key="AA",
                name="x",
                sign_count=0,
                is_synced=False,
            )
            for number in range(20)
        )
    assert signed_in(door).post("/settings/passkeys/options").status_code == 422


def test_a_leavers_passkeys_are_gone(door: Flask, device: Device, cast: Cast, database: Database) -> None:
    with database.unit_of_work(cast.dana) as session:
        actions.deactivate(session, cast.dana, actions.get_person(session, cast.alice.member_id))
    assert enter_with(door.test_client(), device).status_code == 422
    with database.reading(SYSTEM) as session:
        assert session.scalars(select(Passkey)).all() == []


def test_a_reset_takes_passkeys_too(door: Flask, device: Device) -> None:
    dana = signed_in(door, "dana")
    assert "One passkey" in dana.get("/admin/people/alice").text
    dana.post("/admin/people/alice/reset-factor")
    assert enter_with(door.test_client(), device).status_code == 422


def ask_of_everyone(database: Database) -> None:
    with database.unit_of_work(SYSTEM) as session:
        session.add(SiteSetting(name=factors.SETTING, value="everyone"))


def test_where_a_second_factor_is_asked_for_a_passkey_is_one(
    door: Flask, device: Device, cast: Cast, database: Database
) -> None:
    ask_of_everyone(database)
    assert enter_with(door.test_client(), device).location == "/"
    client = door.test_client()
    assert enter(client).location == "/sign-in/code"  # the password alone does not do
    page = client.get("/sign-in/code").text
    assert "one-time-code" not in page
    assert prove(client, code()).status_code == 422
    assert enter_with(client, device).location == "/"
    client.post("/settings/prove", data={"current": PASSWORD})
    assert client.post(f"/settings/passkeys/{passkey_of(database, cast).id}/remove").status_code == 409


def test_a_passkey_allows_turning_off_the_authenticator_where_one_is_asked_for(
    door: Flask, device: Device, cast: Cast, database: Database
) -> None:
    give_factor(door, cast.alice)
    ask_of_everyone(database)
    client = door.test_client()
    enter_with(client, device)
    client.post("/settings/prove", data={"current": PASSWORD})
    assert client.post("/settings/factor/off").location == "/settings/security"
    assert passkey_of(database, cast)


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        (Settings(base_url="https://couth.example/"), Party("couth.example", "https://couth.example")),
        (Settings(base_url="https://couth.example:8443"), Party("couth.example", "https://couth.example:8443")),
        (Settings(port=8123), Party("localhost", "http://localhost:8123")),
        (Settings(base_url="http://localhost:8000"), Party("localhost", "http://localhost:8000")),
        (Settings(base_url="http://couth.example"), None),
        (Settings(base_url="https://10.0.0.7"), None),
        (Settings(host="10.0.0.7", trusted_proxies=1), None),
    ],
)
def test_passkeys_are_bound_to_a_secure_address_with_a_name(settings: Settings, found: Party | None) -> None:
    assert party(settings) == found


def test_challenges_that_nobody_answered_go(door: Flask, database: Database) -> None:
    from intranet.accounts import keeping

    options(door.test_client())
    with clock.fixed(clock.now() + timedelta(hours=1)), database.unit_of_work(SYSTEM) as session:
        keeping.prune(session, {})
        assert session.scalars(select(PasskeyChallenge)).all() == []
