"""Turning it on, keeping spare codes, replacing it and turning it off; each after the password, each told to others."""

from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from intranet.accounts import actions
from intranet.accounts.factors import actions as factors
from intranet.accounts.factors import queries, sealing
from intranet.accounts.factors.events import FactorsReset
from intranet.accounts.factors.models import Authenticator, RecoveryCode
from intranet.accounts.models import Person, SiteSetting
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.errors import Conflict, Refused
from tests.accounts.factors.stage import (
    PASSWORD,
    SECRET,
    code,
    enter,
    give_factor,
    is_in,
    offer_of,
    open_door,
    prove,
    shown_codes,
    shown_secret,
    signed_in,
)
from tests.cast import SYSTEM, Cast
from tests.fixtures import Happens


@pytest.fixture
def door(app: Flask, cast: Cast, database: Database) -> Flask:
    return open_door(app, database)


def ask_of(database: Database, whom: str) -> None:
    with database.unit_of_work(SYSTEM) as session:
        session.add(SiteSetting(name=queries.SETTING, value=whom))


def turn_on(client: FlaskClient, address: str = "/settings/factor") -> tuple[str, list[str]]:
    """Scan, type, and read the spare codes."""
    page = client.get(address).text
    secret = shown_secret(page)
    answer = client.post(address, data={"offer": offer_of(page), "code": pyotp.TOTP(secret).now()})
    assert answer.status_code == 200
    return secret, shown_codes(answer.text)


def test_one_turns_it_on_and_is_asked_from_then_on(door: Flask, cast: Cast, database: Database) -> None:
    client, elsewhere = signed_in(door), signed_in(door)
    secret, spare = turn_on(client)
    assert len(set(spare)) == 10
    assert is_in(client)
    assert not is_in(elsewhere)
    assert enter(elsewhere).location == "/sign-in/code"
    with database.reading(SYSTEM) as session:
        held = session.get_one(Authenticator, cast.alice.member_id)
        kept = [row.code_hash for row in session.scalars(select(RecoveryCode))]
        assert secret not in held.sealed_key
        assert not set(spare) & set(kept)
    assert spare[0] not in client.get("/settings/security").text  # shown once


def test_the_picture_is_drawn_here_and_says_what_the_text_says(door: Flask) -> None:
    page = signed_in(door).get("/settings/factor").text
    assert "<svg" in page.split('class="scan-frame"')[1]
    assert f"otpauth://totp/Couth:alice%40example.org?secret={shown_secret(page)}" in page.replace("&amp;", "&")


def test_it_is_not_on_before_a_code_proved_it(door: Flask) -> None:
    client = signed_in(door)
    page = client.get("/settings/factor").text
    wrong = client.post("/settings/factor", data={"offer": offer_of(page), "code": "000 000"})
    assert wrong.status_code == 422
    assert shown_secret(wrong.text) == shown_secret(page)  # the picture that was scanned stays
    assert enter(door.test_client()).location == "/"


def test_what_is_sent_back_must_be_what_this_person_was_shown(door: Flask) -> None:
    client, other = signed_in(door), signed_in(door, "bob")
    page = other.get("/settings/factor").text
    digits = pyotp.TOTP(shown_secret(page)).now()
    assert client.post("/settings/factor", data={"offer": offer_of(page), "code": digits}).status_code == 422
    for offer in ("", "x", SECRET, "é", "A" * 400):
        assert client.post("/settings/factor", data={"offer": offer, "code": digits}).status_code == 422
    mine = client.get("/settings/factor").text
    with clock.fixed(clock.now() + timedelta(minutes=9)):
        client.post("/settings/prove", data={"current": PASSWORD})
    with clock.fixed(clock.now() + timedelta(minutes=31)):
        client.post("/settings/prove", data={"current": PASSWORD})
        late = {"offer": offer_of(mine), "code": pyotp.TOTP(shown_secret(mine)).at(clock.now())}
        assert client.post("/settings/factor", data=late).status_code == 422


