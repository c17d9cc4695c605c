"""What comes back to its author, and what became of a report, reaches whom it concerns once, and names nobody."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.governance.reports import actions as reports
from intranet.governance.reports import reportable
from intranet.governance.reports.models import Decision, ReportReason
from intranet.groups import actions as groups
from intranet.groups.models import GroupKind
from intranet.kernel import clock
from intranet.kernel.audience import EVERYONE
from intranet.kernel.db import Database
from intranet.kernel.outbox import Cursor, OutboxEvent
from intranet.kernel.viewer import Role, Viewer
from intranet.notifications import queries
from intranet.notifications.models import Notice, Source
from intranet.notifications.push.words import write_message
from intranet.notifications.wording import NoticeCard, cards
from intranet.posts.actions import PostDraft, add_comment, delete_item, freeze_post, publish_post
from intranet.posts.asking.actions import AskingDraft
from intranet.posts.models import PostKind
from intranet.posts.scheduled.actions import bring_back, discard_scheduled, schedule_post
from tests.cast import SYSTEM, Cast, add_person
from tests.fixtures import AsViewer
from tests.notifications.working import Work, plain


@pytest.fixture
def moderator(cast: Cast) -> Viewer:
    """Carol, who is in none of alice's groups."""
    return Viewer(cast.carol.id, frozenset({Role.MEMBER, Role.MODERATOR}))


def told(app: Flask, database: Database, viewer: Viewer) -> list[NoticeCard]:
    with app.test_request_context(), database.reading(viewer) as session:
        return cards(session, queries.bundles(session, viewer).items)


def sources(app: Flask, database: Database, viewer: Viewer) -> list[Source]:
    return [card.source for card in told(app, database, viewer)]


def posted(database: Database, viewer: Viewer, text: str, to: int = EVERYONE, **more: Any) -> int:
    with database.unit_of_work(viewer) as session:
        return publish_post(session, viewer, PostDraft(text=text, audience_id=to, **more)).id


def decided(database: Database, moderator: Viewer, reporters: list[Viewer], item_id: int, decision: Decision) -> None:
    for reporter in reporters:
        with database.unit_of_work(reporter) as session:
            fresh = reportable.item(session, reporter, item_id)
            reports.file_report(session, reporter, fresh, ReportReason.UNKIND, words="it hurts")
    with database.unit_of_work(moderator) as session:
        reports.decide(session, moderator, item_id, decision, note="Please mind the guidelines")


def again(database: Database) -> None:
    """Every event is handed out once more, as after a crash."""
    with database.unit_of_work(SYSTEM) as session:
        for cursor in session.scalars(select(Cursor)):
            cursor.position = 0


def test_a_post_for_later_that_could_not_go_out_is_told_once_with_the_reason(
    app: Flask, database: Database, cast: Cast, work: Work, as_viewer: AsViewer
) -> None:
    with database.unit_of_work(cast.alice) as session:
        group = groups.found_group(session, cast.alice, groups.GroupDraft(name="Night shift", kind=GroupKind.OPEN)).id
    with database.unit_of_work(cast.bob) as session:
        groups.join_group(session, cast.bob, group)
    fields = {"text": "Good morning", "kind": "update", "audience": str(group), "files": []}
    with database.unit_of_work(cast.bob) as session:
        waiting = schedule_post(session, cast.bob, fields, goes_at=clock.now() + timedelta(hours=2)).id
    with database.unit_of_work(cast.alice) as session:
        groups.archive_group(session, cast.alice, group, is_archived=True)
    work.do()
    assert sources(app, database, cast.bob) == []
    work.go_on(hours=3)
    work.do()
    again(database)
    work.do()
    (card,) = told(app, database, cast.bob)
    assert (card.source, card.url) == (Source.CAME_BACK, "/scheduled")
    assert card.quote
    assert "could not go out" in card.sentence
    assert [sources(app, database, one) for one in (cast.alice, cast.carol)] == [[], []]
    assert as_viewer(cast.bob).get(card.url).status_code == 200

    with database.unit_of_work(cast.bob) as session:
        discard_scheduled(session, cast.bob, waiting)
    work.do()
    assert sources(app, database, cast.bob) == []  # it needs nobody any more


def test_who_takes_a_post_for_later_back_is_not_told_so(app: Flask, database: Database, cast: Cast, work: Work) -> None:
    with database.unit_of_work(cast.bob) as session:
        waiting = schedule_post(session, cast.bob, {"text": "x"}, goes_at=clock.now() + timedelta(hours=2)).id
    with database.unit_of_work(cast.bob) as session:
        bring_back(session, cast.bob, waiting, "You took it back.")
    work.do()
    assert sources(app, database, cast.bob) == []


