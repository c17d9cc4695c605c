"""Saved searches: kept once under one name, counted for their owner alone, and unknown to everybody else."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest

from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.viewer import Viewer
from intranet.search.index import Index
from intranet.search.narrowing import Narrowing
from intranet.search.question import read_question
from intranet.search.saved import actions
from intranet.search.saved.counting import news_of
from intranet.search.saved.events import SavedSearchesChanged
from intranet.search.saved.queries import saved_searches
from tests.cast import Cast
from tests.fixtures import AsViewer, Happens, Queries
from tests.search.writing import reply, say, take_back


def keep(database: Database, viewer: Viewer, line: str, name: str = "", narrowing: Narrowing | None = None) -> int:
    with database.unit_of_work(viewer) as session:
        draft = actions.SavedDraft(name or line, read_question(line), narrowing or Narrowing())
        return actions.save_search(session, viewer, draft).id


def names(database: Database, viewer: Viewer) -> list[str]:
    with database.reading(viewer) as session:
        return [card.name for card in saved_searches(session, viewer)]


def test_a_kept_search_holds_all_of_it(database: Database, cast: Cast) -> None:
    narrowing = Narrowing(kind=("post",), by=("alice",), when="week")
    keep(database, cast.bob, 'valve from:carol "dry run"', "Valves", narrowing)
    with database.reading(cast.bob) as session:
        (card,) = saved_searches(session, cast.bob)
    assert card.question.text == 'valve from:carol "dry run"'
    assert card.narrowing == narrowing
    assert card.url.startswith("/search?q=valve+from%3Acarol+%22dry+run%22&kind=post&by=alice&when=week")


def test_keeping_the_same_search_again_renames_it(database: Database, cast: Cast) -> None:
    first = keep(database, cast.bob, "valve", "One")
    assert keep(database, cast.bob, "valve", "Two") == first
    assert names(database, cast.bob) == ["Two"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "Válves", "VALVES", "\u202e"])
def test_a_name_is_there_short_and_one_s_own_only_once(database: Database, cast: Cast, name: str) -> None:
    keep(database, cast.bob, "pump", "valves")
    with pytest.raises(Invalid) as refused:
        keep(database, cast.bob, "valve", name or " ")
    assert set(refused.value.fields) == {"name"}
    assert names(database, cast.bob) == ["valves"]


def test_two_people_may_use_one_name(database: Database, cast: Cast) -> None:
    keep(database, cast.bob, "valve", "Mine")
    keep(database, cast.alice, "valve", "Mine")
    assert names(database, cast.alice) == names(database, cast.bob) == ["Mine"]


def test_nothing_is_no_search_to_keep(database: Database, cast: Cast) -> None:
    with pytest.raises(Invalid):
        keep(database, cast.bob, "  ", "Empty")


def test_the_list_is_bounded(database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_SAVED", 2)
    keep(database, cast.bob, "one")
    keep(database, cast.bob, "two")
    with pytest.raises(Invalid) as refused:
        keep(database, cast.bob, "three")
    assert "2" in refused.value.fields["name"]
    keep(database, cast.bob, "two", "renamed though full")


def test_what_is_written_after_the_last_look_is_new(index: Index, database: Database, cast: Cast) -> None:
    with clock.fixed(clock.now() - timedelta(minutes=5)):
        say(database, cast.alice, "an old valve")
    saved = keep(database, cast.bob, "valve")
    assert news_of(cast.bob).saved == {saved: 0}
    post = say(database, cast.alice, "a new valve")
    reply(database, cast.carol, post, "which valve?")
    say(database, cast.alice, "a pump")
    assert news_of(cast.bob).saved == {saved: 2}
    with clock.fixed(clock.now() + timedelta(seconds=2)):
        with database.unit_of_work(cast.bob) as session:
            actions.look_at(session, cast.bob, saved)
        assert news_of(cast.bob).saved == {saved: 0}


def test_filters_count_too(index: Index, database: Database, cast: Cast) -> None:
    by_alice = keep(database, cast.bob, "", "Alice's", Narrowing(by=("alice",)))
    code = keep(database, cast.bob, "valve has:code", "Code")
    say(database, cast.alice, "valve")
    say(database, cast.carol, "valve `open()`")
    assert news_of(cast.bob).saved == {by_alice: 1, code: 1}


def test_a_look_never_goes_back_nor_into_the_future(index: Index, database: Database, cast: Cast) -> None:
    saved = keep(database, cast.bob, "valve")
    with database.unit_of_work(cast.bob) as session:
        actions.look_at(session, cast.bob, saved, clock.now() + timedelta(days=9))
        actions.look_at(session, cast.bob, saved, clock.now() - timedelta(days=9))
    say(database, cast.alice, "a new valve")
    assert news_of(cast.bob).saved == {saved: 1}


def test_counts_follow_what_the_viewer_may_read(index: Index, database: Database, cast: Cast) -> None:
    outside, inside = keep(database, cast.carol, "valve"), keep(database, cast.bob, "valve")
    post = say(database, cast.alice, "a secret valve", audience_id=cast.group)
    assert news_of(cast.carol).saved == {outside: 0}
    assert news_of(cast.bob).saved == {inside: 1}
    take_back(database, cast.alice, post)
    assert news_of(cast.bob).saved == {inside: 0}


def test_thirty_searches_are_counted_in_few_statements(
    index: Index, database: Database, cast: Cast, queries: Queries
) -> None:
    for number in range(30):
        keep(database, cast.bob, f"valve{number} from:alice #pumps", narrowing=Narrowing(by=("carol",)))
    news_of(cast.bob)
    with queries(9):  # one of them asks whom bob blocks
        assert len(news_of(cast.bob).saved) == 30


def test_only_one_s_own_windows_are_told(happens: Happens, database: Database, cast: Cast) -> None:
    saved = keep(database, cast.bob, "valve")
    told = [SavedSearchesChanged(cast.bob.member_id)]
    assert happens(cast.bob, lambda session: actions.rename_search(session, cast.bob, saved, "New")) == told
    assert happens(cast.bob, lambda session: actions.look_at(session, cast.bob, saved)) == told
    assert happens(cast.bob, lambda session: actions.drop_search(session, cast.bob, saved)) == told


@pytest.mark.parametrize("work", ["rename_search", "drop_search", "look_at"])
def test_another_s_saved_search_does_not_exist(database: Database, cast: Cast, work: str) -> None:
    saved = keep(database, cast.bob, "valve")
    more = ("Taken",) if work == "rename_search" else ()
    for stranger in (cast.alice, cast.dana):
        with pytest.raises(NotFound), database.unit_of_work(stranger) as session:
            getattr(actions, work)(session, stranger, saved, *more)
    assert names(database, cast.bob) == ["valve"]


def test_strangers_find_no_trace_of_it_on_any_surface(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    saved = keep(database, cast.bob, "zirconium", "Secret plans")
    client = as_viewer(cast.alice)
    for address in ("/search/saved", "/search", "/search?q=zirc", "/search/news", "/api/v1/search/saved"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "Secret plans" not in answer.text
        assert str(saved) not in answer.text
    one = f"/api/v1/search/saved/{saved}"
    assert client.get(one).status_code == 404
    assert client.patch(one, json={"name": "Mine"}).status_code == 404
    assert client.delete(one).status_code == 404
    assert client.post(f"{one}/seen").status_code == 404
    for verb in ("rename", "delete", "seen"):
        assert client.post(f"/search/saved/{saved}/{verb}", data={"name": "Mine"}).status_code == 404
    assert names(database, cast.bob) == ["Secret plans"]


def test_the_api_keeps_lists_renames_and_drops(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    client = as_viewer(cast.bob)
    answer = client.post("/api/v1/search/saved", json={"name": "Valves", "q": "valve", "kind": ["post"], "by": "alice"})
    assert answer.status_code == 201
    made = answer.get_json()
    assert made | {"seen_at": "", "created_at": "", "id": ""} == {
        "id": "",
        "name": "Valves",
        "q": "valve",
        "kind": ["post"],
        "by": ["alice"],
        "topic": [],
        "in": [],
        "has": [],
        "when": None,
        "order": "relevance",
        "url": "/search?q=valve&kind=post&by=alice",
        "seen_at": "",
        "created_at": "",
    }
    say(database, cast.alice, "a new valve")
    (item,) = client.get("/api/v1/search/saved").get_json()["items"]
    assert item == made | {"new": 1}
    assert answer.location == f"/api/v1/search/saved/{made['id']}"
    assert client.get(answer.location).get_json() == item
    with clock.fixed(clock.now() + timedelta(seconds=2)):
        assert client.post(f"{answer.location}/seen").status_code == 204
        assert client.get(answer.location).get_json()["new"] == 0
    assert client.patch(answer.location, json={"name": "Pumps"}).get_json()["name"] == "Pumps"
    assert client.delete(answer.location).status_code == 204
    assert client.get("/api/v1/search/saved").get_json() == {"items": [], "next": None}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ([], "body"),
        ({"q": "valve"}, "name"),
        ({"name": "x"}, "q"),
        ({"name": "x", "q": {}}, "q"),
        ({"name": "x", "q": "valve", "kind": "zebra"}, "kind"),
        ({"name": "x", "q": "valve", "order": "oldest"}, "order"),
        ({"name": True, "q": "valve"}, "name"),
    ],
)
def test_the_api_names_the_field_that_is_wrong(
    database: Database, cast: Cast, as_viewer: AsViewer, body: object, field: str
) -> None:
    answer = as_viewer(cast.bob).post("/api/v1/search/saved", json=body)
    assert answer.status_code == 422
    assert set(answer.get_json()["fields"]) == {field}


def test_the_page_saves_shows_and_counts_without_script(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    say(database, cast.alice, "an old valve")
    client = as_viewer(cast.bob)
    page = client.get("/search?q=valve&kind=post").text
    since = page.split('data-since="')[1].split('"')[0]
    fields = {"name": "My valves", "q": "valve", "kind": "post", "until": since}
    answer = client.post("/search/saved", data=fields)
    assert (answer.status_code, answer.location) == (303, "/search?q=valve&kind=post")
    page = client.get(answer.location).text
    assert "My valves" in page
    assert ">Saved<" in page.replace("</svg>", ">")
    say(database, cast.alice, "a new valve")
    page = client.get("/search/saved").text
    assert '<span class="sr-only"> new</span>' in page
    assert "Mark seen" in page
    saved = page.split('id="saved-')[1].split('"')[0]
    with clock.fixed(clock.now() + timedelta(seconds=2)):
        client.post(f"/search/saved/{saved}/seen")
    assert "Mark seen" not in client.get("/search/saved").text
    client.post(f"/search/saved/{saved}/rename", data={"name": "Theirs"})
    assert "Theirs" in client.get("/search/saved").text
    client.post(f"/search/saved/{saved}/delete")
    assert "Theirs" not in client.get("/search/saved").text.split("<main")[1].split("Deleted.")[-1]


def test_the_open_page_learns_how_many_hits_came_since(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    with clock.fixed(clock.now() - timedelta(minutes=5)):
        say(database, cast.alice, "an old valve")
    client = as_viewer(cast.carol)
    since = client.get("/search?q=valve").text.split('data-since="')[1].split('"')[0]
    asked = urlencode({"q": "valve", "since": since})
    before = client.get(f"/search/news?{asked}").get_json()
    say(database, cast.bob, "a secret valve", audience_id=cast.group)
    assert client.get(f"/search/news?{asked}").get_json() == before
    say(database, cast.alice, "a new valve")
    assert client.get(f"/search/news?{asked}").get_json() == {"new": before["new"] + 1, "saved": {}}
    for odd in ("since=x", "since=" + "9" * 40, "since=-1", "q=%00", "kind=zebra&since=1"):
        assert client.get(f"/search/news?{odd}").status_code == 200
