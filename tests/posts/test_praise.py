"""Praise speaks for those whom it names, to those who may read it, and never for its author."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from intranet.accounts.models import Person
from intranet.kernel import clock
from intranet.kernel.audience import EVERYONE
from intranet.kernel.db import Database
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.viewer import Viewer
from intranet.posts import queries
from intranet.posts.actions import PostDraft, delete_item, edit_item, publish_post, restore_item
from intranet.posts.actions.changing import UNDO, erase
from intranet.posts.cards import PostCard
from intranet.posts.events import PersonPraised, PostPublished, PraiseDeclined
from intranet.posts.merging import merge_on
from intranet.posts.models import PostKind, PostTopic
from intranet.posts.praise.actions import PraiseDraft, decline
from intranet.posts.praise.models import Praise, PraisedPerson
from intranet.posts.praise.queries import praise_ids, praised_count
from intranet.topics.models import Topic
from intranet.topics.vocabulary import ensure_topics
from tests.cast import SYSTEM, Cast, add_person
from tests.fixtures import AsViewer

FRAGMENT = {"X-Fragment": "1"}


def praise(
    database: Database,
    viewer: Viewer,
    *people: str,
    topic: str = "valves",
    text: str = "Stopped the leak",
    to: int = EVERYONE,
) -> int:
    with database.unit_of_work(viewer) as session:
        part = PraiseDraft(people=people, topic=topic)
        draft = PostDraft(text=text, kind=PostKind.PRAISE, audience_id=to, praise=part)
        return publish_post(session, viewer, draft).id


def seen(database: Database, viewer: Viewer, post_id: int) -> PostCard:
    with database.reading(viewer) as session:
        return queries.post_card(session, viewer, post_id)


def names(card: PostCard) -> list[str]:
    assert card.praise is not None
    return [person.username for person in card.praise.people]


def test_praise_names_its_people_in_order_and_stands_under_its_topic(database: Database, cast: Cast) -> None:
    post_id = praise(database, cast.alice, "carol", "Bob Example", topic="Needle Valves")
    card = seen(database, cast.dana, post_id)
    assert names(card) == ["carol", "bob"]
    assert card.praise is not None
    assert card.praise.topic.slug == "needle-valves"
    assert [topic.slug for topic in card.topics] == ["needle-valves"]
    assert card.unnamed_topics == ()


@pytest.mark.parametrize(
    ("people", "topic", "told"),
    [
        ((), "valves", {"people": "Name a colleague"}),
        (("alice",), "valves", {"people": "for others"}),
        (("bob", "alice"), "valves", {"people": "for others"}),
        (("nobody",), "valves", {"people": "“nobody”"}),
        (("erin",), "valves", {"people": "has left"}),
        (tuple(f"p{number}" for number in range(11)), "valves", {"people": "At most 10"}),
        (("bob",), "", {"topic": "Name the topic"}),
        (("bob",), "#!?", {"topic": "Name the topic"}),
    ],
)
def test_what_cannot_be_praised_is_said_at_its_field(
    database: Database, cast: Cast, people: tuple[str, ...], topic: str, told: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as caught:
        praise(database, cast.alice, *people, topic=topic)
    assert caught.value.fields.keys() == told.keys()
    assert all(words in caught.value.fields[field] for field, words in told.items())
    with database.reading(SYSTEM) as session:
        assert session.scalars(select(PraisedPerson)).all() == []


def test_a_name_that_two_people_have_asks_for_a_username(database: Database, cast: Cast) -> None:
    with database.unit_of_work(SYSTEM) as session:
        add_person(session, "bob2").name = "Bob Example"
        other = session.scalars(select(Person).where(Person.username == "bob2")).one()
        other.folded_name = "bob example"
    with pytest.raises(Invalid) as caught:
        praise(database, cast.alice, "Bob Example")
    assert "username" in caught.value.fields["people"]
    assert names(seen(database, cast.dana, praise(database, cast.alice, "bob2"))) == ["bob2"]


def test_praise_without_a_reason_is_none(database: Database, cast: Cast) -> None:
    with pytest.raises(Invalid) as caught:
        praise(database, cast.alice, "bob", text=" ")
    assert list(caught.value.fields) == ["text"]


def test_whoever_is_praised_is_told(database: Database, cast: Cast, happens: Callable[..., list[object]]) -> None:
    part = PraiseDraft(people=("bob", "carol"), topic="valves")
    draft = PostDraft(text="Stopped the leak", kind=PostKind.PRAISE, praise=part)
    told = happens(cast.alice, lambda session: publish_post(session, cast.alice, draft))
    praised = [event for event in told if isinstance(event, PersonPraised)]
    assert [event.recipient_id for event in praised] == [cast.bob.id, cast.carol.id]
    assert any(isinstance(event, PostPublished) for event in told)


def test_in_a_group_only_those_are_praised_who_can_read_it(database: Database, cast: Cast) -> None:
    with database.unit_of_work(SYSTEM) as session:
        ensure_topics(session, ["valves"])
    with pytest.raises(Invalid) as caught:
        praise(database, cast.alice, "carol", to=cast.group)
    assert "Carol Example could not read it" in caught.value.fields["people"]
    assert names(seen(database, cast.alice, praise(database, cast.alice, "bob", to=cast.group))) == ["bob"]


def test_praise_in_a_closed_group_adds_no_word_to_the_vocabulary(database: Database, cast: Cast) -> None:
    with pytest.raises(Invalid) as caught:
        praise(database, cast.alice, "bob", topic="merger", to=cast.group)
    assert list(caught.value.fields) == ["topic"]
    with database.reading(SYSTEM) as session:
        assert session.scalar(select(Topic.id).where(Topic.slug == "merger")) is None


@pytest.mark.parametrize("address", ["/people/bob", "/people/bob/praise", "/people/bob/card", "/", "/topics/valves"])
def test_to_carol_praise_in_a_group_does_not_exist(
    database: Database, cast: Cast, as_viewer: AsViewer, address: str
) -> None:
    with database.unit_of_work(SYSTEM) as session:
        ensure_topics(session, ["valves"])
    post_id = praise(database, cast.alice, "bob", text="Quiet heron", to=cast.group)
    carol, bob = as_viewer(cast.carol).get(address), as_viewer(cast.bob).get("/people/bob/praise")
    assert (carol.status_code, bob.status_code) == (200, 200)
    assert "Quiet heron" in bob.text
    assert "Quiet heron" not in carol.text
    assert str(post_id) not in carol.text
    with database.reading(cast.carol) as session:
        assert (praised_count(session, cast.bob.member_id), praise_ids(session, cast.bob.member_id)) == (0, [])


def test_carol_cannot_decline_what_she_cannot_read_and_alice_not_for_bob(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    with database.unit_of_work(SYSTEM) as session:
        ensure_topics(session, ["valves"])
    post_id = praise(database, cast.alice, "bob", to=cast.group)
    for viewer in (cast.carol, cast.alice):
        with pytest.raises(NotFound), database.unit_of_work(viewer) as session:
            decline(session, viewer, post_id)
        assert as_viewer(viewer).post(f"/posts/{post_id}/praise/decline").status_code == 404


def test_whoever_declines_is_named_no_more(
    database: Database, cast: Cast, happens: Callable[..., list[object]]
) -> None:
    post_id = praise(database, cast.alice, "bob", "carol")
    gone = happens(cast.bob, lambda session: decline(session, cast.bob, post_id))
    assert gone == [PraiseDeclined(post_id, EVERYONE, cast.bob.member_id)]
    assert names(seen(database, cast.alice, post_id)) == ["carol"]
    with database.reading(cast.alice) as session:
        assert praise_ids(session, cast.bob.member_id) == []


def test_an_edit_keeps_people_and_topic_and_a_deletion_takes_it_off_the_wall(database: Database, cast: Cast) -> None:
    post_id = praise(database, cast.alice, "bob")
    with database.unit_of_work(cast.alice) as session:
        edit_item(session, cast.alice, post_id, "Stopped the leak at night")
    card = seen(database, cast.carol, post_id)
    assert (names(card), [topic.slug for topic in card.topics]) == (["bob"], ["valves"])
    with database.unit_of_work(cast.alice) as session:
        delete_item(session, cast.alice, post_id)
    with database.reading(cast.carol) as session:
        assert praised_count(session, cast.bob.member_id) == 0
    with database.unit_of_work(cast.alice) as session:
        restore_item(session, cast.alice, post_id)
    assert [topic.slug for topic in seen(database, cast.carol, post_id).topics] == ["valves"]


def test_erased_praise_leaves_no_names(database: Database, cast: Cast) -> None:
    post_id = praise(database, cast.alice, "bob")
    with database.unit_of_work(cast.alice) as session:
        delete_item(session, cast.alice, post_id)
    with clock.fixed(clock.now() + UNDO), database.unit_of_work(SYSTEM) as session:
        erase(session, {"item_id": post_id})
    with database.reading(SYSTEM) as session:
        assert session.scalars(select(PraisedPerson)).all() == []
        assert session.scalars(select(Praise)).all() == []


def test_a_merged_topic_takes_its_praise_along_deleted_praise_too(database: Database, cast: Cast) -> None:
    kept, deleted = praise(database, cast.alice, "bob"), praise(database, cast.alice, "bob")
    with database.unit_of_work(cast.alice) as session:
        delete_item(session, cast.alice, deleted)
    with database.unit_of_work(SYSTEM) as session:
        ids = ensure_topics(session, ["valves", "seals"])
        merge_on(session, {"source_id": ids["valves"], "target_id": ids["seals"]})
    with database.unit_of_work(cast.alice) as session:
        restore_item(session, cast.alice, deleted)
    for post_id in (kept, deleted):
        card = seen(database, cast.carol, post_id)
        assert card.praise is not None
        assert card.praise.topic.slug == "seals"
    with database.reading(SYSTEM) as session:
        assert session.query(PostTopic).count() == 2


def test_the_wall_is_paged_and_loses_nothing(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    ids = [praise(database, cast.alice, "bob", text=f"Reason number {number}") for number in range(23)]
    client = as_viewer(cast.carol)
    first = client.get("/people/bob/praise").text
    older = client.get(f"/people/bob/praise?before={ids[3]}", headers=FRAGMENT).text
    assert [f"item-{post_id}" in first for post_id in ids] == [False] * 3 + [True] * 20
    assert [f"item-{post_id}" in older for post_id in ids] == [True] * 3 + [False] * 20
    assert f"before={ids[3]}" in first
    assert "All 23" in client.get("/people/bob").text


def test_the_composer_takes_praise_without_script_and_keeps_what_was_typed(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    alice = as_viewer(cast.alice)
    typed = {"text": "Stopped the leak", "kind": "praise", "people": "@bob, Nemo Nobody", "topic": "valves"}
    wrong = alice.post("/posts", data=typed)
    assert wrong.status_code == 422
    assert 'value="@bob, Nemo Nobody"' in wrong.text
    assert 'value="praise" checked' in wrong.text
    assert alice.post("/posts", data={**typed, "people": "@bob; Carol Example"}).status_code == 303
    page = as_viewer(cast.bob).get("/people/bob").text
    assert "Stopped the leak" in page


def test_the_api_gives_and_takes_praise(cast: Cast, as_viewer: AsViewer) -> None:
    body = {"text": "Stopped the leak", "kind": "praise", "people": ["bob"], "topic": "valves"}
    made = as_viewer(cast.alice).post("/api/v1/posts", json=body)
    shown = as_viewer(cast.carol).get(f"/api/v1/posts/{made.get_json()['id']}").get_json()
    assert (shown["kind"], shown["praise"]["topic"]) == ("praise", "valves")
    assert [person["username"] for person in shown["praise"]["people"]] == ["bob"]
    refused = as_viewer(cast.alice).post("/api/v1/posts", json={**body, "people": ["alice"]})
    assert (refused.status_code, list(refused.get_json()["fields"])) == (422, ["people"])


def test_hostile_and_foreign_words_are_words(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    text = "<script>alert(1)</script> javascript:alert(1) 谢谢 شكرا"
    praise(database, cast.alice, "bob", topic="密封", text=text)
    for address in ("/people/bob", "/people/bob/praise"):
        page = as_viewer(cast.carol).get(address).text
        assert "<script>alert" not in page
        assert "谢谢 شكرا" in page
        assert "密封" in page


def test_my_praise_is_in_my_feed_whomever_i_follow(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    post_id = praise(database, cast.alice, "bob")
    pages = [as_viewer(viewer).get("/?view=following").text for viewer in (cast.bob, cast.carol)]
    assert [f"item-{post_id}" in page for page in pages] == [True, False]
