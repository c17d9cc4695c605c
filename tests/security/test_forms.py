"""Every form and every address, filled in with what nobody would type.

Routes and the names that they read are found as they run, so a new form is tried without being named here. Nothing may
fail, an answer that says no has changed nothing, and a refusal for a program names a field that there is.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Request
from hypothesis import given
from werkzeug.wrappers import Response

from intranet.kernel.api import ROOT
from tests.architecture.outsiders import knocking
from tests.architecture.outsiders.worlds import People, Things, World
from tests.security.hostile import Ear, addressed, almighty, as_form, budget, listening, program, typed

_TYPED, _SENT, _ADDRESSED = 3, 2, 2
_OF_NO_FIELD = {"body", "form", "data", "cursor", "files", "Idempotency-Key"}


class Stranger:
    """Somebody with every role and no sense, who goes from door to door."""

    def __init__(self, world: World, people: People, things: Things, ear: Ear) -> None:
        self.app, self.things, self.ear = world.app, things, ear
        self.names: dict[str, set[str]] = {}
        self.wrong: list[str] = []
        world.become(almighty(people.cast.alice))

    def doors(self, *, reading: bool) -> list[knocking.Door]:
        return [door for door in knocking.doors(self.app) if door.is_reading == reading]

    def knock(self, door: knocking.Door, given: object, **how: Any) -> None:
        path = next(iter(knocking.addresses(door, self.things)))
        self.ear.clear()
        headers = {"X-Fragment": "1", "Accept-Encoding": "identity"}
        with self.app.test_client().open(path, method=door.method, headers=headers, **how) as answer:
            answer.get_data()  # of a stream, all of it
            self.names.setdefault(str(door), set()).update(self.ear.heard)
            self.wrong.extend(f"{door} {what}, given {given!r}"[:700] for what in self._faults(door, answer))

    def _faults(self, door: knocking.Door, answer: Response) -> Iterator[str]:
        if answer.status_code >= 500:
            yield f"fails: {answer.status}"
        if answer.status_code >= 400 and self.ear.kept:
            yield f"says {answer.status} and keeps a change"
        if answer.status_code == 422 and answer.is_json:
            fields = answer.get_json()["fields"]
            unknown = set(fields) - self.names[str(door)] - _OF_NO_FIELD
            if unknown or not all(fields.values()):
                yield f"says {fields}, and no field is called so"

    def reads_json(self, door: knocking.Door) -> bool:
        """Whether a page's script sends an object here."""
        asked: list[bool] = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Request, "get_json", lambda *_given, **_named: asked.append(True))
            before = len(self.wrong)
            self.knock(door, {}, data="{}", content_type="application/json")
            del self.wrong[before:]  # what it says of no body at all is no matter here
        return bool(asked)

    def fields_of(self, door: knocking.Door) -> list[str]:
        """The names that a door reads, as far as is known by now."""
        return sorted(self.names.get(str(door), ()))


@pytest.fixture
def stranger(furnished: tuple[World, People, Things]) -> Iterator[Stranger]:
    world, people, things = furnished
    with listening(world) as ear:
        yield Stranger(world, people, things, ear)


def _nothing(wrong: list[str]) -> None:
    if wrong:
        pytest.fail("\n".join(wrong[:25]), pytrace=False)


@pytest.mark.timeout(300)
def test_no_form_fails_whatever_is_typed(stranger: Stranger) -> None:
    for door in stranger.doors(reading=False):
        if not door.rule.rule.startswith(ROOT):
            _type(stranger, door)
    _nothing(stranger.wrong)


def _type(stranger: Stranger, door: knocking.Door) -> None:
    stranger.knock(door, {}, data={})

    @budget(_TYPED)
    @given(typed(stranger.fields_of(door)))
    def fill_in(given: dict[str, Any]) -> None:
        stranger.knock(door, given, data=as_form(given))

    fill_in()


@pytest.mark.timeout(300)
def test_no_change_fails_whatever_a_program_sends(stranger: Stranger) -> None:
    for door in stranger.doors(reading=False):
        if door.rule.rule.startswith(ROOT) or stranger.reads_json(door):
            _send(stranger, door)
    _nothing(stranger.wrong)


def _send(stranger: Stranger, door: knocking.Door) -> None:
    stranger.knock(door, {}, json={})

    @budget(_SENT)
    @given(program(stranger.fields_of(door)))
    def send(given: object) -> None:
        stranger.knock(door, given, json=given)

    send()


@pytest.mark.timeout(300)
def test_no_page_fails_whatever_its_address_says(stranger: Stranger) -> None:
    for door in stranger.doors(reading=True):
        stranger.knock(door, {})
        if stranger.fields_of(door):
            _ask(stranger, door)
    _nothing(stranger.wrong)


def _ask(stranger: Stranger, door: knocking.Door) -> None:
    @budget(_ADDRESSED)
    @given(addressed(stranger.fields_of(door)))
    def ask(given: dict[str, str]) -> None:
        stranger.knock(door, given, query_string=given)

    ask()
