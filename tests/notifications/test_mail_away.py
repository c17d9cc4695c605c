"""A mail server that is away: what it says is told in a sentence, and everything arrives once when it is back."""

import email
from email.policy import default
from smtplib import SMTPAuthenticationError, SMTPRecipientsRefused, SMTPServerDisconnected
from socket import gaierror

import pytest
from sqlalchemy import select

from intranet.config import Settings
from intranet.kernel import jobs
from intranet.kernel.mail import Mail, send_later
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.posts.actions import PostDraft, publish_post
from tests.cast import SYSTEM, Cast
from tests.notifications.receiving import Inbox
from tests.notifications.working import Work

MAIL = Mail(key="notice-1", to_name="Bob", to="bob@example.org", subject="Hi", text="Hi", html="<p>Hi</p>")


def sends_to(work: Work, address: str) -> None:
    found = runtime(work.app)
    found.settings = Settings(data=found.settings.data, secret_key="k", mail_url=address)


def asked(work: Work, viewer: Viewer, text: str) -> None:
    with work.database.unit_of_work(viewer) as session:
        publish_post(session, viewer, PostDraft(text=text))


def test_a_mail_server_that_is_away_is_asked_again_and_told_of_in_a_sentence(
    cast: Cast, work: Work, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    away = "smtp://couth:heron@127.0.0.1:1"
    sends_to(work, away)
    asked(work, cast.alice, "does @bob know the relay")
    work.do()
    work.go_on(minutes=11)
    caplog.clear()
    work.do()
    assert inbox.got == []
    (told,) = [record for record in caplog.records if "kernel.mail" in record.getMessage()]
    assert "the mail server 127.0.0.1:1 did not take it: Connection refused" in told.getMessage()
    assert (told.levelname, told.exc_info) == ("WARNING", None)
    assert "heron" not in caplog.text
    sends_to(work, f"smtp://127.0.0.1:{inbox.port}")
    work.go_on(minutes=1)
    work.do()
    assert len(inbox.got) == 1


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (SMTPAuthenticationError(535, b"5.7.8 Wrong\r\npassword"), "535 5.7.8 Wrong password"),
        (SMTPRecipientsRefused({"bob@example.org": (550, b"no such \xff box")}), "550 no such \ufffd box"),
        (SMTPRecipientsRefused({"bob@example.org": (550, b"<bob@example.org>: unknown")}), "550 <\u2026>: unknown"),
        (SMTPServerDisconnected("Connection unexpectedly closed"), "Connection unexpectedly closed"),
        (gaierror(-2, "Name or service not known"), "Name or service not known"),
        (TimeoutError(), "TimeoutError"),
    ],
)
def test_what_a_mail_server_says_is_repeated_in_its_words(
    cast: Cast, work: Work, monkeypatch: pytest.MonkeyPatch, error: OSError, words: str
) -> None:
    def refuse(*_given: object, **_named: object) -> None:
        raise error

    monkeypatch.setattr("smtplib.SMTP_SSL", refuse)
    sends_to(work, "smtps://mail.example.org")
    work.database.transact(SYSTEM, lambda session: send_later(session, MAIL))
    work.do()
    with work.database.reading(SYSTEM) as session:
        (why,) = session.scalars(select(jobs.Job.last_error).where(jobs.Job.kind == "kernel.mail"))
    assert why == f"the mail server mail.example.org:465 did not take it: {words}"


def test_what_was_given_up_arrives_once_after_it_is_tried_again(cast: Cast, work: Work, inbox: Inbox) -> None:
    sends_to(work, "smtp://127.0.0.1:1")
    for who in ("bob", "carol"):
        asked(work, cast.alice, f"does @{who} know the relay")
    for _time in range(12):
        work.do()
        work.go_on(hours=2)
    with work.database.unit_of_work(SYSTEM) as session:
        assert [row.payload["to"] for row in jobs.given_up(session, limit=9)] == [
            "carol@example.org",
            "bob@example.org",
        ]
        assert jobs.try_all_again(session) == 2
    sends_to(work, f"smtp://127.0.0.1:{inbox.port}")
    for _time in range(3):
        work.do()
        work.go_on(hours=24)
    whom = [email.message_from_bytes(one, policy=default)["To"] for one in inbox.got]
    assert sorted(str(one) for one in whom) == ["Bob Example <bob@example.org>", "Carol Example <carol@example.org>"]