def test_the_code_that_turned_it_on_signs_nobody_in(door: Flask) -> None:
    client = signed_in(door)
    with clock.fixed(clock.now()):
        page = client.get("/settings/factor").text
        digits = pyotp.TOTP(shown_secret(page)).at(clock.now())
        client.post("/settings/factor", data={"offer": offer_of(page), "code": digits})
        thief = door.test_client()
        enter(thief)
        assert prove(thief, digits).status_code == 422


@pytest.mark.parametrize("path", ["/settings/factor", "/settings/factor/codes", "/settings/factor/off"])
def test_a_borrowed_browser_must_know_the_password(door: Flask, cast: Cast, path: str) -> None:
    client = door.test_client()
    enter(client)
    for answer in (client.get(path), client.post(path)):
        assert answer.location == f"/settings/prove?next={path}"
    assert client.post("/settings/prove", data={"current": "guess", "next": path}).status_code == 422
    assert client.get(path).status_code == 303
    assert client.post("/settings/prove", data={"current": PASSWORD, "next": path}).location == path
    with clock.fixed(clock.now() + timedelta(minutes=11)):
        assert client.get(path).location == f"/settings/prove?next={path}"


def test_proving_oneself_leads_nowhere_else(door: Flask) -> None:
    client = signed_in(door)
    answer = client.post("/settings/prove", data={"current": PASSWORD, "next": "https://evil.example"})
    assert answer.location == "/"


def test_turning_it_off_ends_other_sessions_and_the_spare_codes(door: Flask, cast: Cast, database: Database) -> None:
    client = signed_in(door)
    turn_on(client)
    elsewhere = door.test_client()
    with clock.fixed(clock.now() + timedelta(minutes=1)):
        give_factor(door, cast.alice)
        enter(elsewhere)
        assert prove(elsewhere, code()).status_code == 302
    client = elsewhere
    client.post("/settings/prove", data={"current": PASSWORD})
    other = door.test_client()
    with clock.fixed(clock.now() + timedelta(minutes=3)):
        enter(other)
        assert prove(other, code()).status_code == 302
    assert client.post("/settings/factor/off").location == "/settings/security"
    assert is_in(client)
    assert not is_in(other)
    assert enter(other).location == "/"
    with database.reading(SYSTEM) as session:
        assert session.scalars(select(RecoveryCode)).all() == []


def test_where_it_is_asked_for_nobody_goes_without(door: Flask, cast: Cast, database: Database) -> None:
    client = signed_in(door)
    turn_on(client)
    ask_of(database, "everyone")
    assert client.post("/settings/factor/off").status_code == 409
    with database.unit_of_work(cast.alice) as session, pytest.raises(Conflict):
        factors.turn_off(session, cast.alice, session.get_one(Person, cast.alice.member_id), spare=None)


def test_new_codes_take_the_place_of_the_old(door: Flask) -> None:
    client = signed_in(door)
    _, old = turn_on(client)
    new = shown_codes(client.post("/settings/factor/codes").text)
    assert len(new) == 10
    assert not set(new) & set(old)
    again = door.test_client()
    enter(again)
    assert again.post("/sign-in/recovery", data={"code": old[0]}).status_code == 422
    assert again.post("/sign-in/recovery", data={"code": new[0]}).status_code == 302


def test_a_new_authenticator_takes_the_place_of_the_old(door: Flask) -> None:
    client = signed_in(door)
    first, _ = turn_on(client)
    second, _ = turn_on(client)
    assert first != second
    again = door.test_client()
    enter(again)
    with clock.fixed(clock.now() + timedelta(minutes=2)):
        assert prove(again, pyotp.TOTP(first).at(clock.now())).status_code == 422
        assert prove(again, pyotp.TOTP(second).at(clock.now())).status_code == 302


@pytest.mark.parametrize(("whom", "asked"), [("nobody", ""), ("admins", "dana"), ("everyone", "alice dana")])
def test_a_place_can_ask_for_it_at_the_next_sign_in(door: Flask, database: Database, whom: str, asked: str) -> None:
    ask_of(database, whom)
    for name in ("alice", "dana"):
        client = door.test_client()
        assert (enter(client, name).location == "/sign-in/set-up") is (name in asked.split())
        assert is_in(client) is (name not in asked.split())


