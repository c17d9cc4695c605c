"""The page on which people read what programs can ask: the same document, as sections, tables and links."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.api.document import ID, PARTS, Document, written_once
from intranet.api.events import feature
from intranet.kernel.api import ROOT
from intranet.kernel.page import render
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer

_NO_ID = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of what says of which kind a value is; ``type`` names the type that it leads to."""

    text: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A value that is given or got; ``place`` says where a parameter stands."""

    name: str
    kind: tuple[Word, ...]
    is_required: bool
    says: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One way in which a call is answered."""

    status: str
    says: str
    kind: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One thing that a program can do."""

    id: str
    method: str
    path: str
    says: str
    fields: tuple[Field, ...]
    body: tuple[Word, ...]
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Type:
    """A type with a name; one that is no object has a ``kind`` and no fields."""

    name: str
    says: str
    fields: tuple[Field, ...]
    kind: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """All of it; calls by the first word of their address."""

    about: str
    parts: Mapping[str, tuple[Call, ...]]
    types: tuple[Type, ...]


@feature.get("/settings/api", allow=MEMBER, prepare=written_once)
def reading(_session: Session, _viewer: Viewer, *, prepared: Document) -> ResponseReturnValue:
    """What programs can ask, for people."""
    kept = current_app.extensions
    if "api reading" not in kept:
        kept["api reading"] = read(prepared)
    return render("api/reading.html", reading=kept["api reading"])


def read(document: Document) -> Reading:
    """A document as sections."""
    parts: dict[str, list[Call]] = {}
    for path, calls in document["paths"].items():
        part = path.removeprefix(ROOT).partition("/")[0].partition(".")[0]
        parts.setdefault(part, []).extend(_call(path, method, call) for method, call in calls.items())
    types = tuple(_type(name, schema) for name, schema in sorted(document["components"]["schemas"].items()))
    return Reading(document["info"]["description"], {name: tuple(calls) for name, calls in parts.items()}, types)


def _call(path: str, method: str, call: dict[str, Any]) -> Call:
    fields = tuple(
        Field(one["name"], _kind(one["schema"]), one.get("required", False), _says(one), one["in"])
        for one in call["parameters"]
    )
    answers = tuple(
        Answer(status, answer["description"], _content(answer)) for status, answer in sorted(call["responses"].items())
    )
    identifier = f"{method}-{_NO_ID.sub('-', path.removeprefix(ROOT)).strip('-')}"
    body = _content(call.get("requestBody", {}))
    return Call(identifier, method.upper(), path, call["description"], fields, body, answers)


def _type(name: str, schema: dict[str, Any]) -> Type:
    required = schema.get("required", ())
    fields = tuple(
        Field(field, _kind(inner), field in required, _says(inner))
        for field, inner in schema.get("properties", {}).items()
    )
    return Type(name, _says(schema), fields, () if fields else _kind(schema))


def _says(schema: dict[str, Any]) -> str:
    """The description, of a parameter or of its values."""
    return str(schema.get("description") or schema.get("schema", {}).get("description", ""))


def _content(holder: dict[str, Any]) -> tuple[Word, ...]:
    schemas = [content["schema"] for content in holder.get("content", {}).values()]
    return _kind(schemas[0]) if schemas else ()


def _kind(schema: dict[str, Any]) -> tuple[Word, ...]:
    return tuple(_words(schema))


def _words(schema: dict[str, Any]) -> Iterator[Word]:
    """Of which kind a value is, as a programmer says it."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(PARTS)
        yield Word(name, name)
    elif "anyOf" in schema:
        for number, one in enumerate(schema["anyOf"]):
            yield from ([Word(" or ")] if number else [])
            yield from _words(one)
    elif "enum" in schema or "const" in schema:
        yield Word(" | ".join(str(value) for value in schema.get("enum", [schema.get("const")])))
    elif schema.get("type") == "array":
        yield Word("list of ")
        yield from _words(schema.get("items", {}))
    elif isinstance(schema.get("additionalProperties"), dict):
        yield Word("object of ")
        yield from _words(schema["additionalProperties"])
    else:
        yield Word(_plain(schema))


def _plain(schema: dict[str, Any]) -> str:
    if schema.get("pattern") == ID["pattern"]:
        return "id"
    bounds = {"minLength": "at least {} long", "maxLength": "at most {} long", "minimum": "from {}", "maximum": "to {}"}
    said = [words.format(schema[name]) for name, words in bounds.items() if name in schema]
    return ", ".join([str(schema.get("format") or schema.get("type", "anything")), *said])
