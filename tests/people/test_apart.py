"""Mutes and blocks: what each of the two still sees of the other, on every surface that there is."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased
from werkzeug.routing import Rule

from intranet.groups import actions as groups
from intranet.groups.models import GroupKind
from intranet.kernel import apart, live, outbox, reach
from intranet.kernel.db import Database
from intranet.kernel.errors import NotFound, Refused
from intranet.kernel.viewer import Role, Viewer
from intranet.people.actions import follow_person
from intranet.people.apart import actions
from intranet.people.models import Follow
from intranet.people.queries import people_starting
from intranet.posts.actions import PostDraft, add_comment, publish_post
from intranet.posts.cards import CommentCard
from intranet.posts.finding import find_post
from intranet.posts.models import Comment, Post, PostKind, PostMention
from intranet.posts.queries import comment_page
from intranet.search.index import index_of
from intranet.topics.actions import endorse
from intranet.topics.vocabulary import topic_ids
from tests.cast import Cast
from tests.fixtures import AsViewer

SECRET = "quartzite"  # never asked for, so that no page echoes it


@dataclass(frozen=True, slots=True)
class Said:
    """What alice wrote where bob may read it, and what carol wrote, with replies of alice and carol under it."""

    post: int
    in_group: int
    announcement: int
    carols: int
    reply: int
    carols_reply: int


@pytest.fixture
def said(database: Database, cast: Cast) -> Said:
    alice, speaker = cast.alice, Viewer(cast.alice.id, cast.alice.roles | {Role.COMMUNICATOR})
    with database.unit_of_work(alice) as session:
        group = groups.found_group(session, alice, groups.GroupDraft(name="Heron", kind=GroupKind.OPEN))
        words = f"osprey #kestrel {SECRET} @carol"
        post = publish_post(session, alice, PostDraft(text=words)).id
        in_group = publish_post(session, alice, PostDraft(text=words, audience_id=group.id)).id
    with database.unit_of_work(speaker) as session:
        told = publish_post(session, speaker, PostDraft(text="lunch is at noon", kind=PostKind.ANNOUNCEMENT)).id
    with database.unit_of_work(cast.carol) as session:
        carols = publish_post(session, cast.carol, PostDraft(text="a plain osprey #kestrel")).id
    with database.unit_of_work(alice) as session:
        reply = add_comment(session, alice, reply_to=carols, text=f"osprey indeed {SECRET}").id
    with database.unit_of_work(cast.carol) as session:
        carols_reply = add_comment(session, cast.carol, reply_to=reply, text="thank you").id
    return Said(post, in_group, told, carols, reply, carols_reply)


def set_apart(database: Database, viewer: Viewer, other: Viewer, *, is_block: bool, is_on: bool = True) -> None:
    change = actions.block if is_block else actions.mute
    with database.unit_of_work(viewer) as session:
        change(session, viewer, other.member_id, is_on=is_on)


def addresses(app: Flask, said: Said) -> dict[str, str]:
    """Every page that can be read, filled with what alice wrote: a new one is tried without anybody's doing."""
    found: dict[str, str] = {}
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.endpoint.startswith(("static", "operations.")):
            with app.test_request_context():
                path = _filled(app, rule, said)
            asked = f"q=osprey&topic=kestrel&people=alice&view=everyone&watch={said.in_group}"
            found[rule.rule] = f"{path}?{asked}"
    return found


def _filled(app: Flask, rule: Rule, said: Said) -> str:
    slug = "heron" if rule.rule.startswith(("/groups", "/api/v1/groups")) else "kestrel"
    known: dict[str, object] = {"username": "alice", "slug": slug, "topic": "kestrel", "key": "0" * 64, "size": "small"}
    values = {name: known.get(name, said.post) for name in rule.arguments}
    built = app.url_map.bind("").build(rule.endpoint, values)
    return str(built)


def showing(app: Flask, client: FlaskClient, said: Said) -> set[str]:
    """Of all pages those that show what alice wrote."""
    shown = set()
    for rule, address in addresses(app, said).items():
        answers = (client.get(address), client.get(address, headers={"X-Fragment": "1"}))
        assert all(answer.status_code < 500 for answer in answers), address
        if any(SECRET in answer.text for answer in answers):
            shown.add(rule)
    return shown


@pytest.fixture
def reading(app: Flask, as_viewer: AsViewer, said: Said) -> Callable[[Viewer], set[str]]:
    return lambda viewer: showing(app, as_viewer(viewer), said)


