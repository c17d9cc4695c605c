"""A post in alice's and bob's group does not exist for carol, on any surface."""

from typing import Any

import pytest

from intranet.files.actions import put_on_shelf, receive
from intranet.kernel.db import Database
from intranet.kernel.errors import NotFound
from intranet.kernel.reactions import ReactionKind
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import ANONYMOUS
from intranet.posts import actions, queries
from intranet.posts.models import Comment, Post, PostMention, PostTopic, Reaction
from intranet.topics.vocabulary import ensure_topics
from tests.cast import Cast
from tests.fixtures import AsViewer

FRAGMENT = {"X-Fragment": "1"}


@pytest.fixture
def hidden(app: Any, database: Database, cast: Cast) -> dict[str, int]:
    """A post with everything on it, in the group's audience."""
    with app.test_request_context():
        received = receive(runtime(app).settings.files_folder, "plan.txt", b"the plan")
    with database.unit_of_work(cast.alice) as session:
        ensure_topics(session, ["pumps"])
        file_id = put_on_shelf(session, cast.alice, received).id
        draft = actions.PostDraft(text="Merger with @carol #merger #pumps", audience_id=cast.group, files=(file_id,))
        post_id = actions.publish_post(session, cast.alice, draft).id
        comment_id = actions.add_comment(session, cast.alice, reply_to=post_id, text="Quiet").id
        actions.react(session, cast.alice, post_id, ReactionKind.AGREE, is_on=True)
        actions.edit_item(session, cast.alice, post_id, "Merger with @carol #merger #pumps, soon")
    return {"post": post_id, "comment": comment_id, "file": file_id}


def test_bob_sees_it(hidden: dict[str, int], cast: Cast, as_viewer: AsViewer) -> None:
    bob = as_viewer(cast.bob)
    assert "Merger" in bob.get(f"/posts/{hidden['post']}").text
    with bob.get(f"/files/{hidden['file']}") as file:
        assert file.data == b"the plan"
    assert "Merger" in bob.get("/?view=everyone").text


@pytest.mark.parametrize(
    "address",
    [
        "/posts/{post}",
        "/posts/{post}/comments",
        "/posts/{post}/history",
        "/posts/{post}/edit",
        "/posts/{comment}",
        "/posts/{comment}/history",
        "/posts/{comment}/edit",
        "/api/v1/posts/{post}",
        "/api/v1/posts/{comment}",
        "/api/v1/posts/{post}/comments",
        "/files/{file}",
        "/files/{file}/small",
    ],
)
def test_to_carol_it_looks_like_what_never_existed(
    hidden: dict[str, int], cast: Cast, as_viewer: AsViewer, address: str
) -> None:
    carol = as_viewer(cast.carol)
    there = carol.get(address.format(**hidden), headers=FRAGMENT)
    nowhere = carol.get(address.format(post=4711, comment=4711, file=4711), headers=FRAGMENT)
    assert there.status_code == nowhere.status_code == 404
    assert there.data == nowhere.data


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/posts/{post}/comments", {"text": "Hi"}),
        ("/posts/{post}/edit", {"text": "Hi"}),
        ("/posts/{post}/delete", {}),
        ("/posts/{post}/restore", {}),
        ("/posts/{post}/reactions", {"set": "agree 1"}),
        ("/posts/{comment}/reactions", {"set": "agree 1"}),
        ("/posts/{post}/bookmark", {"on": "1"}),
        ("/files/{file}/describe", {"alt": "Hi"}),
    ],
)
def test_carol_can_do_nothing_to_it(
    hidden: dict[str, int], cast: Cast, as_viewer: AsViewer, address: str, form: dict[str, str]
) -> None:
    answer = as_viewer(cast.carol).post(address.format(**hidden), data=form)
    assert answer.status_code in {404, 422}
    if answer.status_code == 422:
        assert "no longer there" in answer.text or "files" in answer.text


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/?view=everyone",
        "/?view=following",
        "/bookmarks",
        "/people/alice/posts",
        "/topics/pumps",
        "/topics/pumps/posts",
        "/api/v1/feed?view=everyone",
        "/api/v1/events?since=0",
    ],
)
def test_no_list_shows_carol_any_of_it(hidden: dict[str, int], cast: Cast, as_viewer: AsViewer, address: str) -> None:
    page = as_viewer(cast.carol).get(address)
    assert page.status_code == 200
    assert "Merger" not in page.text
    assert "Quiet" not in page.text
    assert str(hidden["post"]) not in page.text


def test_no_count_and_no_table_shows_carol_any_of_it(hidden: dict[str, int], database: Database, cast: Cast) -> None:
    with database.reading(cast.carol) as session:
        for table in (Post, Comment, Reaction, PostMention, PostTopic):
            assert session.query(table).count() == 0
        assert queries.said_below(session, hidden["post"]).comments == 0
        assert queries.reaction_counts(session, hidden["post"]) == {}
        with pytest.raises(NotFound):
            queries.item_card(session, cast.carol, hidden["post"])


def test_signed_out_visitors_are_sent_to_sign_in(hidden: dict[str, int], cast: Cast, as_viewer: AsViewer) -> None:
    nobody = as_viewer(ANONYMOUS)
    for address in ("/", f"/posts/{hidden['post']}", "/bookmarks", f"/files/{hidden['file']}"):
        answer = nobody.get(address)
        assert (answer.status_code, answer.location.split("?")[0]) == (302, "/sign-in")
    assert nobody.get(f"/api/v1/posts/{hidden['post']}").status_code == 401


def test_a_word_that_stands_only_in_a_closed_group_is_nobodys_topic(
    hidden: dict[str, int], cast: Cast, as_viewer: AsViewer
) -> None:
    assert hidden
    carol = as_viewer(cast.carol)
    for address in ("/compose/topics?q=mer", "/topics", "/search/suggest?q=mer", "/api/v1/events"):
        assert "erger" not in carol.get(address, headers=FRAGMENT).text
    assert carol.get("/topics/merger").status_code == 404
