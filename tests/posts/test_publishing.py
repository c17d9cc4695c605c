"""Posting, commenting, editing, deleting."""

from datetime import UTC, datetime, timedelta

import pytest

from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.errors import Conflict, Invalid, NotFound, Refused
from intranet.kernel.reactions import ReactionKind
from intranet.kernel.viewer import Viewer
from intranet.posts import actions
from intranet.posts import queries as post_queries
from intranet.posts.events import (
    CommentAdded,
    CommentDeleted,
    PersonMentioned,
    PostDeleted,
    PostEdited,
    PostPublished,
    ReactionChanged,
)
from intranet.posts.models import PostKind
from tests.cast import SYSTEM, Cast
from tests.fixtures import Happens, Queries


def publish(database: Database, viewer: Viewer, text: str = "Hello", audience_id: int = 1) -> int:
    with database.unit_of_work(viewer) as session:
        return actions.publish_post(session, viewer, actions.PostDraft(text=text, audience_id=audience_id)).id


def reply(database: Database, viewer: Viewer, to: int, text: str = "Me too") -> int:
    with database.unit_of_work(viewer) as session:
        return actions.add_comment(session, viewer, reply_to=to, text=text).id


def test_a_post_tells_its_audience_and_whom_it_names(cast: Cast, happens: Happens) -> None:
    told = happens(
        cast.alice, lambda s: actions.publish_post(s, cast.alice, actions.PostDraft(text="@bob, see #ssl. @alice"))
    )
    kinds = [type(event) for event in told]
    assert kinds.count(PostPublished) == 1
    assert [event.recipient_id for event in told if isinstance(event, PersonMentioned)] == [cast.bob.id]


def test_a_mention_of_somebody_outside_the_audience_tells_them_nothing(cast: Cast, happens: Happens) -> None:
    draft = actions.PostDraft(text="@bob and @carol", audience_id=cast.group)
    told = happens(cast.alice, lambda s: actions.publish_post(s, cast.alice, draft))
    assert [event.recipient_id for event in told if isinstance(event, PersonMentioned)] == [cast.bob.id]


def test_markdown_is_shown_and_scripts_are_not(database: Database, cast: Cast) -> None:
    text = "**bold** <script>alert(1)</script> [go](javascript:alert(1)) <img src=x onerror=alert(1)>"
    post_id = publish(database, cast.alice, text)
    with database.reading(cast.bob) as session:
        html = post_queries.post_card(session, cast.bob, post_id).html
    assert "<strong>bold</strong>" in html
    assert "<script" not in html
    assert "javascript:" not in html
    assert "onerror" not in html
    assert "<img" not in html


def test_control_and_direction_characters_do_not_reach_the_page(database: Database, cast: Cast) -> None:
    post_id = publish(database, cast.alice, "safe\u202egnp.exe\x00\x07 text")
    with database.reading(cast.bob) as session:
        assert post_queries.post_card(session, cast.bob, post_id).text == "safegnp.exe text"


