"""A character for which PostgreSQL has no place, wherever something can be typed: no page fails of it, on neither kind
of database, and what is refused is named."""

from collections.abc import Iterator
from typing import Any

import pytest

from intranet.kernel.api import ROOT
from intranet.kernel.runtime import runtime
from intranet.kernel.storable import Unstorable
from intranet.topics.models import Topic
from tests.architecture.outsiders import knocking
from tests.architecture.outsiders.worlds import People, Things, World
from tests.cast import SYSTEM
from tests.security.hostile import Ear, almighty, listening
from tests.security.test_forms import Stranger
from tests.security.test_sockets import calls, names_in

NUL = "a\0b"
_EVERYWHERE = {"idempotency_key"}  # read in one place for every door: one is enough


@pytest.fixture
def ear(furnished: tuple[World, People, Things]) -> Iterator[Ear]:
    world, people, _things = furnished
    with listening(world) as ear:
        world.become(almighty(people.cast.alice))
        yield ear


@pytest.fixture
def stranger(furnished: tuple[World, People, Things], ear: Ear) -> Stranger:
    world, people, things = furnished
    return Stranger(world, people, things, ear)


def _ways(stranger: Stranger, door: knocking.Door) -> Iterator[str]:
    """The argument of the test client for each way in which a door is given something."""
    if door.is_reading:
        yield "query_string"
        return
    is_of_api = door.rule.rule.startswith(ROOT)
    if not is_of_api:
        yield "data"
    if is_of_api or stranger.reads_json(door):
        yield "json"


@pytest.mark.timeout(300)
def test_no_field_of_any_page_fails_of_it(stranger: Stranger) -> None:
    for door in [*stranger.doors(reading=True), *stranger.doors(reading=False)]:
        for way in _ways(stranger, door):
            stranger.knock(door, {}, **{way: {}})
            for name in set(stranger.fields_of(door)) - _EVERYWHERE:
                given: dict[str, Any] = {name: NUL}
                stranger.knock(door, given, **{way: given})
    if stranger.wrong:
        pytest.fail("\n".join(stranger.wrong[:25]), pytrace=False)


@pytest.mark.parametrize("name", calls())
def test_no_field_of_a_socket_call_fails_of_it(name: str, ear: Ear, furnished: tuple[World, People, Things]) -> None:
    world, people, _things = furnished
    line = runtime(world.app).socketio.test_client(world.app)
    for field in names_in(world, ear, people, name):
        for given in ({field: NUL}, {field: [NUL]}, {field: {"x": NUL}}):
            answer = line.emit(name, given, callback=True)
            assert answer["ok"] or answer["error"]["status"] < 500, (given, answer)


@pytest.mark.usefixtures("ear")
def test_the_refusal_names_the_field(furnished: tuple[World, People, Things]) -> None:
    world, _people, things = furnished
    client = world.app.test_client()
    sentence = "This holds a character that cannot be kept."
    asked = client.get("/api/v1/groups", query_string={"q": NUL})
    assert (asked.status_code, asked.get_json()["fields"]) == (422, {"q": sentence})
    room = next(iter(things.secret["conversation"]))
    words = {"text": "hello", "nonce": NUL}
    sent = client.post(f"/api/v1/conversations/{room}/messages", json=words)
    assert (sent.status_code, sent.get_json()["fields"]) == (422, {"nonce": sentence})
    typed = client.post("/posts", data={"text": "hello", "idempotency_key": NUL}, headers={"X-Fragment": "1"})
    assert (typed.status_code, typed.get_json()["fields"]) == (422, {"idempotency_key": sentence})
    assert sentence in client.get("/admin", query_string={"q": NUL}).text
    assert client.get("/people/a%00b").status_code == 404


@pytest.mark.usefixtures("ear")
def test_a_call_over_the_socket_is_refused_by_field_too(furnished: tuple[World, People, Things]) -> None:
    world, _people, things = furnished
    line = runtime(world.app).socketio.test_client(world.app)
    words = {"conversation": next(iter(things.secret["conversation"])), "text": "hello", "nonce": NUL}
    answer = line.emit("chat:send", words, callback=True)
    assert answer["error"]["fields"] == {"nonce": "This holds a character that cannot be kept."}


def test_no_row_ever_holds_it(furnished: tuple[World, People, Things]) -> None:
    world, _people, _things = furnished
    for row in (Topic(name=NUL, slug="x"), Topic(name="x", slug=NUL)):
        with pytest.raises(Unstorable), world.database.unit_of_work(SYSTEM) as session:
            session.add(row)
