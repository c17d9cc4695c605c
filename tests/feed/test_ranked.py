"""For you: what is in it and why, what turns it down, and that paging through it loses and repeats nothing."""

import random
from datetime import timedelta
from typing import Any

import pytest

from intranet.feed import actions as feed_actions
from intranet.feed.ranked import tuning
from intranet.feed.ranked.choosing import candidates
from intranet.feed.ranked.reading import decode_rest, encode_rest, for_you
from intranet.feed.ranked.reasons import Why
from intranet.feed.ranked.tuning import Dials
from intranet.groups.actions import GroupDraft, found_group
from intranet.groups.models import GroupKind
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.errors import Invalid
from intranet.kernel.reactions import ReactionKind
from intranet.kernel.viewer import Role, Viewer
from intranet.people.models import Follow, FollowKind
from intranet.posts import actions
from intranet.posts.models import PostKind
from intranet.topics.models import Skill
from intranet.topics.vocabulary import ensure_topics
from tests.cast import Cast
from tests.fixtures import AsViewer


def publish(database: Database, viewer: Viewer, text: str, *, ago: float = 0, **rest: Any) -> int:
    with clock.fixed(clock.now() - timedelta(hours=ago)), database.unit_of_work(viewer) as session:
        return actions.publish_post(session, viewer, actions.PostDraft(text=text, **rest)).id


def reply(database: Database, viewer: Viewer, post_id: int) -> None:
    with database.unit_of_work(viewer) as session:
        actions.add_comment(session, viewer, reply_to=post_id, text="I see")


def follow(database: Database, viewer: Viewer, kind: FollowKind, target: int) -> None:
    with database.unit_of_work(viewer) as session:
        session.add(Follow(follower_id=viewer.member_id, kind=kind, target_id=target))


def topic(database: Database, slug: str) -> int:
    with database.unit_of_work(Viewer(None, system_reason="tests")) as session:
        return ensure_topics(session, [slug])[slug]


def reasons(database: Database, viewer: Viewer) -> dict[str, Why]:
    with database.reading(viewer) as session:
        found = for_you(session, viewer)
    return {card.text: found.reasons[card.id].why for card in found.page.items}


def shown(database: Database, viewer: Viewer) -> list[str]:
    return list(reasons(database, viewer))


def test_every_item_has_its_reason_and_nothing_is_there_without_one(database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.carol) as session:
        group = found_group(session, cast.carol, GroupDraft(name="Valves", kind=GroupKind.OPEN)).id
    follow(database, cast.bob, FollowKind.PERSON, cast.alice.member_id)
    follow(database, cast.carol, FollowKind.TOPIC, topic(database, "ssl"))
    dana = Viewer(cast.dana.member_id, frozenset({Role.MEMBER, Role.COMMUNICATOR}))
    with database.unit_of_work(cast.carol) as session:
        session.add(Skill(person_id=cast.carol.member_id, topic_id=topic(database, "pumps")))
    publish(database, cast.alice, "of no concern to carol")
    publish(database, cast.alice, "on #ssl")
    publish(database, cast.alice, "on #pumps")
    publish(database, cast.alice, "hello @carol")
    publish(database, dana, "for all", kind=PostKind.ANNOUNCEMENT)
    publish(database, cast.carol, "in my group", audience_id=group)
    assert reasons(database, cast.carol) == {
        "on #ssl": Why.TOPIC,
        "on #pumps": Why.KNOWN,
        "hello @carol": Why.NAMED,
        "for all": Why.ANNOUNCED,
        "in my group": Why.GROUP,
    }
    assert reasons(database, cast.bob)["of no concern to carol"] is Why.PERSON


def test_who_answers_me_and_whom_i_answer_is_close(database: Database, cast: Cast) -> None:
    mine, theirs = publish(database, cast.bob, "mine"), publish(database, cast.carol, "theirs")
    reply(database, cast.bob, theirs)
    assert shown(database, cast.bob) == ["mine"]
    reply(database, cast.carol, mine)
    assert reasons(database, cast.bob)["theirs"] is Why.TALKS


def test_the_formula_prefers_fresh_and_unseen_and_never_counts_reactions(database: Database, cast: Cast) -> None:
    follow(database, cast.bob, FollowKind.PERSON, cast.alice.member_id)
    old = publish(database, cast.alice, "old and loud", ago=30)
    publish(database, cast.alice, "fresh")
    before = shown(database, cast.bob)
    assert before == ["fresh", "old and loud"]
    for viewer in (cast.carol, cast.dana, cast.alice):
        with database.unit_of_work(viewer) as session:
            actions.react(session, viewer, old, ReactionKind.AGREE, is_on=True)
        reply(database, viewer, old)
    assert shown(database, cast.bob) == before
    with database.unit_of_work(cast.bob) as session:
        newest = for_you(session, cast.bob).page.items[0].id
        feed_actions.note_seen(session, cast.bob, [newest, old + 1])
    assert shown(database, cast.bob) == ["old and loud", "fresh"]


def test_nobody_fills_the_feed(database: Database, cast: Cast) -> None:
    for person in (cast.alice, cast.carol):
        follow(database, cast.bob, FollowKind.PERSON, person.member_id)
    publish(database, cast.carol, "carol", ago=3)
    for number in range(6):
        publish(database, cast.alice, f"alice {number}")
    assert shown(database, cast.bob).index("carol") < 3


