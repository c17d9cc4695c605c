"""The OpenAPI document of /api/v1, written from the routes themselves: there is no second list."""

import inspect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Flask, current_app, jsonify
from flask.globals import app_ctx
from flask.typing import ResponseReturnValue
from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from intranet.api.events import feature
from intranet.kernel.api import ROOT, Api, Problem
from intranet.kernel.forms import Form
from intranet.kernel.policy import MEMBER
from intranet.kernel.threads import run_blocking
from intranet.kernel.viewer import Viewer

PARTS = "#/components/schemas/"
_ARGUMENT = re.compile(r"<(?:(\w+):)?(\w+)>")
ID = {"type": "string", "pattern": r"^[0-9]{1,19}$"}
_ARGUMENTS: dict[str | None, dict[str, Any]] = {
    "id": ID,
    None: {"type": "string", "minLength": 1},
}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A name of your own for this call: repeated within two days, it gives the first answer again.",
    "schema": {"type": "string", "maxLength": 100},
}
_ERRORS = {
    HTTPStatus.BAD_REQUEST: "A browser's cookie without its CSRF token, or what no server can read.",
    HTTPStatus.UNAUTHORIZED: "Nobody is signed in.",
    HTTPStatus.FORBIDDEN: "Not yours to do; or the guidelines wait for you to agree (agreement-needed).",
    HTTPStatus.NOT_FOUND: "Not there, or not for you: the two are the same.",
    HTTPStatus.CONFLICT: "Somebody else changed it first, or it is not the time for it.",
    HTTPStatus.GONE: "It does not reach back that far any more: load afresh.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "More than the server takes in one go.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Something cannot be taken; fields says what and why.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too fast; retry_after says how many seconds to wait.",
}
_ABOUT = (
    "Everything that a page shows, through the same queries, with the same permissions. Ids are strings, times are "
    "ISO 8601 in UTC, and lists are {items, next}. What you may not see answers 404, like what is not there."
)


class Document(TypedDict):
    """OpenAPI 3.1."""

    openapi: str
    info: dict[str, str]
    security: list[dict[str, list[str]]]
    paths: dict[str, dict[str, Any]]
    components: dict[str, dict[str, Any]]


def written_once(_viewer: Viewer) -> Document:
    """The document of this application: for ``prepare=``."""
    kept = current_app.extensions
    if "openapi" not in kept:
        kept["openapi"] = run_blocking(written, app_ctx.app)
    found: Document = kept["openapi"]
    return found


@feature.get("/api/v1/openapi.json", allow=MEMBER, prepare=written_once, api=Api(Document))
def openapi(_session: Session, _viewer: Viewer, prepared: Document) -> ResponseReturnValue:
    """This document, for programs that make clients and tests of it."""
    return jsonify(prepared)


def written(app: Flask) -> Document:
    """The document of an application."""
    calls = sorted(_calls(app), key=lambda call: (call.path, call.method))
    types = _Types([kind for call in calls for kind in call.types()])
    paths: dict[str, dict[str, Any]] = {}
    for call in calls:
        paths.setdefault(call.path, {})[call.method.lower()] = call.written(types)
    token = {"type": "http", "scheme": "bearer", "description": "Made under Settings, Security."}
    browser = {"type": "apiKey", "in": "cookie", "name": app.config["SESSION_COOKIE_NAME"]}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Couth", "version": "1", "description": _ABOUT},
        "security": [{"token": []}, {"browser": []}],
        "paths": paths,
        "components": {"schemas": types.parts, "securitySchemes": {"token": token, "browser": browser}},
    }


