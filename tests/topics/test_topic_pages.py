"""Topics in the browser, with and without script."""

import pytest

from intranet.kernel.db import Database
from intranet.topics.actions import claim_skill, describe_topic, follow_topic
from intranet.topics.vocabulary import ensure_topics
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer


@pytest.fixture
def kafka(database: Database, cast: Cast) -> int:
    """A described topic that alice claims."""
    with database.unit_of_work(cast.alice) as session:
        topic_id = claim_skill(session, cast.alice, "kafka")
    with database.unit_of_work(cast.dana) as session:
        describe_topic(
            session, cast.dana, topic_id, name="Kafka", description="The <b>stream</b>", synonyms=["event bus"]
        )
    return topic_id


def test_a_topic_page_tells_who_knows_it(cast: Cast, kafka: int, as_viewer: AsViewer) -> None:
    page = as_viewer(cast.bob).get("/topics/kafka")
    assert page.status_code == 200
    for words in ("Kafka", "The &lt;b&gt;stream&lt;/b&gt;", "event bus", "Alice Example", "1 person is named for it"):
        assert words in page.text


def test_a_synonym_s_address_leads_to_the_topic(cast: Cast, kafka: int, as_viewer: AsViewer) -> None:
    answer = as_viewer(cast.bob).get("/topics/event-bus")
    assert (answer.status_code, answer.location) == (301, "/topics/kafka")
    assert as_viewer(cast.bob).get("/topics/nothing").status_code == 404


def test_following_a_topic_puts_it_into_the_navigation(cast: Cast, kafka: int, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.bob)
    assert "Topics you follow" not in client.get("/topics").text
    assert client.post("/topics/kafka/follow").status_code == 303
    assert "Topics you follow" in client.get("/topics").text
    answer = client.post("/topics/kafka/unfollow", headers={"X-Fragment": "1"}).get_json()
    assert answer == {"is_followed": False, "words": "0 followers"}
    pressed = client.post("/topics/kafka/follow", data={"next": "/search?q=kafka"})
    assert pressed.location == "/search?q=kafka"  # where the button stood


def test_the_directory_is_searched_and_sorted(database: Database, cast: Cast, kafka: int, as_viewer: AsViewer) -> None:
    with database.unit_of_work(cast.bob) as session:
        for name in ("Kanban", "Rust"):
            topic_id = claim_skill(session, cast.bob, name)
            if name == "Rust":
                follow_topic(session, cast.bob, topic_id)
    client = as_viewer(cast.bob)

    def order(address: str) -> list[str]:
        page = client.get(address, headers={"X-Fragment": "1"}).text
        return sorted(
            (name for name in ("Kafka", "Kanban", "Rust") if f"<bdi>{name}<" in page),
            key=lambda name: page.index(f"<bdi>{name}<"),
        )

    assert order("/topics")[0] == "Rust"
    assert order("/topics?order=name") == ["Kafka", "Kanban", "Rust"]
    assert order("/topics?q=bus") == ["Kafka"]
    assert order("/topics?q=%25") == []
    assert client.get("/topics?order=<script>").status_code == 200


def test_all_topics_are_reached_page_by_page(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    with database.unit_of_work(SYSTEM) as session:
        ensure_topics(session, [f"word {number:03}" for number in range(95)])
    client = as_viewer(cast.bob)
    for order in ("followed", "rising", "name"):
        address, seen = f"/topics?order={order}", []
        while address:
            page = client.get(address, headers={"X-Fragment": "1"}).text
            seen += [part.split('"')[0] for part in page.split('class="strong" href="/topics/')[1:]]
            rest = page.split('rel="next"')
            address = rest[1].split('href="')[1].split('"')[0].replace("&amp;", "&") if len(rest) > 1 else ""
        assert len(seen) == len(set(seen)) == 95, order


def test_claiming_and_dropping_by_plain_forms(cast: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.alice)
    assert client.post("/skills", data={"topic": "time zones"}).location == "/people/alice"
    assert "time zones" in client.get("/people/alice").text
    assert client.post("/skills/time-zones/drop").location == "/people/alice"
    assert "time zones" not in client.get("/people/alice").text


def test_a_claim_that_cannot_be_taken_comes_back_with_the_reason(cast: Cast, as_viewer: AsViewer) -> None:
    answer = as_viewer(cast.alice).post("/skills", data={"topic": "<<>>"})
    assert answer.status_code == 422
    assert 'id="claim-error"' in answer.text
    assert 'value="&lt;&lt;&gt;&gt;"' in answer.text


def test_vouching_by_a_plain_form_shows_the_reason(cast: Cast, kafka: int, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.bob)
    assert 'name="reason"' in client.get("/people/alice/skills/kafka").text
    answer = client.post("/people/alice/vouch", data={"topic": "kafka", "reason": "Fixed <i>it</i>"})
    assert answer.location == "/people/alice/skills/kafka"
    page = client.get("/people/alice/skills/kafka").text
    assert "Fixed &lt;i&gt;it&lt;/i&gt;" in page
    assert "Take it back" in page
    refused = client.post("/people/alice/vouch", data={"topic": "kafka", "reason": "x" * 501})
    assert refused.status_code == 422
    assert "x" * 501 in refused.text
    assert client.post("/people/bob/vouch", data={"topic": "kafka", "reason": "I am great"}).status_code == 403


def test_one_can_vouch_for_a_word_that_is_not_there_yet(cast: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.bob)
    form = client.get("/people/alice/vouch?topic=Glass%20blowing")
    assert form.status_code == 200
    assert "Glass blowing" in form.text
    client.post("/people/alice/vouch", data={"topic": "Glass blowing", "reason": "Made my vase"})
    assert "Glass blowing" in client.get("/people/alice").text
    assert client.get("/people/alice/vouch?topic=glass-blowing").location == "/people/alice/skills/glass-blowing"


def test_vouching_for_everybody_at_once_is_slowed_down(cast: Cast, kafka: int, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.bob)
    answers = [
        client.post("/people/alice/vouch", data={"topic": f"topic {number}", "reason": "Yes"}).status_code
        for number in range(31)
    ]
    assert answers[:30] == [303] * 30
    assert answers[30] == 429


def test_only_stewards_reach_the_edit_page(cast: Cast, kafka: int, as_viewer: AsViewer) -> None:
    assert as_viewer(cast.bob).get("/topics/kafka/edit").status_code == 403
    client = as_viewer(cast.dana)
    assert client.get("/topics/kafka/edit").status_code == 200
    answer = client.post("/topics/kafka/edit", data={"name": "", "description": "kept words", "synonyms": ""})
    assert answer.status_code == 422
    assert "kept words" in answer.text
    good = {"name": "Kafka", "description": "Better", "synonyms": "event bus\nbroker"}
    assert client.post("/topics/kafka/edit", data=good).status_code == 303
    assert "Better" in client.get("/topics/kafka").text


def test_suggestions_come_while_typing(cast: Cast, kafka: int, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.bob)
    assert [item["slug"] for item in client.get("/api/v1/suggestions/topics?q=KA").get_json()["items"]] == ["kafka"]
    assert client.get("/api/v1/suggestions/topics?q=").get_json()["items"] == []
    assert client.get("/api/v1/suggestions/topics", query_string={"q": "x" * 10_000}).get_json()["items"] == []
