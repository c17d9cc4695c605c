"""The page, the comparison, the API, and what people may decide about themselves."""

import re

import pytest
from sqlalchemy import select

from intranet.expertise.actions import hide_topic
from intranet.expertise.comparing import overlap
from intranet.expertise.describing import sureness
from intranet.kernel.db import Database
from intranet.kernel.errors import NotFound
from intranet.kernel.viewer import ANONYMOUS
from intranet.posts.asking.models import Asking
from intranet.search.index import Index
from intranet.topics.models import Skill, Topic
from intranet.topics.vocabulary import ensure_topics
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer, Queries
from tests.search.writing import say


def topic_id(database: Database, slug: str) -> int:
    with database.reading(SYSTEM) as session:
        return session.scalars(select(Topic.id).where(Topic.slug == slug)).one()


def test_the_page_says_who_why_how_sure_and_with_which_proof(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    post = say(database, cast.alice, "The reactor valve sticks when it is <cold> #valves")
    page = as_viewer(cast.bob).get("/experts?q=reactor+valve").get_data(as_text=True)
    assert "Alice Example" in page
    assert f'href="/posts/{post}"' in page
    assert "<mark>valve</mark>" in page
    assert re.search(r'aria-label="(Very likely|Likely|Perhaps)\. Evidence: answered 0, wrote \d+', page)
    assert "Wrote about this <b>once</b>" in page
    assert "/compose?kind=question&amp;ask=alice&amp;title=reactor+valve" in page
    assert "Found in" in page


def test_nobody_is_an_honest_answer(index: Index, database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    say(database, cast.alice, "hydraulics #hydraulic-pumps")
    page = as_viewer(cast.bob).get("/experts?q=hydraulically").get_data(as_text=True)
    if "Nobody has shown they know" in page:
        assert "hydraulic-pumps" in page
    page = as_viewer(cast.bob).get("/experts?q=qqqqq").get_data(as_text=True)
    assert "Nobody has shown they know “qqqqq”" in page
    assert "/compose?kind=question&amp;title=qqqqq" in page


def test_filters_that_leave_nobody_say_how_many_there_are(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    say(database, cast.alice, "valve")
    page = as_viewer(cast.bob).get("/experts?q=valve&department=Nowhere").get_data(as_text=True)
    assert "Nobody fits these filters" in page
    assert "1 person knows something about “valve” without them." in page


def test_script_gets_the_answer_alone(index: Index, database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    say(database, cast.alice, "valve")
    part = as_viewer(cast.bob).get("/experts?q=valve", headers={"X-Fragment": "1"}).get_data(as_text=True)
    assert "<html" not in part
    assert "Alice Example" in part


@pytest.mark.parametrize(
    "line", ["", "?", "who", "who knows?", '"', "\x00", "x" * 9000, "a " * 3000, "% _ \\", "<b>", "’", "🙂", "#", "@"]
)
def test_no_question_breaks_the_page(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer, line: str
) -> None:
    say(database, cast.alice, "valve")
    client = as_viewer(cast.bob)
    for address in ("/experts", "/experts/compare"):
        assert client.get(address, query_string={"q": line, "people": ["alice", "x"]}).status_code == 200
    assert client.get("/api/v1/experts", query_string={"q": line}).status_code in {200, 422}


def test_an_odd_facet_is_ignored(index: Index, database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    say(database, cast.alice, "valve")
    address = "/experts?q=valve&fresh=never&page=x&available=2&department=&language="
    assert "Alice Example" in as_viewer(cast.bob).get(address).get_data(as_text=True)


def test_two_people_stand_side_by_side(index: Index, database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    say(database, cast.alice, "valve one")
    say(database, cast.alice, "valve two")
    say(database, cast.bob, "valve three")
    page = as_viewer(cast.carol).get("/experts/compare?q=valve&people=alice&people=bob").get_data(as_text=True)
    assert re.search(r"<td class=\"num\" data-best>2</td>\s*<td class=\"num\">1</td>", page)
    assert "/experts/ask" in page


def test_ask_both_puts_one_question_to_both(index: Index, database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    say(database, cast.alice, "valve one")
    say(database, cast.bob, "valve two")
    client = as_viewer(cast.carol)
    page = client.get("/experts/compare?q=valve%3F&people=alice&people=bob").get_data(as_text=True)
    form = page[page.index('action="/experts/ask"') :]
    form = form[: form.index("</form>")]
    assert "Ask both" in form
    fields = re.findall(r'name="(\w+)" value="([^"]*)"', form)
    composing = client.get("/experts/ask", query_string=fields, follow_redirects=True).get_data(as_text=True)
    assert re.search(r'name="title"[^>]*value="valve\?"', composing)
    assert re.search(r'name="also_ask"[^>]*value="alice, bob"', composing)
    sent = client.post(
        "/posts", data={"kind": "question", "title": "valve?", "text": "It sticks.", "also_ask": "alice, bob"}
    )
    assert sent.status_code == 303
    with database.reading(cast.carol) as session:
        named = session.scalars(select(Asking.named)).one()
    assert [one["person"] for one in named] == [str(cast.alice.id), str(cast.bob.id)]


def test_a_comparison_leaks_no_private_proof(index: Index, database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    say(database, cast.bob, "zirconium valve", audience_id=cast.group)
    say(database, cast.alice, "valve")
    page = as_viewer(cast.carol).get("/experts/compare?q=valve&people=alice&people=bob").get_data(as_text=True)
    assert "zirconium" not in page
    assert "Nothing shows it" in page


def test_asking_picked_people_opens_a_question_that_is_put_to_them(
    index: Index, cast: Cast, as_viewer: AsViewer
) -> None:
    answer = as_viewer(cast.carol).get("/experts/ask?people=alice&people=bob&people=erin&q=valve%3F")
    assert answer.status_code == 302
    assert answer.location == "/compose?kind=question&ask=alice&ask=bob&title=valve%3F"


def test_the_api_gives_what_clients_rely_on(index: Index, database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    post = say(database, cast.alice, "The reactor valve sticks")
    answer = as_viewer(cast.bob).get("/api/v1/experts?q=valve&limit=1").get_json()
    assert set(answer) == {"items", "next", "took_ms", "total"}
    item = answer["items"][0]
    assert item["person"]["username"] == "alice"
    assert item["person"]["external_id"] is None
    assert 0 < item["confidence"] < 1
    assert item["score"] > 0
    evidence = item["evidence"][0]
    assert (evidence["kind"], evidence["id"], evidence["url"]) == ("post", str(post), f"/posts/{post}")
    assert evidence["excerpt"] == "The reactor valve sticks"
    assert evidence["created_at"].endswith("+00:00")


def test_the_api_pages_and_bounds_its_limit(index: Index, database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    for viewer in (cast.alice, cast.bob, cast.carol):
        say(database, viewer, "valve")
    client = as_viewer(cast.dana)
    first = client.get("/api/v1/experts?q=valve&limit=2").get_json()
    second = client.get(f"/api/v1/experts?q=valve&limit=2&page={first['next']}").get_json()
    names = [item["person"]["username"] for answer in (first, second) for item in answer["items"]]
    assert sorted(names) == ["alice", "bob", "carol"]
    assert second["next"] is None
    assert client.get("/api/v1/experts?q=valve&limit=99999").status_code == 200
    assert client.get("/api/v1/experts").status_code == 422


@pytest.mark.parametrize(
    "address",
    ["/experts", "/experts?q=x", "/experts/compare", "/experts/ask", "/experts/top?q=x", "/search?q=x",
     "/search/suggest?q=x", "/settings/known", "/people/alice/knows"],
)  # fmt: skip
def test_a_signed_out_visitor_gets_nothing(index: Index, cast: Cast, as_viewer: AsViewer, address: str) -> None:
    answer = as_viewer(ANONYMOUS).get(address)
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in")
    api = as_viewer(ANONYMOUS).get("/api/v1/experts?q=x")
    assert api.status_code == 401


def test_a_hidden_topic_takes_its_owner_out_of_the_next_answer(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    say(database, cast.alice, "all about #valves and pumps")
    client = as_viewer(cast.alice)
    number = topic_id(database, "valves")
    assert "valves" in client.get("/settings/known").get_data(as_text=True)
    assert client.post(f"/settings/known/topics/{number}", data={"shown": "0"}).status_code == 302
    assert 'data-state="hidden"' in client.get("/settings/known").get_data(as_text=True)
    others = as_viewer(cast.carol)
    assert others.get("/api/v1/experts?q=who+knows+valves").get_json()["total"] == 0
    assert others.get("/api/v1/experts?q=pumps").get_json()["total"] == 1
    assert "valves" not in others.get("/people/alice/knows").get_data(as_text=True)
    as_viewer(cast.alice).post(f"/settings/known/topics/{number}", data={"shown": "1"})
    assert as_viewer(cast.carol).get("/api/v1/experts?q=valves").get_json()["total"] == 1


def test_whoever_opts_out_is_named_by_no_answer(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    say(database, cast.alice, "all about #valves")
    as_viewer(cast.alice).post("/settings/known/all", data={"found": "0"})
    client = as_viewer(cast.carol)
    assert client.get("/api/v1/experts?q=valves").get_json()["total"] == 0
    assert "Nothing shows it" in client.get("/experts/compare?q=valves&people=alice&people=bob").get_data(as_text=True)
    assert "/posts/" not in client.get("/people/alice/knows").get_data(as_text=True).split("sheet-body", 1)[1]
    as_viewer(cast.alice).post("/settings/known/all", data={"found": "1"})
    assert as_viewer(cast.carol).get("/api/v1/experts?q=valves").get_json()["total"] == 1


def test_a_wish_that_says_nothing_is_refused(index: Index, cast: Cast, as_viewer: AsViewer) -> None:
    assert as_viewer(cast.alice).post("/settings/known/all", data={"found": "maybe"}).status_code == 422


def test_a_topic_that_is_not_there_cannot_be_hidden(index: Index, database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.alice) as session, pytest.raises(NotFound):
        hide_topic(session, cast.alice, 12345)


def test_the_profile_tab_of_nobody_is_missing(index: Index, cast: Cast, as_viewer: AsViewer) -> None:
    assert as_viewer(cast.alice).get("/people/nobody/knows").status_code == 404


def test_the_page_reads_in_few_statements(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer, queries: Queries
) -> None:
    for viewer in (cast.alice, cast.bob, cast.carol):
        for number in range(5):
            say(database, viewer, f"valve {number} #valves")
    client = as_viewer(cast.dana)
    client.get("/experts?q=valve")
    with queries(40):
        client.get("/experts?q=valve")


@pytest.mark.parametrize(
    ("confidence", "word"),
    [(0.95, "Very likely"), (0.5, "Very likely"), (0.49, "Likely"), (0.25, "Likely"), (0.1, "Perhaps")],
)
def test_confidence_is_said_in_words(app: object, confidence: float, word: str) -> None:
    assert sureness(confidence) == word


def test_two_working_days_overlap_across_the_day_line() -> None:
    assert overlap("Europe/Berlin", "Europe/Berlin") == 8
    assert overlap("Asia/Kolkata", "UTC") == 2.5
    assert overlap("Pacific/Kiritimati", "Pacific/Honolulu") == 8
    assert overlap("", "UTC") == -1


def test_claiming_a_skill_today_is_no_activity(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    with database.unit_of_work(SYSTEM) as session:
        topic_id = next(iter(ensure_topics(session, ["valves"]).values()))
        session.add(Skill(person_id=cast.alice.member_id, topic_id=topic_id))
    assert index.become_writer()
    index.rebuild()
    claimed = as_viewer(cast.carol).get("/experts?q=valves").get_data(as_text=True)
    assert "Alice Example" in claimed
    assert "Last time" not in claimed
    say(database, cast.alice, "Valves want grease")
    assert "Last time <b>today</b>" in as_viewer(cast.carol).get("/experts?q=valves").get_data(as_text=True)