def test_a_decision_reaches_author_and_reporters_each_once_and_tells_neither_of_the_other(
    app: Flask, database: Database, cast: Cast, work: Work, moderator: Viewer
) -> None:
    post_id = posted(database, cast.alice, "A hard word", cast.group)
    decided(database, moderator, [cast.bob], post_id, Decision.HIDE)
    work.do()
    again(database)
    work.do()
    (author,), (reporter,) = told(app, database, cast.alice), told(app, database, cast.bob)
    assert (author.source, reporter.source) == (Source.HIDDEN, Source.REPORT_ACTED)
    assert author.url == "/settings/decisions"
    assert "A hard word" in author.sentence
    assert "A hard word" not in reporter.sentence
    assert "Alice" not in reporter.sentence
    for name in ("Bob", "Carol"):
        assert name not in author.sentence + author.quote
    assert (author.face, reporter.face) == (None, None)
    assert told(app, database, cast.carol) == told(app, database, cast.dana) == []
    with database.reading(SYSTEM) as session:
        rows = session.scalars(select(Notice)).all()
        assert all(row.actor_id is None for row in rows)
        judged = OutboxEvent.type == "person.judged"
        to_alice = session.scalars(select(OutboxEvent).where(judged, OutboxEvent.recipient_id == cast.alice.id)).all()
        assert to_alice
        assert not any(str(cast.bob.id) in str(row.payload) for row in to_alice)


def test_that_nothing_was_wrong_is_told_to_the_reporter_alone(
    app: Flask, database: Database, cast: Cast, work: Work, moderator: Viewer
) -> None:
    post_id = posted(database, cast.alice, "A plain word")
    decided(database, moderator, [cast.bob], post_id, Decision.NOTHING)
    work.do()
    assert [card.source for card in told(app, database, cast.bob) if card.source is not Source.NEW_POST] == [
        Source.REPORT_KEPT
    ]
    assert told(app, database, cast.alice) == []


def test_a_decision_that_is_taken_back_is_told_to_the_author(
    app: Flask, database: Database, cast: Cast, work: Work, moderator: Viewer
) -> None:
    post_id = posted(database, cast.alice, "A hard word", cast.group)
    decided(database, moderator, [cast.bob], post_id, Decision.FREEZE)
    work.do()
    assert sources(app, database, cast.alice) == [Source.CLOSED]
    with database.unit_of_work(moderator) as session:
        reports.reopen(session, moderator, post_id)
    work.do()
    assert sources(app, database, cast.alice) == [Source.GIVEN_BACK, Source.CLOSED]
    assert sources(app, database, cast.bob) == [Source.REPORT_ACTED]


def test_what_a_moderator_does_without_a_report_is_told_and_what_an_author_does_is_not(
    app: Flask, database: Database, cast: Cast, work: Work, moderator: Viewer
) -> None:
    first, second, own = (posted(database, cast.alice, f"Word {n}") for n in range(3))
    with database.unit_of_work(cast.bob) as session:
        reply = add_comment(session, cast.bob, reply_to=first, text="A bad reply").id
    with database.unit_of_work(moderator) as session:
        delete_item(session, moderator, reply)
        freeze_post(session, moderator, second, is_on=True)
    with database.unit_of_work(cast.alice) as session:
        delete_item(session, cast.alice, own)
    work.do()
    (removed,) = told(app, database, cast.bob)
    assert (removed.source, removed.url) == (Source.HIDDEN, "/guidelines")
    assert sources(app, database, cast.alice) == [Source.CLOSED]


def test_who_asked_without_their_name_is_told_and_nobody_else(
    database: Database, cast: Cast, work: Work, moderator: Viewer, as_viewer: AsViewer
) -> None:
    with database.unit_of_work(SYSTEM) as session:
        for name in ("stella", "stan"):
            add_person(session, name, roles=(Role.STEWARD,))
    asking = AskingDraft(is_anonymous=True)
    post_id = posted(database, cast.alice, "Why", kind=PostKind.QUESTION, title="Why is it so?", asking=asking)
    decided(database, moderator, [cast.bob], post_id, Decision.HIDE)
    work.do()
    assert sources(work.app, database, cast.alice) == [Source.HIDDEN]
    assert "Please mind the guidelines" in as_viewer(cast.alice).get("/settings/decisions").text
    assert "Please mind the guidelines" not in as_viewer(cast.bob).get("/settings/decisions").text


def test_a_locked_screen_and_a_mail_say_only_that_moderators_decided(
    app: Flask, database: Database, cast: Cast, work: Work, moderator: Viewer
) -> None:
    post_id = posted(database, cast.alice, "A hard word")
    decided(database, moderator, [cast.bob], post_id, Decision.HIDE)
    work.do()
    with app.test_request_context(), database.reading(cast.alice) as session:
        message = write_message(session, cast.alice)
    assert message is not None
    assert "hard" not in message.body
    work.go_on(days=1)
    work.do()
    written = [plain(mail) for mail in work.mails if "alice@" in str(mail["To"])]
    assert written
    assert all("hard word" not in words for words in written)
    assert any("Something that moderators decided" in words for words in written)
