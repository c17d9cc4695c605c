"""Admins run the place, everything they do is on record, and a changed record shows."""

import csv
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select, update

from intranet.accounts import actions, queries
from intranet.accounts.models import OneTimeLink, Person
from intranet.governance import chain
from intranet.governance.models import AuditEntry
from intranet.kernel import outbox
from intranet.kernel.db import Database
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer

PAGES = ("/admin", "/admin/overview", "/admin/people/bob", "/admin/invitations", "/admin/site", "/admin/audit")


@pytest.fixture
def dana(app: Flask, cast: Cast, as_viewer: AsViewer) -> FlaskClient:
    return as_viewer(cast.dana)


def audit(database: Database) -> None:
    while outbox.drain(database, "audit", "tests"):
        pass


def entries(database: Database) -> list[str]:
    audit(database)
    with database.reading(SYSTEM) as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


@pytest.mark.parametrize("path", PAGES)
def test_admins_get_every_page_and_members_none(path: str, dana: FlaskClient, cast: Cast, as_viewer: AsViewer) -> None:
    assert dana.get(path).status_code == 200
    assert as_viewer(cast.alice).get(path).status_code == 403


def test_people_are_found_by_parts_of_name_and_address(dana: FlaskClient) -> None:
    page = dana.get("/admin?q=ALI").text
    assert "Alice Example" in page
    assert "Bob Example" not in page
    assert "Erin Example" in dana.get("/admin?state=left").text
    assert "Nobody matches" in dana.get("/admin?q=%25_%27").text


def test_deactivation_reactivation_and_roles_are_on_record(dana: FlaskClient, database: Database) -> None:
    assert dana.post("/admin/people/bob/deactivate").status_code == 302
    assert dana.post("/admin/people/bob/reactivate").status_code == 302
    assert dana.post("/admin/people/bob/roles", data={"roles": ["steward"]}).status_code == 302
    assert entries(database) == [
        "account.signed-out",
        "person.deactivated",
        "person.reactivated",
        "person.roles-changed",
    ]
    page = dana.get("/admin/audit").text
    assert "Unbroken." in page
    assert "Roles: Topic steward" in page


def test_the_last_admin_is_told_why_they_stay(dana: FlaskClient) -> None:
    answer = dana.post("/admin/people/dana/deactivate")
    assert answer.status_code == 409
    assert "Somebody must run the place" in answer.text


def test_an_unknown_role_is_refused(dana: FlaskClient) -> None:
    assert dana.post("/admin/people/bob/roles", data={"roles": ["emperor"]}).status_code == 422


def test_an_invitation_shows_its_link_once_and_can_be_withdrawn(dana: FlaskClient, database: Database) -> None:
    shown = dana.post("/admin/invitations", data={"email": "new@example.org"}).text
    assert "/invitation/" in shown
    assert "/invitation/" not in dana.get("/admin/invitations").text
    with database.reading(SYSTEM) as session:
        link = session.scalars(select(OneTimeLink)).one()
    path = shown.split("/invitation/")[1].split("<")[0]
    assert dana.post(f"/admin/invitations/{link.id}/withdraw").status_code == 302
    assert dana.get(f"/invitation/{path}").status_code == 404
    assert dana.post("/admin/invitations", data={"email": "bob@example.org"}).status_code == 422


def test_a_reset_link_is_made_for_one_person(dana: FlaskClient) -> None:
    assert "/reset/" in dana.post("/admin/people/bob/reset-link").text


def test_names_are_changed_and_collisions_keep_what_was_typed(dana: FlaskClient, database: Database) -> None:
    data = {"name": "Robert Example", "username": "alice", "email": "bob@example.org"}
    refused = dana.post("/admin/people/bob/names", data=data)
    assert refused.status_code == 422
    assert "Robert Example" in refused.text
    assert dana.post("/admin/people/bob/names", data={**data, "username": "robert"}).location == "/admin/people/robert"


def test_the_place_gets_a_name_locked_fields_and_a_logo(dana: FlaskClient, database: Database) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (90, 40), "teal").save(picture, "PNG")
    picture.seek(0)
    data = {"name": "Tidemark", "locked_fields": ["title", "shoe size"], "logo": (picture, "logo.png")}
    assert dana.post("/admin/site", data=data).status_code == 302
    with database.reading(SYSTEM) as session:
        site, locked = queries.site(session), queries.locked_fields(session)
    assert site.name == "Tidemark"
    assert locked == {"title"}
    assert site.logo_url is not None
    answer = dana.get(site.logo_url)
    assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    answer.close()
    assert dana.get("/site/logo/../../couth.db").status_code == 404
    assert "site.changed" in entries(database)


