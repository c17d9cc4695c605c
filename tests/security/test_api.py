"""schemathesis asks every call of the API what its document allows, and what it does not.

The examples are the same in every run. What is documented is asked with names and ids of things that are there, so that
calls get past their first question.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import given
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from intranet.accounts.actions import make_token
from intranet.accounts.models import Person
from intranet.api.document import written
from tests.architecture.outsiders import knocking
from tests.architecture.outsiders.worlds import People, Things, World
from tests.cast import SYSTEM
from tests.security.hostile import budget, listening

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    ignored_auth,
    unsupported_method,
]
EXAMPLES = 5

# What fields of bodies and parameters may name, by what the stage calls it.
_NOUNS = {
    "reply_to": "item",
    "quote": "post",
    "group": "group",
    "conversation": "conversation",
    "message_id": "message",
    "root": "message",
    "watch": "group",
    "username": "username",
    "in": "group",
}


@pytest.fixture(scope="module")
def token(furnished: tuple[World, People, Things]) -> str:
    world, people, _things = furnished
    with world.database.unit_of_work(SYSTEM) as session:
        return make_token(session, SYSTEM, session.get_one(Person, people.cast.alice.member_id), "a stranger's program")


@pytest.fixture(scope="module")
def operations(furnished: tuple[World, People, Things]) -> dict[str, APIOperation[Any, Any, Any, Any]]:
    world, _people, things = furnished
    document: dict[str, Any] = dict(written(world.app))
    _name_real_things(document, world, things)
    schema = schemathesis.openapi.from_dict(document)
    schema.app = world.app
    found = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    assert len(found) == sum(len(calls) for calls in document["paths"].values())
    return {operation.label: operation for operation in found}


def _name_real_things(document: dict[str, Any], world: World, things: Things) -> None:
    doors = {(_as_documented(door.rule.rule), door.method.lower()): door for door in knocking.doors(world.app)}
    for path, calls in document["paths"].items():
        for method, call in calls.items():
            for one in call["parameters"]:
                if one["in"] == "path":
                    real = knocking.filled(doors[path, method], one["name"], things)
                    one["schema"] = _one_of(real[:4])
    for schema_name, schema in document["components"]["schemas"].items():
        for name in schema.get("properties", {}):
            noun = _NOUNS.get(name)
            real = [*things.public.get(noun or "", ()), *things.secret.get(noun or "", ())][:4]
            if real and not schema_name.endswith("Json"):
                schema["properties"][name] = _one_of(real)


def _as_documented(rule: str) -> str:
    return knocking.ARGUMENT.sub(r"{\1}", rule)


def _one_of(real: list[str]) -> dict[str, Any]:
    return {"type": "string", "enum": [*dict.fromkeys(real), "0"]}


@pytest.mark.timeout(200)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as documented", "otherwise"])
def test_every_call_answers_as_documented_whatever_it_is_asked(
    operations: dict[str, APIOperation[Any, Any, Any, Any]],
    token: str,
    mode: GenerationMode,
    furnished: tuple[World, People, Things],
) -> None:
    world, _people, _things = furnished
    world.become(None)
    with listening(world):
        wrong = [what for operation in operations.values() for what in _asked(operation, token, mode)]
    assert not wrong, "\n".join(wrong)


def _asked(operation: APIOperation[Any, Any, Any, Any], token: str, mode: GenerationMode) -> Iterator[str]:
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}

    @budget(EXAMPLES)
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        answer: Response = case.call(headers=headers)
        case.validate_response(answer, checks=CHECKS, headers=headers)

    try:
        ask()
    except Exception as error:  # noqa: BLE001 (all calls are asked before any is told of)
        yield f"{operation.label}: {error!r}"
    except BaseExceptionGroup as group:
        yield from (f"{operation.label}: {error!r}" for error in group.exceptions)


def test_a_call_that_fails_or_lets_in_anybody_is_found(
    operations: dict[str, APIOperation[Any, Any, Any, Any]], token: str, furnished: tuple[World, People, Things]
) -> None:
    """The check of the check."""
    world, _people, _things = furnished
    operation, views = operations["GET /api/v1/people"], world.app.view_functions
    right = views["people.api_people"]
    try:
        views["people.api_people"] = lambda: ({"items": [{}], "next": None}, 200)
        told = "".join(_asked(operation, token, GenerationMode.POSITIVE))
        assert "without" in told
        assert "violates schema" in told
        views["people.api_people"] = lambda: ({}, 500)
        assert "Server error" in "".join(_asked(operation, token, GenerationMode.POSITIVE))
    finally:
        views["people.api_people"] = right
