"""Announcements reach their audience, count who has acknowledged them, remind once, and end."""

import csv
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from intranet.accounts.models import Person
from intranet.groups import actions as groups
from intranet.groups.models import Group, GroupKind
from intranet.kernel import audience, clock, jobs
from intranet.kernel.audience import EVERYONE
from intranet.kernel.db import Database
from intranet.kernel.errors import Invalid, NotFound, Refused
from intranet.kernel.jobs import Job
from intranet.kernel.viewer import Role, Viewer
from intranet.posts import queries
from intranet.posts.actions import PostDraft, delete_item, publish_post
from intranet.posts.announcements.actions import REMIND, AnnouncementDraft, acknowledge, remind, remind_in_time
from intranet.posts.announcements.queries import AnnouncementCard, missing_page, waiting_for
from intranet.posts.events import AnnouncementAcknowledged, AnnouncementReminded
from intranet.posts.models import PostKind
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer

WEEK = timedelta(days=7)


def announced(database: Database, viewer: Viewer, *, to: int = EVERYONE, text: str = "Paper ends", **terms: Any) -> int:
    part = AnnouncementDraft(**{"asks": True, **terms})
    with database.unit_of_work(viewer) as session:
        draft = PostDraft(text=text, kind=PostKind.ANNOUNCEMENT, audience_id=to, announcement=part)
        return publish_post(session, viewer, draft).id


def seen(database: Database, viewer: Viewer, post_id: int) -> AnnouncementCard:
    with database.reading(viewer) as session:
        found = queries.post_card(session, viewer, post_id).announcement
        assert found is not None
        return found


def note(database: Database, viewer: Viewer, post_id: int) -> None:
    with database.unit_of_work(viewer) as session:
        acknowledge(session, viewer, post_id)


def waiting(database: Database, viewer: Viewer) -> list[int]:
    with database.reading(viewer) as session:
        return [one.post_id for one in waiting_for(session, viewer)]


def missing(database: Database, viewer: Viewer, post_id: int) -> list[str]:
    with database.reading(viewer) as session:
        return [person.username for person in missing_page(session, post_id).items]


@pytest.fixture
def guild(database: Database, cast: Cast) -> int:
    """A closed group that alice owns and bob is in."""
    with database.unit_of_work(cast.alice) as session:
        group = groups.found_group(session, cast.alice, groups.GroupDraft(name="Guild", kind=GroupKind.CLOSED))
        session.flush()
        groups.take_in(session, group, cast.bob.member_id, actor_id=cast.alice.member_id)
        return group.id


@pytest.mark.parametrize("text", ["## Paper ends\n\nFrom March on.", "Paper ends\n\nFrom March on.", "Paper ends"])
def test_what_waits_is_called_by_its_first_line(database: Database, cast: Cast, text: str) -> None:
    announced(database, cast.dana, text=text)
    with database.reading(cast.bob) as session:
        assert [one.title for one in waiting_for(session, cast.bob)] == ["Paper ends"]


def test_everybody_is_counted_and_acknowledges_once(
    database: Database, cast: Cast, happens: Callable[..., list[object]]
) -> None:
    post_id = announced(database, cast.dana)
    assert (seen(database, cast.bob, post_id).acknowledged, seen(database, cast.bob, post_id).people) == (1, 4)
    told = happens(cast.bob, lambda session: acknowledge(session, cast.bob, post_id))
    assert told == [AnnouncementAcknowledged(post_id, EVERYONE, cast.bob.member_id)]
    assert happens(cast.bob, lambda session: acknowledge(session, cast.bob, post_id)) == []
    card = seen(database, cast.bob, post_id)
    assert (card.acknowledged, card.percent, card.has_acknowledged, card.may_acknowledge) == (2, 50, True, False)
    assert missing(database, cast.dana, post_id) == ["alice", "carol"]


def test_who_may_announce_to_whom(database: Database, cast: Cast, guild: int) -> None:
    communicator = Viewer(cast.carol.id, frozenset({Role.MEMBER, Role.COMMUNICATOR}))
    assert announced(database, communicator)
    assert announced(database, cast.alice, to=guild)
    for viewer, audience_id, error in (
        (cast.bob, guild, Refused),  # a member, no owner
        (cast.bob, EVERYONE, Refused),
        (cast.alice, EVERYONE, Invalid),  # she may announce, elsewhere
        (communicator, guild, NotFound),  # not even a communicator from outside
    ):
        with pytest.raises(error):
            announced(database, viewer, to=audience_id)


def test_the_count_follows_who_is_in_the_group(database: Database, cast: Cast, guild: int) -> None:
    post_id = announced(database, cast.alice, to=guild)
    note(database, cast.bob, post_id)
    card = seen(database, cast.alice, post_id)
    assert (card.acknowledged, card.people) == (2, 2)
    with database.unit_of_work(cast.alice) as session:
        groups.take_in(session, session.get_one(Group, guild), cast.carol.member_id, actor_id=None)
    assert (seen(database, cast.alice, post_id).people, missing(database, cast.alice, post_id)) == (3, ["carol"])
    with database.unit_of_work(cast.bob) as session:
        groups.leave_group(session, cast.bob, guild)
    card = seen(database, cast.alice, post_id)
    assert (card.acknowledged, card.people) == (1, 2)


