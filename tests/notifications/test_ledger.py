"""Each thing reaches each person once, for the best reason, and only who may read it."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import func, select

from intranet.groups import actions as groups
from intranet.groups.models import GroupKind
from intranet.kernel import audience, jobs, outbox
from intranet.kernel.audience import EVERYONE
from intranet.kernel.db import Database
from intranet.kernel.reactions import ReactionKind
from intranet.kernel.viewer import Role, Viewer
from intranet.notifications import actions, queries
from intranet.notifications.forms import read_wishes
from intranet.notifications.models import Level, Notice, Source
from intranet.people.actions import follow_person
from intranet.people.apart.actions import mute
from intranet.posts.actions import PostDraft, add_comment, delete_item, publish_post, react, restore_item
from intranet.posts.announcements.actions import AnnouncementDraft, acknowledge, remind
from intranet.posts.models import PostKind
from intranet.posts.praise.actions import PraiseDraft
from intranet.questions.actions import withdraw_acceptance
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer
from tests.questions.asking import accept, answer, ask


def drain(database: Database) -> None:
    while outbox.drain(database, "notifications", "here") or jobs.run_due(database):
        pass


def posted(database: Database, viewer: Viewer, text: str, to: int = EVERYONE) -> int:
    with database.unit_of_work(viewer) as session:
        found = publish_post(session, viewer, PostDraft(text=text, audience_id=to)).id
    drain(database)
    return found


def replied(database: Database, viewer: Viewer, post_id: int, text: str) -> int:
    with database.unit_of_work(viewer) as session:
        found = add_comment(session, viewer, reply_to=post_id, text=text).id
    drain(database)
    return found


def sources_of(database: Database, viewer: Viewer) -> list[Source]:
    with database.reading(viewer) as session:
        mine = select(Notice.source).where(Notice.person_id == viewer.member_id, Notice.withdrawn_at.is_(None))
        return list(session.scalars(mine.order_by(Notice.id)))


def unread(database: Database, viewer: Viewer) -> int:
    with database.reading(viewer) as session:
        return queries.unread_count(session, viewer)


def test_who_is_named_in_a_reply_to_their_own_post_is_told_once(database: Database, cast: Cast) -> None:
    post_id = posted(database, cast.alice, "the build is red")
    replied(database, cast.bob, post_id, "@alice restart the runner")
    assert sources_of(database, cast.alice) == [Source.MENTION]


def test_nobody_is_told_by_whom_they_muted_and_what_was_told_before_is_no_longer_counted(
    database: Database, cast: Cast
) -> None:
    post_id = posted(database, cast.alice, "the build is red")
    replied(database, cast.bob, post_id, "restart the runner")
    assert unread(database, cast.alice) == 1
    with database.unit_of_work(cast.alice) as session:
        mute(session, cast.alice, cast.bob.member_id, is_on=True)
    assert unread(database, cast.alice) == 0
    replied(database, cast.bob, post_id, "@alice again")
    assert sources_of(database, cast.alice) == [Source.REPLY]


def test_nobody_is_told_of_their_own_doings(database: Database, cast: Cast) -> None:
    post_id = posted(database, cast.alice, "I, @alice, write to myself")
    replied(database, cast.alice, post_id, "and answer")
    assert sources_of(database, cast.alice) == []


def test_a_reply_reaches_the_author_now_and_those_who_took_part_today(database: Database, cast: Cast) -> None:
    post_id = posted(database, cast.alice, "how do you rotate logs")
    replied(database, cast.bob, post_id, "with logrotate")
    replied(database, cast.carol, post_id, "with journald")
    assert sources_of(database, cast.alice) == [Source.REPLY, Source.REPLY]
    assert sources_of(database, cast.bob) == [Source.THREAD]
    assert sources_of(database, cast.carol) == []
    assert unread(database, cast.alice) == 1, "two replies to one post are one thing that needs her"
    assert unread(database, cast.bob) == 0


def test_an_event_that_comes_twice_tells_nobody_twice(database: Database, cast: Cast) -> None:
    posted(database, cast.alice, "ask @bob about it")
    with database.unit_of_work(SYSTEM) as session:
        outbox.move_cursor(session, "notifications", "here", 0)
    drain(database)
    assert sources_of(database, cast.bob) == [Source.MENTION]


def test_a_reaction_taken_back_unread_leaves_nothing(database: Database, cast: Cast) -> None:
    post_id = posted(database, cast.alice, "shipped it")
    for is_on in (True, False):
        with database.unit_of_work(cast.bob) as session:
            react(session, cast.bob, post_id, ReactionKind.THANKS, is_on=is_on)
    drain(database)
    assert sources_of(database, cast.alice) == []


def test_what_was_deleted_is_not_spoken_of_until_it_comes_back(database: Database, cast: Cast) -> None:
    post_id = posted(database, cast.alice, "hello @bob")
    with database.unit_of_work(cast.alice) as session:
        delete_item(session, cast.alice, post_id)
    drain(database)
    assert unread(database, cast.bob) == 0
    with database.unit_of_work(cast.alice) as session:
        restore_item(session, cast.alice, post_id)
    drain(database)
    assert unread(database, cast.bob) == 1


def test_posts_that_concern_nobody_cost_a_few_reads_and_one_transaction_for_all(
    database: Database, cast: Cast, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_MOMENT", 60)  # however busy the machine is
    budget: Callable[[int], AbstractContextManager[list[str]]] = request.getfixturevalue("queries")
    posted(database, cast.alice, "the first")
    with database.unit_of_work(cast.alice) as session:
        for number in range(3):
            publish_post(session, cast.alice, PostDraft(text=f"nothing {number}"))
    with budget(20) as asked:  # four for each post; the rest is where the reading stands, before and after it
        outbox.drain(database, "notifications", "here")
    assert sum(statement.startswith("UPDATE outbox_cursors") for statement in asked) == 1
    with database.reading(SYSTEM) as session:
        assert session.scalars(select(Notice)).all() == []
    assert jobs.run_due(database) == 0


def test_never_means_that_no_row_is_written(database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.alice) as session:
        actions.save_wishes(session, cast.alice, read_wishes({"level-follower": "never"}))
    with database.unit_of_work(cast.bob) as session:
        follow_person(session, cast.bob, cast.alice.member_id)
    drain(database)
    assert sources_of(database, cast.alice) == []


def test_who_leaves_a_closed_group_finds_no_notice_of_it(database: Database, cast: Cast) -> None:
    posted(database, cast.alice, "the merger, @bob, is on", to=cast.group)
    assert unread(database, cast.bob) == 1
    with database.unit_of_work(SYSTEM) as session:
        audience.leave(session, cast.group, [cast.bob.member_id])
    assert unread(database, cast.bob) == 0
    with database.reading(cast.bob) as session:
        assert queries.bundles(session, cast.bob).items == []


def test_an_announcement_reaches_everyone_by_parts_and_once(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intranet.notifications.spreading._PART", 2)
    speaker = Viewer(cast.dana.member_id, frozenset({Role.MEMBER, Role.COMMUNICATOR}))
    with database.unit_of_work(speaker) as session:
        draft = PostDraft(text="@bob and all: we move on Monday", kind=PostKind.ANNOUNCEMENT, audience_id=EVERYONE)
        publish_post(session, speaker, draft)
    drain(database)
    with database.reading(SYSTEM) as session:
        counted = session.execute(select(Notice.person_id, func.count()).group_by(Notice.person_id)).all()
    assert {row[0]: row[1] for row in counted} == dict.fromkeys(
        (cast.alice.member_id, cast.bob.member_id, cast.carol.member_id), 1
    )


def test_a_request_to_join_reaches_the_owner_and_the_answer_comes_back(database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.alice) as session:
        draft = groups.GroupDraft(name="Night shift", kind=GroupKind.CLOSED)
        group_id = groups.found_group(session, cast.alice, draft).id
    with database.unit_of_work(cast.carol) as session:
        groups.ask_to_join(session, cast.carol, group_id, words="I start on Monday")
    drain(database)
    assert sources_of(database, cast.alice) == [Source.GROUP_ASKED]
    with database.unit_of_work(cast.alice) as session:
        groups.answer_request(session, cast.alice, group_id, cast.carol.member_id, let_in=True)
    drain(database)
    assert sources_of(database, cast.carol) == [Source.GROUP_ANSWERED]


def test_reading_a_thread_settles_all_of_it_and_can_be_taken_back(database: Database, cast: Cast) -> None:
    post_id = posted(database, cast.alice, "how do you rotate logs")
    replied(database, cast.bob, post_id, "with logrotate")
    replied(database, cast.carol, post_id, "with journald")
    with database.unit_of_work(cast.alice) as session:
        (bundle,) = queries.bundles(session, cast.alice, queries.NEEDS_ME).items
        assert (bundle.count, bundle.others, len(bundle.people)) == (2, 0, 2)
        moment = actions.read_thread(session, cast.alice, bundle.latest.id)
    assert unread(database, cast.alice) == 0
    with database.unit_of_work(cast.alice) as session:
        actions.unread(session, cast.alice, since=moment)
    assert unread(database, cast.alice) == 1


def test_another_persons_notices_do_not_exist(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    posted(database, cast.alice, "ask @bob about it")
    with database.reading(cast.bob) as session:
        (bundle,) = queries.bundles(session, cast.bob, queries.NEEDS_ME).items
    carol = as_viewer(cast.carol)
    assert carol.get(f"/notifications/{bundle.latest.id}").status_code == 404
    assert carol.post("/notifications/read", data={"notice": str(bundle.latest.id)}).status_code == 404
    carol.post("/notifications/read", data={"up_to": str(bundle.latest.id)})
    assert unread(database, cast.bob) == 1


def test_pages_go_on_where_the_last_one_ended(database: Database, cast: Cast) -> None:
    for number in range(7):
        posted(database, cast.alice, f"number {number} for @bob")
    with database.reading(cast.bob) as session:
        first = queries.bundles(session, cast.bob, queries.NEEDS_ME, limit=3)
        second = queries.bundles(session, cast.bob, queries.NEEDS_ME, cursor=first.older, limit=3)
        third = queries.bundles(session, cast.bob, queries.NEEDS_ME, cursor=second.older, limit=3)
    ids = [bundle.latest.id for page in (first, second, third) for bundle in page.items]
    assert len(ids) == 7
    assert ids == sorted(ids, reverse=True)
    assert third.older is None


def test_levels_keep_what_was_chosen(database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.alice) as session:
        actions.save_wishes(session, cast.alice, read_wishes({"level-reply": "today"}))
    post_id = posted(database, cast.alice, "how do you rotate logs")
    replied(database, cast.bob, post_id, "with logrotate")
    assert sources_of(database, cast.alice) == [Source.REPLY]
    with database.reading(cast.alice) as session:
        assert queries.unread_count(session, cast.alice) == 0
        assert queries.unread_count(session, cast.alice, level=Level.TODAY) == 1


def test_praise_reaches_its_people_once_and_as_praise(database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.alice) as session:
        part = PraiseDraft(people=("bob",), topic="valves")
        draft = PostDraft(text="Stopped the leak, @bob and @carol", kind=PostKind.PRAISE, praise=part)
        publish_post(session, cast.alice, draft)
    drain(database)
    with database.reading(SYSTEM) as session:
        told = {notice.person_id: notice.source for notice in session.scalars(select(Notice))}
    assert told == {cast.bob.id: Source.PRAISED, cast.carol.id: Source.MENTION}


def test_an_accepted_answer_reaches_its_author_until_it_is_taken_back(database: Database, cast: Cast) -> None:
    question = ask(database, cast.alice, "Which relay keeps its clock?")
    answer_id = answer(database, cast.bob, question, "the D40")
    accept(database, cast.alice, answer_id)
    drain(database)
    assert sources_of(database, cast.bob) == [Source.ACCEPTED]
    with database.unit_of_work(cast.alice) as session:
        withdraw_acceptance(session, cast.alice, answer_id)
    drain(database)
    assert sources_of(database, cast.bob) == []


def test_whoever_acknowledged_hears_no_more_of_it(database: Database, cast: Cast) -> None:
    terms = AnnouncementDraft(asks=True)
    draft = PostDraft(text="We move on Monday", kind=PostKind.ANNOUNCEMENT, audience_id=EVERYONE, announcement=terms)
    with database.unit_of_work(cast.dana) as session:
        post_id = publish_post(session, cast.dana, draft).id
    with database.unit_of_work(cast.bob) as session:
        acknowledge(session, cast.bob, post_id)
    drain(database)
    assert unread(database, cast.alice) == 1
    with database.unit_of_work(cast.alice) as session:
        acknowledge(session, cast.alice, post_id)
    drain(database)
    assert [unread(database, one) for one in (cast.alice, cast.bob, cast.carol)] == [0, 0, 1]
    with database.reading(cast.carol) as session:
        assert queries.untold(session, cast.carol) != []
    with database.reading(cast.alice) as session:
        assert queries.untold(session, cast.alice) == [], "no mail tells it either"


def test_the_reminder_reaches_those_who_have_not_acknowledged(database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.dana) as session:
        terms = AnnouncementDraft(asks=True)
        draft = PostDraft(text="Paper ends", kind=PostKind.ANNOUNCEMENT, announcement=terms)
        post_id = publish_post(session, cast.dana, draft).id
    with database.unit_of_work(cast.bob) as session:
        acknowledge(session, cast.bob, post_id)
    drain(database)
    with database.unit_of_work(cast.dana) as session:
        remind(session, cast.dana, post_id)
    drain(database)
    with database.reading(SYSTEM) as session:
        reminded = session.scalars(select(Notice.person_id).where(Notice.source == Source.REMINDER)).all()
    assert sorted(reminded) == sorted([cast.alice.member_id, cast.carol.member_id])


def test_whoever_is_named_in_a_question_sees_which_one(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    ask(database, cast.alice, "Who has a <spare> fuse?", "@bob perhaps")
    drain(database)
    page = as_viewer(cast.bob).get("/notifications").text
    assert "<cite><bdi>Who has a &lt;spare&gt; fuse?</bdi></cite>" in page
    assert "@Bob Example perhaps" in page
