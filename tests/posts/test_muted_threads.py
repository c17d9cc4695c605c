"""Who has heard enough of a thread mutes it: it leaves their home feed and their notices, and theirs alone."""

from typing import Any

import pytest

from intranet.feed.queries import View, catch_up, home_timeline
from intranet.feed.ranked.choosing import candidates
from intranet.feed.streams import Stretch
from intranet.kernel import outbox
from intranet.kernel.db import Database
from intranet.kernel.errors import NotFound
from intranet.kernel.viewer import Viewer
from intranet.notifications.models import Notice
from intranet.people.models import Follow, FollowKind
from intranet.posts import actions
from intranet.posts.actions.marking import mute_thread
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer


def publish(database: Database, viewer: Viewer, text: str = "Words", **more: Any) -> int:
    with database.unit_of_work(viewer) as session:
        return actions.publish_post(session, viewer, actions.PostDraft(text=text, **more)).id


def mute(database: Database, viewer: Viewer, post_id: int, *, is_on: bool = True) -> None:
    with database.unit_of_work(viewer) as session:
        mute_thread(session, viewer, post_id, is_on=is_on)


def home(database: Database, viewer: Viewer, view: View = View.EVERYONE, **stretch: int) -> list[int]:
    with database.reading(viewer) as session:
        return [card.id for card in home_timeline(session, viewer, view, Stretch(**stretch)).items]


@pytest.mark.parametrize("view", [View.EVERYONE, View.FOLLOWING])
def test_a_muted_thread_leaves_the_home_feed_and_comes_back(database: Database, cast: Cast, view: View) -> None:
    ids = [publish(database, cast.alice, f"Number {number}") for number in range(6)]
    mute(database, cast.alice, ids[2])
    mute(database, cast.alice, ids[2])
    kept = [one for one in reversed(ids) if one != ids[2]]
    assert home(database, cast.alice, view) == kept
    assert home(database, cast.alice, view, limit=3) == kept[:3]
    assert home(database, cast.alice, view, limit=3, before=kept[2]) == kept[3:]
    assert ids[2] in home(database, cast.bob)
    mute(database, cast.alice, ids[2], is_on=False)
    assert home(database, cast.alice, view) == ids[::-1]


def test_a_muted_thread_is_neither_ranked_for_me_nor_caught_up_with(database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.alice) as session:
        session.add(Follow(follower_id=cast.alice.member_id, kind=FollowKind.PERSON, target_id=cast.bob.member_id))
    loud, quiet = publish(database, cast.bob, "Loud"), publish(database, cast.bob, "Quiet")
    mute(database, cast.alice, loud)
    with database.reading(cast.alice) as session:
        assert [post.post_id for post in candidates(session, cast.alice)[0]] == [quiet]
        assert [post.post_id for post in candidates(session, cast.alice, [loud, quiet])[0]] == [quiet]
        assert [card.id for card in catch_up(session, cast.alice).items] == [quiet]


def test_a_muted_thread_still_opens_and_is_listed_in_the_settings(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    post_id = publish(database, cast.bob, "The noisy one")
    client = as_viewer(cast.alice)
    assert "Unmute this thread" not in client.get(f"/posts/{post_id}").text
    client.post(f"/posts/{post_id}/mute", data={"on": "1"})
    assert "Unmute this thread" in client.get(f"/posts/{post_id}").text
    assert "The noisy one" in client.get("/settings/threads").text
    assert "The noisy one" not in client.get("/?view=everyone").text
    assert "The noisy one" not in as_viewer(cast.carol).get("/settings/threads").text
    as_viewer(cast.alice).post(f"/posts/{post_id}/mute", data={"on": "0", "back": "/settings/threads"})
    assert "The noisy one" not in client.get("/settings/threads").text


def test_replies_to_a_muted_thread_make_no_notices_but_being_named_does(database: Database, cast: Cast) -> None:
    post_id = publish(database, cast.alice)
    mute(database, cast.alice, post_id)
    with database.unit_of_work(cast.bob) as session:
        actions.add_comment(session, cast.bob, reply_to=post_id, text="Noise")
    with database.unit_of_work(cast.carol) as session:
        actions.add_comment(session, cast.carol, reply_to=post_id, text="More noise")
    while outbox.drain(database, "notifications", "here"):
        pass
    with database.reading(SYSTEM) as session:
        told = {(row.person_id, row.source.value) for row in session.query(Notice)}
    assert (cast.bob.id, "thread") in told
    assert cast.alice.id not in {person_id for person_id, _source in told}
    with database.unit_of_work(cast.bob) as session:
        actions.add_comment(session, cast.bob, reply_to=post_id, text="But you, @alice")
    while outbox.drain(database, "notifications", "here"):
        pass
    with database.reading(SYSTEM) as session:
        assert (cast.alice.id, "mention") in {(row.person_id, row.source.value) for row in session.query(Notice)}


def test_carol_can_neither_mute_nor_list_what_she_may_not_read(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    post_id = publish(database, cast.alice, "Among us", audience_id=cast.group)
    with pytest.raises(NotFound):
        mute(database, cast.carol, post_id)
    assert as_viewer(cast.carol).post(f"/posts/{post_id}/mute", data={"on": "1"}).status_code == 404
