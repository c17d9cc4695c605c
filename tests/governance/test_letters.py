"""Administrators see what was given up, never what stands in it, and have it tried again."""

from datetime import timedelta

from sqlalchemy import select

from intranet.kernel import clock, jobs
from intranet.kernel.db import Database
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer


def given_up(database: Database, kind: str, payload: dict[str, str]) -> int:
    with database.unit_of_work(SYSTEM) as session:
        jobs.give_up(session, kind, payload, "nobody <b>answers</b>")
    with database.reading(SYSTEM) as session:
        return max(session.scalars(select(jobs.Job.id).where(jobs.Job.kind == kind)))


def test_an_admin_sees_to_whom_and_why_and_not_what(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    mail = {"to": "bob@example.org", "subject": "the heron", "text": "the heron"}
    given_up(database, "kernel.mail", mail)
    given_up(database, "notifications.push", {"person_id": str(cast.bob.member_id)})
    page = as_viewer(cast.dana).get("/admin/letters").text
    assert "bob@example.org" in page
    assert "Bob Example" in page
    assert "nobody &lt;b&gt;answers" in page
    assert "heron" not in page


def test_only_admins_find_it(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    letter = given_up(database, "notifications.push", {"person_id": str(cast.bob.member_id)})
    client = as_viewer(cast.bob)
    assert client.get("/admin/letters").status_code in {403, 404}
    assert client.post(f"/admin/letters/{letter}/again").status_code in {403, 404}


def test_it_is_tried_again_once_or_let_go(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    again = given_up(database, "notifications.push", {"person_id": str(cast.bob.member_id)})
    gone = given_up(database, "notifications.push", {"person_id": str(cast.carol.member_id)})
    client = as_viewer(cast.dana)
    assert client.post(f"/admin/letters/{again}/again").status_code == 303
    assert client.post(f"/admin/letters/{again}/again").status_code == 404
    assert client.post(f"/admin/letters/{gone}/drop").status_code == 303
    with database.reading(SYSTEM) as session:
        states = {row.id: row.state for row in session.scalars(select(jobs.Job).where(jobs.Job.id.in_([again, gone])))}
    assert states == {again: jobs.JobState.WAITING}


def test_after_a_night_without_a_mail_server_one_button_tries_everything_again(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    assert as_viewer(cast.bob).post("/admin/letters/again").status_code in {403, 404}
    client = as_viewer(cast.dana)
    given_up(database, "notifications.push", {"person_id": str(cast.bob.member_id)})
    assert "Try all again" not in client.get("/admin/letters").text, "one has its own button"
    given_up(database, "kernel.mail", {"to": "bob@example.org"})
    assert "Try all again" in client.get("/admin/letters").text
    assert client.post("/admin/letters/again").status_code == 303
    assert "Everything arrived" in client.get("/admin/letters").text
    with database.reading(SYSTEM) as session:
        rows = session.scalars(select(jobs.Job).where(jobs.Job.kind.in_(["notifications.push", "kernel.mail"]))).all()
    assert [(row.state, row.attempts) for row in rows] == [(jobs.JobState.WAITING, 0)] * 2


def test_a_letter_tells_since_when_it_waits(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    given_up(database, "kernel.mail", {"to": "bob@example.org"})
    with database.unit_of_work(SYSTEM) as session:  # as after its eighth attempt: the ninth would have come later
        session.scalars(select(jobs.Job).where(jobs.Job.kind == "kernel.mail")).one().run_at += timedelta(hours=4)
    with clock.fixed(clock.now() + timedelta(hours=3)):
        assert "3 h ago" in as_viewer(cast.dana).get("/admin/letters").text
