"""Where mail reaches people, links to an account go to their addresses: to whoever forgot their password, who says so
themselves, and to whoever is invited."""

import email
import logging
import re
from email.message import EmailMessage
from email.policy import default

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from intranet.accounts import actions, passwords
from intranet.accounts.models import OneTimeLink, Person
from intranet.config import Settings
from intranet.kernel.jobs import Job
from intranet.kernel.runtime import runtime
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer
from tests.notifications.receiving import Inbox
from tests.notifications.working import Work, html, plain

OLD, NEW = "seven brass lanterns", "nine copper kettles"


@pytest.fixture
def mailing(app: Flask, work: Work, inbox: Inbox) -> Work:
    """A place whose mail reaches people, where everybody has the same password; forms need no CSRF token."""
    app.config["WTF_CSRF_ENABLED"] = False
    parts, password_hash = runtime(app), passwords.hash_password(OLD)
    parts.settings = Settings(
        data=parts.settings.data,
        secret_key="k",
        base_url="http://couth.example.org",
        mail_url=f"smtp://127.0.0.1:{inbox.port}",
    )
    with work.database.unit_of_work(SYSTEM) as session:
        for person in session.scalars(select(Person)):
            actions.set_password(session, SYSTEM, person.id, password_hash, spare=None)
    work.do()
    inbox.got.clear()
    return work


def letters(inbox: Inbox) -> list[EmailMessage]:
    found = [email.message_from_bytes(one, policy=default) for one in inbox.got]
    return [one for one in found if isinstance(one, EmailMessage)]


def path_in(letter: EmailMessage, kind: str) -> str:
    found = re.search(rf"http://couth\.example\.org(/{kind}/[\w-]+)", plain(letter))
    assert found
    assert found[0] in html(letter)
    return found[1]


@pytest.mark.parametrize("login", ["bob", "BOB@example.org"])
def test_whoever_forgot_their_password_gets_a_link_to_a_new_one(mailing: Work, inbox: Inbox, login: str) -> None:
    client = mailing.app.test_client()
    assert 'href="/forgotten"' in client.get("/sign-in").text
    answer = client.post("/forgotten", data={"login": login})
    assert answer.status_code == 200
    assert f"If somebody here signs in with “{login}”" in answer.text
    mailing.do()
    (letter,) = letters(inbox)
    assert (letter["To"], letter["Subject"]) == ("Bob Example <bob@example.org>", "A new password for Couth")
    assert "127.0.0.1" in plain(letter)
    path = path_in(letter, "reset")
    assert client.post(path, data={"password": NEW}).status_code == 302
    assert client.post(path, data={"password": OLD}).status_code == 404
    assert client.post("/sign-in", data={"login": "bob", "password": NEW}).status_code == 302


def test_nobody_learns_who_has_an_account_here(mailing: Work, inbox: Inbox, cast: Cast) -> None:
    with mailing.database.unit_of_work(SYSTEM) as session:
        session.execute(update(Person).where(Person.username == "carol").values(email=None))
    client = mailing.app.test_client()
    page = client.post("/forgotten", data={"login": "bob"}).text
    for login in ("nobody", "nobody@example.org", "erin", "carol", "' or 1=1 --", "蘇軾"):
        answer = client.post("/forgotten", data={"login": login})
        assert answer.status_code == 200
        nonce = re.compile(r'(nonce="|csrf-token" content="|value=")[^"]*')
        said = answer.text.replace(str(login).replace("'", "&#39;"), "bob")
        assert nonce.sub("", said) == nonce.sub("", page)
    with mailing.database.reading(SYSTEM) as session:
        asked = session.scalar(select(func.count(Job.id)).where(Job.kind == "accounts.forgotten"))
    assert asked == 7  # what the request does is the same for all; who is behind a name the worker looks up
    mailing.do()
    assert [letter["To"] for letter in letters(inbox)] == ["Bob Example <bob@example.org>"]


@pytest.mark.parametrize("login", ["", "heron " * 2000])
def test_what_cannot_be_a_login_is_said_at_the_field_and_stays_there(mailing: Work, login: str) -> None:
    answer = mailing.app.test_client().post("/forgotten", data={"login": login})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert f'value="{login}"' in answer.text


