"""Newest is complete: whatever is posted, deleted, followed and joined meanwhile, paging both ways loses nothing that
was there all the time, repeats nothing and keeps the order."""

from dataclasses import dataclass, field

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intranet.feed import queries as feed
from intranet.feed.queries import View
from intranet.feed.streams import Stretch
from intranet.groups.actions import GroupDraft, found_group, leave_group, take_in
from intranet.groups.models import Group, GroupKind
from intranet.kernel.audience import EVERYONE
from intranet.kernel.db import Database
from intranet.kernel.ids import new_id
from intranet.kernel.viewer import Viewer
from intranet.people.models import Follow, FollowKind
from intranet.posts import actions
from intranet.topics.vocabulary import ensure_topics
from tests.cast import SYSTEM, Cast

_PEOPLE, _TOPICS, _PLACES = 3, 2, 3  # who posts, about what, where: everywhere, an open group, a closed one

posting = st.tuples(st.just("post"), st.integers(0, _PEOPLE - 1), st.integers(0, _TOPICS), st.integers(0, _PLACES - 1))
others = st.one_of(
    posting,
    st.tuples(st.just("delete"), st.integers(0, 60)),
    st.tuples(st.just("follow"), st.integers(0, _PEOPLE + _TOPICS - 1)),
    st.tuples(st.just("unfollow"), st.integers(0, _PEOPLE + _TOPICS - 1)),
    st.tuples(st.just("join")),
    st.tuples(st.just("leave")),
)


@dataclass
class World:
    """The feed of bob, and a plain account of what belongs into it."""

    database: Database
    cast: Cast
    people: list[Viewer]
    topics: list[int]
    places: list[int]
    posts: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    followed: set[int] = field(default_factory=set)
    has_joined: bool = False

    def belongs(self) -> set[int]:
        found = set()
        for post_id, (person, topic, place) in self.posts.items():
            is_readable = place < 2 or self.has_joined
            is_followed = person in self.followed or _PEOPLE + topic in self.followed
            if is_readable and (is_followed or (place == 2 and self.has_joined)):
                found.add(post_id)
        return found

    def do(self, deed: tuple[object, ...]) -> None:
        getattr(self, str(deed[0]))(*deed[1:])

    def post(self, person: int, topic: int, place: int) -> None:
        text = f"about #property-{topic}" if topic < _TOPICS else "about nothing"
        with self.database.unit_of_work(self.people[person]) as session:
            draft = actions.PostDraft(text=text, audience_id=self.places[place])
            made = actions.publish_post(session, self.people[person], draft)
            self.posts[made.id] = (person, topic, place)

    def delete(self, number: int) -> None:
        if not self.posts:
            return
        post_id = sorted(self.posts)[number % len(self.posts)]
        author = self.people[self.posts.pop(post_id)[0]]
        with self.database.unit_of_work(author) as session:
            actions.delete_item(session, author, post_id)

    def _follow(self, number: int) -> Follow:
        is_person = number < _PEOPLE
        target = self.people[number].member_id if is_person else self.topics[number - _PEOPLE]
        kind = FollowKind.PERSON if is_person else FollowKind.TOPIC
        return Follow(follower_id=self.cast.bob.member_id, kind=kind, target_id=target)

    def follow(self, number: int) -> None:
        if number not in self.followed:
            self.followed.add(number)
            with self.database.unit_of_work(SYSTEM) as session:
                session.add(self._follow(number))

    def unfollow(self, number: int) -> None:
        if number in self.followed:
            self.followed.remove(number)
            row = self._follow(number)
            with self.database.unit_of_work(SYSTEM) as session:
                session.delete(session.get_one(Follow, (row.follower_id, row.kind, row.target_id)))

    def join(self) -> None:
        if not self.has_joined:
            self.has_joined = True
            with self.database.unit_of_work(self.cast.alice) as session:
                group = session.get_one(Group, self.places[2])
                take_in(session, group, self.cast.bob.member_id, actor_id=self.cast.alice.id)

    def leave(self) -> None:
        if self.has_joined:
            self.has_joined = False
            with self.database.unit_of_work(self.cast.bob) as session:
                leave_group(session, self.cast.bob, self.places[2])


def world(database: Database, cast: Cast) -> World:
    people = [cast.alice, cast.carol, cast.dana]
    with database.unit_of_work(cast.alice) as session:
        names = [f"property-{number}" for number in range(_TOPICS)]
        topics = ensure_topics(session, names)
        places = [EVERYONE]
        for kind in (GroupKind.OPEN, GroupKind.CLOSED):
            group = found_group(session, cast.alice, GroupDraft(name=f"Property {new_id()}", kind=kind))
            for viewer in people[1:]:
                take_in(session, group, viewer.member_id, actor_id=cast.alice.id)
            places.append(group.id)
    return World(database, cast, people, [topics[name] for name in names], places)


def walk(made: World, deeds: list[tuple[object, ...]], stretch: Stretch, end: int) -> tuple[list[int], set[int]]:
    """The ids that paging meets from a stretch on, and those that it must have met."""
    met: list[int] = []
    always = made.belongs()
    while True:
        there = made.belongs()
        always &= there
        with made.database.reading(made.cast.bob) as session:
            page = feed.home_timeline(session, made.cast.bob, View.FOLLOWING, stretch)
        ids = [card.id for card in page.items if card.id > end]
        assert set(ids) <= there
        assert ids == sorted(ids, reverse=True)
        is_forward = stretch.after is not None
        met += ids[::-1] if is_forward else ids
        for _ in range(3):
            if deeds:
                made.do(deeds.pop(0))
        cursor = page.newer if is_forward else page.older
        if cursor is None or int(cursor) <= end:
            return met, always
        place = {"after": int(cursor)} if is_forward else {"before": int(cursor)}
        stretch = Stretch(limit=stretch.limit, **place)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.lists(posting, min_size=1, max_size=15),
    joined=st.booleans(),
    followed=st.sets(st.integers(0, _PEOPLE + _TOPICS - 1)),
    meanwhile=st.lists(others, max_size=14),
    limit=st.integers(1, 4),
)
def test_paging_both_ways_loses_and_repeats_nothing(  # noqa: PLR0917 (what hypothesis draws)
    database: Database,
    cast: Cast,
    before: list[tuple[object, ...]],
    joined: bool,
    followed: set[int],
    meanwhile: list[tuple[object, ...]],
    limit: int,
) -> None:
    made = world(database, cast)
    end = new_id()
    for number in followed:
        made.follow(number)
    if joined:
        made.join()
    for deed in before:
        made.do(deed)
    half = len(meanwhile) // 2
    try:
        for deeds, stretch in ((meanwhile[:half], Stretch(limit=limit)), (meanwhile[half:], None)):
            met, always = walk(made, list(deeds), stretch or Stretch(after=end, limit=limit), end)
            assert len(met) == len(set(met))
            assert met == sorted(met, reverse=stretch is not None)
            assert always <= set(met)
    finally:
        for number in set(made.followed):
            made.unfollow(number)
        made.leave()
