"""What needs somebody who is not looking comes to their devices: once, sealed, and only what they may read."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from intranet.accounts.actions import deactivate, end_session
from intranet.accounts.models import Person
from intranet.config import Settings
from intranet.kernel import audience, jobs
from intranet.kernel.audience import EVERYONE
from intranet.kernel.db import Database
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.links.addresses import Forbidden
from intranet.notifications import actions
from intranet.notifications.forms import read_wishes
from intranet.notifications.models import Channel, Notice
from intranet.notifications.push.actions import add_device, drop_device
from intranet.notifications.push.keys import kept_key, public_key
from intranet.notifications.push.models import PushDevice
from intranet.notifications.push.sealing import Address, deliver
from intranet.people.presence import mark_seen
from intranet.posts.actions import PostDraft, delete_item, publish_post
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer
from tests.notifications.receiving import HERE, Browser, PushService, has_device, push_service, signed_in
from tests.notifications.working import Work


@pytest.fixture(autouse=True)
def service(app: Flask) -> Iterator[PushService]:
    found = runtime(app)
    with push_service() as service:
        found.settings = replace(found.settings, push_networks=HERE)
        yield service


@pytest.fixture
def phone(database: Database, cast: Cast, service: PushService, work: Work) -> Browser:
    found = service.browser("phone")
    has_device(database, cast.bob, found)
    return found


def posted(database: Database, viewer: Viewer, text: str, to: int = EVERYONE) -> int:
    with database.unit_of_work(viewer) as session:
        return publish_post(session, viewer, PostDraft(text=text, audience_id=to)).id


def soon(work: Work) -> None:
    work.do()
    work.go_on(seconds=21)
    work.do()


def test_a_mention_comes_to_the_phone_and_then_to_no_mail(
    database: Database, cast: Cast, work: Work, phone: Browser
) -> None:
    post_id = posted(database, cast.alice, "does @bob know the relay")
    work.do()
    assert phone.told == []
    soon(work)
    (told,) = phone.told
    assert "Alice" in told["body"]
    assert "mentioned you" in told["body"]
    assert told["url"] == f"/posts/{post_id}"
    assert told["unread"] == 1
    assert phone.headers[0]["TTL"] == "86400"
    assert len(phone.headers[0]["Topic"]) == 32
    work.go_on(days=2)
    work.do()
    assert work.mails == []
    assert len(phone.told) == 1


def test_what_was_seen_is_not_pushed(database: Database, cast: Cast, work: Work, phone: Browser) -> None:
    post_id = posted(database, cast.alice, "does @bob know the relay")
    work.do()
    with database.unit_of_work(cast.bob) as session:
        actions.read_post(session, cast.bob, post_id)
    soon(work)
    assert phone.asked == 0


def test_somebody_who_is_around_is_left_some_minutes_to_look(
    database: Database, cast: Cast, work: Work, phone: Browser
) -> None:
    posted(database, cast.alice, "does @bob know the relay")
    for _minute in range(7):
        with database.unit_of_work(cast.bob) as session:
            mark_seen(session, cast.bob.member_id)
        work.go_on(minutes=1)
        work.do()
    assert phone.told == []
    work.go_on(minutes=2)
    work.do()
    assert len(phone.told) == 1


def test_several_things_are_one_number(database: Database, cast: Cast, work: Work, phone: Browser) -> None:
    for word in ("relay", "fuse", "coil", "mains"):
        posted(database, cast.alice, f"does @bob know the {word}")
    soon(work)
    (told,) = phone.told
    assert told["body"] == "4 things wait for you"
    assert told["url"] == "/notifications"


def test_quiet_hours_hold_back_pushes_until_they_end(
    database: Database, cast: Cast, work: Work, phone: Browser
) -> None:
    with database.unit_of_work(cast.bob) as session:
        actions.save_wishes(session, cast.bob, read_wishes({"quiet_from": "09:00", "quiet_to": "15:00"}))
    posted(database, cast.alice, "does @bob know the relay")
    work.do()
    work.go_on(hours=2)
    work.do()
    assert phone.told == []
    work.go_on(hours=1.5)
    work.do()
    assert len(phone.told) == 1


def test_a_push_says_nothing_of_what_only_some_may_read(
    database: Database, cast: Cast, work: Work, phone: Browser
) -> None:
    posted(database, cast.alice, "@bob the quiet heron starts", to=cast.group)
    soon(work)
    (told,) = phone.told
    assert "heron" not in str(told)


def test_who_may_read_it_no_more_is_told_nothing(database: Database, cast: Cast, work: Work, phone: Browser) -> None:
    posted(database, cast.alice, "@bob the quiet heron starts", to=cast.group)
    work.do()
    with database.unit_of_work(SYSTEM) as session:
        audience.leave(session, cast.group, [cast.bob.member_id])
    soon(work)
    assert phone.asked == 0


def test_what_is_taken_away_between_taking_and_sending_is_not_told(
    database: Database, cast: Cast, work: Work, phone: Browser
) -> None:
    post_id = posted(database, cast.alice, "does @bob know the relay")
    phone.answers = [503]
    soon(work)
    with database.unit_of_work(cast.alice) as session:
        delete_item(session, cast.alice, post_id)
    work.do()
    work.go_on(minutes=5)
    work.do()
    assert phone.asked == 1
    assert phone.told == []


def test_an_outsiders_device_hears_nothing(database: Database, cast: Cast, service: PushService, work: Work) -> None:
    carols = service.browser("carols")
    has_device(database, cast.carol, carols)
    posted(database, cast.alice, "@carol @bob the quiet heron starts", to=cast.group)
    soon(work)
    work.go_on(days=1)
    work.do()
    assert carols.asked == 0


def test_a_push_service_that_is_away_is_asked_again(database: Database, cast: Cast, work: Work, phone: Browser) -> None:
    phone.answers = [503, 429]
    posted(database, cast.alice, "does @bob know the relay")
    soon(work)
    assert phone.asked == 1
    for _turn in range(3):
        work.go_on(minutes=2)
        work.do()
    assert (phone.asked, len(phone.told)) == (3, 1)


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten_and_mail_takes_over(
    database: Database, cast: Cast, work: Work, phone: Browser, status: int
) -> None:
    phone.answers = [status]
    posted(database, cast.alice, "does @bob know the relay")
    soon(work)
    with database.reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(PushDevice)) == 0
    work.go_on(minutes=11)
    work.do()
    assert len(work.mails) == 1
    with database.reading(SYSTEM) as session:
        assert session.scalars(select(Notice.told_by)).all() == [Channel.MAIL]


def test_what_no_device_takes_for_hours_goes_by_mail_and_leaves_a_dead_letter(
    database: Database, cast: Cast, work: Work, phone: Browser
) -> None:
    phone.answers = [500] * 50
    posted(database, cast.alice, "does @bob know the relay")
    work.do()
    for _turn in range(16):
        work.go_on(minutes=10)
        work.do()
    assert len(work.mails) == 1
    with database.reading(SYSTEM) as session:
        (letter,) = session.scalars(select(jobs.Job).where(jobs.Job.state == jobs.JobState.FAILED))
        assert letter.last_error == "the push service answers 500"


def test_one_device_that_takes_it_is_enough(
    database: Database, cast: Cast, service: PushService, work: Work, phone: Browser
) -> None:
    laptop = service.browser("laptop")
    has_device(database, cast.bob, laptop)
    phone.answers = [410]
    posted(database, cast.alice, "does @bob know the relay")
    soon(work)
    work.go_on(days=2)
    work.do()
    assert len(laptop.told) == 1
    assert work.mails == []


def test_a_device_ends_with_its_session_and_with_its_person(
    database: Database, cast: Cast, service: PushService, work: Work, phone: Browser
) -> None:
    laptop = service.browser("laptop")
    sign_in_id = has_device(database, cast.bob, laptop)
    with database.unit_of_work(cast.bob) as session:
        end_session(session, cast.bob, sign_in_id)
    posted(database, cast.alice, "does @bob know the relay")
    soon(work)
    assert (laptop.asked, phone.asked) == (0, 1)
    posted(database, cast.alice, "and the fuse, @bob")
    work.do()
    with database.unit_of_work(cast.dana) as session:
        deactivate(session, cast.dana, session.get_one(Person, cast.bob.member_id))
    soon(work)
    assert phone.asked == 1
    with database.reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(PushDevice)) == 0


def test_a_browser_belongs_to_whoever_added_it_last(database: Database, cast: Cast, work: Work, phone: Browser) -> None:
    phone_of_carol = phone  # the browser has one address, whoever is signed in
    sign_in_id = signed_in(database, cast.carol, "the same phone")
    with database.unit_of_work(cast.carol) as session:
        settings = Settings(push_networks=HERE)
        add_device(session, cast.carol, phone_of_carol.address, sign_in_id=sign_in_id, settings=settings)
    posted(database, cast.alice, "does @bob or @carol know the relay")
    soon(work)
    work.go_on(minutes=15)
    work.do()
    assert len(phone.told) == 1
    assert ["bob" in str(mail["To"]) for mail in work.mails] == [True]


def test_ones_own_device_can_be_tried_in_quiet_hours_too_and_tells_nothing(
    database: Database, cast: Cast, work: Work, phone: Browser, as_viewer: AsViewer
) -> None:
    with database.reading(SYSTEM) as session:
        device_id = session.scalars(select(PushDevice.id)).one()
    assert as_viewer(cast.carol).post(f"/settings/devices/{device_id}/try").status_code == 404
    client = as_viewer(cast.bob)
    client.post("/notifications/snooze", data={"minutes": "60"})
    assert client.post(f"/settings/devices/{device_id}/try").status_code == 303
    work.do()
    (told,) = phone.told
    assert (told["body"], told["tag"], told["unread"]) == ("This device is told what needs you.", "try", 0)
    assert "Last told" in client.get("/settings/notices").text
    phone.answers = [410]
    client.post(f"/settings/devices/{device_id}/try")
    work.do()
    assert f"/settings/devices/{device_id}" not in client.get("/settings/notices").text


def test_only_ones_own_device_can_be_removed(database: Database, cast: Cast, work: Work, phone: Browser) -> None:
    with database.reading(SYSTEM) as session:
        device_id = session.scalars(select(PushDevice.id)).one()
    with pytest.raises(NotFound), database.unit_of_work(cast.carol) as session:
        drop_device(session, cast.carol, device_id)
    with database.unit_of_work(cast.bob) as session:
        drop_device(session, cast.bob, device_id)
    posted(database, cast.alice, "does @bob know the relay")
    soon(work)
    assert phone.asked == 0


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": "http://push.example.org/x"},
        {"endpoint": "https://name:word@push.example.org/x"},
        {"endpoint": "javascript:alert(1)"},
        {"p256dh": "BAAA"},
        {"p256dh": "ä"},
        {"auth": "c2hvcnQ"},
    ],
)
def test_what_is_no_subscription_is_refused(
    database: Database, cast: Cast, service: PushService, change: dict[str, str]
) -> None:
    good = replace(service.browser("any").address, endpoint="https://push.example.org/x")
    sign_in_id = signed_in(database, cast.bob, "any")
    address = replace(good, **change)
    with pytest.raises(Invalid) as refused, database.unit_of_work(cast.bob) as session:
        add_device(session, cast.bob, address, sign_in_id=sign_in_id, settings=Settings())
    assert "endpoint" in refused.value.fields


@pytest.mark.parametrize("inside", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fd00::1"])
def test_no_push_goes_into_a_closed_network(app: Flask, service: PushService, inside: str) -> None:
    address = Address("https://push.example.org/x", *_keys(service))
    with pytest.raises(Forbidden):
        deliver(Settings(data=runtime(app).settings.data), address, b"{}", topic="t", resolve=lambda *_: [inside])


def test_the_companys_own_network_opens_no_way_to_others(app: Flask, service: PushService) -> None:
    address = Address("http://push.example.org:9999/x", *_keys(service))
    settings = Settings(data=runtime(app).settings.data, push_networks="10.0.0.0/8")
    with pytest.raises(Forbidden):
        deliver(settings, address, b"{}", topic="t", resolve=lambda *_: ["8.8.8.8"])


def _keys(service: PushService) -> tuple[str, str]:
    address = service.browser("any").address
    return address.p256dh, address.auth


def test_the_pair_of_keys_is_made_once(app: Flask) -> None:
    settings = runtime(app).settings
    first = public_key(settings)
    assert public_key(settings) == first
    file = settings.data / "push_key"
    assert file.stat().st_mode & 0o077 == 0
    assert public_key(Settings(data=settings.data / "elsewhere", push_key=kept_key(file))) == first


def test_a_session_that_ran_out_tells_nothing(database: Database, cast: Cast, work: Work, phone: Browser) -> None:
    work.go_on(days=301)
    posted(database, cast.alice, "does @bob know the relay")
    soon(work)
    assert phone.asked == 0
