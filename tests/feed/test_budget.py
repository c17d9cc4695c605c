"""What a page of the feed may cost: a fixed number of statements, whatever is on it and whoever reads it.

The ``queries`` fixture counts every statement that reaches the driver, the ``BEGIN`` of the transaction among them.
"""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from intranet.feed import queries as feed
from intranet.feed.queries import View
from intranet.feed.ranked.reading import for_you
from intranet.feed.streams import Stretch
from intranet.files.actions import put_on_shelf, receive
from intranet.groups.models import Group, GroupKind, GroupMember
from intranet.kernel import audience
from intranet.kernel.db import Database
from intranet.kernel.ids import new_id
from intranet.kernel.page import Page
from intranet.kernel.reactions import ReactionKind
from intranet.kernel.viewer import Role, Viewer
from intranet.people.models import Follow, FollowKind
from intranet.posts import actions
from intranet.posts.cards import PostCard
from intranet.posts.models import PostKind
from intranet.posts.parts.registry import parts
from intranet.posts.polls.actions import PollDraft
from intranet.posts.praise.actions import PraiseDraft
from intranet.retold.models import RetoldMessage
from intranet.topics.vocabulary import ensure_topics
from tests.cast import SYSTEM, Cast
from tests.chat.conftest import Talk
from tests.fixtures import AsViewer, Queries

_MOST = 8
# What a kind of post needs beside its words.
_NEEDS: dict[PostKind, dict[str, object]] = {
    PostKind.POLL: {"poll": PollDraft(options=("one", "two"))},
    PostKind.QUESTION: {"title": "Which one?"},
    PostKind.PRAISE: {"praise": PraiseDraft(people=("carol", "bob"), topic="valves")},
}


def publish(database: Database, viewer: Viewer, text: str, **rest: Any) -> int:
    with database.unit_of_work(viewer) as session:
        return actions.publish_post(session, viewer, actions.PostDraft(text=text, **rest)).id


def groups_for(database: Database, viewer: Viewer, count: int) -> list[int]:
    ids = [new_id() for _ in range(count)]
    with database.unit_of_work(SYSTEM) as session:
        session.add_all(audience.Audience(id=one, kind=audience.AudienceKind.GROUP) for one in ids)
        session.flush()
        mine = {"audience_id": audience.EVERYONE}
        session.add_all(
            Group(
                id=one, kind=GroupKind.CLOSED, slug=f"g{one}", name=f"Group {one}", folded_name=f"group {one}", **mine
            )
            for one in ids
        )
        session.flush()
        session.add_all(GroupMember(group_id=one, person_id=viewer.member_id, **mine) for one in ids)
        session.add_all(audience.Membership(audience_id=one, person_id=viewer.member_id) for one in ids)
    return ids


def follow_many(database: Database, viewer: Viewer, people: list[int], topics: int) -> None:
    with database.unit_of_work(SYSTEM) as session:
        names = [f"topic-{number}" for number in range(topics)]
        found = [(FollowKind.TOPIC, one) for one in ensure_topics(session, names).values()]
        found += [(FollowKind.PERSON, one) for one in people]
        session.add_all(Follow(follower_id=viewer.member_id, kind=kind, target_id=one) for kind, one in found)


def retell(database: Database, cast: Cast) -> None:
    """A post of alice's that tells what bob said in chat."""
    talk = Talk(database)
    message = talk.say(cast.bob, talk.direct(cast.alice, "bob"), "Well seen")
    told = {"message_id": message, "author_id": cast.bob.member_id, "audience_id": audience.EVERYONE}
    post = publish(database, cast.alice, "As bob said")
    with database.unit_of_work(SYSTEM) as session:
        session.add(RetoldMessage(post_id=post, **told))