@pytest.mark.parametrize("text", ["", "   \n ", "\u202e", "x" * 20_001, "x" * 10_000_000])
def test_empty_and_endless_texts_are_refused_on_their_field(database: Database, cast: Cast, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        publish(database, cast.alice, text)
    assert list(refused.value.fields) == ["text"]


def test_only_communicators_announce(database: Database, cast: Cast) -> None:
    draft = actions.PostDraft(text="News", kind=PostKind.ANNOUNCEMENT)
    with pytest.raises(Refused), database.unit_of_work(cast.alice) as session:
        actions.publish_post(session, cast.alice, draft)
    with database.unit_of_work(cast.dana) as session:
        actions.publish_post(session, cast.dana, draft)


def test_carol_cannot_post_to_a_group_that_is_hidden_from_her(database: Database, cast: Cast) -> None:
    with pytest.raises(NotFound):
        publish(database, cast.carol, audience_id=cast.group)


def test_a_reply_to_a_reply_stands_beside_it(database: Database, cast: Cast) -> None:
    post_id = publish(database, cast.alice)
    first = reply(database, cast.bob, post_id)
    second = reply(database, cast.alice, first)
    third = reply(database, cast.bob, second)
    with database.reading(cast.bob) as session:
        page = post_queries.comment_page(session, cast.bob, post_id)
    assert [comment.id for comment in page.items] == [first]
    assert [comment.id for comment in page.items[0].replies] == [second, third]


def test_an_edit_keeps_what_was_said_before(database: Database, cast: Cast, happens: Happens) -> None:
    post_id = publish(database, cast.alice, "The lag is 40 minutes")
    told = happens(cast.alice, lambda s: actions.edit_item(s, cast.alice, post_id, "The lag is 14 minutes, @bob"))
    assert {type(event) for event in told} == {PostEdited, PersonMentioned}
    with database.reading(cast.bob) as session:
        versions = post_queries.versions(session, post_id)
        assert [("14" in version.html, version.is_current) for version in versions] == [(True, True), (False, False)]
        assert post_queries.post_card(session, cast.bob, post_id).edited_at is not None


def test_an_edit_names_nobody_twice(database: Database, cast: Cast, happens: Happens) -> None:
    post_id = publish(database, cast.alice, "@bob look")
    told = happens(cast.alice, lambda s: actions.edit_item(s, cast.alice, post_id, "@bob look here"))
    assert [type(event) for event in told] == [PostEdited]


def test_the_second_of_two_edits_is_told_of_the_first(database: Database, cast: Cast) -> None:
    post_id = publish(database, cast.alice)
    with database.reading(cast.alice) as session:
        seen = post_queries.post_card(session, cast.alice, post_id).created_at
    with database.unit_of_work(cast.alice) as session:
        actions.edit_item(session, cast.alice, post_id, "One", seen=seen)
    with pytest.raises(Conflict), database.unit_of_work(cast.alice) as session:
        actions.edit_item(session, cast.alice, post_id, "Two", seen=seen)


def test_nobody_edits_or_deletes_somebody_elses_words(database: Database, cast: Cast) -> None:
    post_id = publish(database, cast.alice)
    with pytest.raises(Refused), database.unit_of_work(cast.bob) as session:
        actions.edit_item(session, cast.bob, post_id, "Mine now")
    with pytest.raises(Refused), database.unit_of_work(cast.bob) as session:
        actions.delete_item(session, cast.bob, post_id)


def test_a_deleted_post_is_gone_and_can_come_back(database: Database, cast: Cast, happens: Happens) -> None:
    post_id = publish(database, cast.alice, "@bob #ssl")
    assert [type(e) for e in happens(cast.alice, lambda s: actions.delete_item(s, cast.alice, post_id))] == [
        PostDeleted
    ]
    with database.reading(cast.bob) as session, pytest.raises(NotFound):
        post_queries.post_card(session, cast.bob, post_id)
    with database.unit_of_work(cast.alice) as session:
        actions.restore_item(session, cast.alice, post_id)
    with database.reading(cast.bob) as session:
        assert post_queries.post_card(session, cast.bob, post_id).topics[0].slug == "ssl"


def test_what_a_moderator_deleted_its_author_cannot_bring_back(database: Database, cast: Cast) -> None:
    post_id = publish(database, cast.alice)
    with database.unit_of_work(cast.dana) as session:
        actions.delete_item(session, cast.dana, post_id)
    with pytest.raises(Refused), database.unit_of_work(cast.alice) as session:
        actions.restore_item(session, cast.alice, post_id)


def test_after_an_hour_the_words_of_a_deleted_post_are_erased(database: Database, cast: Cast) -> None:
    from intranet.kernel import jobs
    from intranet.posts.models import Post, Revision

    post_id = publish(database, cast.alice, "secret")
    with database.unit_of_work(cast.alice) as session:
        actions.edit_item(session, cast.alice, post_id, "less secret")
        actions.delete_item(session, cast.alice, post_id)
    with clock.fixed(datetime.now(UTC) + timedelta(hours=2)):
        jobs.run_due(database)
    with database.reading(SYSTEM) as session:
        post = session.get(Post, post_id)
        assert post is not None
        assert (post.text, post.html, session.query(Revision).count()) == ("", "", 0)


def test_a_deleted_comment_stays_as_a_gap_only_where_it_was_answered(database: Database, cast: Cast) -> None:
    post_id = publish(database, cast.alice)
    answered, alone = reply(database, cast.bob, post_id, "secret"), reply(database, cast.bob, post_id, "also")
    reply(database, cast.alice, answered)
    with database.unit_of_work(cast.bob) as session:
        actions.delete_item(session, cast.bob, answered)
        actions.delete_item(session, cast.bob, alone)
    with database.reading(cast.alice) as session:
        page = post_queries.comment_page(session, cast.alice, post_id)
        assert [(comment.id, comment.is_deleted, comment.text) for comment in page.items] == [(answered, True, "")]
        assert post_queries.said_below(session, post_id).comments == 1


def test_reacting_twice_is_reacting_once(database: Database, cast: Cast, happens: Happens) -> None:
    post_id = publish(database, cast.alice)
    once = happens(cast.bob, lambda s: actions.react(s, cast.bob, post_id, ReactionKind.AGREE, is_on=True))
    again = happens(cast.bob, lambda s: actions.react(s, cast.bob, post_id, ReactionKind.AGREE, is_on=True))
    assert [type(event) for event in once] == [ReactionChanged]
    assert again == []
    with database.reading(cast.bob) as session:
        counts = post_queries.post_card(session, cast.bob, post_id).reactions
        assert [(one.kind, one.count, one.is_mine) for one in counts] == [(ReactionKind.AGREE, 1, True)]


def test_comments_record_what_happened(database: Database, cast: Cast, happens: Happens) -> None:
    post_id = publish(database, cast.alice)
    told = happens(cast.bob, lambda s: actions.add_comment(s, cast.bob, reply_to=post_id, text="Yes"))
    (added,) = told
    assert isinstance(added, CommentAdded)
    gone = happens(cast.bob, lambda s: actions.delete_item(s, cast.bob, added.comment_id))
    assert [type(event) for event in gone] == [CommentDeleted]


def test_a_page_of_posts_costs_nine_statements(database: Database, cast: Cast, queries: Queries) -> None:
    ids = [publish(database, cast.alice, f"@bob #topic{n}") for n in range(30)]
    for post_id in ids:
        reply(database, cast.bob, post_id)
    with database.reading(cast.bob) as session, queries(11):  # nine, the BEGIN, and one for luck of the pool
        assert len(post_queries.post_cards(session, cast.bob, ids)) == 30
