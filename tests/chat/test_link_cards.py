"""The card of a page that a message links to: brought by the worker, for the readers of the message alone."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from intranet.chat import actions, queries
from intranet.chat.events import MessageLinked
from intranet.chat.links.actions import unlink
from intranet.config import Settings
from intranet.kernel import jobs, outbox
from intranet.kernel.db import Database
from intranet.kernel.errors import NotFound, Refused
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.links.cards import LinkCard
from tests.cast import SYSTEM, Cast
from tests.chat.conftest import Talk
from tests.fixtures import AsViewer
from tests.links import hostile
from tests.links.hostile import Hostile


@pytest.fixture
def wiki() -> Iterator[Hostile]:
    with hostile.hostile_server() as found:
        found.answers["/d40"] = hostile.page("<title>Seal wear</title><meta name=description content='Nine days'>")
        yield found


@pytest.fixture
def settings(settings: Settings, wiki: Hostile) -> Settings:
    """The worker may fetch from the one server of these tests."""
    return replace(settings, link_ports=str(wiki.port), link_networks="127.0.0.1/32")


@pytest.fixture(autouse=True)
def _inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def address(wiki: Hostile) -> str:
    return wiki.url("/d40", host="127.0.0.1")


def link_of(talk: Talk, viewer: Viewer, message: int) -> LinkCard | None:
    return talk.look(viewer, lambda session: queries.message_card(session, viewer, message)).link


def test_the_worker_brings_the_card_and_says_so(talk: Talk, cast: Cast, database: Database, address: str) -> None:
    here = talk.direct(cast.alice, "bob")
    message = talk.say(cast.alice, here, f"read {address}")
    assert link_of(talk, cast.bob, message) is None
    jobs.run_due(database)
    card = link_of(talk, cast.bob, message)
    assert card is not None
    assert (card.title, card.description) == ("Seal wear", "Nine days")
    with database.reading(SYSTEM) as session:
        assert MessageLinked(message, here) in [outbox.restore(row) for row in outbox.after(session, 0)]
    shown = talk.look(cast.bob, lambda session: queries.message_card(session, cast.bob, message)).as_json()
    assert shown["link"]
    assert "Seal wear" in shown["link"]["html"]


def test_its_sender_takes_it_away_and_nobody_else(talk: Talk, cast: Cast, database: Database, address: str) -> None:
    message = talk.say(cast.alice, talk.direct(cast.alice, "bob"), f"read {address}")
    jobs.run_due(database)
    with pytest.raises(Refused):
        talk.do(cast.bob, unlink, message)
    with pytest.raises(NotFound):
        talk.do(cast.carol, unlink, message)
    talk.do(cast.alice, unlink, message)
    jobs.run_due(database)
    assert link_of(talk, cast.bob, message) is None


def test_another_text_has_another_card_and_a_deleted_one_none(
    talk: Talk, cast: Cast, database: Database, address: str
) -> None:
    message = talk.say(cast.alice, talk.direct(cast.alice, "bob"), f"read {address}")
    jobs.run_due(database)
    talk.do(cast.alice, actions.edit_message, message, "read nothing")
    assert link_of(talk, cast.bob, message) is None
    talk.do(cast.alice, actions.edit_message, message, f"do read {address}")
    jobs.run_due(database)
    assert link_of(talk, cast.bob, message) is not None
    talk.do(cast.alice, actions.delete_message, message)
    assert link_of(talk, cast.bob, message) is None


def test_pages_of_ours_are_not_looked_at(talk: Talk, cast: Cast, database: Database, wiki: Hostile) -> None:
    ours = runtime().settings.address
    message = talk.say(cast.alice, talk.direct(cast.alice, "bob"), f"see {ours}/posts/1 and [this](/posts/2)")
    jobs.run_due(database)
    assert link_of(talk, cast.bob, message) is None
    assert wiki.asked == []


def test_no_outsider_gets_the_picture(talk: Talk, cast: Cast, database: Database, as_viewer: AsViewer) -> None:
    message = talk.say(cast.alice, talk.direct(cast.alice, "bob"), "read")
    for viewer in (cast.bob, cast.carol, cast.dana):
        assert as_viewer(viewer).get(f"/chat/messages/{message}/link/picture").status_code == 404
