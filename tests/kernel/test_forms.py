"""Bad input gets a sentence on its field."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from intranet.kernel.errors import Invalid
from intranet.kernel.forms import Form, Line, RequiredText


class Letter(Form):
    """A form with one field of each sort."""

    text: RequiredText
    place: Line = ""
    copies: int = 1
    readers: list[str] = []


def problems(app: Flask, **given: object) -> dict[str, str]:
    with app.test_request_context(), pytest.raises(Invalid) as caught:
        Letter.parse(given)
    return caught.value.fields


def test_empty_and_blank_and_invisible_text_are_empty(app: Flask) -> None:
    assert problems(app) == {"text": "This cannot be empty."}
    assert problems(app, text=" \n\u202e\x00 ") == {"text": "This cannot be empty."}


def test_ten_megabytes_are_refused_by_length(app: Flask) -> None:
    assert problems(app, text="x" * 10_000_000) == {"text": "At most 20000 characters."}


def test_every_bad_field_is_named(app: Flask) -> None:
    assert set(problems(app, text="", place="p" * 300, copies="many")) == {"text", "place", "copies"}


def test_lists_read_every_value() -> None:
    letter = Letter.parse(MultiDict([("text", "hi"), ("readers", "a"), ("readers", "b"), ("other", "ignored")]))
    assert letter.readers == ["a", "b"]
