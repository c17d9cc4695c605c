"""What PostgreSQL needs beyond what SQLite gives by itself: an order of commits, bounded waits, lost connections."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from random import Random

import pytest
from sqlalchemy import ColumnClause, column, func, select, table
from sqlalchemy.exc import DBAPIError, OperationalError

from intranet.accounts.models import Person
from intranet.chat import actions as chat
from intranet.chat.models import ChatRole
from intranet.governance.reports import actions as reports
from intranet.governance.reports import reportable
from intranet.governance.reports.models import Decision, ReportReason
from intranet.groups.actions import GroupDraft, found_group, join_group, leave_group, set_role
from intranet.groups.finding import owner_ids
from intranet.groups.models import Group, GroupRole
from intranet.kernel import outbox
from intranet.kernel.db import Database, Session
from intranet.kernel.errors import Conflict, NotFound, Refused
from intranet.kernel.rooms import RoomsChanged
from intranet.kernel.viewer import Role, Viewer, system
from intranet.posts.actions import PostDraft, add_comment, delete_item, edit_item, publish_post
from intranet.posts.models import Comment, Post, PostKind
from intranet.posts.polls.actions import PollDraft, vote
from intranet.posts.polls.models import PollOption
from intranet.posts.queries import versions
from intranet.questions.actions import accept_answer
from intranet.topics.actions import follow_topic, unfollow_topic
from intranet.topics.models import Topic
from intranet.topics.vocabulary import ensure_topics
from tests.cast import add_person, bring_on
from tests.servers import PostgreSQL

pytestmark = pytest.mark.postgres

SYSTEM = system(reason="tests of what PostgreSQL needs")


@dataclass(frozen=True, slots=True)
class Place:
    """A database, and the server that it is on."""

    database: Database
    server: PostgreSQL
    url: str


@pytest.fixture
def place(postgresql: PostgreSQL) -> Iterator[Place]:
    url = postgresql.with_tables()
    database = Database(url)
    yield Place(database, postgresql, url)
    database.engine.dispose()
    postgresql.drop(url)


def follow(database: Database, is_over: Callable[[], bool]) -> list[int]:
    """The events that a subscriber passes who only ever asks for what comes after the last one."""
    passed: list[int] = []
    while True:
        over = is_over()
        with database.reading(SYSTEM) as session:
            new = [row.id for row in outbox.after(session, passed[-1] if passed else 0)]
        passed += new
        if over and not new:
            return passed


def test_who_follows_the_outbox_passes_every_event_however_commits_overlap(place: Place) -> None:
    def write(seed: int) -> None:
        chance = Random(seed)
        for number in range(12):

            def act(session: Session, number: int = number) -> None:
                outbox.record(session, RoomsChanged(recipient_id=seed * 100 + number))
                session.execute(select(func.pg_sleep(chance.uniform(0, 0.004))))

            place.database.transact(SYSTEM, act)

    writers = [threading.Thread(target=write, args=(seed,)) for seed in range(6)]
    for writer in writers:
        writer.start()
    passed = follow(place.database, lambda: not any(writer.is_alive() for writer in writers))
    with place.database.reading(SYSTEM) as session:
        kept = list(session.scalars(select(outbox.OutboxEvent.id).order_by(outbox.OutboxEvent.id)))
    assert len(kept) == 72
    assert passed == kept


def test_what_only_reads_cannot_write_even_past_the_session(place: Place) -> None:
    with place.database.reading(SYSTEM) as session, pytest.raises(DBAPIError, match="read-only"):
        session.connection().exec_driver_sql("DELETE FROM people")


def test_what_is_asked_often_is_planned_once_and_not_for_every_reader_anew(place: Place) -> None:
    statement: ColumnClause[str] = column("statement")
    kept = select(func.count()).select_from(table("pg_prepared_statements", statement))
    for _reader in range(8):  # one connection of the pool serves them all, one after the other
        with place.database.reading(SYSTEM) as session:
            session.scalars(select(Person.username)).all()
            found = session.scalar(kept.where(statement.startswith("SELECT people.username")))
    assert found == 1


def test_a_lock_is_waited_for_outside_and_not_for_ever(place: Place) -> None:
    place.database.transact(SYSTEM, lambda session: add_person(session, "alice"))
    tries: list[int] = []

    def rename(session: Session) -> None:
        tries.append(1)
        session.connection().exec_driver_sql("SET LOCAL lock_timeout = '20ms'")
        session.scalars(select(Person).with_for_update()).one().name = "Alice Elsewhere"

    with place.database.unit_of_work(SYSTEM) as holder:
        holder.scalars(select(Person).with_for_update()).one()
        with pytest.raises(OperationalError, match="lock timeout"):
            place.database.transact(SYSTEM, rename, seconds=0.3)
    assert len(tries) > 1
    place.database.transact(SYSTEM, rename)
    with place.database.reading(SYSTEM) as session:
        assert session.scalars(select(Person)).one().name == "Alice Elsewhere"


def test_a_connection_that_is_cut_before_the_commit_is_made_good(place: Place) -> None:
    tries: list[int] = []

    def act(session: Session) -> None:
        add_person(session, "alice")
        tries.append(1)
        if len(tries) == 1:
            place.server.cut_connections(place.url)
        add_person(session, "bob")

    place.database.transact(SYSTEM, act)
    with place.database.reading(SYSTEM) as session:
        assert sorted(session.scalars(select(Person.username))) == ["alice", "bob"]
    assert len(tries) == 2


def test_a_connection_that_is_cut_in_the_commit_is_told_and_not_tried_again(place: Place) -> None:
    """Nobody knows whether it stayed: doing it once more could double it."""
    tries: list[int] = []

    def act(session: Session) -> None:
        add_person(session, "alice")
        tries.append(1)
        place.server.cut_connections(place.url)

    with pytest.raises(OperationalError):
        place.database.transact(SYSTEM, act)
    assert tries == [1]


def test_a_restart_of_the_server_is_noticed_at_the_next_use(place: Place) -> None:
    place.database.transact(SYSTEM, lambda session: add_person(session, "alice"))
    place.server.stop_at_once()
    began = time.monotonic()
    with pytest.raises(OperationalError):
        place.database.transact(SYSTEM, lambda session: add_person(session, "bob"), seconds=0.5)
    assert time.monotonic() - began < 10
    place.server.start()
    place.database.transact(SYSTEM, lambda session: add_person(session, "bob"))
    with place.database.reading(SYSTEM) as session:
        assert sorted(session.scalars(select(Person.username))) == ["alice", "bob"]


def at_once(place: Place, first: Callable[[Session], object], second: Callable[[Session], object]) -> str:
    """What became of the second of two changes, which begins before the first one is stored: kept, refused, or missing
    where what it changes is no longer there."""
    outcomes: list[str] = []

    def come_second() -> None:
        try:
            place.database.transact(SYSTEM, second)
            outcomes.append("kept")
        except (Conflict, Refused):
            outcomes.append("refused")
        except NotFound:
            outcomes.append("missing")

    other = threading.Thread(target=come_second)
    with place.database.unit_of_work(SYSTEM) as session:
        first(session)
        session.flush()
        other.start()
        wait_for_a_lock(place.database, other)
    other.join()
    return outcomes[0]


def wait_for_a_lock(database: Database, other: threading.Thread) -> None:
    """Until the other thread's transaction waits for what this one holds, or has not waited and is over."""
    granted: ColumnClause[bool] = column("granted")
    waiting = select(func.count()).select_from(table("pg_locks", granted)).where(granted.is_(False))
    while other.is_alive():
        with database.reading(SYSTEM) as session:
            if session.scalar(waiting):
                return