def test_a_box_is_not_flooded_and_an_admins_link_outlives_what_strangers_ask_for(
    mailing: Work, inbox: Inbox, as_viewer: AsViewer, cast: Cast
) -> None:
    given = re.search(r"/reset/[\w-]+", as_viewer(cast.dana).post("/admin/people/bob/reset-link").text)
    assert given
    client = mailing.app.test_client()
    for _time in range(6):
        client.post("/forgotten", data={"login": "bob"})
    mailing.do()
    paths = [path_in(letter, "reset") for letter in letters(inbox)]
    assert len(paths) == 3
    assert client.post(given[0], data={"password": NEW}).status_code == 302
    assert [client.get(path).status_code for path in paths] == [404, 404, 404]


def test_a_mailed_link_is_too_old_after_an_hour(mailing: Work, inbox: Inbox) -> None:
    client = mailing.app.test_client()
    client.post("/forgotten", data={"login": "bob"})
    mailing.do()
    (letter,) = letters(inbox)
    mailing.go_on(minutes=59)
    assert client.get(path_in(letter, "reset")).status_code == 200
    mailing.go_on(minutes=2)
    assert client.get(path_in(letter, "reset")).status_code == 404


def test_a_place_that_asks_too_often_is_told_to_wait(mailing: Work) -> None:
    client = mailing.app.test_client()
    codes = [client.post("/forgotten", data={"login": f"guess{number}"}).status_code for number in range(21)]
    assert codes == [200] * 20 + [429]


def test_the_token_stands_nowhere_but_in_the_letter(
    mailing: Work, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # the mail server of the tests, which says all it reads
    client = mailing.app.test_client()
    client.post("/forgotten", data={"login": "bob"})
    mailing.do()
    token = path_in(letters(inbox)[0], "reset").rpartition("/")[2]
    client.get(f"/reset/{token}")
    assert token not in caplog.text
    with mailing.database.reading(SYSTEM) as session:
        kept = [*session.scalars(select(OneTimeLink.token_hash)), *map(str, session.scalars(select(Job.payload)))]
    assert token not in "".join(kept)


def test_without_a_mail_server_the_page_says_whom_to_ask(work: Work, app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    assert "Whoever runs Couth here can give you a one-time link" in client.get("/sign-in").text
    page = client.get("/forgotten").text
    assert "Whoever runs Couth here can give you a one-time link" in page
    assert 'name="login"' not in page
    assert client.post("/forgotten", data={"login": "bob"}).status_code == 404


def test_an_invitation_goes_to_its_address_and_is_shown_as_well(
    mailing: Work, inbox: Inbox, as_viewer: AsViewer, cast: Cast
) -> None:
    page = as_viewer(cast.dana).post("/admin/invitations", data={"email": "zoe@example.org"}).text
    assert "Sent to zoe@example.org" in page
    mailing.do()
    (letter,) = letters(inbox)
    assert letter["To"] == "zoe@example.org"
    assert letter["Subject"] == "Dana Example invites you to Couth"
    path = path_in(letter, "invitation")
    assert path in page
    joining = {"name": "Zoë Zhang", "username": "zoe", "password": "nine copper kettles"}
    assert mailing.app.test_client().post(path, data=joining).status_code == 302


def test_a_link_for_anybody_is_shown_alone(mailing: Work, inbox: Inbox, as_viewer: AsViewer, cast: Cast) -> None:
    page = as_viewer(cast.dana).post("/admin/invitations", data={"email": ""}).text
    assert "/invitation/" in page
    assert "Sent to" not in page
    mailing.do()
    assert letters(inbox) == []


def test_the_founders_first_few_get_theirs_by_mail(
    mailing: Work, inbox: Inbox, as_viewer: AsViewer, cast: Cast
) -> None:
    page = as_viewer(cast.dana).post("/start/invite", data={"addresses": "zoe@example.org\nyan@example.org"}).text
    assert "They are on their way by mail" in page
    mailing.do()
    assert sorted(str(letter["To"]) for letter in letters(inbox)) == ["yan@example.org", "zoe@example.org"]
