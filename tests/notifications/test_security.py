"""Whoever's way in has changed hears of it in the application and by mail, and nobody else does."""

from flask import Flask
from sqlalchemy import select

from intranet.accounts import actions
from intranet.accounts.factors import actions as factors
from intranet.accounts.models import Person
from intranet.accounts.passkeys.actions import add, remove
from intranet.accounts.passkeys.ceremony import NewPasskey
from intranet.kernel.db import Database
from intranet.notifications.models import Notice, Source
from tests.accounts.factors.stage import PASSWORD, give_factor, open_door
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer
from tests.notifications.working import Work, plain

NEW_BROWSER = "Somebody signed in as you with a browser that is new here"


def subjects(work: Work) -> list[str]:
    work.do()
    return sorted(str(mail["Subject"]) for mail in work.mails)


def test_turning_it_on_is_told_at_once_and_once(
    app: Flask, cast: Cast, database: Database, work: Work, as_viewer: AsViewer
) -> None:
    give_factor(app, cast.alice)
    work.do()
    (mail,) = work.mails
    assert mail["To"] == "Alice Example <alice@example.org>"
    assert mail["Subject"] == "Your second factor was turned on"
    assert "/settings/security" in plain(mail)
    work.go_on(minutes=30)
    work.go_on(days=2)
    assert subjects(work) == ["Your second factor was turned on"]  # neither late nor in a digest again
    page = as_viewer(cast.alice).get("/notifications").text
    assert 'href="/settings/security"><bdi>Your second factor was turned on</bdi>' in page
    assert "second factor was" not in as_viewer(cast.carol).get("/notifications").text


def test_a_reset_by_an_admin_is_told_to_its_person(app: Flask, cast: Cast, database: Database, work: Work) -> None:
    give_factor(app, cast.alice)
    with database.unit_of_work(cast.dana) as session:
        factors.reset(session, cast.dana, actions.get_person(session, cast.alice.member_id))
    assert "Your second factor was taken away by whoever runs Couth here" in subjects(work)
    assert {str(mail["To"]) for mail in work.mails} == {"Alice Example <alice@example.org>"}


def test_passkeys_that_come_and_go_are_told(app: Flask, cast: Cast, database: Database, work: Work) -> None:
    made = NewPasskey(credential="AA", public_key="AA", sign_count=0, is_synced=False)
    with app.test_request_context(), database.unit_of_work(cast.alice) as session:
        person = actions.get_person(session, cast.alice.member_id)
        remove(session, cast.alice, add(session, cast.alice, person, made, "Laptop").id, spare=None)
    assert subjects(work) == ["A passkey was added to your account", "A passkey was removed from your account"]
    assert not any("Laptop" in plain(mail) for mail in work.mails)


def test_mails_speak_their_readers_language(app: Flask, cast: Cast, database: Database, work: Work) -> None:
    with database.unit_of_work(SYSTEM) as session:
        session.get_one(Person, cast.alice.member_id).language = "de"
    give_factor(app, cast.alice)
    assert subjects(work) == ["Dein zweiter Faktor wurde eingeschaltet"]


def test_somebody_without_an_address_still_finds_the_notice(
    app: Flask, cast: Cast, database: Database, work: Work
) -> None:
    with database.unit_of_work(SYSTEM) as session:
        session.get_one(Person, cast.alice.member_id).email = None
    give_factor(app, cast.alice)
    assert subjects(work) == []
    with database.reading(SYSTEM) as session:
        notices = session.scalars(select(Notice).where(Notice.source == Source.SECURITY)).all()
        assert [notice.person_id for notice in notices] == [cast.alice.member_id]
        assert notices[0].told_at is None  # a push may tell it


def test_a_new_password_is_told(app: Flask, cast: Cast, database: Database, work: Work) -> None:
    with database.unit_of_work(cast.alice) as session:
        actions.set_password(session, cast.alice, cast.alice.member_id, "argon", spare=None)
    assert subjects(work) == ["Your password was changed"]


def test_a_new_address_is_told_at_the_new_one_and_at_the_old_one(
    app: Flask, cast: Cast, database: Database, work: Work
) -> None:
    for email in ("alice@example.org", "mallory@example.org"):  # the first is what she has: nothing changes
        with database.unit_of_work(cast.alice) as session:
            person = actions.get_person(session, cast.alice.member_id)
            actions.rename(session, cast.alice, person, name=person.name, username=person.username, email=email)
    assert subjects(work) == ["Your e-mail address was changed"] * 2
    assert {str(mail["To"]).split()[-1] for mail in work.mails} == {"<alice@example.org>", "<mallory@example.org>"}
    assert not any("mallory" in plain(mail) for mail in work.mails)


def test_a_new_address_on_hrs_list_is_told_to_nobody(app: Flask, cast: Cast, database: Database, work: Work) -> None:
    with database.unit_of_work(SYSTEM) as session:
        person = actions.get_person(session, cast.alice.member_id)
        moved = "alice@new.example"
        actions.rename(session, SYSTEM, person, name=person.name, username=person.username, email=moved)
    assert subjects(work) == []


def test_a_key_that_somebody_makes_is_told_and_one_of_the_machines_keeper_is_not(
    app: Flask, cast: Cast, database: Database, work: Work
) -> None:
    for viewer in (SYSTEM, cast.alice):
        with database.unit_of_work(viewer) as session:
            actions.make_token(session, viewer, actions.get_person(session, cast.alice.member_id), "Robot")
    assert subjects(work) == ["A key was made with which a program acts as you"]


def test_only_a_browser_that_is_new_is_told_and_never_the_first(
    app: Flask, cast: Cast, database: Database, work: Work
) -> None:
    open_door(app, database)
    form = {"login": "alice", "password": PASSWORD}
    own = app.test_client()
    for _time in range(2):
        assert own.post("/sign-in", data=form).status_code == 302
        own.post("/sign-out")
    assert NEW_BROWSER not in subjects(work)
    agent = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"}
    assert app.test_client().post("/sign-in", data=form, headers=agent).status_code == 302
    work.do()
    (mail,) = [mail for mail in work.mails if mail["Subject"] == NEW_BROWSER]
    assert "Firefox on Linux · 127.0.0.1" in plain(mail).splitlines()
    assert "UTC (UTC)" not in plain(mail)
