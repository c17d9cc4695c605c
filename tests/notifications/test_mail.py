"""What was not seen comes by mail, once, readable as plain text, and says nothing that its reader may not read."""

import email
import re
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from babel.dates import format_date
from flask import Flask
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import select

from intranet.accounts.models import Person
from intranet.config import Settings
from intranet.kernel import audience
from intranet.kernel.audience import EVERYONE
from intranet.kernel.db import Database
from intranet.kernel.mail import Mail, compose, deliver
from intranet.kernel.viewer import Viewer
from intranet.notifications import actions
from intranet.notifications.forms import read_wishes
from intranet.notifications.letters import disc
from intranet.notifications.models import Level, Notice, Source
from intranet.people.models import Profile
from intranet.posts.actions import PostDraft, publish_post
from tests.cast import SYSTEM, Cast
from tests.notifications.receiving import Inbox
from tests.notifications.working import Work, html, plain


def posted(database: Database, viewer: Viewer, text: str, to: int = EVERYONE) -> int:
    with database.unit_of_work(viewer) as session:
        return publish_post(session, viewer, PostDraft(text=text, audience_id=to)).id


def test_what_needs_somebody_is_mailed_after_a_while_and_once(database: Database, cast: Cast, work: Work) -> None:
    posted(database, cast.alice, "does @bob know the relay")
    work.do()
    work.go_on(minutes=5)
    work.do()
    assert work.mails == []
    work.go_on(minutes=6)
    work.do()
    (mail,) = work.mails
    assert mail["To"] == "Bob Example <bob@example.org>"
    assert "Alice Example mentioned you" in mail["Subject"]
    assert "does @Bob Example know the relay" in plain(mail)
    assert ">AE</td>" in html(mail), "whose it is"
    work.go_on(days=1)
    work.do()
    assert len(work.mails) == 1, "what was mailed is in no digest"


def test_what_was_seen_in_time_is_not_mailed(database: Database, cast: Cast, work: Work) -> None:
    post_id = posted(database, cast.alice, "does @bob know the relay")
    work.do()
    with database.unit_of_work(cast.bob) as session:
        actions.read_post(session, cast.bob, post_id)
    work.go_on(days=2)
    work.do()
    assert work.mails == []


def test_quiet_hours_hold_a_mail_back_until_they_end(database: Database, cast: Cast, work: Work) -> None:
    with database.unit_of_work(cast.bob) as session:
        wishes = {"quiet_from": "11:00", "quiet_to": "14:00", "mails_now": "1", "digest": "never"}
        actions.save_wishes(session, cast.bob, read_wishes(wishes))
    posted(database, cast.alice, "does @bob know the relay")
    for _half_hour in range(3):
        work.do()
        work.go_on(minutes=30)
    assert work.mails == []
    work.go_on(minutes=31)
    work.do()
    assert len(work.mails) == 1


def test_a_digest_holds_only_what_was_not_seen(database: Database, cast: Cast, work: Work) -> None:
    with database.unit_of_work(cast.bob) as session:
        levels = {f"level-{source}": "today" for source in Source}
        actions.save_wishes(session, cast.bob, read_wishes({**levels, "digest": "daily", "digest_at": "07:30"}))
    seen = posted(database, cast.alice, "first for @bob")
    posted(database, cast.alice, "second for @bob")
    work.do()
    with database.unit_of_work(cast.bob) as session:
        actions.read_post(session, cast.bob, seen)
    work.go_on(hours=19)
    work.do()
    assert work.mails == [], "seven in the morning is too early"
    work.go_on(hours=1)
    work.do()
    (mail,) = work.mails
    assert "second for @Bob" in plain(mail)
    assert "first for" not in plain(mail)
    assert "Reply: http" in plain(mail), "it says what there is to do"
    assert "You get this every day at 07:30" in plain(mail)


def test_a_private_group_is_never_quoted_and_who_left_it_is_not_mailed(
    database: Database, cast: Cast, work: Work
) -> None:
    posted(database, cast.alice, "@bob the quiet heron lands", to=cast.group)
    work.do()
    work.go_on(minutes=11)
    work.do()
    (mail,) = work.mails
    everything = plain(mail) + html(mail) + str(mail["Subject"])
    assert "heron" not in everything
    assert "Alice" not in everything
    assert ">AE</td>" not in html(mail)
    posted(database, cast.alice, "@bob the quiet heron starts", to=cast.group)
    work.do()
    with database.unit_of_work(SYSTEM) as session:
        audience.leave(session, cast.group, [cast.bob.member_id])
    work.go_on(days=2)
    work.do()
    assert len(work.mails) == 1


