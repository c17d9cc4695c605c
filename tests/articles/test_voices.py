"""Readers say that an article is still right or what is different; its keeper is told once, and nobody else hears."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.accounts.models import Person
from intranet.articles import actions
from intranet.articles.actions import ArticleDraft
from intranet.articles.voices.actions import settle, unsay
from intranet.articles.voices.models import ArticleVoice, Says
from intranet.articles.voices.queries import Tally, all_voices
from intranet.governance.reports import reportable
from intranet.governance.reports.actions import decide, reopen
from intranet.governance.reports.models import Decision
from intranet.kernel import clock
from intranet.kernel.audience import EVERYONE
from intranet.kernel.db import Database
from intranet.kernel.errors import Conflict, NotFound, Refused
from intranet.kernel.live import present_to
from intranet.kernel.outbox import OutboxEvent
from intranet.kernel.viewer import Role, Viewer
from intranet.notifications.models import Notice, Source
from intranet.notifications.queries import bundles
from intranet.notifications.wording import cards
from intranet.people.apart.actions import block
from tests.articles.keeping import WORDS, card, heard, kept, said, solved
from tests.articles.keeping import settle as settled
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer, Queries

NOTE = "Step 2 is a lever now"


def article(database: Database, cast: Cast, *, to: int = EVERYONE) -> int:
    """Kept by bob, whose answer it was."""
    return kept(database, cast.bob, solved(database, cast.alice, cast.bob, to=to))


def tally(database: Database, viewer: Viewer, made: int) -> tuple[int, int]:
    found = heard(database, viewer, made).tally
    return found.right, found.different


def told(database: Database, viewer: Viewer) -> list[str]:
    settled(database)
    with database.reading(viewer) as session:
        mine = (Notice.person_id == viewer.member_id, Notice.source == Source.ARTICLE_DIFFERENT)
        return list(session.scalars(select(Notice.about).where(*mine).order_by(Notice.id)))


def test_each_reader_has_one_word_that_they_change_and_take_back(database: Database, cast: Cast) -> None:
    made = article(database, cast)
    said(database, cast.alice, made)
    first = said(database, cast.carol, made)
    assert tally(database, cast.dana, made) == (2, 0)
    assert said(database, cast.carol, made, NOTE) == first
    shown = heard(database, cast.carol, made)
    assert (shown.tally, [note.note for note in shown.notes]) == (Tally(1, 1), [NOTE])
    assert shown.mine is not None
    assert shown.mine.says is Says.DIFFERENT
    assert card(database, cast.dana, made).as_json()["voices"] == {"right": 1, "different": 1}
    with database.unit_of_work(cast.carol) as session:
        unsay(session, cast.carol, made)
        unsay(session, cast.carol, made)
    assert tally(database, cast.dana, made) == (1, 0)


def test_who_keeps_it_checks_it_and_says_nothing_nor_do_readers_of_what_is_out_of_date(
    database: Database, cast: Cast
) -> None:
    made = article(database, cast)
    with pytest.raises(Refused):
        said(database, cast.bob, made)
    assert not heard(database, cast.bob, made).may_say
    assert heard(database, cast.carol, made).may_say
    with database.unit_of_work(cast.bob) as session:
        actions.retire(session, cast.bob, made)
    with pytest.raises(Refused):
        said(database, cast.carol, made)


def test_what_is_different_is_said_in_a_few_words(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    made = article(database, cast)
    empty = as_viewer(cast.carol).post(f"/articles/{made}/voice", data={"says": "different", "note": " \n "})
    assert (empty.status_code, "Say what is different" in empty.text) == (422, True)
    long = as_viewer(cast.carol).post(f"/articles/{made}/voice", data={"says": "different", "note": "二" * 301})
    assert (long.status_code, "At most 300" in long.text, "二" * 301 in long.text) == (422, True, True)
    assert as_viewer(cast.carol).post(f"/articles/{made}/voice", data={"says": "perhaps"}).status_code == 422
    hostile = {"says": "different", "note": "<script>x</script> مرحبا 二"}
    assert as_viewer(cast.carol).post(f"/articles/{made}/voice", data=hostile).location == f"/articles/{made}#voices"
    page = as_viewer(cast.alice).get(f"/articles/{made}").text
    assert "&lt;script&gt;x&lt;/script&gt; مرحبا 二" in page
    assert "<script>x" not in page
    assert "1 says something changed" in page
    assert as_viewer(cast.carol).post(f"/articles/{made}/voice", data={"says": "nothing"}).status_code == 303
    page = as_viewer(cast.alice).get(f"/articles/{made}").text
    assert "Nobody has said anything yet." in page


def test_the_keeper_is_told_once_of_each_note_and_no_more_when_it_is_taken_back(
    app: Flask, database: Database, cast: Cast
) -> None:
    made = article(database, cast)
    said(database, cast.carol, made)
    assert told(database, cast.bob) == []
    voice = said(database, cast.carol, made, NOTE)
    assert told(database, cast.bob) == [f"article-voice:{voice}"]
    said(database, cast.carol, made, f"{NOTE}, a red one")
    said(database, cast.alice, made, "And step 3 too")
    assert len(told(database, cast.bob)) == 2
    assert [told(database, other) for other in (cast.alice, cast.carol, cast.dana)] == [[], [], []]
    with app.test_request_context(), database.reading(cast.bob) as session:
        (notice,) = [
            one for one in cards(session, bundles(session, cast.bob).items) if one.source is Source.ARTICLE_DIFFERENT
        ]
    assert "say that something changed in" in notice.sentence
    assert (notice.quote, notice.url) == ("And step 3 too", f"/articles/{made}")
    with database.unit_of_work(cast.carol) as session:
        unsay(session, cast.carol, made)
    assert len(told(database, cast.bob)) == 1


def test_what_the_keeper_has_dealt_with_no_longer_counts_and_stays_on_record(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    made = article(database, cast)
    voice = said(database, cast.carol, made, NOTE)
    assert as_viewer(cast.alice).post(f"/articles/voices/{voice}/settle").status_code == 403
    assert as_viewer(cast.bob).post(f"/articles/voices/{voice}/settle").status_code == 303
    assert (tally(database, cast.alice, made), told(database, cast.bob)) == ((0, 0), [])
    assert NOTE not in as_viewer(cast.alice).get(f"/articles/{made}").text
    record = as_viewer(cast.alice).get(f"/articles/{made}/voices").text
    assert NOTE in record
    assert "dealt with by Bob Example" in record
    again = said(database, cast.carol, made)
    assert again != voice
    with database.unit_of_work(cast.bob) as session, pytest.raises(Conflict):
        settle(session, cast.bob, voice, is_on=False)
    with database.unit_of_work(cast.carol) as session:
        unsay(session, cast.carol, made)
    with database.unit_of_work(cast.bob) as session:
        settle(session, cast.bob, voice, is_on=False)
    assert tally(database, cast.alice, made) == (0, 1)


def test_a_new_version_settles_what_was_said_before_only_if_the_keeper_says_so(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    made = article(database, cast)
    said(database, cast.alice, made)
    said(database, cast.carol, made, NOTE)
    words = {"title": "Stalling", "text": f"{WORDS} Twice."}
    form = as_viewer(cast.bob).get(f"/articles/{made}/edit").text
    assert 'name="settles"' in form
    assert as_viewer(cast.bob).post(f"/articles/{made}/edit", data=words).status_code == 303
    assert tally(database, cast.dana, made) == (1, 1)
    seen = clock.now().isoformat()
    with clock.fixed(clock.now() + timedelta(minutes=1)):
        said(database, cast.dana, made, "Too late for that version")
    settles = {**words, "text": f"{WORDS} Thrice.", "settles": "1", "seen": seen}
    assert as_viewer(cast.bob).post(f"/articles/{made}/edit", data=settles).status_code == 303
    assert tally(database, cast.alice, made) == (0, 1)
    assert 'name="settles"' not in as_viewer(cast.carol).get(f"/articles/{made}").text
    draft = ArticleDraft(title="Mine", text=WORDS, settles=clock.now())
    given = kept(database, cast.alice, solved(database, cast.alice, cast.bob))
    with database.unit_of_work(cast.bob) as session, pytest.raises(Refused):  # whose answer it was, not its keeper
        actions.edit(session, cast.bob, given, draft)


def test_outsiders_hear_nothing_of_what_readers_say(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    made = article(database, cast, to=cast.group)
    voice = said(database, cast.alice, made, NOTE)
    for address in (f"/articles/{made}/voices", f"/api/v1/articles/{made}/voices", f"/articles/voices/{voice}/report"):
        assert as_viewer(cast.carol).get(address).status_code == 404
        assert as_viewer(cast.bob).get(address).status_code == 200
    for address in (f"/articles/{made}/voice", f"/articles/voices/{voice}/settle"):
        assert as_viewer(cast.carol).post(address, data={"says": "right"}).status_code == 404
    with pytest.raises(NotFound):
        said(database, cast.carol, made)
    assert told(database, cast.carol) == []
    with database.reading(cast.carol) as session:
        assert session.scalars(select(ArticleVoice)).all() == []


def test_open_pages_of_its_readers_hear_that_something_was_said_and_nobody_elses(
    database: Database, cast: Cast
) -> None:
    made = article(database, cast, to=cast.group)
    said(database, cast.alice, made, NOTE)
    with database.reading(SYSTEM) as session:
        rows = session.scalars(select(OutboxEvent).where(OutboxEvent.type == "article.said")).all()
    assert [row.audience_id for row in rows] == [cast.group]
    for viewer, heard_of in ((cast.bob, [str(made)]), (cast.carol, [])):
        with database.reading(viewer) as session:
            assert [message["data"]["id"] for message in present_to(session, viewer, rows)] == heard_of
    assert all(NOTE not in str(row.payload) for row in rows)


def test_who_keep_apart_do_not_read_each_other_and_a_leavers_words_stay(database: Database, cast: Cast) -> None:
    made = article(database, cast)
    said(database, cast.carol, made, NOTE)
    with database.unit_of_work(cast.alice) as session:
        block(session, cast.alice, cast.carol.member_id, is_on=True)
    assert tally(database, cast.alice, made) == (0, 0)
    assert tally(database, cast.dana, made) == (0, 1)
    with database.unit_of_work(SYSTEM) as session:
        session.get_one(Person, cast.carol.member_id).deactivated_at = clock.now()
    assert tally(database, cast.dana, made) == (0, 1)


def test_moderators_hide_a_note_and_give_it_back(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    made = article(database, cast)
    voice = said(database, cast.carol, made, NOTE)
    settled(database)
    moderator = Viewer(cast.dana.id, cast.dana.roles | {Role.MODERATOR})
    with database.unit_of_work(cast.carol) as session, pytest.raises(NotFound):
        reportable.voice(session, cast.carol, voice)  # one's own can be taken back
    assert as_viewer(cast.carol).get(f"/articles/voices/{voice}/report").status_code == 404
    data = {"reason": "unkind", "words": "rude"}
    assert NOTE in as_viewer(cast.alice).get(f"/articles/voices/{voice}/report").text
    assert as_viewer(cast.alice).post(f"/articles/voices/{voice}/report", data=data).location == f"/articles/{made}"
    with database.unit_of_work(moderator) as session:
        decide(session, moderator, voice, Decision.HIDE)
    assert told(database, cast.bob) == []
    for viewer in (cast.bob, cast.carol):
        assert tally(database, viewer, made) == (0, 0)
        assert NOTE not in as_viewer(viewer).get(f"/articles/{made}/voices").text
    assert NOTE in as_viewer(cast.carol).get("/settings/decisions").text
    said(database, cast.carol, made)
    with database.unit_of_work(moderator) as session:
        reopen(session, moderator, voice)
    settled(database)
    assert tally(database, cast.bob, made) == (1, 0)  # they have said something else since
    with database.reading(cast.bob) as session:
        assert [one.note for one in all_voices(session, cast.bob, made).items] == ["", NOTE]


def test_programs_say_it_too(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    made = article(database, cast)
    here = f"/api/v1/articles/{made}"
    assert list(as_viewer(cast.carol).put(f"{here}/voice", json={"says": "different"}).get_json()["fields"]) == ["note"]
    said_now = as_viewer(cast.carol).put(f"{here}/voice", json={"says": "different", "note": NOTE}).get_json()
    assert (said_now["by"]["username"], said_now["says"], said_now["note"]) == ("carol", "different", NOTE)
    assert as_viewer(cast.alice).get(here).get_json()["voices"] == {"right": 0, "different": 1}
    assert as_viewer(cast.bob).put(f"{here}/voice", json={"says": "right"}).status_code == 403
    settle_door = f"/api/v1/articles/voices/{said_now['id']}/settle"
    assert as_viewer(cast.alice).post(settle_door).status_code == 403
    assert as_viewer(cast.bob).post(settle_door).status_code == 204
    (only,) = as_viewer(cast.carol).get(f"{here}/voices").get_json()["items"]
    assert only["settled_at"]
    assert as_viewer(cast.carol).put(f"{here}/voice", json={"says": "right"}).status_code == 200
    assert as_viewer(cast.carol).delete(f"{here}/voice").status_code == 204
    assert as_viewer(cast.alice).get(here).get_json()["voices"] == {"right": 0, "different": 0}


def test_a_hundred_notes_cost_no_more_statements_than_two(database: Database, cast: Cast, queries: Queries) -> None:
    made = article(database, cast)
    with database.unit_of_work(SYSTEM) as session:
        for number in range(14):
            person = Person(username=f"p{number}", name=f"P {number}", folded_name=f"p {number}")
            session.add(person)
            session.flush()
            session.add(
                ArticleVoice(
                    article_id=made, audience_id=1, author_id=person.id, says=Says.DIFFERENT, note=f"n{number}"
                )
            )
    from intranet.articles.models import Article
    from intranet.articles.voices.queries import voices_of

    with database.reading(cast.carol) as session:
        row = session.get_one(Article, made)
        with queries(6):
            shown = voices_of(session, cast.carol, row)
    assert (shown.tally.different, len(shown.notes), shown.more) == (14, 10, 4)
