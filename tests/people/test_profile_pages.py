"""Profiles as people use them: reading, editing, following."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from intranet.accounts.models import SiteSetting
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.errors import Invalid, Refused
from intranet.kernel.viewer import Viewer
from intranet.people.actions import ProfileDraft, follow_person, save_profile, unfollow_person
from intranet.people.events import PersonFollowed, PersonUnfollowed, ProfileChanged
from intranet.people.models import Follow, FollowKind, Profile
from intranet.people.profiles import profile_view
from tests.cast import SYSTEM, Cast, add_person
from tests.fixtures import AsViewer, Happens, Queries


def test_saving_a_profile_tells_everybody_once_and_only_when_something_differs(
    database: Database, cast: Cast, happens: Happens
) -> None:
    draft = ProfileDraft(title="Engineer", languages=("Polski", "English"), links=(("Runbook", "https://e.org/r"),))

    def save(session: Session) -> object:
        return save_profile(session, cast.alice, cast.alice.member_id, draft)

    assert happens(cast.alice, save) == [ProfileChanged(cast.alice.member_id)]
    assert happens(cast.alice, save) == []
    with database.reading(cast.bob) as session:
        view = profile_view(session, cast.bob, "alice")
    assert view.card.title == "Engineer"
    assert view.languages == ["Polski", "English"]
    assert view.links == [{"label": "Runbook", "url": "https://e.org/r"}]


def test_nobody_edits_somebody_elses_profile(database: Database, cast: Cast) -> None:
    with pytest.raises(Refused), database.unit_of_work(cast.bob) as session:
        save_profile(session, cast.bob, cast.alice.member_id, ProfileDraft(title="Clown"))


def test_a_locked_field_cannot_change_but_may_be_sent_unchanged(database: Database, cast: Cast) -> None:
    locked = frozenset({"title"})
    with database.unit_of_work(SYSTEM) as session:
        save_profile(session, SYSTEM, cast.alice.member_id, ProfileDraft(title="Engineer"))
    with database.unit_of_work(cast.alice) as session:
        save_profile(
            session, cast.alice, cast.alice.member_id, ProfileDraft(title="Engineer", about="Hi"), locked=locked
        )
    with pytest.raises(Invalid) as refused, database.unit_of_work(cast.alice) as session:
        save_profile(session, cast.alice, cast.alice.member_id, ProfileDraft(title="Boss"), locked=locked)
    assert set(refused.value.fields) == {"title"}


def test_a_reporting_line_never_becomes_a_circle(database: Database, cast: Cast) -> None:
    def manage(person: Viewer, manager: str) -> None:
        with database.unit_of_work(SYSTEM) as session:
            save_profile(session, SYSTEM, person.member_id, ProfileDraft(manager=manager))

    manage(cast.alice, "bob")
    manage(cast.bob, "carol")
    with pytest.raises(Invalid):
        manage(cast.carol, "alice")
    with pytest.raises(Invalid):
        manage(cast.carol, "carol")
    with pytest.raises(Invalid):
        manage(cast.carol, "nobody")
    with database.reading(cast.dana) as session:
        view = profile_view(session, cast.dana, "bob")
    assert [card.username for card in view.line_up] == ["carol"]
    assert [card.username for card in view.reports] == ["alice"]


def test_following_counts_once_and_tells_the_one_who_is_followed(
    database: Database, cast: Cast, happens: Happens
) -> None:
    def follow(session: Session) -> None:
        follow_person(session, cast.alice, cast.bob.member_id)

    assert happens(cast.alice, follow) == [PersonFollowed(cast.alice.member_id, cast.bob.member_id)]
    assert happens(cast.alice, follow) == []
    with database.reading(cast.alice) as session:
        view = profile_view(session, cast.alice, "bob")
    assert (view.is_followed, view.follower_count) == (True, 1)
    gone = happens(cast.alice, lambda session: unfollow_person(session, cast.alice, cast.bob.member_id))
    assert [type(event) for event in gone] == [PersonUnfollowed]


def test_nobody_follows_themselves_or_a_leaver(database: Database, cast: Cast) -> None:
    for target in (cast.alice, cast.erin):
        with pytest.raises(Refused), database.unit_of_work(cast.alice) as session:
            follow_person(session, cast.alice, target.member_id)


def test_the_follow_button_works_as_a_plain_form_and_by_fetch(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    client = as_viewer(cast.alice)
    assert 'action="/people/bob/follow"' in client.get("/people/bob").text
    answer = client.post("/people/bob/follow")
    assert (answer.status_code, answer.location) == (303, "/people/bob")
    assert 'action="/people/bob/unfollow"' in client.get("/people/bob").text
    answer = client.post("/people/bob/unfollow", headers={"X-Fragment": "1"})
    assert answer.get_json() == {"is_followed": False, "words": "0 followers"}
    elsewhere = client.post("/people/bob/follow", data={"next": "//evil.example"})
    assert elsewhere.location == "/people/bob"


def test_followers_are_shown_in_pages(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    with database.unit_of_work(SYSTEM) as session:
        for number in range(60):
            fan = add_person(session, f"fan{number:02}")
            session.add(Follow(follower_id=fan.id, kind=FollowKind.PERSON, target_id=cast.bob.member_id))
    client = as_viewer(cast.alice)
    first = client.get("/people/bob/followers").text
    assert "fan49" in first
    assert "fan50" not in first
    link = first.split('rel="next"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    rest = client.get(link, headers={"X-Fragment": "1"}).text
    assert "fan50" in rest
    assert "fan59" in rest
    assert "fan49" not in rest


def test_a_leaver_is_shown_as_having_left(cast: Cast, as_viewer: AsViewer) -> None:
    page = as_viewer(cast.alice).get("/people/erin")
    assert page.status_code == 200
    assert "Has left the company" in page.text
    assert "/people/erin/follow" not in page.text.replace("/people/erin/followers", "").replace(
        "/people/erin/following", ""
    )


def test_the_settings_form_saves_and_shows_what_was_saved(cast: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.alice)
    typed = {
        "title": "Staff engineer",
        "timezone": "Asia/Kolkata",
        "languages": "English, Tamil, English",
        "about": "**Brokers**",
        "ask_me_about": "Rebalancing\n\nPartitions",
        "links": "Runbook https://e.org/r\nhttps://e.org",
        "manager": "@Bob",
    }
    assert client.post("/settings/profile", data=typed).status_code == 303
    page = client.get("/people/alice").text
    for words in (
        "Staff engineer",
        "English, Tamil",
        "<strong>Brokers</strong>",
        "Rebalancing",
        "Partitions",
        "Bob Example",
    ):
        assert words in page
    assert 'href="https://e.org/r"' in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("links", "Click me javascript:alert(1)"),
        ("links", "data:text/html,<script>alert(1)</script>"),
        ("links", "Bank https://bank.example@evil.example/"),
        ("links", "\n".join(f"https://e.org/{number}" for number in range(9))),
        ("timezone", "Mars/Olympus"),
        ("languages", "x" * 61),
        ("manager", "nobody"),
        ("title", "x" * 201),
        ("about", "x" * 5001),
        ("ask_me_about", "\n".join("abcdefgh")),
    ],
)
def test_input_that_cannot_be_taken_comes_back_with_a_message_and_everything_typed(
    cast: Cast, as_viewer: AsViewer, field: str, value: str
) -> None:
    client = as_viewer(cast.alice)
    answer = client.post("/settings/profile", data={"department": "My own department", field: value})
    assert answer.status_code == 422
    assert f'id="field-{field}-error"' in answer.text
    assert "My own department" in answer.text
    assert "My own department" not in client.get("/settings/profile").text


def test_script_in_a_profile_is_shown_as_words(cast: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.alice)
    client.post(
        "/settings/profile",
        data={"title": "<script>alert(1)</script>", "about": "<script>alert(2)</script><b onclick=x()>hi</b>"},
    )
    for address in ("/people/alice", "/people", "/people/alice/card", "/settings/profile"):
        page = client.get(address).text
        assert "<script>alert" not in page
        assert "onclick" not in page.replace("&lt;b onclick", "")


def test_direction_overrides_and_control_characters_are_dropped(cast: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.alice)
    client.post("/settings/profile", data={"title": "Engi\u202eneer\x00\x1b[31m", "about": "a\u2066b\r\nc"})
    saved = client.get("/api/v1/people/alice").get_json()
    assert saved["title"] == "Engineer[31m"
    assert saved["about"] == "ab\nc"


def test_ten_megabytes_of_about_are_refused(cast: Cast, as_viewer: AsViewer) -> None:
    answer = as_viewer(cast.alice).post("/settings/profile", data={"about": "x" * 10_000_000})
    assert answer.status_code in {413, 422}


def test_locked_fields_are_shown_locked_and_stay(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    with database.unit_of_work(SYSTEM) as session:
        session.add(SiteSetting(name="locked_fields", value=["title", "manager"]))
        session.add(Profile(person_id=cast.alice.member_id, title="Engineer"))
    client = as_viewer(cast.alice)
    page = client.get("/settings/profile").text
    assert 'name="title"' not in page
    assert "Kept by HR" in page
    answer = client.post("/settings/profile", data={"title": "Boss"})
    assert answer.status_code == 422
    assert client.get("/api/v1/me").get_json()["title"] == "Engineer"


def test_status_and_place_end_by_themselves(cast: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.alice)
    client.post("/settings/profile/status", data={"emoji": "📟", "status": "On call", "status_lasts": "60"})
    client.post("/settings/profile/place", data={"place": "Lyon", "place_lasts": "today"})
    assert "On call" in client.get("/people/alice").text
    assert "Lyon" in client.get("/people/alice").text
    with clock.fixed(clock.now() + timedelta(days=2)):
        page = client.get("/people/alice").text
    assert "On call" not in page
    assert "Lyon" not in page
    assert client.post("/settings/profile/status", data={"status": "x", "status_lasts": "999999999"}).status_code == 422


def test_a_hover_card_is_a_fragment(cast: Cast, as_viewer: AsViewer) -> None:
    card = as_viewer(cast.alice).get("/people/bob/card").text
    assert "<html" not in card
    assert "Bob Example" in card


def test_profiles_stay_within_their_budget_of_statements(database: Database, cast: Cast, queries: Queries) -> None:
    with database.reading(cast.alice) as session, queries(14):
        profile_view(session, cast.alice, "bob")
