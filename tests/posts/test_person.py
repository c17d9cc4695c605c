"""What a profile and a hover card tell of what somebody wrote: only what this viewer may read."""

from datetime import timedelta

from intranet.groups import actions as groups
from intranet.groups.models import GroupKind
from intranet.groups.shared import shared_groups
from intranet.kernel import clock
from intranet.kernel.audience import EVERYONE
from intranet.kernel.db import Database
from intranet.kernel.ids import new_id
from intranet.kernel.reactions import ReactionKind
from intranet.kernel.viewer import Viewer
from intranet.posts.actions import PostDraft, add_comment, publish_post, react
from intranet.posts.models import Post
from intranet.posts.person.helping import last_help
from intranet.posts.person.rhythm import WEEKS, Rhythm, rhythm_of
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer


def posted(database: Database, viewer: Viewer, text: str, to: int = EVERYONE) -> int:
    with database.unit_of_work(viewer) as session:
        return publish_post(session, viewer, PostDraft(text=text, audience_id=to)).id


def rhythm(database: Database, viewer: Viewer, person: Viewer, zone: str = "UTC") -> Rhythm:
    with database.reading(viewer) as session:
        return rhythm_of(session, person.member_id, zone)


def test_the_strip_counts_posts_and_replies_by_day_and_month(database: Database, cast: Cast) -> None:
    post = posted(database, cast.bob, "of bob")
    for number in range(4):
        with database.unit_of_work(cast.alice) as session:
            add_comment(session, cast.alice, reply_to=post, text=f"reply {number}")
    long_ago = clock.now() - timedelta(days=30)
    with database.unit_of_work(SYSTEM) as session:
        for age in (30, 500):
            moment = clock.now() - timedelta(days=age)
            words = {"text": "old", "html": "old"}
            session.add(
                Post(id=new_id(moment), author_id=cast.alice.id, audience_id=EVERYONE, created_at=moment, **words)
            )
    found = rhythm(database, cast.carol, cast.alice)
    assert (found.total, found.days) == (5, 2)
    assert len(found.weeks) == WEEKS
    shades = [level for week in found.weeks for level in week]
    assert sorted(level for level in shades if level) == [1, 3]
    today = clock.now().date()
    assert found.weeks[-1][today.weekday()] == 3
    assert found.weeks[-1][today.weekday() + 1 :] == (None,) * (6 - today.weekday())
    assert dict(found.months)[long_ago.date().replace(day=1)] >= 1


def test_what_a_viewer_may_not_read_leaves_no_mark(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    with database.unit_of_work(cast.alice) as session:
        group = groups.found_group(session, cast.alice, groups.GroupDraft(name="Quiet", kind=GroupKind.HIDDEN)).id
    inside = posted(database, cast.alice, "inside", group)
    with database.unit_of_work(cast.alice) as session:
        add_comment(session, cast.alice, reply_to=inside, text="also inside")
    assert rhythm(database, cast.alice, cast.alice).total == 2
    assert rhythm(database, cast.carol, cast.alice).total == 0
    assert 'id="rhythm"' not in as_viewer(cast.carol).get("/people/alice").text
    assert 'id="rhythm"' in as_viewer(cast.alice).get("/people/alice").text


def test_the_last_help_is_a_reply_that_somebody_else_found_good_and_the_viewer_may_read(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    with database.unit_of_work(cast.alice) as session:
        group = groups.found_group(session, cast.alice, groups.GroupDraft(name="Quiet", kind=GroupKind.CLOSED))
        groups.invite(session, cast.alice, group.id, [])
    question = posted(database, cast.bob, "why does it lag")
    inside = posted(database, cast.alice, "inside", group.id)
    with database.unit_of_work(cast.alice) as session:
        useful = add_comment(session, cast.alice, reply_to=question, text="raise <b>max.poll</b>").id
        unthanked = add_comment(session, cast.alice, reply_to=question, text="or so").id
        hidden = add_comment(session, cast.alice, reply_to=inside, text="secret help").id
        react(session, cast.alice, unthanked, ReactionKind.THANKS, is_on=True)
    with database.unit_of_work(cast.bob) as session:
        react(session, cast.bob, useful, ReactionKind.THANKS, is_on=True)
    with database.unit_of_work(SYSTEM) as session:
        react(session, Viewer(cast.dana.id), hidden, ReactionKind.THANKS, is_on=True)
    with database.reading(cast.carol) as session:
        found = last_help(session, cast.alice.member_id)
        assert last_help(session, cast.bob.member_id) is None
    assert found is not None
    assert found.url.endswith(f"#item-{useful}")
    card = as_viewer(cast.carol).get("/people/alice/card").text
    assert "max.poll" in card
    assert "secret help" not in card


def test_shared_groups_are_those_of_both_that_the_viewer_may_know(database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.alice) as session:
        both = groups.found_group(session, cast.alice, groups.GroupDraft(name="Both", kind=GroupKind.OPEN)).id
        groups.found_group(session, cast.alice, groups.GroupDraft(name="Hers", kind=GroupKind.HIDDEN))
    with database.unit_of_work(cast.bob) as session:
        groups.join_group(session, cast.bob, both)
    with database.reading(cast.bob) as session:
        assert [one.name for one in shared_groups(session, cast.bob, cast.alice.member_id, most=9)] == ["Both"]
    with database.reading(cast.carol) as session:
        assert shared_groups(session, cast.carol, cast.alice.member_id, most=9) == []


def test_what_one_follows_stands_on_one_page(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    posted(database, cast.alice, "about #kafka")
    client = as_viewer(cast.bob)
    client.post("/people/alice/follow")
    client.post("/topics/kafka/follow")
    client.post("/lists", data={"name": "My herons"})
    page = client.get("/following").text
    assert all(words in page for words in ("Alice Example", "/topics/kafka/unfollow", "My herons"))
    assert "My herons" not in as_viewer(cast.carol).get("/following").text