@dataclass(frozen=True, slots=True)
class _Call:
    """A route with one of its methods."""

    path: str
    method: str
    arguments: tuple[tuple[str | None, str], ...]
    name: str
    says: str
    api: Api

    def types(self) -> Iterator[tuple[Any, JsonSchemaMode]]:
        """What its body and its answer are."""
        if self.api.takes is not None:
            yield self.api.takes, "validation"
        if self.api.gives is not None:
            yield self.api.gives, "serialization"

    def written(self, types: "_Types") -> dict[str, Any]:
        """The operation."""
        found: dict[str, Any] = {
            "operationId": self.name,
            "description": self.says,
            "parameters": [*self._places(), *types.parameters(self.api.asks), *([] if self.is_reading else [_KEY])],
            "responses": {**self._answers(types), **self._errors(types)},
        }
        if self.api.takes is not None:
            found["requestBody"] = {"required": True, "content": _json(types.of(self.api.takes, "validation"))}
        return found

    @property
    def is_reading(self) -> bool:
        return self.method == "GET"

    def _places(self) -> list[dict[str, Any]]:
        kinds = ((name, _ARGUMENTS[kind]) for kind, name in self.arguments)
        return [{"name": name, "in": "path", "required": True, "schema": schema} for name, schema in kinds]

    def _answers(self, types: "_Types") -> dict[str, Any]:
        gives = self.api.gives
        content = {} if gives is None else {"content": _json(types.of(gives, "serialization"))}
        return {str(int(status)): {"description": status.phrase, **content} for status in self.api.successes}

    def _errors(self, types: "_Types") -> dict[str, Any]:
        possible = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}
        is_asking = self.api.asks is not None or self.api.takes is not None
        if is_asking or self.arguments:
            possible.add(HTTPStatus.NOT_FOUND)
        if is_asking or not self.is_reading:
            possible.add(HTTPStatus.UNPROCESSABLE_ENTITY)
        if not self.is_reading:
            possible |= {HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT, HTTPStatus.REQUEST_ENTITY_TOO_LARGE}
        if self.api.refuses is not None:
            possible.add(self.api.refuses)
        content = _json(types.of(Problem, "serialization"), "application/problem+json")
        return {str(int(one)): {"description": _ERRORS[one], "content": content} for one in sorted(possible)}


def _calls(app: Flask) -> Iterator[_Call]:
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if not rule.rule.startswith(ROOT):
            continue
        arguments = tuple((kind or None, name) for kind, name in _ARGUMENT.findall(rule.rule))
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            says, api = vars(view)["says"], vars(view)["api"]
            name = rule.endpoint.replace(".api_", "_").replace(".", "_")
            yield _Call(_ARGUMENT.sub(r"{\2}", rule.rule), method, arguments, name, inspect.cleandoc(says or ""), api)


def _json(schema: dict[str, Any], media_type: str = "application/json") -> dict[str, Any]:
    return {media_type: {"schema": schema}}


class _Types:
    """The schemas of Python types; what has a name is written once and referred to."""

    def __init__(self, kinds: Iterable[tuple[Any, JsonSchemaMode]]) -> None:
        wanted = dict.fromkeys([*kinds, (Problem, "serialization")])
        adapters = [(kind, mode, TypeAdapter[Any](kind)) for kind, mode in wanted]
        found, parts = TypeAdapter.json_schemas(adapters, ref_template=PARTS + "{model}")
        self._found: dict[tuple[Any, JsonSchemaMode], dict[str, Any]] = {
            kind: _untitled(schema) for kind, schema in found.items()
        }
        self.parts: dict[str, Any] = _untitled(parts["$defs"])

    def of(self, kind: Any, mode: JsonSchemaMode) -> dict[str, Any]:
        return self._found[kind, mode]

    def parameters(self, asks: type[Form] | None) -> list[dict[str, Any]]:
        """The fields of a question as parameters; null is one that is left out."""
        if asks is None:
            return []
        schema = _untitled(asks.model_json_schema(ref_template=PARTS + "{model}"))
        self.parts.update(schema.get("$defs", {}))
        required = schema.get("required", [])
        return [
            {"name": name, "in": "query", "required": name in required, "schema": _without_null(field)}
            for name, field in schema["properties"].items()
        ]


def _without_null(field: dict[str, Any]) -> dict[str, Any]:
    kinds = [kind for kind in field.get("anyOf", ()) if kind != {"type": "null"}]
    rest = {name: value for name, value in field.items() if name != "anyOf" and value is not None}
    return {**kinds[0], **rest} if len(kinds) == 1 else field


def _untitled(schema: Any) -> Any:
    """Without the titles that pydantic makes of names; a property that is called title stays."""
    if isinstance(schema, list):
        return [_untitled(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    is_made = isinstance(schema.get("title"), str)
    return {name: _untitled(value) for name, value in schema.items() if not (is_made and name == "title")}
