"""Every answer of the API that any test gets, held to the document."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema_rs
from flask import Flask, Response, request
from werkzeug.routing import Rule

from intranet.api.document import Document, written
from intranet.kernel.api import ROOT

_documents: list[Document] = []


def hold_to_document(app: Flask) -> list[str]:
    """What answers of this application say that their documentation does not; it grows as they are given."""
    wrong: list[str] = []
    ours = {rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.startswith(ROOT)}  # and no test's own

    def compare(response: Response) -> Response:
        rule = request.url_rule
        if rule is not None and rule.endpoint in ours and not response.is_streamed:
            if not _documents:
                _documents.append(written(app))
            wrong.extend(_differences(rule, response))
        return response

    app.after_request(compare)
    return wrong


def _differences(rule: Rule, response: Response) -> Iterator[str]:
    where, status = f"{request.method} {rule.rule}: {response.status}", str(response.status_code)
    statuses = answers(rule.endpoint, request.method)
    if status not in statuses:
        yield f"{where} is not among {', '.join(statuses)}"
    elif statuses[status] is None:
        if response.get_data():
            yield f"{where} says something"
    elif response.mimetype not in statuses[status]:
        yield f"{where} is {response.mimetype}"
    else:
        for error in statuses[status][response.mimetype].iter_errors(response.get_json()):
            yield f"{where}: {error.message} at {'/'.join(map(str, error.instance_path))}"


@cache
def answers(endpoint: str, method: str) -> dict[str, Any]:
    """By status: None for an empty answer, or by media type what looks at it."""
    name = endpoint.replace(".api_", "_").replace(".", "_")
    (document,) = _documents
    calls = [paths[method.lower()] for paths in document["paths"].values() if method.lower() in paths]
    (call,) = [call for call in calls if call["operationId"] == name]
    return {status: _validators(document, answer.get("content")) for status, answer in call["responses"].items()}


def _validators(document: Document, content: dict[str, Any] | None) -> dict[str, Any] | None:
    if content is None:
        return None
    components = {name: _closed(part) for name, part in document["components"]["schemas"].items()}
    return {
        media_type: jsonschema_rs.validator_for({**one["schema"], "components": {"schemas": components}})
        for media_type, one in content.items()
    }


def _closed(schema: dict[str, Any]) -> dict[str, Any]:
    """Programs must bear with keys that they do not know; here one that nobody wrote down is a mistake."""
    return {**schema, "additionalProperties": False} if "properties" in schema else schema
