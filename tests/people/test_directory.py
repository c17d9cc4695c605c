"""The directory: everybody who is here, narrowed, in pages."""

import pytest

from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.page import Page, encode_cursor
from intranet.kernel.text import fold
from intranet.people.cards import PersonCard
from intranet.people.directory import DirectoryFilter, directory_count, directory_facets, directory_page
from intranet.people.models import PresenceMark, Profile, SpokenLanguage
from tests.cast import SYSTEM, Cast, add_person
from tests.fixtures import AsViewer, Queries


@pytest.fixture
def company(database: Database, cast: Cast) -> Cast:
    """120 people in two places and three departments."""
    with database.unit_of_work(SYSTEM) as session:
        for number in range(120):
            person = add_person(session, f"worker{number:03}")
            session.add(
                Profile(
                    person_id=person.id,
                    title="Schweißer" if number % 2 else "Planner",
                    folded_title=fold("Schweißer") if number % 2 else "planner",
                    location="Gdańsk" if number % 3 else "Leeds",
                    department=("Plants", "Quality", "Sales")[number % 3],
                )
            )
            session.add(SpokenLanguage(person_id=person.id, language="Polski" if number % 3 else "English"))
    return cast


def _names(page: Page[PersonCard]) -> list[str]:
    return [card.username for card in page.items]


def test_every_page_follows_the_one_before_without_gap_or_repetition(database: Database, company: Cast) -> None:
    seen: list[str] = []
    cursor = None
    with database.reading(company.alice) as session:
        while True:
            page = directory_page(session, DirectoryFilter(), cursor=cursor)
            seen += _names(page)
            cursor = page.older
            if cursor is None:
                break
    assert len(seen) == len(set(seen)) == 124
    assert seen == sorted(seen)


def test_a_leaver_is_not_in_the_directory_its_counts_or_suggestions(
    database: Database, company: Cast, as_viewer: AsViewer
) -> None:
    with database.reading(company.alice) as session:
        assert directory_count(session, DirectoryFilter(words="erin")) == 0
    client = as_viewer(company.alice)
    assert client.get("/api/v1/people?q=erin").get_json()["items"] == []
    assert client.get("/api/v1/suggestions/people?q=erin").get_json()["items"] == []


def test_words_are_found_in_names_and_titles_without_accents_in_any_part(database: Database, company: Cast) -> None:
    with database.reading(company.alice) as session:
        assert directory_count(session, DirectoryFilter(words="SCHWEISS worker00")) == 5
        assert directory_count(session, DirectoryFilter(words="orker119")) == 1
        assert directory_count(session, DirectoryFilter(words="%")) == 0
        assert directory_count(session, DirectoryFilter(words="_")) == 0


def test_facets_count_under_the_other_filters_and_not_their_own(database: Database, company: Cast) -> None:
    chosen = DirectoryFilter(locations=("Leeds",))
    with database.reading(company.alice) as session:
        facets = directory_facets(session, chosen)
    assert {entry.value: (entry.count, entry.is_chosen) for entry in facets.locations} == {
        "Gdańsk": (80, False),
        "Leeds": (40, True),
    }
    assert [(entry.value, entry.count) for entry in facets.departments] == [("Plants", 40)]
    assert [(entry.value, entry.count) for entry in facets.languages] == [("English", 40)]


def test_filters_of_one_facet_add_up_and_of_two_narrow(database: Database, company: Cast) -> None:
    with database.reading(company.alice) as session:
        assert directory_count(session, DirectoryFilter(departments=("Plants", "Sales"))) == 80
        assert directory_count(session, DirectoryFilter(departments=("Sales",), locations=("Leeds",))) == 0
        assert directory_count(session, DirectoryFilter(languages=("Polski",))) == 80


def test_around_now_shows_whom_was_seen_in_the_last_two_minutes(database: Database, company: Cast) -> None:
    with database.unit_of_work(SYSTEM) as session:
        session.add(PresenceMark(person_id=company.bob.member_id, seen_at=clock.now()))
    with database.reading(company.alice) as session:
        assert _names(directory_page(session, DirectoryFilter(around=True))) == ["bob"]


def test_the_page_takes_the_same_few_statements_however_many_people_it_shows(
    database: Database,
    company: Cast,
    as_viewer: AsViewer,
    queries: Queries,
) -> None:
    client = as_viewer(company.alice)
    client.get("/people")
    with queries(20) as seen:
        client.get("/people?q=worker119")
    few = len(seen)
    with queries(20) as seen:
        assert client.get("/people").text.count("<li>") > 45
    assert len(seen) <= few + 1


def test_more_comes_as_a_fragment(company: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(company.alice)
    token = client.get("/api/v1/people").get_json()["next"]
    fragment = client.get(f"/people?before={token}", headers={"X-Fragment": "1"}).text
    assert "<html" not in fragment
    assert "facets" not in fragment
    assert "worker060" in fragment


@pytest.mark.parametrize("cursor", ["rubbish", encode_cursor("only one"), "%00", "💥", encode_cursor("a", None)])
def test_a_forged_cursor_is_refused_or_harmless(company: Cast, as_viewer: AsViewer, cursor: str) -> None:
    client = as_viewer(company.alice)
    assert client.get("/people", query_string={"before": cursor}).status_code in {200, 422}


def test_hostile_addresses_get_an_answer(company: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(company.alice)
    for query in ({"q": "x" * 100_000}, {"q": "\u202e\x00"}, {"department": ["a"] * 500}, {"view": "<script>"}):
        answer = client.get("/people", query_string=query)
        assert answer.status_code in {200, 414, 431}
        assert "<script>alert" not in answer.text


def test_the_api_speaks_of_people_with_ids_as_strings(company: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(company.alice)
    found = client.get("/api/v1/people?department=Quality&limit=2").get_json()
    assert len(found["items"]) == 2
    assert isinstance(found["items"][0]["id"], str)
    assert isinstance(found["next"], str)
    rest = client.get(f"/api/v1/people?department=Quality&limit=100&before={found['next']}").get_json()
    assert (len(rest["items"]), rest["next"]) == (38, None)
    me = client.get("/api/v1/me").get_json()
    assert (me["username"], me["roles"]) == ("alice", ["member"])
    assert client.get("/api/v1/people/nobody").status_code == 404
    assert client.get("/api/v1/people?limit=0").status_code == 422
    assert client.get("/api/v1/people/erin").get_json()["has_left"] is True


@pytest.mark.parametrize("address", ["/people", "/people/alice/followers", "/topics"])
@pytest.mark.parametrize("keys", [("²", "²"), ("\x00", "9" * 30), (1.5, None), ("a", "-1")])
def test_no_cursor_of_anybody_s_making_breaks_a_list(
    cast: Cast, as_viewer: AsViewer, address: str, keys: tuple[str, str]
) -> None:
    answer = as_viewer(cast.alice).get(address, query_string={"before": encode_cursor(*keys), "order": "name"})
    assert answer.status_code in {200, 422}


def test_odd_names_in_addresses_are_missing(cast: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.alice)
    for name in ("%00", "%F0%9F%92%A5", "..%5c", "a" * 5000, "%E2%80%AE"):
        assert client.get(f"/people/{name}").status_code == 404
        assert client.get(f"/topics/{name}").status_code == 404
