"""The OpenAPI document, and that it is what the product does."""

from typing import Any

import pytest
from flask import Flask
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from intranet.api.document import Document, written
from intranet.kernel.api import ROOT, Api
from intranet.kernel.policy import MEMBER
from intranet.kernel.web import Feature
from tests.answers import hold_to_document
from tests.cast import Cast
from tests.fixtures import AsViewer


@pytest.fixture
def document(app: Flask) -> Document:
    return written(app)


def test_it_is_openapi(document: Document) -> None:
    assert not [error.message for error in OPENAPI_31_VALIDATOR.iter_errors(document)]


def test_every_call_is_in_it_with_its_answer(app: Flask, document: Document) -> None:
    calls = {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(ROOT)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    found = [call for paths in document["paths"].values() for call in paths.values()]
    assert len(found) == len(calls) > 50
    for call in found:
        good = {status: answer for status, answer in call["responses"].items() if status < "300"}
        assert good, call["operationId"]
        assert all(status == "204" or "application/json" in answer["content"] for status, answer in good.items())
        assert call["description"], call["operationId"]


def test_it_says_which_parameters_there_are_and_what_they_may_be(document: Document) -> None:
    feed = {one["name"]: one for one in document["paths"]["/api/v1/feed"]["get"]["parameters"]}
    assert feed["limit"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}
    assert "for-you" in feed["view"]["schema"]["enum"]
    assert feed["before"]["schema"]["type"] == "string"
    made = document["paths"]["/api/v1/posts"]["post"]
    assert "Idempotency-Key" in {one["name"] for one in made["parameters"]}
    assert made["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/PostBody"}
    (place,) = document["paths"]["/api/v1/people/{username}"]["get"]["parameters"]
    assert (place["name"], place["in"], place["required"]) == ("username", "path", True)


def test_it_names_the_token_and_every_reference_leads_somewhere(document: Document) -> None:
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    parts = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert _references(document) <= parts


def _references(part: Any) -> set[str]:
    if isinstance(part, list):
        return {one for each in part for one in _references(each)}
    if not isinstance(part, dict):
        return set()
    mine = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
    return mine | {one for each in part.values() for one in _references(each)}


def test_members_and_nobody_else_can_read_it(cast: Cast, app: Flask, as_viewer: AsViewer) -> None:
    assert app.test_client().get("/api/v1/openapi.json").status_code == 401
    answer = as_viewer(cast.carol).get("/api/v1/openapi.json")
    assert answer.get_json()["openapi"].startswith("3.1")


def test_a_call_that_does_not_say_what_it_gives_cannot_be_made() -> None:
    with pytest.raises(TypeError, match="does not say"):
        Feature("careless").get("/api/v1/careless", allow=MEMBER)


def test_an_answer_that_is_not_as_documented_is_noticed(app: Flask, cast: Cast, as_viewer: AsViewer) -> None:
    """The check of the check, which every test's application carries."""
    app.after_request_funcs.clear()  # this test's answers are wrong on purpose
    wrong = hold_to_document(app)
    app.view_functions["people.api_people"] = lambda: app.json.response({"items": [{"id": 7}], "next": None, "more": 1})
    as_viewer(cast.alice).get("/api/v1/people")
    assert [what for what in wrong if "more" in what]
    assert [what for what in wrong if "items/0" in what]


def test_input_is_parsed_by_what_is_documented(cast: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.alice)
    assert client.get("/api/v1/feed?limit=0").get_json()["fields"].keys() == {"limit"}
    assert client.get("/api/v1/groups?kind=purple").get_json()["fields"].keys() == {"kind"}
    assert client.post("/api/v1/lists", json={"name": 7}).get_json()["fields"].keys() == {"name"}
    assert client.post("/api/v1/lists", json=[7]).get_json()["fields"].keys() == {"body"}
    assert client.get("/api/v1/feed?limit=").status_code == 200
    assert Api(None).successes == (204,)