def test_two_who_edit_the_same_version_at_once_do_not_both_win(place: Place) -> None:
    author = bring_on(place.database).alice
    post = place.database.transact(author, lambda s: publish_post(s, author, PostDraft(text="as it began")))

    def edit(text: str) -> Callable[[Session], object]:
        return lambda s: edit_item(s, author, post.id, text, seen=post.created_at)

    assert at_once(place, edit("the first"), edit("the second")) == "refused"
    with place.database.reading(author) as session:
        said = [version.html.strip() for version in versions(session, post.id)]
    assert said == ["<p>the first</p>", "<p>as it began</p>"]


def test_of_two_owners_who_leave_at_once_one_has_to_stay(place: Place) -> None:
    cast = bring_on(place.database)
    alice, bob = cast.alice, cast.bob
    group_id = place.database.transact(alice, lambda s: found_group(s, alice, GroupDraft(name="Harbour"))).id
    for one in (bob, cast.carol):
        place.database.transact(one, partial(join_group, viewer=one, group_id=group_id))
    place.database.transact(alice, lambda s: set_role(s, alice, group_id, bob.member_id, GroupRole.OWNER))
    second = at_once(place, lambda s: leave_group(s, alice, group_id), lambda s: leave_group(s, bob, group_id))
    with place.database.reading(SYSTEM) as session:
        assert (second, owner_ids(session, group_id)) == ("refused", [bob.id])


def test_a_choice_that_is_changed_twice_at_once_is_counted_once(place: Place) -> None:
    alice = bring_on(place.database).alice
    poll = PollDraft(options=("Tea", "Coffee", "Water"))
    draft = PostDraft(text="What?", kind=PostKind.POLL, poll=poll)
    post_id = place.database.transact(alice, lambda s: publish_post(s, alice, draft)).id
    options = select(PollOption).where(PollOption.post_id == post_id).order_by(PollOption.position)
    with place.database.reading(alice) as session:
        tea, coffee, water = (option.id for option in session.scalars(options))
    place.database.transact(alice, lambda s: vote(s, alice, post_id, [tea]))
    at_once(place, lambda s: vote(s, alice, post_id, [coffee]), lambda s: vote(s, alice, post_id, [water]))
    with place.database.reading(alice) as session:
        assert [option.votes for option in session.scalars(options)] == [0, 0, 1]


