"""Every call of a socket with what no page would send: each is answered, and the line stays up."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intranet.kernel import live
from intranet.kernel.runtime import runtime
from tests.architecture.outsiders.worlds import People, Things, World
from tests.security.hostile import Ear, ListeningObject, almighty, anything, budget, listening, program

_EXAMPLES = 30
_OF_NO_FIELD = {"data", "body"}


@pytest.fixture
def ear(furnished: tuple[World, People, Things]) -> Iterator[Ear]:
    world, people, _things = furnished
    world.become(almighty(people.cast.alice))
    with listening(world) as ear:
        yield ear


@pytest.fixture
def line(furnished: tuple[World, People, Things], ear: Ear) -> Any:
    world, _people, _things = furnished
    return runtime(world.app).socketio.test_client(world.app)


def calls() -> list[str]:
    """The product's own, and the one that the kernel answers; other tests register some as well."""
    own = [name for name, (_, handler, _) in live._calls.items() if handler.__module__.startswith("intranet.")]
    return [*sorted(own), "watch"]


def names_in(world: World, ear: Ear, people: People, name: str) -> list[str]:
    """What a call reads of its data."""
    if name == "watch":
        return ["audience"]
    ListeningObject.asked.clear()
    _allow, handler, _writes = live._calls[name]
    with world.app.test_request_context(), world.database.reading(almighty(people.cast.alice)) as session:
        for data in (ListeningObject(), ListeningObject(thread=True)):
            try:
                handler(session, almighty(people.cast.alice), data)
            except Exception:  # noqa: BLE001 (it is to be seen what it asks for, whatever comes of it)
                session.rollback()
    return sorted(ListeningObject.asked | ear.names)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", calls())
def test_every_call_is_answered_and_the_line_stays_up(
    name: str, line: Any, ear: Ear, furnished: tuple[World, People, Things]
) -> None:
    world, people, things = furnished
    names = names_in(world, ear, people, name)
    real = st.sampled_from([one for noun in ("conversation", "message", "group") for one in things.secret[noun]])
    known = st.fixed_dictionaries({}, optional=dict.fromkeys(names, st.one_of(anything, real)))

    @budget(_EXAMPLES)
    @given(st.one_of(known, known, program(names)))
    def send(given: object) -> None:
        ear.clear()
        answer = line.emit(name, given, callback=True)
        assert line.is_connected()
        assert isinstance(answer, dict)
        assert isinstance(answer["ok"], bool)
        if not answer["ok"]:
            error = answer["error"]
            assert error["status"] < 500, (given, error)
            assert not ear.kept
            assert set(error.get("fields", {})) <= {*names, *_OF_NO_FIELD}, (given, error)
            assert all(error.get("fields", {"": "…"}).values())

    send()


@pytest.mark.parametrize("name", calls())
def test_too_many_and_no_arguments_are_answered_too(name: str, line: Any) -> None:
    several: tuple[tuple[Any, ...], ...] = ((), (1, 2), ({}, {}), (b"\xff\x00",), (None,), ([[[]]], "x"))
    for arguments in several:
        answer = line.emit(name, *arguments, callback=True)
        assert answer["ok"] in {True, False}, arguments
        assert line.is_connected()


def test_a_call_that_nobody_knows_does_not_end_the_line(line: Any) -> None:
    for name in ("connect ", "disconnect\0", "chat:nothing", "__class__", ""):
        line.emit(name, {"a": 1})
    assert line.is_connected()
    assert line.emit("watch", {"audience": None}, callback=True) == {"ok": True}
