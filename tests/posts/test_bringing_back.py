"""What was deleted is closed to everybody, files included, and comes back whole within the hour."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from intranet.files.actions import put_on_shelf, receive
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.errors import NotFound
from intranet.kernel.reactions import ReactionKind
from intranet.kernel.runtime import runtime
from intranet.kernel.tables import Base
from intranet.kernel.viewer import Viewer
from intranet.posts import actions
from intranet.posts.actions.changing import UNDO, erase
from intranet.posts.finding import find_item
from intranet.posts.models import Attachment, Comment, PostMention, PostTopic, Reaction, Revision
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer


@pytest.fixture
def shelve(app: Flask, database: Database) -> Callable[[Viewer], int]:
    """A file that waits on somebody's shelf."""

    def shelve(viewer: Viewer) -> int:
        with app.app_context():
            received = receive(runtime(app).settings.files_folder, "plan.txt", b"the plan")
        with database.unit_of_work(viewer) as session:
            return put_on_shelf(session, viewer, received).id

    return shelve


def publish(database: Database, viewer: Viewer, text: str, *files: int) -> int:
    with database.unit_of_work(viewer) as session:
        return actions.publish_post(session, viewer, actions.PostDraft(text=text, files=files)).id


def delete(database: Database, viewer: Viewer, item_id: int) -> None:
    with database.unit_of_work(viewer) as session:
        actions.delete_item(session, viewer, item_id)


def restore(database: Database, viewer: Viewer, item_id: int) -> None:
    with database.unit_of_work(viewer) as session:
        actions.restore_item(session, viewer, item_id)


def status(client: FlaskClient, file_id: int) -> int:
    with client.get(f"/files/{file_id}") as answer:
        return answer.status_code


def test_files_of_a_deleted_post_and_its_comments_are_closed_until_it_is_back(
    database: Database, cast: Cast, as_viewer: AsViewer, shelve: Callable[[Viewer], int]
) -> None:
    files = [shelve(cast.alice), shelve(cast.bob), shelve(cast.bob)]
    post = publish(database, cast.alice, "Look", files[0])
    with database.unit_of_work(cast.bob) as session:
        kept, gone = (
            actions.add_comment(session, cast.bob, reply_to=post, text="And this", files=(file,)).id
            for file in files[1:]
        )
    assert [status(as_viewer(cast.carol), file) for file in files] == [200, 200, 200]
    delete(database, cast.bob, gone)
    delete(database, cast.alice, post)
    assert [status(as_viewer(cast.carol), file) for file in files] == [404, 404, 404]
    with pytest.raises(NotFound):
        restore(database, cast.bob, gone)
    restore(database, cast.alice, post)
    assert [status(as_viewer(cast.carol), file) for file in files] == [200, 200, 404]
    with database.reading(cast.carol) as session:
        assert find_item(session, kept)


def test_a_post_of_nothing_but_a_file_can_be_brought_back(
    database: Database, cast: Cast, shelve: Callable[[Viewer], int]
) -> None:
    post = publish(database, cast.alice, "", shelve(cast.alice))
    delete(database, cast.alice, post)
    restore(database, cast.alice, post)
    with database.reading(cast.carol) as session:
        assert find_item(session, post)


def test_deleting_once_more_gives_the_whole_hour_again(database: Database, cast: Cast) -> None:
    post = publish(database, cast.alice, "Keep me")
    start = clock.now()
    with clock.fixed(start):
        delete(database, cast.alice, post)
        restore(database, cast.alice, post)
    with clock.fixed(start + UNDO - timedelta(minutes=10)):
        delete(database, cast.alice, post)
    with clock.fixed(start + UNDO), database.unit_of_work(SYSTEM) as session:
        erase(session, {"item_id": post})  # the first deletion's job
    with clock.fixed(start + UNDO):
        restore(database, cast.alice, post)
    with database.reading(cast.carol) as session:
        assert find_item(session, post).text == "Keep me"


def rows(database: Database, *tables: type[Base]) -> list[int]:
    with database.reading(SYSTEM) as session:
        return [session.query(table).count() for table in tables]


def talked_about(database: Database, cast: Cast, shelve: Callable[[Viewer], int]) -> tuple[int, int]:
    """A post, and its one comment, which was edited, reacted to, and names bob and two topics."""
    post = publish(database, cast.alice, "Ask @bob about #ssl")
    with database.unit_of_work(cast.carol) as session:
        files = (shelve(cast.carol),)
        comment = actions.add_comment(session, cast.carol, reply_to=post, text="secret", files=files).id
    with database.unit_of_work(cast.carol) as session:
        actions.edit_item(session, cast.carol, comment, "No, @bob and @alice know #ssl and #tls")
        actions.react(session, cast.carol, comment, ReactionKind.AGREE, is_on=True)
    return post, comment


HANGING = (PostMention, PostTopic, Reaction, Revision, Attachment)


def test_links_of_comments_go_with_their_post_and_come_back_with_it(
    database: Database, cast: Cast, shelve: Callable[[Viewer], int]
) -> None:
    post, comment = talked_about(database, cast, shelve)
    assert rows(database, *HANGING) == [3, 3, 1, 1, 1]
    delete(database, cast.alice, post)
    assert rows(database, *HANGING) == [0, 0, 1, 1, 1]
    restore(database, cast.alice, post)
    assert rows(database, *HANGING) == [3, 3, 1, 1, 1]
    with database.reading(cast.bob) as session:
        assert find_item(session, comment).text == "No, @bob and @alice know #ssl and #tls"


def test_what_was_said_below_a_deleted_post_is_erased_with_it(
    database: Database, cast: Cast, shelve: Callable[[Viewer], int]
) -> None:
    post, comment = talked_about(database, cast, shelve)
    other = publish(database, cast.bob, "About #ssl too")
    delete(database, cast.alice, post)
    with clock.fixed(clock.now() + UNDO + timedelta(minutes=1)), database.unit_of_work(SYSTEM) as session:
        erase(session, {"item_id": post})
    assert rows(database, *HANGING) == [0, 1, 0, 0, 0]
    with database.reading(SYSTEM) as session:
        gone = session.get(Comment, comment)
        assert gone is not None
        assert (gone.text, gone.html, find_item(session, other).text) == ("", "", "About #ssl too")


def test_an_edit_may_take_all_words_from_a_post_with_a_file_and_from_no_other(
    database: Database, cast: Cast, as_viewer: AsViewer, shelve: Callable[[Viewer], int]
) -> None:
    shown, bare = publish(database, cast.alice, "Look", shelve(cast.alice)), publish(database, cast.alice, "Look")
    alice = as_viewer(cast.alice)
    assert " required" not in alice.get(f"/posts/{shown}/edit", headers={"X-Fragment": "1"}).text
    assert " required" in alice.get(f"/posts/{bare}/edit", headers={"X-Fragment": "1"}).text
    assert alice.post(f"/posts/{shown}/edit", data={"text": " "}).status_code == 303
    assert alice.post(f"/posts/{bare}/edit", data={"text": " "}).status_code == 422
