"""A post for later goes out once, at its moment, with what its author may do by then; otherwise it comes back."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.accounts.models import Person
from intranet.files.actions import put_on_shelf, receive
from intranet.files.models import StoredFile
from intranet.files.sweeping import sweep
from intranet.kernel import audience, clock, jobs, outbox
from intranet.kernel.db import Database
from intranet.kernel.errors import Invalid, NotFound, Refused
from intranet.kernel.ids import moment_of
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.people.models import Profile
from intranet.posts.models import Post, PostKind
from intranet.posts.polls.models import Poll
from intranet.posts.scheduled import actions
from intranet.posts.scheduled.models import ScheduledPost
from intranet.posts.scheduled.queries import moment_in
from intranet.topics.models import Topic
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer

IN_AN_HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def put_off(database: Database, viewer: Viewer, text: str = "Good morning #later", **more: object) -> int:
    fields = {"text": text, **more}
    with database.unit_of_work(viewer) as session:
        return actions.schedule_post(session, viewer, fields, goes_at=clock.now() + IN_AN_HOUR).id


def work(database: Database, *, after: timedelta) -> None:
    with clock.fixed(clock.now() + after):
        jobs.run_due(database)


def posts(database: Database, viewer: Viewer = SYSTEM) -> list[Post]:
    with database.reading(viewer) as session:
        return list(session.scalars(select(Post).order_by(Post.id)))


def waiting(database: Database) -> list[ScheduledPost]:
    with database.reading(SYSTEM) as session:
        return list(session.scalars(select(ScheduledPost)))


def test_it_goes_out_at_its_moment_and_its_time_is_that_of_publication(database: Database, cast: Cast) -> None:
    put_off(database, cast.alice)
    work(database, after=timedelta(minutes=59))
    assert posts(database) == []
    moment = clock.now() + timedelta(minutes=61)
    with clock.fixed(moment):
        jobs.run_due(database)
    (post,) = posts(database, cast.carol)
    assert (post.author_id, post.text, post.created_at) == (cast.alice.id, "Good morning #later", moment)
    assert abs(moment_of(post.id) - moment) < timedelta(hours=2)
    assert waiting(database) == []


def test_nothing_of_it_is_there_before(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    put_off(database, cast.alice, "Quiet #merger-plans @bob")
    with database.reading(SYSTEM) as session:
        assert session.scalars(select(Topic)).all() == []
        assert [row.type for row in outbox.after(session, 0)] == ["schedule.changed"]
    for viewer in (cast.bob, cast.carol, cast.dana):
        client = as_viewer(viewer)
        for address in ("/scheduled", "/?view=everyone", "/api/v1/events?since=0", "/api/v1/feed?view=newest"):
            assert "merger" not in client.get(address).text.lower()


def test_whatever_happens_to_the_worker_it_goes_out_once(database: Database, cast: Cast) -> None:
    scheduled_id = put_off(database, cast.alice)
    handed: list[Callable[[], None]] = []
    with clock.fixed(clock.now() + timedelta(hours=2)):
        jobs.run_due(database, aside=handed.append)  # taken on by a worker that is killed before it begins
        assert posts(database) == []
    with clock.fixed(clock.now() + timedelta(hours=3)):
        jobs.run_due(database, aside=handed.append)
        for late in (*handed, *handed):  # and all of them wake up after all
            late()
        with database.unit_of_work(SYSTEM) as session:
            jobs.later(session, actions.PUBLISH, {"scheduled_id": scheduled_id}, at=clock.now())
        jobs.run_due(database)
    assert len(posts(database)) == 1


def test_a_crash_before_the_commit_leaves_all_of_it_for_the_next_try(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    put_off(database, cast.alice)

    def crash(*_: object) -> None:
        raise RuntimeError("the lights went out")

    with monkeypatch.context() as broken:
        broken.setattr(actions, "record", crash)  # after the post was added, before the commit
        work(database, after=timedelta(hours=2))
    assert posts(database) == []
    assert len(waiting(database)) == 1
    work(database, after=timedelta(hours=3))
    assert len(posts(database)) == 1
    assert "lights" in caplog.text


def test_who_left_the_group_gets_it_back_with_the_reason(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    scheduled_id = put_off(database, cast.alice, "Among us", audience=str(cast.group))
    with database.unit_of_work(SYSTEM) as session:
        audience.leave(session, cast.group, [cast.alice.member_id])
    work(database, after=timedelta(hours=2))
    assert posts(database) == []
    (back,) = waiting(database)
    assert back.reason == "You can no longer post this where it was to go."
    page = as_viewer(cast.alice).get("/scheduled").text
    assert "Among us" in page
    assert back.reason in page
    with pytest.raises(NotFound), database.unit_of_work(cast.alice) as session:
        actions.send_now(session, cast.alice, scheduled_id)
    work(database, after=timedelta(hours=9))  # it does not go out by itself any more
    with database.unit_of_work(SYSTEM) as session:
        audience.join(session, cast.group, [cast.alice.member_id])
    work(database, after=timedelta(hours=10))
    assert posts(database) == []
    with database.unit_of_work(cast.alice) as session:
        actions.send_now(session, cast.alice, scheduled_id)
    assert [post.text for post in posts(database, cast.bob)] == ["Among us"]
    assert posts(database, cast.carol) == []


def test_who_lost_a_role_or_left_the_company_posts_nothing(database: Database, cast: Cast) -> None:
    put_off(database, cast.dana, "Hear all", kind="announcement")
    put_off(database, cast.bob, "My last words")
    with database.unit_of_work(SYSTEM) as session:
        dana, bob = session.get(Person, cast.dana.id), session.get(Person, cast.bob.id)
        assert dana is not None
        assert bob is not None
        dana.roles, bob.deactivated_at = [], clock.now()
    work(database, after=timedelta(hours=2))
    assert posts(database) == []
    assert {row.author_id: bool(row.reason) for row in waiting(database)} == {cast.dana.id: True, cast.bob.id: False}


def test_what_could_not_be_posted_now_cannot_be_put_off(database: Database, cast: Cast) -> None:
    for fields, error in (
        ({"text": ""}, Invalid),
        ({"text": "x", "kind": "announcement"}, Refused),
        ({"text": "x", "kind": "poll", "option1": "only one"}, Invalid),
        ({"text": "x", "audience": str(cast.group)}, NotFound),
        ({"text": "x", "files": ["12345"]}, Invalid),
        ({"text": "x", "quote": "12345"}, NotFound),
    ):
        with pytest.raises(error):
            put_off(database, cast.carol, **fields)
    for goes_at in (clock.now() - timedelta(minutes=1), clock.now() + timedelta(days=400)):
        with pytest.raises(Invalid), database.unit_of_work(cast.alice) as session:
            actions.schedule_post(session, cast.alice, {"text": "x"}, goes_at=goes_at)
    assert waiting(database) == []
    assert posts(database) == []


def test_a_poll_begins_when_it_goes_out(database: Database, cast: Cast) -> None:
    put_off(database, cast.alice, "When?", kind="poll", option1="Mon", option2="Tue", closes_in="1")
    moment = clock.now() + timedelta(days=3)
    with clock.fixed(moment):
        jobs.run_due(database)
    (post,) = posts(database)
    assert post.kind is PostKind.POLL
    with database.reading(SYSTEM) as session:
        poll = session.get(Poll, post.id)
        assert poll is not None
        assert poll.closes_at == moment + timedelta(days=1)


def test_its_files_wait_with_it(app: Flask, database: Database, cast: Cast) -> None:
    received = receive(runtime(app).settings.files_folder, "plan.txt", b"the plan")
    with database.unit_of_work(cast.alice) as session:
        file_id = put_on_shelf(session, cast.alice, received).id
    scheduled_id = put_off(database, cast.alice, files=[str(file_id)])
    with clock.fixed(clock.now() + timedelta(days=30)):
        database.transact(SYSTEM, lambda session: sweep(session, {}))
    with database.unit_of_work(cast.alice) as session:
        moment = clock.now() + timedelta(days=40)
        actions.change_scheduled(session, cast.alice, scheduled_id, text="With a plan", goes_at=moment)
    with database.reading(cast.carol) as session:
        assert session.get(StoredFile, file_id) is None
    work(database, after=timedelta(days=41))
    assert [post.text for post in posts(database)] == ["With a plan"]
    with database.reading(cast.carol) as session:
        assert session.get(StoredFile, file_id) is not None


def test_putting_it_off_further_keeps_it_from_going_out_at_the_first_moment(database: Database, cast: Cast) -> None:
    scheduled_id = put_off(database, cast.alice)
    with database.unit_of_work(cast.alice) as session:
        later = clock.now() + timedelta(hours=5)
        actions.change_scheduled(session, cast.alice, scheduled_id, text="Better words", goes_at=later)
    work(database, after=timedelta(hours=2))
    assert posts(database) == []
    work(database, after=timedelta(hours=6))
    assert [post.text for post in posts(database)] == ["Better words"]


def test_nobody_touches_anothers(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    scheduled_id = put_off(database, cast.alice)
    bob = as_viewer(cast.bob)
    assert bob.get(f"/scheduled/{scheduled_id}/edit").status_code == 404
    for verb in ("edit", "send", "cancel", "discard"):
        fields = {"text": "mine", "goes_at": "2030-01-01T08:00"}
        assert bob.post(f"/scheduled/{scheduled_id}/{verb}", data=fields).status_code == 404
    assert len(waiting(database)) == 1


def test_the_time_is_by_ones_own_clock_also_without_script(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    with database.unit_of_work(SYSTEM) as session:
        session.merge(Profile(person_id=cast.alice.member_id, timezone="Asia/Tokyo"))
    client = as_viewer(cast.alice)
    day = (clock.now() + timedelta(days=9)).date()
    client.post("/posts/schedule", data={"text": "By profile", "goes_at": f"{day}T08:00"})
    client.post("/posts/schedule", data={"text": "By browser", "goes_at": f"{day}T08:00", "zone": "America/New_York"})
    found = {row.fields["text"]: row.goes_at for row in waiting(database)}
    local = datetime.combine(day, datetime.min.time()).replace(hour=8)
    assert found["By profile"] == local.replace(tzinfo=ZoneInfo("Asia/Tokyo"))
    assert found["By browser"] == local.replace(tzinfo=ZoneInfo("America/New_York"))
    page = client.get("/scheduled").text
    assert "08:00" in page
    assert "Asia/Tokyo" in page


def test_what_was_typed_stays_beside_a_moment_that_cannot_be(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    client = as_viewer(cast.alice)
    for moment in ("", "soon", "2020-01-01T08:00"):
        answer = client.post("/posts/schedule", data={"text": "Keep my words", "goes_at": moment})
        assert answer.status_code == 422
        assert "Keep my words" in answer.text
    answer = client.post("/posts/schedule", data={"text": "x"}, headers={"X-Fragment": "1"})
    assert answer.json is not None
    assert "goes_at" in answer.json["fields"]


def test_taking_it_back_loses_nothing(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    scheduled_id = put_off(database, cast.alice, "Maybe not")
    client = as_viewer(cast.alice)
    client.post(f"/scheduled/{scheduled_id}/cancel")
    work(database, after=timedelta(hours=2))
    assert posts(database) == []
    assert "Maybe not" in client.get(f"/scheduled/{scheduled_id}/edit").text
    client.post(f"/scheduled/{scheduled_id}/send")
    assert len(posts(database)) == 1
    other = put_off(database, cast.alice, "Never")
    client.post(f"/scheduled/{other}/discard")
    assert waiting(database) == []


def test_an_hour_that_the_clocks_skip_is_still_a_moment() -> None:
    zone = ZoneInfo("Europe/Berlin")
    assert moment_in("2027-03-28T02:30", zone) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert moment_in("nonsense", zone) is None
