"""Whoever comes while the database is away is told so on a page of ours, which needs nothing from it."""

from typing import NoReturn

import psycopg
import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import ANONYMOUS
from tests.cast import Cast
from tests.fixtures import AsViewer


@pytest.mark.parametrize("path", ["/", "/people", "/sign-in"])
def test_every_page_says_that_it_is_not_now(
    app: Flask,
    cast: Cast,
    as_viewer: AsViewer,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
) -> None:
    def is_away(*_asked: object, **_how: object) -> NoReturn:
        raise OperationalError("SELECT 1", {}, psycopg.OperationalError("connection refused at db.example.com"))

    for way in ("reading", "unit_of_work", "transact"):
        monkeypatch.setattr(runtime(app).database, way, is_away)
    returning = app.test_client()
    with returning.session_transaction() as kept:
        kept["_user_id"] = "the cookie of somebody who was here before"
    assert returning.get(path).status_code == 503
    for viewer in (cast.alice, ANONYMOUS):
        browser = as_viewer(viewer)
        answer = browser.get(path)
        if answer.status_code in {302, 303}:  # the way to the sign-in page asks nothing
            answer = browser.get(answer.headers["Location"])
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert "Not just now" in answer.text
        assert "db.example.com" not in answer.text