def test_one_click_ends_mails_without_signing_in(database: Database, cast: Cast, work: Work, app: Flask) -> None:
    posted(database, cast.alice, "does @bob know the relay")
    work.do()
    work.go_on(minutes=11)
    work.do()
    (mail,) = work.mails
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    found = re.fullmatch(r"<http://[^/]+(/mail/stop/\S+)>", mail["List-Unsubscribe"])
    assert found is not None
    client = app.test_client()
    assert client.get(found[1]).status_code == 200
    assert client.post(found[1], data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert client.post(f"{found[1]}x").status_code == 404
    posted(database, cast.alice, "and the fuse, @bob")
    work.do()
    work.go_on(minutes=11)
    work.do()
    assert len(work.mails) == 1


def test_a_reader_gets_mail_in_their_language(database: Database, cast: Cast, work: Work) -> None:
    with database.unit_of_work(SYSTEM) as session:
        person = session.get(Person, cast.bob.member_id)
        assert person is not None
        person.language = "de"
    posted(database, cast.alice, "kennt @bob das Relais")
    work.do()
    work.go_on(minutes=11)
    work.do()
    (mail,) = work.mails
    assert "hat dich erwähnt" in mail["Subject"]


def test_the_date_of_a_mail_is_its_readers(database: Database, cast: Cast, work: Work) -> None:
    with database.unit_of_work(SYSTEM) as session:
        session.merge(Profile(person_id=cast.bob.member_id, timezone="Pacific/Kiritimati"))  # 14 hours ahead
    posted(database, cast.alice, "does @bob know the relay")
    work.do()
    work.go_on(minutes=11)
    work.do()
    (mail,) = work.mails
    there = format_date((work.now + timedelta(hours=14)).date(), "full", locale="en")
    assert there in plain(mail)
    assert format_date(work.now.date(), "full", locale="en") not in plain(mail)


@pytest.mark.parametrize("hue", range(0, 360, 15))
def test_white_letters_are_read_on_every_disc(hue: int) -> None:
    parts = [int(disc(hue)[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    assert 1.05 / (luminance + 0.05) >= 4.5, "WCAG 1.4.3"


MAIL = Mail(key="notice-1", to_name="Bob", to="bob@example.org", subject="Hi", text="Hällo", html="<p>Hällo</p>")


def test_a_line_break_begins_no_header() -> None:
    hostile = Mail(
        key="k", to_name="Bob\r\nBcc: x@y.z", to="bob@example.org", subject="a\nBcc: all@x.y", text="", html=""
    )
    message = email.message_from_bytes(bytes(compose(Settings(), hostile)), policy=default)
    assert "Bcc" not in message
    assert message["Subject"] == "a Bcc: all@x.y"


_LETTERS = ["abcdefgh", "aeäöüß", "абвгдеж", "問題解決方法", "👩🎉🚀", "aäж問🎉(),:=?_<"]
_WORD = st.sampled_from(_LETTERS).flatmap(lambda letters: st.text(letters, min_size=1, max_size=90))


@given(st.lists(_WORD, min_size=1, max_size=30).map(" ".join))
@example("öüöä äa äacäß öüäöc äöcöbß äbßüöäcbüöß aäc ßüöä bücc bbba")
@example("Wer weiß " + "wie es weitergeht und warum " * 9)
def test_a_subject_arrives_as_it_was_meant(subject: str) -> None:
    sent = bytes(compose(Settings(), replace(MAIL, subject=subject)))
    assert email.message_from_bytes(sent, policy=default)["Subject"] == " ".join(subject.split())
    head = sent.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert all(len(line) <= 998 and line.isascii() for line in head)
    assert not subject.isascii() or b"=?" in subject.encode() or b"=?" not in sent.partition(b"\r\n\r\n")[0]


def test_a_mail_server_gets_both_forms(inbox: Inbox, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, mail_url=f"smtp://127.0.0.1:{inbox.port}", base_url="https://couth.example.org")
    deliver(settings, MAIL)
    message = email.message_from_bytes(inbox.got[0], policy=default)
    assert isinstance(message, EmailMessage)
    assert message["Message-ID"] == "<notice-1@couth.example.org>"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert plain(message).strip() == "Hällo"


def test_programs_find_addresses_in_headers_to_the_letter() -> None:
    settings = Settings(base_url="https://couth.of-a-company-with-a-name-that-is-rather-long.example.org")
    stop = f"{settings.address}/mail/stop/{'WyIxMTc2NjY0MjkyMDQxMzU5MTIiLCJub3RpY2VzIl0.' * 3}"
    sent = bytes(compose(settings, replace(MAIL, thread="post-117665975042075290", unsubscribe=stop)))
    headers = sent.partition(b"\r\n\r\n")[0].split(b"\r\n")
    host = urlsplit(settings.address).hostname
    assert f"List-Unsubscribe: <{stop}>".encode() in headers
    assert f"Message-ID: <notice-1@{host}>".encode() in headers
    assert f"References: <post-117665975042075290@{host}>".encode() in headers
    assert f"In-Reply-To: <post-117665975042075290@{host}>".encode() in headers


def test_the_subject_of_one_thing_says_what_it_is_about(database: Database, cast: Cast, work: Work) -> None:
    posted(database, cast.alice, "@bob 电表在停电时为什么会停止？" + "请看一下这个问题。" * 20)
    work.do()
    work.go_on(minutes=11)
    work.do()
    (mail,) = work.mails
    assert mail["Subject"].startswith(
        "Alice Example mentioned you in a post: @Bob Example 电表在停电时为什么会停止？请看"
    )
    assert len(mail["Subject"]) < 130


def test_a_letter_counts_what_it_has_no_place_for_and_shows_first_what_needs_its_reader(
    database: Database, cast: Cast, work: Work
) -> None:
    posted(database, cast.alice, "does @bob know the relay")
    with database.unit_of_work(cast.bob) as session:
        levels = {"level-mention": "today", "level-reply": "now", "digest": "daily", "digest_at": "07:30"}
        actions.save_wishes(session, cast.bob, read_wishes(levels))
    work.do()
    for number in range(14):
        posted(database, cast.alice, f"news number {number} for @bob")
    work.do()
    with database.unit_of_work(SYSTEM) as session:
        first = session.scalars(
            select(Notice).where(Notice.person_id == cast.bob.member_id).order_by(Notice.id)
        ).first()
        assert first is not None
        first.level = Level.NOW
    work.go_on(hours=20)
    work.do()
    (mail,) = work.mails
    assert "1 thing waits for you" in plain(mail)
    shown = re.findall(r'"(.+)"', plain(mail))
    assert (shown[0], len(shown)) == ("does @Bob Example know the relay", 12)
    assert "and 3 more: http" in plain(mail)
    assert ">and 3 more</a>" in html(mail)
    work.go_on(days=2)
    work.do()
    assert len(work.mails) == 1


def test_people_with_any_name_and_address_get_their_mail(inbox: Inbox, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, mail_url=f"smtp://127.0.0.1:{inbox.port}")
    for name, address in (
        ('Müller, "Jo" <x@y>; ' + "long " * 30, "jo@example.org"),
        ("张伟 🚀", "zhang@exämple.de"),
        ("Jörg", "jörg@example.org"),
    ):
        deliver(settings, replace(MAIL, to_name=name, to=address, subject="停电 🚀 مرحبا " * 20))
    first, second, _third = (email.message_from_bytes(one, policy=default) for one in inbox.got)
    assert first["To"].addresses[0].addr_spec == "jo@example.org"
    assert first["To"].addresses[0].display_name.startswith('Müller, "Jo" <x@y>;')
    assert second["To"].addresses[0].addr_spec == "zhang@xn--exmple-cua.de"
    assert "\r\nTo: Jörg <jörg@example.org>\r\n".encode() in inbox.got[2]
    words = first["Subject"].replace(" ", "")  # the standard library loses a blank where it breaks a long line
    assert words == "停电🚀مرحبا" * 20
