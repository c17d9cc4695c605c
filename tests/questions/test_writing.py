"""That an asked person is writing is told while they are, to those who may read the question, and to nobody else."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from intranet.chat.models import ChatChoices
from intranet.kernel import clock
from intranet.kernel.audience import EVERYONE
from intranet.kernel.db import Database
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.people.apart.actions import block
from intranet.posts.models import Post
from intranet.questions.asked.actions import mark_seen
from intranet.questions.routing.models import AskedPerson, Doing, Why
from tests.cast import SYSTEM, Cast
from tests.questions.asking import accept, answer, ask


class Stage:
    """Sockets of the cast, and a question of alice's that bob is asked."""

    def __init__(self, app: Flask, database: Database, cast: Cast) -> None:
        self.app, self.database, self.cast = app, database, cast
        self.question = ask(database, cast.alice, "Who has the key?", to=cast.group)
        self.asked(cast.bob)

    def asked(self, viewer: Viewer, why: Why = Why.WROTE, audience: int = 0) -> None:
        row = AskedPerson(post_id=self.question, person_id=viewer.member_id, wave=1, why=why)
        row.audience_id = audience or self.cast.group
        with self.database.unit_of_work(SYSTEM) as session:
            session.add(row)

    def socket(self, viewer: Viewer) -> Any:
        runtime(self.app).identify = lambda: viewer
        return runtime(self.app).socketio.test_client(self.app)

    def writes(self, viewer: Viewer) -> dict[str, Any]:
        socket = self.socket(viewer)
        answered: dict[str, Any] = socket.emit("question:writing", {"question": str(self.question)}, callback=True)
        return answered


def heard(socket: Any) -> list[dict[str, Any]]:
    return [message["args"][0] for message in socket.get_received() if message["name"] == "writing"]


@pytest.fixture
def stage(app: Flask, database: Database, cast: Cast) -> Stage:
    return Stage(app, database, cast)


def test_readers_of_the_question_hear_it_and_outsiders_do_not(stage: Stage, cast: Cast) -> None:
    alice, carol = stage.socket(cast.alice), stage.socket(cast.carol)
    assert stage.writes(cast.bob) == {"ok": True}
    assert heard(alice) == [{"question": str(stage.question), "person_id": str(cast.bob.id)}]
    assert heard(carol) == []


def test_it_is_told_once_in_a_while_however_often_a_page_says_it(stage: Stage, cast: Cast) -> None:
    alice, now = stage.socket(cast.alice), clock.now()
    for seconds in (0, 0.5, 1, 3, 3.5):
        with clock.fixed(now + timedelta(seconds=seconds)):
            stage.writes(cast.bob)
    assert len(heard(alice)) == 2


def test_who_is_not_asked_or_may_not_read_it_says_nothing(stage: Stage, cast: Cast) -> None:
    alice = stage.socket(cast.alice)
    assert stage.writes(cast.dana)["error"]["status"] == 404
    assert stage.writes(cast.carol)["error"]["status"] == 404
    assert stage.writes(cast.alice)["error"]["status"] == 404
    assert heard(alice) == []


def test_who_was_only_told_that_it_is_open_is_not_shown_as_writing(stage: Stage, cast: Cast) -> None:
    alice = stage.socket(cast.alice)
    stage.asked(cast.alice, Why.FOLLOWS)
    assert stage.writes(cast.alice) == {"ok": True}
    assert heard(alice) == []


def test_who_hides_that_they_write_in_chat_hides_it_here_and_likewise_what_they_have_seen(
    stage: Stage, database: Database, cast: Cast
) -> None:
    alice = stage.socket(cast.alice)
    with database.unit_of_work(cast.bob) as session:
        session.add(ChatChoices(person_id=cast.bob.member_id, shows_reading=False, shows_typing=False))
    stage.writes(cast.bob)
    assert heard(alice) == []
    with database.unit_of_work(cast.bob) as session:
        mark_seen(session, cast.bob, stage.question)
    with database.reading(SYSTEM) as session:
        row = session.get_one(AskedPerson, (stage.question, cast.bob.member_id))
        assert (row.doing, row.seen_at) == (Doing.ASKED, None)


def test_nothing_is_told_once_it_is_solved(stage: Stage, database: Database, cast: Cast) -> None:
    accept(database, cast.alice, answer(database, cast.bob, stage.question, "In the drawer"))
    alice = stage.socket(cast.alice)
    assert stage.writes(cast.bob) == {"ok": True}
    assert heard(alice) == []


def test_across_a_block_nobody_hears_that_the_other_writes(stage: Stage, database: Database, cast: Cast) -> None:
    with database.unit_of_work(SYSTEM) as session:
        session.get_one(Post, stage.question).audience_id = EVERYONE
    with database.unit_of_work(cast.carol) as session:
        block(session, cast.carol, cast.bob.member_id, is_on=True)
    carol = stage.socket(cast.carol)
    stage.writes(cast.bob)
    assert heard(carol) == []
