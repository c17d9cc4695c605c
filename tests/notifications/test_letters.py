"""What the mails of single sources say, to somebody who reads nothing else."""

from intranet.kernel.audience import EVERYONE
from intranet.kernel.db import Database
from intranet.posts.actions import PostDraft, publish_post
from intranet.posts.announcements.actions import AnnouncementDraft
from intranet.posts.models import PostKind
from tests.cast import Cast
from tests.notifications.working import Work, html, plain


def announced(database: Database, cast: Cast, text: str) -> None:
    terms = AnnouncementDraft(asks=True)
    draft = PostDraft(text=text, kind=PostKind.ANNOUNCEMENT, audience_id=EVERYONE, announcement=terms)
    with database.unit_of_work(cast.dana) as session:
        publish_post(session, cast.dana, draft)


def test_a_mail_says_more_of_an_announcement_than_fits_into_a_sentence(
    database: Database, cast: Cast, work: Work
) -> None:
    announced(
        database, cast, "Water is shut off in building C from two until six today, and **nobody** starts the test bench"
    )
    work.do()
    work.go_on(minutes=11)
    work.do()
    mail = next(one for one in work.mails if "Bob" in one["To"])
    for words in (plain(mail), html(mail)):
        assert "and nobody starts the test bench" in words
    assert mail["Subject"].endswith("and nobody…”"), "the beginning is said once"


def test_a_short_announcement_is_not_said_twice(database: Database, cast: Cast, work: Work) -> None:
    announced(database, cast, "We move on Monday")
    work.do()
    work.go_on(minutes=11)
    work.do()
    mail = next(one for one in work.mails if "Bob" in one["To"])
    assert mail["Subject"] == "Dana Example announced “We move on Monday”"
    assert plain(mail).count("We move on Monday") == 1


def test_a_title_is_told_from_what_is_said_of_it_and_stays_what_was_typed(
    database: Database, cast: Cast, work: Work
) -> None:
    announced(database, cast, "`<cite>` & <b>“all”</b> %(who)s")
    work.do()
    work.go_on(minutes=11)
    work.do()
    mail = next(one for one in work.mails if "Bob" in one["To"])
    assert mail["Subject"] == "Dana Example announced “<cite> & “all” %(who)s”"
    assert "&lt;cite&gt; &amp; “all” %(who)s" in html(mail)