def test_of_two_answers_that_are_accepted_at_once_one_is_taken_back(place: Place) -> None:
    alice = bring_on(place.database).alice
    draft = PostDraft(text="Who oils the hinges?", title="Hinges?", kind=PostKind.QUESTION)
    post_id = place.database.transact(alice, lambda s: publish_post(s, alice, draft)).id
    answers = [
        place.database.transact(alice, lambda s: add_comment(s, alice, reply_to=post_id, text="Somebody")).id
        for _time in range(2)
    ]
    at_once(place, *(partial(accept_answer, viewer=alice, answer_id=answer_id) for answer_id in answers))
    with place.database.reading(alice) as session:
        assert session.get_one(Post, post_id).accepted_id == answers[1]
        assert [session.get_one(Comment, one).accepted_at is not None for one in answers] == [False, True]


@pytest.mark.parametrize("is_deleted_first", [True, False])
def test_a_question_is_not_solved_by_an_answer_that_is_deleted_at_once(place: Place, is_deleted_first: bool) -> None:
    alice = bring_on(place.database).alice
    draft = PostDraft(text="Who oils the hinges?", title="Hinges?", kind=PostKind.QUESTION)
    post_id = place.database.transact(alice, lambda s: publish_post(s, alice, draft)).id
    answer = place.database.transact(alice, lambda s: add_comment(s, alice, reply_to=post_id, text="Somebody")).id
    accept, delete = (
        partial(accept_answer, viewer=alice, answer_id=answer),
        partial(delete_item, viewer=alice, item_id=answer),
    )
    assert at_once(place, *((delete, accept) if is_deleted_first else (accept, delete))) == (
        "missing" if is_deleted_first else "kept"
    )
    with place.database.reading(alice) as session:
        assert session.get_one(Post, post_id).accepted_id is None


def test_what_is_left_twice_at_once_is_counted_down_once(place: Place) -> None:
    cast = bring_on(place.database)
    alice, bob = cast.alice, cast.bob
    group_id = place.database.transact(alice, lambda s: found_group(s, alice, GroupDraft(name="Harbour"))).id
    place.database.transact(bob, lambda s: join_group(s, bob, group_id))
    topic_id = place.database.transact(bob, lambda s: ensure_topics(s, ["kafka"]))["kafka"]
    place.database.transact(bob, lambda s: follow_topic(s, bob, topic_id))
    leave = partial(leave_group, viewer=bob, group_id=group_id)
    unfollow = partial(unfollow_topic, viewer=bob, topic_id=topic_id)
    assert at_once(place, leave, leave) == "missing"
    assert at_once(place, unfollow, unfollow) == "kept"
    with place.database.reading(SYSTEM) as session:
        assert session.get_one(Group, group_id).member_count == 1
        assert session.get_one(Topic, topic_id).follower_count == 0


def test_of_two_owners_of_a_room_who_step_back_at_once_one_stays(place: Place) -> None:
    cast = bring_on(place.database)
    alice, bob = cast.alice, cast.bob
    draft = chat.RoomDraft(name="harbour", people=("bob",))
    room_id = place.database.transact(alice, lambda s: chat.open_room(s, alice, draft)).id
    place.database.transact(alice, lambda s: chat.set_role(s, alice, room_id, bob.member_id, ChatRole.OWNER))

    def step_back(viewer: Viewer) -> Callable[[Session], object]:
        return lambda s: chat.set_role(s, viewer, room_id, viewer.member_id, ChatRole.MEMBER)

    assert at_once(place, step_back(alice), step_back(bob)) == "refused"


def test_of_two_moderators_who_decide_at_once_one_is_too_late(place: Place) -> None:
    cast = bring_on(place.database)
    alice, bob = cast.alice, cast.bob
    moderator = Viewer(cast.carol.id, frozenset({Role.MEMBER, Role.MODERATOR}))
    post_id = place.database.transact(alice, lambda s: publish_post(s, alice, PostDraft(text="mean words"))).id
    place.database.transact(
        bob, lambda s: reports.file_report(s, bob, reportable.item(s, bob, post_id), ReportReason.UNKIND, words="")
    )
    hide, keep = (
        partial(reports.decide, viewer=moderator, item_id=post_id, decision=decision)
        for decision in (Decision.HIDE, Decision.NOTHING)
    )
    assert at_once(place, hide, keep) == "missing"
