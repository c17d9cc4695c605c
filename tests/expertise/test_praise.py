"""Praise is evidence for those whom it names, on its topic, for those who may read it; never for its author."""

from flask import Flask

from intranet.expertise.actions import hide_topic
from intranet.expertise.describing import ExpertCard, describe
from intranet.expertise.finding import Answer, Asked, find_experts
from intranet.kernel.audience import EVERYONE
from intranet.kernel.db import Database
from intranet.kernel.viewer import Viewer
from intranet.posts.actions import PostDraft, edit_item, publish_post, restore_item
from intranet.posts.models import PostKind
from intranet.posts.praise.actions import PraiseDraft, decline
from intranet.search import asking
from intranet.search.index import Index
from intranet.search.question import read_question
from intranet.topics.vocabulary import ensure_topics, topic_ids
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer
from tests.search.writing import take_back


def praise(database: Database, by: Viewer, *people: str, text: str, topic: str, to: int = EVERYONE) -> int:
    with database.unit_of_work(by) as session:
        part = PraiseDraft(people=people, topic=topic)
        draft = PostDraft(text=text, kind=PostKind.PRAISE, audience_id=to, praise=part)
        return publish_post(session, by, draft).id


def who(viewer: Viewer, text: str) -> list[int | None]:
    return [expert.person_id for expert in find_experts(viewer, Asked(text)).experts.items]


def told(database: Database, viewer: Viewer, answer: Answer) -> list[ExpertCard]:
    with database.reading(viewer) as session:
        return describe(session, viewer, answer)


def test_the_praised_are_found_and_the_author_is_not(index: Index, app: Flask, database: Database, cast: Cast) -> None:
    post_id = praise(database, cast.alice, "bob", text="Stopped the leak, thanks @carol for calling", topic="valves")
    for words in ("valves", "who stops a leak?", "valves leak"):
        assert who(cast.dana, words) == [cast.bob.id]
    with app.test_request_context():
        card = told(database, cast.dana, find_experts(cast.dana, Asked("valves")))[0]
    proof = card.proofs[0]
    assert (proof.kind, proof.url, proof.signal.value) == ("praise", f"/posts/{post_id}", "endorsed")
    assert "Alice Example" in proof.note
    assert "valves" in proof.note


def test_in_a_group_it_counts_for_its_readers_alone(index: Index, database: Database, cast: Cast) -> None:
    with database.unit_of_work(SYSTEM) as session:
        ensure_topics(session, ["valves"])
    praise(database, cast.alice, "bob", text="Stopped the leak", topic="valves", to=cast.group)
    assert who(cast.alice, "valves") == [cast.bob.id]
    for words in ("valves", "leak"):
        answer = find_experts(cast.carol, Asked(words))
        assert (answer.experts.items, answer.experts.total, answer.experts.people) == ((), 0, ())


def test_evidence_follows_edits_deletion_and_return(index: Index, database: Database, cast: Cast) -> None:
    post_id = praise(database, cast.alice, "bob", text="Stopped the leak", topic="valves")
    with database.unit_of_work(cast.alice) as session:
        edit_item(session, cast.alice, post_id, "Stopped the drip")
    assert (who(cast.dana, "leak"), who(cast.dana, "drip")) == ([], [cast.bob.id])
    take_back(database, cast.alice, post_id)
    assert (who(cast.dana, "drip"), who(cast.dana, "valves")) == ([], [])
    with database.unit_of_work(cast.alice) as session:
        restore_item(session, cast.alice, post_id)
    assert who(cast.dana, "valves") == [cast.bob.id]


def test_whoever_declines_is_not_found_for_it(index: Index, database: Database, cast: Cast) -> None:
    post_id = praise(database, cast.alice, "bob", "carol", text="Stopped the leak", topic="valves")
    with database.unit_of_work(cast.bob) as session:
        decline(session, cast.bob, post_id)
    assert who(cast.dana, "valves") == [cast.carol.id]


def test_a_hidden_topic_shows_no_praise_for_it(index: Index, app: Flask, database: Database, cast: Cast) -> None:
    praise(database, cast.alice, "bob", text="Stopped the leak", topic="valves")
    with database.unit_of_work(cast.bob) as session:
        hide_topic(session, cast.bob, topic_ids(session, ["valves"])["valves"])
    with app.test_request_context():
        cards = told(database, cast.dana, find_experts(cast.dana, Asked("leak")))
    assert [card.proofs for card in cards] in ([], [()])


def test_a_rebuilt_index_says_the_same(index: Index, database: Database, cast: Cast) -> None:
    praise(database, cast.alice, "bob", "carol", text="Stopped the leak", topic="valves")
    gone = praise(database, cast.alice, "dana", text="Stopped the leak too", topic="valves")
    take_back(database, cast.alice, gone)
    before = who(cast.dana, "valves")
    assert index.become_writer()
    index.rebuild()
    assert set(before) == set(who(cast.dana, "valves")) == {cast.bob.id, cast.carol.id}


def test_praise_is_found_once_by_its_words_and_by_its_kind(index: Index, database: Database, cast: Cast) -> None:
    post_id = praise(database, cast.alice, "bob", text="Stopped the leak", topic="valves")
    for line in ("leak", "leak has:praise", "is:praise from:alice"):
        assert [hit.id for hit in asking.search(cast.dana, read_question(line)).hits] == [f"post:{post_id}"], line


def test_the_profile_tells_that_colleagues_say_so(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    praise(database, cast.alice, "bob", text="Stopped the leak", topic="valves")
    page = as_viewer(cast.carol).get("/people/bob/knows").text
    assert "praised by Alice Example" in page
    assert "valves" not in as_viewer(cast.carol).get("/people/alice/knows").text