def test_less_of_a_reason_moves_its_posts_down_and_can_be_taken_back(database: Database, cast: Cast) -> None:
    for person in (cast.alice, cast.carol):
        follow(database, cast.bob, FollowKind.PERSON, person.member_id)
    publish(database, cast.carol, "by carol", ago=20)
    publish(database, cast.alice, "by alice")
    assert shown(database, cast.bob) == ["by alice", "by carol"]
    alice = cast.alice.member_id
    with database.unit_of_work(cast.bob) as session:
        tuning.turn_down(session, cast.bob, Why.TALKS, alice, is_on=True)
        assert [(one.why, one.name) for one in tuning.less_of(session, cast.bob)] == [(Why.PERSON, "Alice Example")]
    assert shown(database, cast.bob) == ["by carol", "by alice"]
    with database.unit_of_work(cast.bob) as session:
        tuning.turn_down(session, cast.bob, Why.PERSON, alice, is_on=False)
    assert shown(database, cast.bob) == ["by alice", "by carol"]


def test_the_dials_weigh_people_against_topics(database: Database, cast: Cast) -> None:
    follow(database, cast.bob, FollowKind.PERSON, cast.alice.member_id)
    follow(database, cast.bob, FollowKind.TOPIC, topic(database, "ssl"))
    publish(database, cast.carol, "on #ssl")
    publish(database, cast.alice, "by alice")
    assert shown(database, cast.bob) == ["by alice", "on #ssl"]
    with database.unit_of_work(cast.bob) as session:
        tuning.set_dials(session, cast.bob, Dials(people=0, topics=4))
    assert shown(database, cast.bob) == ["on #ssl", "by alice"]
    with database.unit_of_work(cast.bob) as session, pytest.raises(Invalid):
        tuning.set_dials(session, cast.bob, Dials(groups=5))


def test_paging_repeats_and_loses_nothing_whatever_happens_meanwhile(database: Database, cast: Cast) -> None:
    people = (cast.alice, cast.carol, cast.dana)
    for person in people:
        follow(database, cast.bob, FollowKind.PERSON, person.member_id)
    chance = random.Random(7)
    there = {publish(database, chance.choice(people), f"post {number}", ago=number) for number in range(47)}
    seen: list[int] = []
    rest: str | None = None
    while True:
        with database.reading(cast.bob) as session:
            found = for_you(session, cast.bob, rest=rest, limit=7)
        seen += [card.id for card in found.page.items]
        assert found.reasons.keys() >= {card.id for card in found.page.items}
        publish(database, cast.alice, "meanwhile")
        with database.unit_of_work(cast.bob) as session:
            feed_actions.note_seen(session, cast.bob, seen[-7:])
            tuning.set_dials(session, cast.bob, Dials(people=chance.randrange(5)))
            tuning.turn_down(session, cast.bob, Why.PERSON, chance.choice(people).member_id, is_on=True)
        rest = found.page.older
        if rest is None:
            break
    assert len(seen) == len(set(seen))
    assert set(seen) == there


def test_what_was_unfollowed_meanwhile_still_comes_with_a_true_sentence(database: Database, cast: Cast) -> None:
    post_id = publish(database, cast.alice, "was followed")
    with database.reading(cast.bob) as session:
        found = for_you(session, cast.bob, rest=encode_rest([post_id]))
    assert found.reasons[post_id].why is Why.OPENED


def test_a_cursor_leads_to_nothing_that_its_reader_may_not_see(database: Database, cast: Cast) -> None:
    hidden = publish(database, cast.alice, "quiet heron @carol", audience_id=cast.group)
    with database.reading(cast.carol) as session:
        assert for_you(session, cast.carol, rest=encode_rest([hidden])).page.items == []
        assert candidates(session, cast.carol)[0] == []


@pytest.mark.parametrize("token", ["x", "AAAA", "é", "_" * 3000, encode_rest([1]) + "A"])
def test_a_cursor_made_by_hand_is_a_mistake_that_is_told(token: str) -> None:
    with pytest.raises(Invalid):
        decode_rest(token)


def test_what_is_hidden_leaves_no_mark_of_being_seen(database: Database, cast: Cast) -> None:
    hidden = publish(database, cast.alice, "quiet heron", audience_id=cast.group)
    with database.unit_of_work(cast.carol) as session:
        feed_actions.note_seen(session, cast.carol, [hidden, 12345])
    with database.unit_of_work(cast.bob) as session:
        feed_actions.note_seen(session, cast.bob, [hidden])
        feed_actions.note_seen(session, cast.bob, [hidden])


def test_without_script_the_menu_turns_a_reason_down_and_the_settings_take_it_back(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    follow(database, cast.bob, FollowKind.PERSON, cast.alice.member_id)
    publish(database, cast.alice, "<b>by alice</b>")
    bob = as_viewer(cast.bob)
    page = bob.get("/?view=for-you").text
    assert "Here because you follow Alice Example" in page
    assert "Less of what Alice Example posts" in page
    form = {"why": "person", "target": str(cast.alice.member_id)}
    assert bob.post("/feed/less", data=form).status_code == 303
    assert "Alice Example" in bob.get("/settings/feed").text
    assert bob.post("/feed/less", data={**form, "on": "0"}).status_code == 303
    assert "Alice Example" not in bob.get("/settings/feed").text.split('id="less-title"')[1].split("</section>")[0]
    assert bob.post("/feed/less", data={"why": "own"}).status_code == 422
    assert bob.post("/feed/dials", data={"people": "4"}).status_code == 303
    assert 'name="people" min="0" max="4" step="1" value="4"' in bob.get("/settings/feed").text
    assert bob.post("/feed/dials", data={"people": "loud"}).status_code == 422
    api = bob.get("/api/v1/feed?view=for-you").json
    assert api is not None
    assert api["items"][0]["reason"]["why"] == "person"
    item = bob.get(f"/feed/items/{api['items'][0]['id']}", headers={"X-Fragment": "1"}).text
    assert "Here because you follow" in item
