"""Where somebody says they are: until it ends, without a history, and only to whom they do not keep apart."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from intranet.kernel import clock, jobs
from intranet.kernel.db import Database
from intranet.kernel.viewer import Viewer
from intranet.people.actions import set_status, set_working_place
from intranet.people.apart.actions import mute
from intranet.people.models import Profile
from intranet.people.places import said_places
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer


def said(database: Database, viewer: Viewer) -> dict[str, list[str]]:
    with database.reading(viewer) as session:
        return {place.name: sorted(card.username for card in place.people) for place in said_places(session, viewer)}


def test_people_at_one_place_stand_together_until_it_ends(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    for viewer, place, hours in ((cast.alice, "Hall 2", 3), (cast.bob, "hall 2", 1), (cast.carol, "Lyon", 3)):
        with database.unit_of_work(viewer) as session:
            set_working_place(session, viewer, place=place, ends_at=now + timedelta(hours=hours))
    (first, *_rest) = said(database, cast.dana).values()
    assert first == ["alice", "bob"]
    with database.unit_of_work(cast.dana) as session:
        mute(session, cast.dana, cast.carol.member_id, is_on=True)
    assert "Lyon" not in said(database, cast.dana)
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=2))
    assert sorted(said(database, cast.alice).values()) == [["alice"], ["carol"]]


def test_what_has_ended_is_erased(database: Database, cast: Cast) -> None:
    past = clock.now() - timedelta(minutes=1)
    with database.unit_of_work(cast.alice) as session:
        set_working_place(session, cast.alice, place="Hall 2", ends_at=past)
        set_status(session, cast.alice, emoji="🔬", words="In the lab", ends_at=past)
    with database.unit_of_work(cast.bob) as session:
        set_working_place(session, cast.bob, place="Hall 3", ends_at=None)
    jobs.schedule_repeating(database)
    while jobs.run_due(database):
        pass
    with database.reading(SYSTEM) as session:
        kept = session.execute(select(Profile.working_place, Profile.status_text, Profile.status_emoji)).all()
    assert sorted(map(tuple, kept)) == [("", "", ""), ("Hall 3", "", "")]


def test_the_page_takes_a_place_and_shows_it(cast: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.bob)
    assert client.post("/here-today", data={"place": "<b>Lyon</b> 里昂", "place_lasts": "240"}).status_code == 303
    page = client.get("/here-today").text
    assert "&lt;b&gt;Lyon&lt;/b&gt; 里昂" in page
    assert "until" in client.get("/here-today", headers={"X-Fragment": "1"}).text
    wrong = client.post("/here-today", data={"place": "x" * 200, "place_lasts": "240"})
    assert wrong.status_code == 422
    assert "x" * 200 in wrong.text
    client.post("/here-today", data={"place": ""})
    assert "Lyon" not in client.get("/here-today").text


def test_the_chart_is_searched(cast: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.bob)
    assert client.get("/org").headers["Location"] == "/people/bob/org"
    assert client.get("/org?q=ali").headers["Location"] == "/people/alice/org"
    assert "Nobody is called that" in client.get("/org?q=zz").text
    assert client.get("/org?q=%3Cscript%3E").status_code == 200
