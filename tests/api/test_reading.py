"""The page of the API for people says what the document says."""

import re

import pytest
from flask import Flask

from intranet.api.document import Document, written
from intranet.api.reading import read
from tests.cast import Cast
from tests.fixtures import AsViewer


@pytest.fixture
def document(app: Flask) -> Document:
    return written(app)


def test_every_call_type_and_field_is_on_it(document: Document, as_viewer: AsViewer, cast: Cast) -> None:
    page = as_viewer(cast.alice).get("/settings/api").text
    for path, calls in document["paths"].items():
        for method in calls:
            assert f"{method.upper()} {path}</b>" in page
    for name, schema in document["components"]["schemas"].items():
        assert f'id="type-{name}"' in page
        assert all(f"<code>{field}</code>" in page for field in schema.get("properties", ()))


def test_its_links_lead_somewhere_and_no_id_stands_twice(as_viewer: AsViewer, cast: Cast) -> None:
    page = as_viewer(cast.alice).get("/settings/api").text
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_kinds_are_said_in_words(document: Document) -> None:
    types = {one.name: {field.name: field for field in one.fields} for one in read(document).types}
    words = {name: "".join(word.text for word in field.kind) for name, field in types["PostJson"].items()}
    assert words["id"] == "id"
    assert words["created_at"] == "date-time"
    assert types["Problem"]["title"].is_required
    assert not types["Problem"]["detail"].is_required
    assert "".join(word.text for word in types["Problem"]["fields"].kind) == "object of string"


def test_the_tokens_lead_to_it_and_strangers_do_not_come_in(app: Flask, as_viewer: AsViewer, cast: Cast) -> None:
    assert app.test_client().get("/settings/api").status_code == 302
    assert 'href="/settings/api"' in as_viewer(cast.carol).get("/settings/security").text
