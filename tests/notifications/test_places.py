"""New posts of a group, on a topic or by a person reach whom they should, as soon as they chose, and nobody else."""

import pytest
from sqlalchemy import select

from intranet.groups import actions as groups
from intranet.groups.models import GroupKind
from intranet.kernel import audience
from intranet.kernel.audience import EVERYONE
from intranet.kernel.db import Database
from intranet.kernel.errors import NotFound
from intranet.kernel.viewer import Viewer
from intranet.notifications import actions
from intranet.notifications.forms import read_wishes
from intranet.notifications.models import Level, Notice, Source
from intranet.notifications.places.actions import choose
from intranet.notifications.places.models import PlaceKind
from intranet.notifications.places.queries import places_of
from intranet.posts.actions import PostDraft, publish_post
from intranet.topics.models import Topic
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer
from tests.notifications.working import Work


@pytest.fixture
def guild(database: Database, cast: Cast) -> int:
    """A hidden group that alice owns and bob is in."""
    with database.unit_of_work(cast.alice) as session:
        group = groups.found_group(session, cast.alice, groups.GroupDraft(name="Guild", kind=GroupKind.HIDDEN))
        session.flush()
        groups.take_in(session, group, cast.bob.member_id, actor_id=cast.alice.member_id)
        return group.id


def chose(database: Database, viewer: Viewer, kind: PlaceKind, target_id: int, level: Level | None) -> None:
    with database.unit_of_work(viewer) as session:
        choose(session, viewer, kind, target_id, level)


def posted(work: Work, viewer: Viewer, text: str = "the relay is back", to: int = EVERYONE) -> int:
    with work.database.unit_of_work(viewer) as session:
        found = publish_post(session, viewer, PostDraft(text=text, audience_id=to)).id
    work.do()
    return found


def told(database: Database, viewer: Viewer) -> list[tuple[Source, Level]]:
    with database.reading(viewer) as session:
        mine = select(Notice).where(Notice.person_id == viewer.member_id).order_by(Notice.id)
        return [(notice.source, notice.level) for notice in session.scalars(mine)]


def test_nobody_is_told_of_new_posts_who_did_not_choose_it(
    database: Database, cast: Cast, work: Work, guild: int
) -> None:
    posted(work, cast.alice, to=guild)
    assert told(database, cast.bob) == []


@pytest.mark.parametrize("level", [Level.NOW, Level.TODAY])
def test_new_posts_of_a_group_reach_its_readers_as_soon_as_they_chose(
    database: Database, cast: Cast, work: Work, level: Level, guild: int
) -> None:
    chose(database, cast.bob, PlaceKind.GROUP, guild, level)
    posted(work, cast.alice, to=guild)
    posted(work, cast.alice)
    assert told(database, cast.bob) == [(Source.NEW_POST, level)]


def test_posts_by_a_person_and_on_a_topic(database: Database, cast: Cast, work: Work) -> None:
    posted(work, cast.alice, "first of #relays")
    with database.reading(SYSTEM) as session:
        topic_id = session.scalars(select(Topic.id).where(Topic.slug == "relays")).one()
    chose(database, cast.carol, PlaceKind.TOPIC, topic_id, Level.TODAY)
    chose(database, cast.bob, PlaceKind.PERSON, cast.alice.member_id, Level.NOW)
    posted(work, cast.alice, "second of #relays")
    posted(work, cast.dana, "third of #relays")
    assert told(database, cast.carol) == [(Source.NEW_POST, Level.TODAY)] * 2
    assert told(database, cast.bob) == [(Source.NEW_POST, Level.NOW)]


def test_never_stands_against_every_other_choice(database: Database, cast: Cast, work: Work, guild: int) -> None:
    chose(database, cast.bob, PlaceKind.PERSON, cast.alice.member_id, Level.NOW)
    chose(database, cast.bob, PlaceKind.GROUP, guild, Level.NEVER)
    posted(work, cast.alice, to=guild)
    assert told(database, cast.bob) == []
    posted(work, cast.alice)
    assert len(told(database, cast.bob)) == 1


def test_who_is_named_is_told_that_and_once(database: Database, cast: Cast, work: Work, guild: int) -> None:
    chose(database, cast.bob, PlaceKind.GROUP, guild, Level.TODAY)
    posted(work, cast.alice, "does @bob know the relay", to=guild)
    assert told(database, cast.bob) == [(Source.MENTION, Level.NOW)]


def test_who_left_the_group_or_turned_new_posts_off_is_told_nothing(
    database: Database, cast: Cast, work: Work, guild: int
) -> None:
    chose(database, cast.bob, PlaceKind.GROUP, guild, Level.NOW)
    with database.unit_of_work(cast.bob) as session:
        actions.save_wishes(session, cast.bob, read_wishes({"level-new-post": "never"}))
    posted(work, cast.alice, to=guild)
    with database.unit_of_work(cast.bob) as session:
        actions.save_wishes(session, cast.bob, read_wishes({}))
    with database.unit_of_work(SYSTEM) as session:
        audience.leave(session, guild, [cast.bob.member_id])
    posted(work, cast.alice, to=guild)
    assert told(database, cast.bob) == []


def test_nobody_chooses_for_a_group_that_is_hidden_from_them(database: Database, cast: Cast, guild: int) -> None:
    with pytest.raises(NotFound):
        chose(database, cast.carol, PlaceKind.GROUP, guild, Level.NOW)


def test_a_choice_is_listed_changed_and_taken_back_without_script(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    client = as_viewer(cast.bob)
    address = f"/notifications/places/person/{cast.alice.member_id}"
    assert address in client.get("/people/alice").text
    assert client.post(address, data={"level": "now", "back": "/people/alice"}).location == "/people/alice"
    chosen = client.get("/settings/notices").text
    assert address in chosen
    assert "You hear of new posts from there at once." in chosen
    with database.reading(cast.bob) as session:
        assert [(place.name, place.level) for place in places_of(session, cast.bob)] == [("Alice Example", Level.NOW)]
    assert client.post(address, data={"level": "soon"}).status_code == 422
    client.post(address, data={"level": ""})
    assert address not in client.get("/settings/notices").text
    assert client.post(f"/notifications/places/planet/{cast.alice.member_id}").status_code == 404