@pytest.mark.parametrize("data", [b"<svg onload=alert(1)>", b"", b"\x89PNG broken"])
def test_what_is_no_picture_is_refused_on_its_field(data: bytes, dana: FlaskClient) -> None:
    answer = dana.post("/admin/site", data={"name": "Kept words", "logo": (io.BytesIO(data), "logo.svg")})
    assert answer.status_code == 422
    assert "not a picture" in answer.text
    assert "Kept words" in answer.text


def test_a_changed_a_removed_and_a_forged_entry_show(dana: FlaskClient, cast: Cast, database: Database) -> None:
    for role in (["steward"], ["moderator"], []):
        dana.post("/admin/people/bob/roles", data={"roles": role})
    audit(database)
    with database.reading(SYSTEM) as session:
        assert chain.verify(session) == chain.Verdict(3, None)
        ids = list(session.scalars(select(AuditEntry.id).order_by(AuditEntry.id)))
    with database.unit_of_work(SYSTEM) as session:
        session.execute(update(AuditEntry).where(AuditEntry.id == ids[1]).values(facts={"roles": ["admin"]}))
    with database.reading(SYSTEM) as session:
        assert chain.verify(session).first_bad == ids[1]
    assert "Broken." in dana.get("/admin/audit").text
    with database.unit_of_work(SYSTEM) as session:
        session.delete(session.get(AuditEntry, ids[1]))
    with database.reading(SYSTEM) as session:
        assert chain.verify(session).first_bad == ids[2]


def test_a_cut_off_end_shows(dana: FlaskClient, database: Database) -> None:
    for role in (["steward"], ["moderator"]):
        dana.post("/admin/people/bob/roles", data={"roles": role})
    audit(database)
    with database.unit_of_work(SYSTEM) as session:
        session.delete(session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first())
    assert "The end of the log is missing" in dana.get("/admin/audit").text


def test_an_admin_who_leaves_takes_open_links_along(
    dana: FlaskClient, cast: Cast, database: Database, as_viewer: AsViewer
) -> None:
    dana.post("/admin/people/bob/roles", data={"roles": ["admin"]})
    path = dana.post("/admin/invitations", data={"roles": ["admin"]}).text.split("/invitation/")[1].split("<")[0]
    assert dana.get(f"/invitation/{path}").status_code == 200
    assert dana.post("/admin/people/dana/roles", data={"roles": []}).status_code == 302
    assert dana.get(f"/invitation/{path}").status_code == 404


@pytest.mark.parametrize("token", ["x", "WzFd", "WyJhYmMiXQ", "WzkyMjMzNzIwMzY4NTQ3NzU4MDldOQ", "Wy0xXQ", "W251bGxd"])
def test_a_made_up_cursor_is_refused_and_breaks_nothing(token: str, dana: FlaskClient) -> None:
    for path in (f"/admin/audit?before={token}", f"/admin?after={token}"):
        assert dana.get(path).status_code in {200, 422}


def test_an_error_page_gives_its_connection_back(dana: FlaskClient, database: Database) -> None:
    for _ in range(3):
        assert dana.post("/admin/people/nobody/deactivate").status_code == 404
        assert dana.get("/admin/people/nobody").status_code == 404
        assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # every pool of ours counts


def test_a_repeated_delivery_adds_nothing(dana: FlaskClient, database: Database) -> None:
    dana.post("/admin/people/bob/roles", data={"roles": ["steward"]})
    audit(database)
    outbox.drain(database, "audit", "another host")
    assert len(entries(database)) == 1


def test_the_export_carries_the_proof(dana: FlaskClient, database: Database) -> None:
    dana.post("/admin/people/bob/roles", data={"roles": ["steward"]})
    audit(database)
    assert dana.get("/admin/audit.csv").status_code == 405
    rows = list(csv.DictReader(io.StringIO(dana.post("/admin/audit.csv").text)))
    assert [(row["actor"], row["action"], row["subject"]) for row in rows] == [("dana", "person.roles-changed", "bob")]
    assert rows[0]["previous"] == chain.GENESIS
    assert entries(database)[-1] == "log.exported"


def test_the_log_is_searched_by_person_and_action(dana: FlaskClient, cast: Cast, database: Database) -> None:
    dana.post("/admin/people/bob/roles", data={"roles": ["steward"]})
    with database.unit_of_work(cast.dana) as session:
        actions.deactivate(session, cast.dana, session.get_one(Person, cast.carol.member_id))
    audit(database)
    assert "Carol Example" not in dana.get("/admin/audit?q=bob").text
    assert "Bob Example" not in dana.get("/admin/audit?q=deactivated").text
