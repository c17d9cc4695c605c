"""Fields that no form has change nothing, whoever adds them."""

from typing import Any

from flask import Flask
from sqlalchemy import inspect, select

from intranet.accounts import links
from intranet.accounts.models import Person
from intranet.kernel.db import Database
from intranet.kernel.viewer import Role
from intranet.people.models import Profile
from intranet.posts.models import Post
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer

MORE = {
    "id": "1",
    "person_id": "1",
    "author_id": "1",
    "owner_id": "1",
    "viewer": "1",
    "roles": "admin",
    "role": "admin",
    "is_admin": "1",
    "admin": "on",
    "username": "root",
    "email": "root@example.org",
    "agreed_to": "99",
    "deactivated_at": "2020-01-01",
    "created_at": "2020-01-01T00:00:00Z",
    "external_id": "1",
    "source": "hr",
    "must_agree": "0",
    "audience_id": "1",
    "pinned_at": "2020-01-01T00:00:00Z",
}


def rows(database: Database, model: Any) -> list[dict[str, Any]]:
    names = [attribute.key for attribute in inspect(model).column_attrs]
    with database.reading(SYSTEM) as session:
        found = session.scalars(select(model).order_by(*inspect(model).primary_key))
        return [{name: getattr(row, name) for name in names} for row in found]


_FORMS = (
    "/settings/profile",
    "/settings/profile/status",
    "/settings/profile/place",
    "/settings/language",
    "/settings/chat",
    "/settings/asking",
    "/settings/notices",
    "/people/bob/follow",
    "/presence",
    "/feed/dials",
    "/start/you",
)


def test_nobody_becomes_somebody_else_by_a_form(cast: Cast, database: Database, as_viewer: AsViewer) -> None:
    before = rows(database, Person)
    profiles = {row["person_id"] for row in rows(database, Profile)}
    for path in _FORMS:
        answers = [as_viewer(cast.alice).post(path, data=MORE), as_viewer(cast.alice).post(path, json=MORE)]
        assert {answer.status_code for answer in answers} <= {200, 204, 302, 303, 422}, path
        assert rows(database, Person) == before, path
    assert {row["person_id"] for row in rows(database, Profile)} <= profiles | {cast.alice.member_id}


def test_an_invitation_gives_the_roles_that_it_was_made_with(app: Flask, cast: Cast, database: Database) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with database.unit_of_work(cast.dana) as session:
        path = links.invite(session, cast.dana, email="ada@example.org", roles=(Role.STEWARD,))
    given = {**MORE, "name": "Ada", "username": "ada", "password": "lanterns of brass"}
    assert app.test_client().post(path, data=given).status_code == 302
    ada = next(row for row in rows(database, Person) if row["username"] == "ada")
    assert ada["roles"] == ["steward"]
    assert ada["email"] == "ada@example.org"  # the one that was invited, and none that they typed
    assert (ada["agreed_to"], ada["source"], ada["external_id"]) == (0, None, None)


def test_a_post_is_its_authors_and_of_today(cast: Cast, database: Database, as_viewer: AsViewer) -> None:
    more = {**MORE, "author": "dana", "author_id": str(cast.dana.id), "kind": "update", "text": "a plain post"}
    del more["audience_id"]
    as_viewer(cast.alice).post("/api/v1/posts", json=more)
    as_viewer(cast.alice).post("/posts", data={**more, "audience": "everyone"})
    for row in rows(database, Post):
        assert row["author_id"] == cast.alice.id
        assert row["id"] != 1
        assert row["created_at"].year > 2020
        assert row.get("pinned_at") is None
        assert row.get("external_id") is None