def test_whoever_must_have_one_is_led_to_it_and_then_in(door: Flask, database: Database) -> None:
    ask_of(database, "everyone")
    client = door.test_client()
    enter(client, next="/people")
    page = client.get("/sign-in/set-up").text
    assert client.post("/sign-in/set-up", data={"offer": offer_of(page), "code": "000000"}).status_code == 422
    assert not is_in(client)
    secret, spare = turn_on(client, "/sign-in/set-up")
    assert len(spare) == 10
    assert is_in(client)
    again = door.test_client()
    assert enter(again).location == "/sign-in/code"
    assert again.get("/sign-in/set-up").location == "/sign-in"  # no other one in its place from here
    with clock.fixed(clock.now() + timedelta(minutes=1)):
        assert prove(again, pyotp.TOTP(secret).at(clock.now())).status_code == 302


def test_an_admin_resets_it_for_somebody_who_lost_it(door: Flask, cast: Cast, database: Database) -> None:
    give_factor(door, cast.alice)
    alice, dana = door.test_client(), signed_in(door, "dana")
    enter(alice)
    prove(alice, code())
    assert is_in(alice)
    assert "/admin/people/alice/reset-factor" in dana.get("/admin/people/alice").text
    assert dana.post("/admin/people/alice/reset-factor").status_code == 303
    assert not is_in(alice)
    assert enter(alice).location == "/"


def test_members_reset_nobody_and_see_nobodys(door: Flask, cast: Cast, database: Database) -> None:
    give_factor(door, cast.alice)
    carol = signed_in(door, "carol")
    assert carol.post("/admin/people/alice/reset-factor").status_code == 403
    assert "second factor" not in carol.get("/people/alice").text.lower()
    with database.unit_of_work(cast.carol) as session, pytest.raises(Refused):
        factors.reset(session, cast.carol, session.get_one(Person, cast.alice.member_id))


def test_the_console_resets_it_for_an_admin_who_lost_everything(door: Flask, cast: Cast, database: Database) -> None:
    give_factor(door, cast.dana)
    assert door.test_cli_runner().invoke(args=["people", "reset-factor", "dana"]).exit_code == 0
    assert enter(door.test_client(), "dana").location == "/"
    unknown = door.test_cli_runner().invoke(args=["people", "reset-factor", "nobody"])
    assert unknown.exit_code == 1


def test_a_reset_says_who_did_it(happens: Happens, cast: Cast, door: Flask) -> None:
    give_factor(door, cast.alice)
    person_id = cast.alice.member_id
    found = happens(
        cast.dana, lambda session: factors.reset(session, cast.dana, actions.get_person(session, person_id))
    )
    assert FactorsReset(person_id, cast.dana.id) in found


def test_admins_see_who_has_one_and_who_has_none(door: Flask, cast: Cast) -> None:
    give_factor(door, cast.alice)
    dana = signed_in(door, "dana")
    bare = dana.get("/admin?state=bare").text
    assert "@alice" not in bare
    assert "/admin/people/alice" not in bare
    assert "/admin/people/bob" in bare
    assert "/admin/people/erin" not in bare
    assert dana.get("/admin").text.count('data-kind="pine">Second factor') == 1


def test_the_setting_is_changed_in_the_admin_area(door: Flask, database: Database) -> None:
    dana = signed_in(door, "dana")
    assert dana.post("/admin/site", data={"name": "Couth", "second_factor": "someone"}).status_code == 422
    assert dana.post("/admin/site", data={"name": "Couth", "second_factor": "everyone"}).status_code == 302
    with database.reading(SYSTEM) as session:
        assert queries.required(session) is queries.Required.EVERYONE


def test_a_sealed_secret_opens_for_its_person_and_purpose_alone(app: Flask) -> None:
    with app.app_context():
        sealed = sealing.seal(SECRET, purpose=queries.KEPT, person_id=1)
        assert sealing.unseal(sealed, purpose=queries.KEPT, person_id=1) == SECRET
        for purpose, person_id in ((queries.KEPT, 2), ("something else", 1)):
            with pytest.raises(sealing.Unreadable):
                sealing.unseal(sealed, purpose=purpose, person_id=person_id)
