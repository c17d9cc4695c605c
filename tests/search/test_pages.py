"""The search page, the suggestions and the API: what they show, to whom, and what they make of nonsense."""

from datetime import timedelta

import pytest

from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.page import encode_cursor
from intranet.search.index import Index
from tests.cast import Cast
from tests.fixtures import AsViewer, Queries
from tests.search.writing import reply, say, take_back

HOSTILE = [
    "", " ", '"', '"unclosed phrase', "AND", "OR OR", "NOT", "-", "--", "-valve", "*", "a*", "***", "((((", ")",
    "[a TO b]", "from:", "from:nobody valve", "#", "#-", "after:2026-13-45", "before:tomorrow", "a:b:c", "' OR 1=1 --",
    "<script>", "%", "_", "\\", "\x00", "\u202e", "𝒱alve", "阀门", "valve " * 500, "x" * 5000, "(" * 300, "~",
    "^2", "title:x", "?", "valve " * 20_000, "صمام المضخة", "🛠️ valve 👩‍🔬", "ブレーキ弁", "\u200f\u202bvalve",
    "a\u0301" * 300, 'from:"', 'in:""', "in:*", "has:", "before:", "after:9999-12-31", "before:0001-01-01", "-" * 500,
    '"' * 500, "#" * 500,
]  # fmt: skip


@pytest.mark.parametrize("line", HOSTILE)
def test_no_line_breaks_the_search(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer, line: str
) -> None:
    say(database, cast.alice, "The reactor valve sticks")
    client = as_viewer(cast.bob)
    for address in ("/search", "/search/suggest", "/search/news", "/api/v1/search", "/experts"):
        assert client.get(address, query_string={"q": line, "since": "1"}).status_code == 200, address


@pytest.mark.parametrize(
    "page",
    ["0", "-1", "x", "9" * 30, "50", "", encode_cursor(5, 253402300799999, "post:1"), encode_cursor(-9, -9, "x"),
     encode_cursor(10**30, 10**30, "x" * 900), encode_cursor(None, None, None), encode_cursor(1, 2)],
)  # fmt: skip
def test_no_page_number_breaks_the_search(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer, page: str
) -> None:
    say(database, cast.alice, "valve")
    assert as_viewer(cast.bob).get("/search", query_string={"q": "valve", "page": page}).status_code == 200