def a_bit_of_everything(database: Database, cast: Cast, groups: list[int], folder: Path) -> None:
    """A page on which everything hangs that can hang on posts."""
    alice = Viewer(cast.alice.member_id, frozenset({Role.MEMBER, Role.COMMUNICATOR}))
    first = publish(database, alice, "The first #topic-1")
    for number, kind in enumerate(PostKind):
        publish(database, alice, f"@bob #topic-{number}", kind=kind, **_NEEDS.get(kind, {}))
    publish(database, alice, "Passed on", quoted_id=first)
    retell(database, cast)
    for group in groups[:3]:
        publish(database, cast.bob, "For the group #topic-2", audience_id=group)
    with database.unit_of_work(alice) as session:
        received = receive(folder, "notes.txt", b"words")
        file_id = put_on_shelf(session, alice, received).id
        session.flush()
        actions.publish_post(session, alice, actions.PostDraft(text="With a file", files=(file_id,)))
    with database.unit_of_work(cast.bob) as session:
        actions.react(session, cast.bob, first, ReactionKind.AGREE, is_on=True)
        actions.bookmark(session, cast.bob, first, is_on=True)
        actions.add_comment(session, cast.bob, reply_to=first, text="Well said")


def read(session: Session, viewer: Viewer, view: View) -> Page[PostCard]:
    if view is View.FOR_YOU:
        return for_you(session, viewer, limit=50).page
    if view is View.CATCH_UP:
        return feed.catch_up(session, viewer, limit=50)
    return feed.home_timeline(session, viewer, view, Stretch(limit=50))


def check_everything_is_there(page: Page[PostCard]) -> None:
    cards = page.items
    assert {card.kind for card in cards} == set(PostKind)
    assert any(card.quoted for card in cards)
    assert any(card.files for card in cards)
    assert any(card.group for card in cards)
    assert any(card.is_bookmarked and card.reactions and card.comment_count for card in cards)
    assert any(card.names_me and card.topics for card in cards)
    assert {part.name for part in parts()} <= {name for card in cards for name in card.parts}


@pytest.mark.parametrize("case", [(view, *reader) for view in View for reader in ((20, 50), (500, 1000), (0, 0))])
def test_a_page_of_the_home_feed_takes_at_most_eight_statements(
    database: Database, cast: Cast, queries: Queries, tmp_path: Path, case: tuple[View, int, int]
) -> None:
    view, groups, followed = case
    joined = groups_for(database, cast.bob, groups)
    strangers = [new_id() for _ in range(followed - 1)]
    if followed:
        follow_many(database, cast.bob, [cast.alice.member_id, *strangers], 60)
    a_bit_of_everything(database, cast, joined, tmp_path)
    with database.reading(cast.bob) as session, queries(_MOST):
        page = read(session, cast.bob, view)
    # What bob posted himself is nothing that he missed.
    if groups and followed and view is not View.CATCH_UP:
        check_everything_is_there(page)


def test_the_budget_does_not_grow_with_the_page(database: Database, cast: Cast, queries: Queries) -> None:
    for number in range(60):
        publish(database, cast.alice, f"@bob #topic{number}")
    costs = []
    for limit in (1, 60):
        with database.reading(cast.bob) as session, queries(_MOST) as seen:
            feed.home_timeline(session, cast.bob, View.EVERYONE, Stretch(limit=limit))
        costs.append(len(seen))
    assert costs[0] == costs[1]


def test_the_feed_as_json_and_as_a_fragment_keep_to_the_budget(
    database: Database, cast: Cast, queries: Queries, tmp_path: Path, as_viewer: AsViewer
) -> None:
    follow_many(database, cast.bob, [cast.alice.member_id], 5)
    a_bit_of_everything(database, cast, groups_for(database, cast.bob, 5), tmp_path)
    bob = as_viewer(cast.bob)
    for address in ("/api/v1/feed", "/api/v1/feed?view=for-you", *(f"/?view={view.value}" for view in View)):
        bob.get(address, headers={"X-Fragment": "1"})
        with queries(100) as seen:
            assert bob.get(address, headers={"X-Fragment": "1"}).status_code == 200
        # The name of the site and one's own card belong to every page; finding out who asks is done by the stage here.
        frame = ("BEGIN", "SELECT site_settings")
        asked = [statement for statement in seen if not statement.startswith(frame)]
        assert len(asked) <= _MOST - 1, "\n".join(asked)