def test_to_an_outsider_it_does_not_exist(database: Database, cast: Cast, guild: int, as_viewer: AsViewer) -> None:
    post_id = announced(database, cast.alice, to=guild)
    carol = as_viewer(cast.carol)
    for address in (f"/posts/{post_id}/acknowledge", f"/posts/{post_id}/remind"):
        assert carol.post(address).status_code == 404
    assert carol.get(f"/posts/{post_id}/acknowledgements").status_code == 404
    assert "Paper ends" not in carol.get("/").text
    assert (waiting(database, cast.carol), waiting(database, cast.bob)) == ([], [post_id])


def test_who_reads_an_open_group_and_is_not_in_it_is_not_asked(database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.alice) as session:
        group = groups.found_group(session, cast.alice, groups.GroupDraft(name="Open", kind=GroupKind.OPEN))
        group_id = group.id
    post_id = announced(database, cast.alice, to=group_id)
    assert (seen(database, cast.carol, post_id).people, seen(database, cast.carol, post_id).may_acknowledge) == (
        1,
        False,
    )
    assert waiting(database, cast.carol) == []
    with pytest.raises(Refused):
        note(database, cast.carol, post_id)


def test_only_who_answers_for_it_sees_who_is_missing(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    post_id = announced(database, cast.dana, owner="bob")
    address = f"/posts/{post_id}/acknowledgements"
    assert as_viewer(cast.alice).get(address).status_code == 404
    assert as_viewer(cast.alice).post(f"/posts/{post_id}/remind").status_code == 403
    for viewer in (cast.bob, cast.dana):
        page = as_viewer(viewer).get(address)
        assert page.status_code == 200
        assert "Carol Example" in page.text
        assert "Erin Example" not in page.text


def test_there_is_one_reminder_whoever_sends_it_and_whenever(
    database: Database, cast: Cast, happens: Callable[..., list[object]]
) -> None:
    post_id = announced(database, cast.dana, remind_at=clock.now() + timedelta(days=1))
    with database.reading(SYSTEM) as session:
        (job,) = session.scalars(select(Job).where(Job.kind == REMIND))
        payload, run_at = job.payload, job.run_at
    assert run_at > clock.now()
    sent = happens(cast.dana, lambda session: remind(session, cast.dana, post_id))
    assert sent == [AnnouncementReminded(post_id, EVERYONE, cast.dana.member_id)]
    assert happens(SYSTEM, lambda session: remind_in_time(session, payload)) == []
    with pytest.raises(Refused), database.unit_of_work(cast.dana) as session:
        remind(session, cast.dana, post_id)


def test_the_worker_reminds_in_time_and_only_then(database: Database, cast: Cast) -> None:
    post_id = announced(database, cast.dana, remind_at=clock.now() + timedelta(days=1))
    jobs.run_due(database)
    assert seen(database, cast.dana, post_id).reminded_at is None
    with clock.fixed(clock.now() + timedelta(days=1, hours=1)):
        jobs.run_due(database)
        assert seen(database, cast.dana, post_id).reminded_at is not None


def test_after_its_end_nothing_is_asked_and_nobody_is_reminded(
    database: Database, cast: Cast, as_viewer: AsViewer, happens: Callable[..., list[object]]
) -> None:
    post_id = announced(database, cast.dana, ends_at=clock.now() + WEEK)
    assert waiting(database, cast.bob) == [post_id]
    with clock.fixed(clock.now() + WEEK):
        assert waiting(database, cast.bob) == []
        for act in (acknowledge, remind):
            with pytest.raises(Refused), database.unit_of_work(cast.dana) as session:
                act(session, cast.dana, post_id)
        assert happens(SYSTEM, lambda session: remind_in_time(session, {"post_id": post_id})) == []
        with database.reading(cast.bob) as session:
            assert not queries.post_card(session, cast.bob, post_id).stands_out
        assert "Acknowledge</button>" not in as_viewer(cast.bob).get(f"/posts/{post_id}").text


def test_a_deleted_announcement_waits_for_nobody(database: Database, cast: Cast) -> None:
    post_id = announced(database, cast.dana)
    with database.unit_of_work(cast.dana) as session:
        delete_item(session, cast.dana, post_id)
    assert waiting(database, cast.bob) == []
    with pytest.raises(NotFound):
        note(database, cast.bob, post_id)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"ends_at": -WEEK}, "ends_at"),
        ({"ends_at": 60 * WEEK}, "ends_at"),
        ({"ends_at": WEEK, "remind_at": 2 * WEEK}, "remind_at"),
        ({"remind_at": -WEEK}, "remind_at"),
        ({"owner": "nobody"}, "owner"),
        ({"owner": "erin"}, "owner"),
        ({"owner": "bob, carol"}, "owner"),
    ],
)
def test_terms_that_cannot_be_are_said_at_their_field(
    database: Database, cast: Cast, terms: dict[str, object], field: str
) -> None:
    now = clock.now()
    given: dict[str, Any] = {name: now + term if isinstance(term, timedelta) else term for name, term in terms.items()}
    with pytest.raises(Invalid) as caught:
        announced(database, cast.dana, **given)
    assert list(caught.value.fields) == [field]