def test_a_block_holds_on_every_page_for_both(
    app: Flask, database: Database, cast: Cast, reading: Callable[[Viewer], set[str]]
) -> None:
    before = reading(cast.bob)
    # What the test would find if nothing held: many surfaces, or it proves nothing.
    expected = {"/", "/posts/<id:post_id>", "/topics/<slug>/posts", "/groups/<slug>", "/people/<username>/posts"}
    expected |= {"/search", "/api/v1/search", "/api/v1/feed", "/api/v1/events", "/experts", "/search/suggest"}
    assert expected <= before
    set_apart(database, cast.bob, cast.alice, is_block=True)
    assert reading(cast.bob) == set()
    set_apart(database, cast.bob, cast.alice, is_block=True, is_on=False)
    set_apart(database, cast.alice, cast.bob, is_block=True)
    assert reading(cast.bob) == set()
    index_of(app).close()


def test_a_block_between_two_is_nothing_to_a_third_and_ends_when_it_is_taken_back(
    database: Database, cast: Cast, said: Said, as_viewer: AsViewer
) -> None:
    set_apart(database, cast.bob, cast.alice, is_block=True)
    assert SECRET in as_viewer(cast.carol).get("/?view=everyone").text
    assert SECRET not in as_viewer(cast.bob).get("/?view=everyone").text
    set_apart(database, cast.bob, cast.alice, is_block=True, is_on=False)
    assert SECRET in as_viewer(cast.bob).get("/?view=everyone").text


def test_an_announcement_is_found_by_those_who_block_its_author(
    app: Flask, database: Database, cast: Cast, said: Said, as_viewer: AsViewer
) -> None:
    set_apart(database, cast.bob, cast.alice, is_block=True)
    page = as_viewer(cast.bob).get("/search?q=noon").text
    assert f"/posts/{said.announcement}" in page
    assert SECRET not in as_viewer(cast.bob).get("/search?q=osprey").text
    index_of(app).close()


def test_a_mute_holds_in_timelines_and_leaves_links_open(
    app: Flask, database: Database, cast: Cast, reading: Callable[[Viewer], set[str]]
) -> None:
    set_apart(database, cast.bob, cast.alice, is_block=False)
    shown = reading(cast.bob)
    quiet = {"/", "/api/v1/feed", "/topics/<slug>", "/topics/<slug>/posts", "/groups/<slug>", "/groups/<slug>/posts"}
    quiet |= {"/search/suggest", "/people-to-meet", "/api/v1/people-to-meet"}
    assert not quiet & shown
    assert {"/posts/<id:post_id>", "/people/<username>/posts", "/search"} <= shown
    index_of(app).close()


def test_counts_and_aliases_leave_out_the_blocked_too(database: Database, cast: Cast, said: Said) -> None:
    set_apart(database, cast.bob, cast.alice, is_block=True)
    with database.reading(cast.bob) as session:
        for model in (Post, Comment):
            every = session.scalars(select(model.author_id)).all()
            of_alice = [one for one in every if one == cast.alice.id]
            assert len(of_alice) == (1 if model is Post else 0)  # the announcement passes
            for read in (model, aliased(model)):
                assert session.scalar(select(func.count()).select_from(read)) == len(every)
        assert session.get(Post, said.announcement) is not None
        assert session.get(Post, said.post) is None


def test_replies_of_the_blocked_are_absent_and_those_of_the_muted_folded_up(
    database: Database, cast: Cast, said: Said, as_viewer: AsViewer
) -> None:
    def thread() -> list[CommentCard]:
        with database.reading(cast.bob) as session:
            return comment_page(session, cast.bob, said.carols).items

    set_apart(database, cast.bob, cast.alice, is_block=False)
    assert [(one.id, one.is_muted) for one in thread()] == [(said.reply, True)]
    page = as_viewer(cast.bob).get(f"/posts/{said.carols}").text
    assert '<details class="reply-muted">' in page
    set_apart(database, cast.bob, cast.alice, is_block=True)
    assert [one.id for one in thread()] == [said.carols_reply]


def test_people_who_block_each_other_neither_follow_nor_name_nor_vouch(
    database: Database, cast: Cast, said: Said
) -> None:
    for follower, followed in ((cast.alice, cast.bob), (cast.bob, cast.alice)):
        with database.unit_of_work(follower) as session:
            follow_person(session, follower, followed.member_id)
    set_apart(database, cast.bob, cast.alice, is_block=True)
    for one, other, name in ((cast.alice, cast.bob, "bob"), (cast.bob, cast.alice, "alice")):
        with database.unit_of_work(one) as session:
            assert session.scalar(select(func.count()).select_from(Follow)) == 0
            with pytest.raises(Refused):
                follow_person(session, one, other.member_id)
            with pytest.raises(Refused):
                endorse(session, one, other.member_id, topic_ids(session, ["kestrel"])["kestrel"], reason="good")
            post = publish_post(session, one, PostDraft(text=f"ask @{name}"))
            assert "<a" not in post.html
            assert session.scalars(select(PostMention).where(PostMention.item_id == post.id)).all() == []
            assert people_starting(session, name) == []