def test_hits_are_marked_and_escaped(index: Index, database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    say(database, cast.alice, "The `<b>` valve & more")
    page = as_viewer(cast.bob).get("/search?q=valve").get_data(as_text=True)
    assert "The &lt;b&gt; <mark>valve</mark> &amp; more" in page


def test_an_outsider_sees_no_hit_no_count_and_no_suggestion(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    say(database, cast.alice, "Everybody may know the valve")
    say(database, cast.bob, "zirconium valve", audience_id=cast.group)
    insider = as_viewer(cast.alice).get("/api/v1/search?q=valve").get_json()
    assert insider["total"] == 2
    client = as_viewer(cast.carol)
    outsider = client.get("/api/v1/search?q=valve").get_json()
    assert outsider["total"] == outsider["kinds"]["post"] == len(outsider["items"]) == 1
    for address in ("/search?q=zirconium", "/search/suggest?q=zirc", "/api/v1/search?q=zirconium"):
        answer = client.get(address).get_data(as_text=True).replace("q=zirc", "").replace("“zirconium”", "")
        assert "zirconium valve" not in answer


def test_what_an_outsider_may_not_read_moves_nothing_they_see(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    for words in ("valve one", "valve two words", "another valve, longer by far than the others"):
        say(database, cast.alice, words)
    client = as_viewer(cast.carol)
    before = client.get("/api/v1/search?q=valve").get_json()
    for _turn in range(20):
        say(database, cast.bob, "valve valve valve", audience_id=cast.group)
    after = client.get("/api/v1/search?q=valve").get_json()
    assert before["items"] == after["items"]
    assert before["total"] == after["total"]


def test_the_api_gives_what_clients_rely_on(index: Index, database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    post = say(database, cast.alice, "The reactor valve sticks")
    answer = as_viewer(cast.bob).get("/api/v1/search?q=valve&kind=post,group&order=newest").get_json()
    assert answer["next"] is None
    assert answer["took_ms"] >= 0
    assert answer["items"][0] | {"score": 0, "created_at": ""} == {
        "kind": "post",
        "id": str(post),
        "url": f"/posts/{post}",
        "title": "The reactor valve sticks",
        "excerpt": "",
        "author": {"username": "alice", "name": "Alice Example"},
        "created_at": "",
        "score": 0,
    }


def test_the_api_pages_by_limit(index: Index, database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    posts = {str(say(database, cast.alice, f"valve {number}")) for number in range(5)}
    client, seen, page = as_viewer(cast.bob), [], "1"
    while page:
        answer = client.get(f"/api/v1/search?q=valve&limit=2&page={page}").get_json()
        seen += [item["id"] for item in answer["items"]]
        page = answer["next"]
    assert len(seen) == 5
    assert set(seen) == posts


@pytest.mark.parametrize(
    "filter_",
    ["order=oldest", "kind=zebra", "has=wings", "when=soon", "in=abc", "limit=0", "limit=x", "facets=mood", "page=!",
     "after=never", "before=2026-13"],
)  # fmt: skip
def test_what_a_filter_cannot_mean_is_refused_by_name(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer, filter_: str
) -> None:
    answer = as_viewer(cast.bob).get(f"/api/v1/search?q=valve&{filter_}")
    assert answer.status_code == 422
    assert set(answer.get_json()["fields"]) == {filter_.partition("=")[0]}


def test_a_kind_that_nothing_has_yet_finds_nothing(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    say(database, cast.alice, "valve")
    client = as_viewer(cast.bob)
    assert client.get("/api/v1/search?q=valve&kind=message").get_json()["items"] == []


def test_newest_first_is_by_time(index: Index, database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    with clock.fixed(clock.now() - timedelta(minutes=1)):
        older = say(database, cast.alice, "valve valve valve")
    newer = say(database, cast.alice, "a long post that says valve only once among many other words")
    items = as_viewer(cast.bob).get("/api/v1/search?q=valve&order=newest").get_json()["items"]
    assert [item["id"] for item in items] == [str(newer), str(older)]


def test_operators_narrow_and_can_be_taken_back(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    say(database, cast.alice, "valve #pumps")
    bobs = say(database, cast.bob, "valve too")
    client = as_viewer(cast.carol)
    items = client.get("/api/v1/search", query_string={"q": "valve from:bob"}).get_json()["items"]
    assert [item["id"] for item in items] == [str(bobs)]
    items = client.get("/api/v1/search", query_string={"q": "#pumps", "kind": "post"}).get_json()["items"]
    assert [item["author"]["username"] for item in items] == ["alice"]
    page = client.get("/search", query_string={"q": "valve from:bob"}).get_data(as_text=True)
    assert 'href="/search?q=valve"' in page


def test_suggestions_name_people_topics_and_posts(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    say(database, cast.alice, "alpine valves #alpine")
    html = as_viewer(cast.carol).get("/search/suggest?q=al", headers={"X-Fragment": "1"}).get_data(as_text=True)
    assert html.index("Everything with") < html.index("/people/alice") < html.index("/topics/alpine")
    assert "/posts/" not in html  # two letters say nothing yet
    assert "alpine valves" in as_viewer(cast.carol).get("/search/suggest?q=valv").text.replace("<mark>", "").replace(
        "</mark>", ""
    )


def test_a_deleted_post_leaves_no_suggestion(index: Index, database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    post = say(database, cast.alice, "alpine valves")
    client = as_viewer(cast.carol)
    assert f"/posts/{post}" in client.get("/search/suggest?q=alpine").get_data(as_text=True)
    take_back(database, cast.alice, post)
    assert f"/posts/{post}" not in client.get("/search/suggest?q=alpine").get_data(as_text=True)


def test_a_comment_opens_the_post_it_stands_under(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    post = say(database, cast.alice, "Question")
    comment = reply(database, cast.bob, post, "valve")
    item = as_viewer(cast.carol).get("/api/v1/search?q=valve").get_json()["items"][0]
    assert item["url"] == f"/posts/{post}#item-{comment}"


def test_a_search_reads_in_few_statements(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer, queries: Queries
) -> None:
    for number in range(25):
        say(database, cast.alice, f"valve {number}")
    client = as_viewer(cast.bob)
    client.get("/api/v1/search?q=valve")
    with queries(8):
        client.get("/api/v1/search?q=valve")
