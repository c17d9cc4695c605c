"""What it knows about me: all of it, with proofs, and each wish effective at once."""

import re

import pytest
from flask.testing import FlaskClient

from intranet.expertise.actions import stop_questions, welcome_questions
from intranet.expertise.finding import Asked, find_experts
from intranet.expertise.knowing.looking import PAGE, look_at
from intranet.expertise.knowing.unasked import not_to_be_asked
from intranet.kernel.db import Database
from intranet.kernel.errors import NotFound
from intranet.search.index import Index
from intranet.topics.actions import describe_topic
from intranet.topics.models import Skill
from intranet.topics.vocabulary import ensure_topics
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer, Queries
from tests.search.writing import say, take_back


def topics(database: Database, *names: str) -> list[int]:
    with database.unit_of_work(SYSTEM) as session:
        return list(ensure_topics(session, names).values())


def shown(client: FlaskClient, address: str = "/settings/known") -> list[str]:
    page = client.get(address).get_data(as_text=True)
    return re.findall(r'class="known-name"><b><bdi>([^<]+)</bdi>', page)


def test_a_topic_is_known_from_words_alone_and_by_its_other_names(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    (valves,) = topics(database, "relief valves")
    with database.unit_of_work(cast.dana) as session:
        describe_topic(session, cast.dana, valves, name="relief valves", description="", synonyms=["safety taps"])
    say(database, cast.alice, "The relief valves want grease")
    say(database, cast.bob, "Our safety taps leak")
    say(database, cast.carol, "Taps are cheap; safety first")
    assert shown(as_viewer(cast.alice)) == ["relief valves"]
    assert shown(as_viewer(cast.bob)) == ["relief valves"]
    assert shown(as_viewer(cast.carol)) == []
    assert "1 text in words" in as_viewer(cast.alice).get("/settings/known").get_data(as_text=True)


def test_what_is_listed_is_what_the_finder_says(index: Index, database: Database, cast: Cast) -> None:
    topics(database, "valves", "pumps")
    for number in range(4):
        say(database, cast.alice, f"valves and pumps {number} #valves")
        say(database, cast.bob, f"something else {number}")
    looked = look_at(cast.alice, cast.alice.member_id)
    assert {known.topic for known in looked.knows.items} == {"valves", "pumps"}
    for known in looked.knows.items:
        answer = find_experts(cast.carol, Asked(known.name, limit=1))
        assert answer.experts.items == (known.expert,)


def test_a_new_topic_and_a_new_name_are_known_at_once(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    say(database, cast.alice, "Sluices are my life; weirs too")
    assert shown(as_viewer(cast.alice)) == []
    (sluices,) = topics(database, "sluices")
    assert shown(as_viewer(cast.alice)) == ["sluices"]
    with database.unit_of_work(cast.dana) as session:
        describe_topic(session, cast.dana, sluices, name="weirs", description="", synonyms=[])
    assert shown(as_viewer(cast.alice)) == ["weirs"]


def test_a_deleted_text_is_no_proof_any_more(index: Index, database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    topics(database, "valves")
    post = say(database, cast.alice, "valves")
    assert shown(as_viewer(cast.alice)) == ["valves"]
    take_back(database, cast.alice, post)
    assert shown(as_viewer(cast.alice)) == []


def test_an_outsider_sees_no_topic_that_only_a_closed_group_proves(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    topics(database, "merger", "valves")
    for number in range(5):
        say(database, cast.carol, f"something else {number}")
    say(database, cast.alice, "valves")
    say(database, cast.alice, "the merger goes on", audience_id=cast.group)
    assert shown(as_viewer(cast.carol), "/people/alice/knows") == ["valves"]
    assert set(shown(as_viewer(cast.bob), "/people/alice/knows")) == {"merger", "valves"}
    assert set(shown(as_viewer(cast.alice))) == {"merger", "valves"}
    assert "merger" not in as_viewer(cast.carol).get("/people/alice/knows").get_data(as_text=True)


def test_others_are_not_told_what_everybody_writes_about_and_the_person_is(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    topics(database, "lunch")
    for viewer in (cast.alice, cast.bob, cast.carol):
        for number in range(3):
            say(database, viewer, f"lunch {number}")
    assert shown(as_viewer(cast.carol), "/people/alice/knows") == []
    assert shown(as_viewer(cast.alice)) == ["lunch"]
    assert "no more than everybody does" in as_viewer(cast.alice).get("/settings/known").get_data(as_text=True)


def test_many_topics_come_in_pages(index: Index, database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    names = [f"craft{number:02}" for number in range(PAGE + 5)]
    with database.unit_of_work(SYSTEM) as session:
        for topic_id in ensure_topics(session, names).values():
            session.add(Skill(person_id=cast.alice.member_id, topic_id=topic_id))
    assert index.become_writer()
    index.rebuild()
    client = as_viewer(cast.alice)
    first, second = shown(client), shown(client, "/settings/known?page=2")
    assert (len(first), len(second)) == (PAGE, 5)
    assert sorted([*first, *second]) == names
    assert 'rel="next"' in client.get("/settings/known").get_data(as_text=True)
    assert "No more topics" in client.get("/settings/known?page=9").get_data(as_text=True)
    changed = client.post(f"/settings/known/topics/{topics(database, second[0])[0]}", data={"shown": "0", "page": "2"})
    assert re.fullmatch(r"/settings/known\?page=2#topic-\d+", changed.location)


def test_it_reads_in_few_statements_however_many_topics(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer, queries: Queries
) -> None:
    for number in range(15):
        say(database, cast.alice, f"about #craft{number} and #valves")
    client = as_viewer(cast.alice)
    client.get("/settings/known")
    with queries(40):
        client.get("/settings/known")


@pytest.fixture
def unasked(index: Index, database: Database, cast: Cast) -> int:
    """Alice knows valves and pumps, and is not to be asked about valves."""
    valves, _pumps = topics(database, "valves", "pumps")
    say(database, cast.alice, "valves and pumps")
    with database.unit_of_work(cast.alice) as session:
        stop_questions(session, cast.alice, valves)
    return valves


def test_who_does_not_want_to_be_asked_is_named_and_not_offered(
    unasked: int, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    client = as_viewer(cast.carol)
    for address in ("/experts?q=valves", "/experts/top?q=valves", "/experts/compare?q=valves&people=alice&people=bob"):
        page = client.get(address, headers={"X-Fragment": "1"} if "top" in address else {}).get_data(as_text=True)
        assert "Alice Example" in page, address
        assert "ask=alice" not in page, address
    assert "ask=alice" in client.get("/experts?q=pumps").get_data(as_text=True)
    asked = client.get("/experts/ask?q=valves&people=alice&people=bob")
    assert "alice" not in asked.location
    assert "bob" in asked.location
    with database.unit_of_work(cast.alice) as session:
        welcome_questions(session, cast.alice, unasked)
    assert "ask=alice" in as_viewer(cast.carol).get("/experts?q=valves").get_data(as_text=True)


def test_the_wish_is_kept_under_every_name_of_the_topic(unasked: int, database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.dana) as session:
        describe_topic(session, cast.dana, unasked, name="valves", description="", synonyms=["taps"])
    people = [cast.alice.member_id, cast.bob.member_id]
    with database.reading(cast.carol) as session:
        assert not_to_be_asked(session, "who repairs taps?", people) == {cast.alice.member_id}
        assert not_to_be_asked(session, "who repairs pumps?", people) == frozenset()
        assert not_to_be_asked(session, "", people) == frozenset()


def test_the_person_says_so_with_a_button_and_takes_it_back(
    unasked: int, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    client = as_viewer(cast.alice)
    assert "nobody is offered to ask you" in client.get("/settings/known").get_data(as_text=True)
    address = f"/settings/known/topics/{unasked}/questions"
    assert client.post(address, data={"welcome": "1"}).status_code == 302
    assert "nobody is offered to ask you" not in client.get("/settings/known").get_data(as_text=True)
    client.post(address, data={"welcome": "0"})
    assert "nobody is offered to ask you" in client.get("/settings/known").get_data(as_text=True)
    assert client.post(address, data={"welcome": "x"}).status_code == 422
    assert client.post("/settings/known/topics/12345/questions", data={"welcome": "0"}).status_code == 404


def test_a_wish_about_a_topic_that_is_not_there_is_refused(index: Index, database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.alice) as session, pytest.raises(NotFound):
        stop_questions(session, cast.alice, 12345)
