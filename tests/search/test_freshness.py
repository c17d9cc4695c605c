"""What was just written is found, what was just deleted is not, and no crash loses the thread."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import delete

from intranet.kernel import outbox
from intranet.kernel.db import Database
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.posts.actions import edit_item, restore_item
from intranet.search import asking, commands, turn
from intranet.search.index import CONTENTS, Index, index_of
from intranet.search.question import read_question
from search_index.engine import Engine
from tests.cast import SYSTEM, Cast
from tests.search.writing import reply, say, take_back


def found(viewer: Viewer, line: str) -> list[str]:
    return [hit.id for hit in asking.search(viewer, read_question(line)).hits]


def test_a_post_is_found_by_the_next_search(index: Index, database: Database, cast: Cast) -> None:
    post = say(database, cast.alice, "The reactor valve sticks")
    assert found(cast.carol, "valve") == [f"post:{post}"]


def test_a_deleted_post_is_gone_at_once_with_its_comments(index: Index, database: Database, cast: Cast) -> None:
    post = say(database, cast.alice, "The reactor valve sticks")
    comment = reply(database, cast.bob, post, "Oil the valve")
    assert set(found(cast.carol, "valve")) == {f"post:{post}", f"comment:{comment}"}
    take_back(database, cast.alice, post)
    assert found(cast.carol, "valve") == []


def test_a_post_that_was_brought_back_is_found_again(index: Index, database: Database, cast: Cast) -> None:
    post = say(database, cast.alice, "The reactor valve sticks")
    take_back(database, cast.alice, post)
    with database.unit_of_work(cast.alice) as session:
        restore_item(session, cast.alice, post)
    assert found(cast.carol, "valve") == [f"post:{post}"]


def test_an_edited_post_is_found_by_its_new_words_alone(index: Index, database: Database, cast: Cast) -> None:
    post = say(database, cast.alice, "The reactor valve sticks")
    assert found(cast.carol, "valve")
    with database.unit_of_work(cast.alice) as session:
        edit_item(session, cast.alice, post, "The boiler hose leaks")
    assert found(cast.carol, "valve") == []
    assert found(cast.carol, "hose") == [f"post:{post}"]


def test_a_long_question_keeps_nobody_waiting(index: Index, database: Database, cast: Cast) -> None:
    post = say(database, cast.alice, "The reactor valve sticks")
    begun, may_end = Event(), Event()

    def long_question(_engine: Engine) -> bool:
        begun.set()
        return may_end.wait(30)

    with ThreadPoolExecutor(1) as others:
        asked = others.submit(index.ask, long_question)
        assert begun.wait(30)
        assert found(cast.carol, "valve") == [f"post:{post}"]
        assert not asked.done()
        may_end.set()
        assert asked.result(30)


def test_more_than_one_step_of_news_is_followed_to_its_end(index: Index, database: Database, cast: Cast) -> None:
    posts = [say(database, cast.alice, f"The valve {number} sticks") for number in range(130)]
    assert index.follow(seconds=60)
    assert index.ask(lambda engine: engine.pending) >= len(posts)
    with database.reading(SYSTEM) as session:
        assert index.ask(lambda engine: engine.watermark) == outbox.newest_id(session)


def test_an_index_that_was_killed_before_it_stored_goes_on_from_its_watermark(
    app: Flask, index: Index, database: Database, cast: Cast
) -> None:
    assert index.become_writer()
    first = say(database, cast.alice, "first valve")
    index.follow(seconds=5)
    index.flush(at_once=True)
    second = say(database, cast.alice, "second valve")
    assert len(found(cast.carol, "valve")) == 2  # the second is in memory only
    index.close()  # as after a kill: what was in memory is gone
    assert set(found(cast.carol, "valve")) == {f"post:{first}", f"post:{second}"}


def test_following_twice_finds_everything_once(index: Index, database: Database, cast: Cast) -> None:
    post = say(database, cast.alice, "valve valve valve")
    index.follow(seconds=5)
    index.follow(seconds=5)
    assert found(cast.bob, "valve") == [f"post:{post}"]


def test_a_missing_index_is_rebuilt_by_the_worker(app: Flask, index: Index, database: Database, cast: Cast) -> None:
    post = say(database, cast.alice, "The reactor valve sticks")
    assert index.needs_rebuild()
    turn.store(app)
    assert index.rebuilding is not None
    index.rebuilding.join(30)
    assert not index.needs_rebuild()
    assert index.health().documents > 0
    assert found(cast.carol, "valve") == [f"post:{post}"]


def test_an_index_of_before_documents_held_more_is_built_anew_by_the_worker_once(
    app: Flask, index: Index, database: Database, cast: Cast
) -> None:
    say(database, cast.alice, "The reactor valve sticks")
    assert index.become_writer()
    index.rebuild()
    assert not index.needs_rebuild()
    marker = index.folder.with_suffix(".contents")
    marker.unlink()  # as an older program left it
    assert index.needs_rebuild()
    turn.store(app)
    assert index.rebuilding is not None
    index.rebuilding.join(30)
    assert not index.needs_rebuild()
    assert marker.read_text() == str(CONTENTS)
    turn.store(app)
    assert index.rebuilding is None


def test_a_rebuilt_index_equals_the_one_that_followed(index: Index, database: Database, cast: Cast) -> None:
    post = say(database, cast.alice, "The reactor valve sticks #valves @bob")
    reply(database, cast.bob, post, "Oil the valve")
    secret = say(database, cast.bob, "The valve behind the curtain", audience_id=cast.group)
    followed = {viewer.id: found(viewer, "valve") for viewer in (cast.alice, cast.carol)}
    assert index.become_writer()
    index.rebuild()
    assert {viewer.id: found(viewer, "valve") for viewer in (cast.alice, cast.carol)} == followed
    assert f"post:{secret}" in followed[cast.alice.id]
    assert f"post:{secret}" not in followed[cast.carol.id]


def test_an_index_ahead_of_a_restored_database_is_rebuilt(index: Index, database: Database, cast: Cast) -> None:
    say(database, cast.alice, "valve")
    assert index.become_writer()
    index.rebuild()
    assert not index.needs_rebuild()
    with database.unit_of_work(SYSTEM) as session:
        session.execute(delete(outbox.OutboxEvent))
    assert index.needs_rebuild()


def test_only_one_process_stores(app: Flask, index: Index) -> None:
    assert index.become_writer()
    other = Index(runtime(app))
    assert not other.become_writer()
    index.close()
    assert other.become_writer()
    other.close()


def test_without_a_worker_a_command_stores_by_itself(index: Index, database: Database, cast: Cast) -> None:
    say(database, cast.alice, "valve")
    assert commands.bring_up_to_date(index)
    assert index.is_stored()


@pytest.mark.parametrize("arguments", [["index", "rebuild"], ["index", "check"]])
def test_the_index_commands_end_well(
    app: Flask, index: Index, database: Database, cast: Cast, arguments: list[str]
) -> None:
    say(database, cast.alice, "valve")
    assert commands.bring_up_to_date(index)
    result = app.test_cli_runner().invoke(args=arguments)
    assert result.exit_code == 0, result.output
    assert "documents" in result.output


def test_a_second_rebuild_is_left_to_the_process_that_stores(app: Flask, index: Index, cast: Cast) -> None:
    other = Index(runtime(app))
    assert other.become_writer()
    result = app.test_cli_runner().invoke(args=["index", "rebuild"])
    assert "worker" in result.output
    assert other.needs_rebuild()
    other.close()


def test_the_index_belongs_to_the_process(app: Flask, index: Index) -> None:
    assert index_of(app) is index
