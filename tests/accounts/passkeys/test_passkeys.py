"""A passkey alone lets its owner in, and nothing that looks like one does."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.accounts.models import SignIn, Way
from intranet.kernel import clock, outbox
from intranet.kernel.db import Database
from tests.accounts.factors.stage import enter, give_factor, is_in, signed_in
from tests.accounts.passkeys.device import Device
from tests.accounts.passkeys.stage import add, enter_with, options
from tests.cast import SYSTEM, Cast


def test_a_passkey_alone_signs_in_and_leads_on(door: Flask, device: Device, database: Database) -> None:
    client = door.test_client()
    assert enter_with(client, device, next="/people").location == "/people"
    page = client.get("/settings/security").text
    assert "Work laptop" in page
    assert ", by passkey, last seen" in page
    with database.reading(SYSTEM) as session:
        assert session.scalars(select(SignIn.way).order_by(SignIn.id.desc())).first() is Way.PASSKEY


def test_no_second_step_follows_and_it_serves_as_the_second_step(door: Flask, device: Device, cast: Cast) -> None:
    give_factor(door, cast.alice)
    client = door.test_client()
    assert enter_with(client, device).location == "/"
    again = door.test_client()
    enter(again, next="/people")
    assert "/sign-in/passkey/options" in again.get("/sign-in/code").text
    assert enter_with(again, device).location == "/people"
    assert is_in(again)


def test_what_is_asked_tells_nothing_of_who_has_one(door: Flask, device: Device) -> None:
    asked = options(door.test_client())
    assert not asked.get("allowCredentials")
    assert asked["userVerification"] == "required"


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "http://evil.example"},
        {"origin": "http://127.0.0.1:8000"},
        {"host": "evil.example"},
        {"sees_owner": False},
        {"handle": "AAAAAAAAAAE"},
    ],
)
def test_an_answer_for_elsewhere_or_of_nobody_seen_opens_nothing(
    door: Flask, device: Device, lie: dict[str, Any]
) -> None:
    client = door.test_client()
    answer = enter_with(client, replace(device, **lie))
    assert answer.status_code == 422
    assert "This passkey does not open anything here." in answer.text
    assert not is_in(client)


def test_an_unknown_passkey_and_a_wrong_signature_get_the_same_answer(door: Flask, device: Device) -> None:
    strange = Device(handle=device.handle)
    forged = replace(device, key=Device().key)
    answers = [enter_with(door.test_client(), one) for one in (strange, forged)]
    assert {answer.status_code for answer in answers} == {422}
    assert len({answer.text.split("<main")[1].split("csrf")[0] for answer in answers}) == 1
    assert all("This passkey does not open anything here." in answer.text for answer in answers)


def test_a_counter_that_goes_back_speaks_of_a_copy(door: Flask, device: Device, cast: Cast, database: Database) -> None:
    assert enter_with(door.test_client(), device).status_code == 302
    device.counter = 0
    assert enter_with(door.test_client(), device).status_code == 422
    with database.reading(SYSTEM) as session:
        found = select(outbox.OutboxEvent).where(outbox.OutboxEvent.type == "account.passkey-refused")
        assert [row.payload["person_id"] for row in session.scalars(found)] == [cast.alice.member_id]


def test_devices_that_share_passkeys_do_not_count(door: Flask) -> None:
    device = Device(counts=False)
    add(signed_in(door), device)
    for _ in range(2):
        assert enter_with(door.test_client(), device).status_code == 302


def test_an_answer_opens_once(door: Flask, device: Device) -> None:
    client = door.test_client()
    sent = device.sign(options(client))
    before = client.get_cookie("couth")
    assert before is not None
    assert client.post("/sign-in/passkey", data={"credential": sent}).status_code == 302
    thief = door.test_client()
    thief.set_cookie("couth", before.value)  # the whole cookie of the moment before, and the answer
    assert thief.post("/sign-in/passkey", data={"credential": sent}).status_code == 422
    assert not is_in(thief)


def test_a_wrong_answer_spends_its_challenge_too(door: Flask, device: Device) -> None:
    client = door.test_client()
    asked = options(client)
    before = client.get_cookie("couth")
    assert before is not None
    assert client.post("/sign-in/passkey", data={"credential": "{}"}).status_code == 422
    client.set_cookie("couth", before.value)
    assert client.post("/sign-in/passkey", data={"credential": device.sign(asked)}).status_code == 422


def test_a_challenge_is_for_the_browser_that_asked_and_for_five_minutes(door: Flask, device: Device) -> None:
    sent = device.sign(options(door.test_client()))
    assert door.test_client().post("/sign-in/passkey", data={"credential": sent}).status_code == 422
    client = door.test_client()
    sent = device.sign(options(client))
    with clock.fixed(clock.now() + timedelta(minutes=6)):
        assert client.post("/sign-in/passkey", data={"credential": sent}).status_code == 422
    assert not is_in(client)


def test_a_challenge_to_sign_in_adds_no_passkey_and_proves_nothing(door: Flask, device: Device) -> None:
    client = signed_in(door)
    asked = options(client)
    asked["user"] = {"id": device.handle}
    answer = client.post("/settings/passkeys", data={"name": "x", "credential": Device().make(asked)})
    assert answer.status_code == 422
    sent = device.sign(options(client))
    assert client.post("/settings/prove/passkey", data={"credential": sent}).status_code == 422


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"id": 7}',
        '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}',
        "[" * 30_000,
        "\x00",
        '{"id":"' + "A" * 40_000 + '"}',
        '{"id": "é", "rawId": "é", "type": "public-key", "response": {"clientDataJSON": "e30"}}',
    ],
)
def test_whatever_is_sent_is_an_answer_of_ours_and_no_error(door: Flask, device: Device, sent: str) -> None:
    client = door.test_client()
    options(client)
    assert client.post("/sign-in/passkey", data={"credential": sent}).status_code == 422


_PARTS = ("clientDataJSON", "authenticatorData", "signature", "userHandle")
_NONSENSE: tuple[object, ...] = ("", "AA", "____", 7, None, {"a": 1})
_MAY_BE_MISSING = ("userHandle", ("", None))


@pytest.mark.parametrize(
    ("part", "value"),
    [
        (part, value)
        for part in _PARTS
        for value in _NONSENSE
        if not (part == _MAY_BE_MISSING[0] and value in _MAY_BE_MISSING[1])
    ],
)
def test_whatever_stands_in_a_right_answers_place_is_refused(
    door: Flask, device: Device, part: str, value: object
) -> None:
    client = door.test_client()
    given = json.loads(device.sign(options(client)))
    given["response"][part] = value
    assert client.post("/sign-in/passkey", data={"credential": json.dumps(given)}).status_code == 422
    assert not is_in(client)
