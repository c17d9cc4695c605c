"""Closed and hidden things, tried as an outsider on every surface that the application has: new ones are found here."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, jsonify, request
from sqlalchemy import func, select

from intranet import create_app
from intranet.config import Settings
from intranet.groups.models import Group
from intranet.kernel import clock, live
from intranet.kernel.hub import Hub
from intranet.kernel.policy import MEMBER
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import ANONYMOUS, Role, Viewer
from intranet.kernel.web import Feature
from tests.architecture.outsiders import knocking
from tests.architecture.outsiders.worlds import CANARY, TOKEN, Twins, World, build
from tests.cast import SYSTEM

PLANTED = "planted"


def _all_doors() -> list[knocking.Door]:
    with tempfile.TemporaryDirectory() as folder:
        return knocking.doors(create_app(Settings(data=Path(folder), secret_key="only for tests")))


DOORS = _all_doors()


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twins]:
    with clock.fixed(clock.now()):
        made = build(tmp_path_factory.mktemp("worlds"))
        for world in (made.full, made.empty):
            _plant(world.app)
            world.keep_nothing()
        yield made
        for world in (made.full, made.empty):
            world.close()


@pytest.fixture(autouse=True)
def stopped(twins: Twins) -> Iterator[None]:
    with clock.fixed(twins.now):
        yield


def _nothing(found: list[str]) -> None:
    if found:
        pytest.fail("\n".join(found[:8]), pytrace=False)


@pytest.mark.parametrize("door", DOORS, ids=str)
def test_carol_cannot_tell_that_it_is_there(twins: Twins, door: knocking.Door) -> None:
    _nothing(knocking.leaks(twins, door, twins.people.cast.carol, thorough=True))


@pytest.mark.parametrize("door", DOORS, ids=str)
def test_who_left_who_is_closed_and_who_runs_the_place_see_none_of_it(twins: Twins, door: knocking.Door) -> None:
    """Frank was in the groups once; dana is an admin and in no group; erin's programs still hold a token."""
    found = knocking.leaks(twins, door, ANONYMOUS, thorough=False)
    if door.is_reading:
        member = twins.people.frank if door.allow is MEMBER else twins.people.cast.dana
        found += knocking.leaks(twins, door, member, thorough=False)
    found += knocking.leaks(twins, door, None, thorough=False, Authorization=f"Bearer {TOKEN}")
    _nothing(found)


def _socket(world: World, viewer: Viewer) -> Any:
    world.become(viewer)
    return runtime(world.app).socketio.test_client(world.app, flask_test_client=world.app.test_client())


def _heard(twins: Twins, world: World, viewer: Viewer) -> list[str]:
    """All that an open page of somebody is told while everything on the stage happens."""
    socket, hub = _socket(world, viewer), Hub(world.app)
    hub.position = twins.before
    while hub.step():
        pass
    return [str(message) for message in socket.get_received()]


def test_no_push_reaches_carols_open_pages(twins: Twins) -> None:
    carol, bob = twins.people.cast.carol, twins.people.cast.bob
    assert any(knocking.told(line, "", twins.things) for line in _heard(twins, twins.full, bob))
    heard = _heard(twins, twins.full, carol)
    _nothing([line for line in heard if knocking.told(line, "", twins.things)])
    assert len(heard) == len(_heard(twins, twins.empty, carol))
    _nothing([line for line in _heard(twins, twins.full, twins.people.frank) if CANARY in line])


def _socket_answers(world: World, viewer: Viewer, asked: dict[str, Any]) -> dict[str, str]:
    socket = _socket(world, viewer)
    names = ["watch", *sorted(name for name in live._calls if not name.startswith("tests:"))]
    return {name: str(socket.emit(name, asked, callback=True)) for name in names}