def test_the_composer_the_banner_and_the_button_work_without_script(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    typed = {
        "text": "Paper <script>ends</script> 文书",
        "kind": "announcement",
        "lasts": "7",
        "asks": "1",
        "owner": "nemo",
    }
    dana = as_viewer(cast.dana)
    wrong = dana.post("/posts", data=typed)
    assert (wrong.status_code, 'value="nemo"' in wrong.text) == (422, True)
    assert dana.post("/posts", data={**typed, "owner": ""}).status_code == 303
    bob = as_viewer(cast.bob)
    (post_id,) = waiting(database, cast.bob)
    home = bob.get("/").text
    assert f'data-asks="{post_id}"' in home
    assert "<script>ends" not in home
    assert bob.post(f"/posts/{post_id}/acknowledge", data={"back": "/"}).location == "/"
    assert f'data-asks="{post_id}"' not in bob.get("/").text
    assert "2 of 4 have acknowledged" in bob.get(f"/posts/{post_id}").text


def test_owners_alone_find_the_kind_in_their_composer(cast: Cast, guild: int, as_viewer: AsViewer) -> None:
    kind = 'name="kind" value="announcement"'
    assert kind in as_viewer(cast.alice).get(f"/compose?group={guild}").text
    assert kind not in as_viewer(cast.bob).get(f"/compose?group={guild}").text


def test_the_api_gives_and_takes_its_terms(cast: Cast, as_viewer: AsViewer) -> None:
    ends_at = (clock.now() + WEEK).isoformat()
    body = {"text": "Paper ends", "kind": "announcement", "asks": True, "ends_at": ends_at, "owner": "bob"}
    made = as_viewer(cast.dana).post("/api/v1/posts", json=body).get_json()["announcement"]
    assert made == {"owner": "bob", "ends_at": ends_at, "asks": True, "urgent": False, "acknowledged": 1, "people": 4}


def urgently(database: Database, viewer: Viewer) -> list[int]:
    with database.reading(viewer) as session:
        return [one.post_id for one in waiting_for(session, viewer, is_urgent=True)]


def test_what_is_urgent_stands_above_every_page_until_it_is_acknowledged(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    post_id = announced(database, cast.dana, is_urgent=True, asks=False)
    assert seen(database, cast.bob, post_id).is_asking
    assert (urgently(database, cast.bob), waiting(database, cast.bob)) == ([post_id], [])
    assert urgently(database, cast.dana) == []
    client = as_viewer(cast.bob)
    assert f'data-asks="{post_id}"' in client.get("/people").text
    client.post(f"/posts/{post_id}/acknowledge", data={"back": "/people"})
    assert urgently(database, cast.bob) == []
    assert f'data-asks="{post_id}"' not in client.get("/people").text


def test_what_is_urgent_in_a_group_stands_above_nobody_elses_pages(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    with database.unit_of_work(SYSTEM) as session:
        audience.join(session, cast.group, [cast.dana.member_id])
    post_id = announced(database, cast.dana, to=cast.group, is_urgent=True)
    assert urgently(database, cast.bob) == [post_id]
    assert urgently(database, cast.carol) == []
    assert str(post_id) not in as_viewer(cast.carol).get("/people").text


def test_owning_a_group_is_not_enough_to_interrupt_it(database: Database, cast: Cast, guild: int) -> None:
    with pytest.raises(Refused):
        announced(database, cast.alice, to=guild, is_urgent=True)


def test_what_is_urgent_reminds_once_by_itself_those_who_have_not_acknowledged(database: Database, cast: Cast) -> None:
    post_id = announced(database, cast.dana, is_urgent=True)
    with clock.fixed(clock.now() + timedelta(minutes=31)):
        jobs.run_due(database)
        assert seen(database, cast.dana, post_id).reminded_at is not None


def test_who_has_not_acknowledged_is_a_table_for_whoever_answers_for_it(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    post_id = announced(database, cast.dana)
    note(database, cast.bob, post_id)
    with database.unit_of_work(SYSTEM) as session:
        session.get_one(Person, cast.carol.member_id).name = "=1+1"
    address = f"/posts/{post_id}/acknowledgements.csv"
    rows = list(csv.reader(as_viewer(cast.dana).get(address).text.splitlines()))
    assert rows[0] == ["username", "name", "title", "department"]
    assert {row[0] for row in rows[1:]} == {"alice", "carol"}
    assert ["carol", "'=1+1"] in [row[:2] for row in rows]
    assert as_viewer(cast.bob).get(address).status_code == 404