def test_a_mute_keeps_the_follow_and_can_be_taken_back(database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.bob) as session:
        follow_person(session, cast.bob, cast.alice.member_id)
    for is_on in (True, True, False, False):
        set_apart(database, cast.bob, cast.alice, is_block=False, is_on=is_on)
    with database.reading(cast.bob) as session:
        assert session.scalar(select(func.count()).select_from(Follow)) == 1
        assert apart.unheard_ids(session, cast.bob.id) == frozenset()


def test_two_blocks_are_taken_back_one_by_one(database: Database, cast: Cast) -> None:
    set_apart(database, cast.bob, cast.alice, is_block=True)
    set_apart(database, cast.alice, cast.bob, is_block=True)
    set_apart(database, cast.bob, cast.alice, is_block=True, is_on=False)
    with database.reading(cast.bob) as session:
        assert reach.blocked_ids(session, cast.bob.id) == {cast.alice.id}
        assert reach.blocked_ids(session, cast.alice.id) == {cast.bob.id}
    set_apart(database, cast.alice, cast.bob, is_block=True, is_on=False)
    with database.reading(cast.bob) as session:
        assert reach.blocked_ids(session, cast.bob.id) == frozenset()


def test_nobody_blocks_themselves_or_nobody(database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.bob) as session:
        for change in (actions.mute, actions.block):
            with pytest.raises(Refused):
                change(session, cast.bob, cast.bob.member_id, is_on=True)
            with pytest.raises(NotFound):
                change(session, cast.bob, 7, is_on=True)


def test_a_moderator_reads_on_and_has_quiet_timelines(
    database: Database, cast: Cast, said: Said, as_viewer: AsViewer
) -> None:
    moderator = Viewer(cast.bob.id, cast.bob.roles | {Role.MODERATOR})
    set_apart(database, cast.alice, cast.bob, is_block=True)
    with database.reading(moderator) as session:
        assert find_post(session, said.post).author_id == cast.alice.id
    assert SECRET not in as_viewer(moderator).get("/?view=everyone").text


def test_pushes_pass_by_those_who_keep_apart(database: Database, cast: Cast, said: Said) -> None:
    def pushed(session: Session, viewer: Viewer) -> set[str]:
        rows = [row for row in session.scalars(select(outbox.OutboxEvent)) if row.recipient_id is None]
        messages = live.present_to(session, viewer, rows)
        return {str(message["data"].get("id")) for message in messages}

    alices = {str(said.post), str(said.in_group), str(said.announcement), str(said.reply)}
    with database.reading(cast.bob) as session:
        assert alices <= pushed(session, cast.bob)
    set_apart(database, cast.bob, cast.alice, is_block=False)
    with database.reading(cast.bob) as session:
        # A reply arrives, and is folded up by the page that shows it; a new post would stand in a timeline.
        assert alices & pushed(session, cast.bob) == {str(said.announcement), str(said.reply)}
    set_apart(database, cast.alice, cast.bob, is_block=True)
    with database.reading(cast.bob) as session:
        assert alices & pushed(session, cast.bob) == {str(said.announcement)}
        assert apart.deaf_to(session, cast.alice.member_id) == {cast.bob.id}


def test_the_one_who_is_blocked_learns_nothing_and_the_directory_still_has_both(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    set_apart(database, cast.alice, cast.bob, is_block=True)
    client = as_viewer(cast.bob)
    assert "Alice Example" in client.get("/people").text
    assert client.get("/people/alice/org").status_code == 200
    profile = client.get("/people/alice").text
    assert "Alice Example" in profile
    assert "blocked" not in profile
    assert "Alice Example" not in client.get("/settings/apart").text
    assert "/people/alice/follow" not in client.get("/people/alice/card").text


def test_the_settings_list_both_with_the_way_back(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.bob)
    assert client.post("/people/alice/mute", data={"on": "1"}).headers["Location"] == "/people/alice"
    assert client.get("/people/carol/block").status_code == 200
    client.post("/people/carol/block", data={"on": "1"})
    page = client.get("/settings/apart").text
    assert "Alice Example" in page
    assert "Carol Example" in page
    back = client.post("/people/carol/block", data={"on": "0", "next": "/settings/apart"})
    assert back.headers["Location"] == "/settings/apart"
    client.post("/people/alice/mute", data={"on": "0"})
    page = client.get("/settings/apart").text
    assert "Alice Example" not in page
    assert "Carol Example" not in page