def test_no_socket_call_tells_carol_of_it(twins: Twins) -> None:
    """A room cannot be entered by asking for it, and a call about what is hidden answers like one about nothing."""
    carol, things = twins.people.cast.carol, twins.things
    for number in {*things.secret["group"], *things.secret["post"]} - set(things.public["group"]):
        names = {*things.secret, *(f"{noun}_id" for noun in things.secret), "audience", "text", "words"}
        asked = dict.fromkeys(names, number)
        full = _socket_answers(twins.full, carol, asked)
        assert full == _socket_answers(twins.empty, carol, asked)
        _nothing([line for line in full.values() if knocking.told(line, number, things)])


def test_no_mail_to_anybody_else_has_a_word_of_it(twins: Twins) -> None:
    """Whatever the worker has written below the data folder as mail."""
    insiders = ("alice@", "bob@", "gina@")
    for letter in twins.full.folder.rglob("*.eml"):
        written = letter.read_text(encoding="utf-8", errors="replace")
        to = next((line for line in written.splitlines() if line.lower().startswith("to:")), "")
        assert any(insider in to for insider in insiders) or not knocking.told(written, "", twins.things)


def _plant(app: Flask) -> None:
    """Pages that leak, each in its own way: what would go unnoticed if the test could not fail."""
    feature = Feature(PLANTED)

    @feature.get("/planted/words", allow=MEMBER)
    def words(_session: Any, _viewer: Viewer) -> Any:
        with runtime().database.reading(SYSTEM) as everything:
            return jsonify([group.name for group in everything.scalars(select(Group))])

    @feature.get("/planted/count", allow=MEMBER)
    def count(_session: Any, _viewer: Viewer) -> Any:
        with runtime().database.reading(SYSTEM) as everything:
            return jsonify(everything.scalar(select(func.count()).select_from(Group)))

    @feature.get("/planted/argument", allow=MEMBER)
    def argument(_session: Any, _viewer: Viewer) -> Any:
        wished = request.args.get("hatched")
        with runtime().database.reading(SYSTEM) as everything:
            return jsonify(bool(wished and everything.get(Group, int(wished))))

    @feature.get("/planted/<riddle>", allow=MEMBER)
    def riddle(_session: Any, _viewer: Viewer, riddle: str) -> Any:
        return jsonify(riddle)

    feature.mount(app)


@pytest.mark.parametrize(
    ("path", "said"),
    [("words", "names"), ("count", "differs"), ("argument", "hatched=")],
)
def test_a_page_that_leaks_is_found(twins: Twins, path: str, said: str) -> None:
    (door,) = [door for door in knocking.doors(twins.full.app) if door.rule.rule == f"/planted/{path}"]
    found = knocking.leaks(twins, door, twins.people.cast.carol, thorough=True)
    assert found
    assert said in found[0]


def test_an_address_that_nobody_can_fill_in_says_what_to_add(twins: Twins) -> None:
    (door,) = [door for door in knocking.doors(twins.full.app) if door.rule.rule == "/planted/<riddle>"]
    with pytest.raises(knocking.Unfillable, match="FILLINGS"):
        knocking.leaks(twins, door, twins.people.cast.carol, thorough=True)


def test_what_is_hidden_from_carol_is_there_for_bob(twins: Twins) -> None:
    """The check of the check: the same pages name it to a member."""
    bob = twins.people.cast.bob
    pages = (
        "/groups/<slug>",
        "/posts/<id:post_id>",
        "/files/<id:file_id>",
        "/api/v1/search",
        "/palette",
        "/api/v1/events",
    )
    for door in (door for door in DOORS if door.is_reading and door.rule.rule in pages):
        assert any(" names " in line for line in knocking.leaks(twins, door, bob, thorough=False)), str(door)


def test_knocking_leaves_no_trace(twins: Twins) -> None:
    with twins.full.database.reading(Viewer(twins.people.cast.carol.id, frozenset({Role.MEMBER}))) as session:
        assert session.scalar(select(func.count()).select_from(Group).where(Group.name == "Heron")) == 0
