"""Two words for one thing become one topic, and nothing that hung on either is lost."""

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.kernel import jobs
from intranet.kernel.audience import EVERYONE
from intranet.kernel.db import Database
from intranet.kernel.errors import Invalid, Refused
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Role, Viewer
from intranet.people.models import Follow
from intranet.posts import merging as posts_merging
from intranet.posts.actions import PostDraft, publish_post
from intranet.posts.models import PostTopic
from intranet.search.index import index_of
from intranet.topics import actions
from intranet.topics.directory import topic_by_slug
from intranet.topics.merging import merge_topic
from intranet.topics.models import Endorsement, HiddenTopic, Skill, Topic
from intranet.topics.vocabulary import topic_ids
from search_index.hits import SearchQuery
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer


@pytest.fixture
def steward(cast: Cast) -> Viewer:
    return Viewer(cast.dana.id, frozenset({Role.MEMBER, Role.STEWARD}))


def finish(database: Database) -> None:
    while jobs.run_due(database):
        pass


def post(database: Database, viewer: Viewer, text: str) -> int:
    with database.unit_of_work(viewer) as session:
        return publish_post(session, viewer, PostDraft(text=text)).id


def ids(database: Database, *names: str) -> list[int]:
    with database.reading(SYSTEM) as session:
        found = topic_ids(session, names)
        return [found[name] for name in names]


def test_everything_goes_to_the_one_that_stays(database: Database, cast: Cast, steward: Viewer) -> None:
    posts = [post(database, cast.alice, text) for text in ("#k8s is down", "#kubernetes is up", "#k8s and #kubernetes")]
    short, long = ids(database, "k8s", "kubernetes")
    with database.unit_of_work(cast.alice) as session:
        actions.follow_topic(session, cast.alice, short)
        actions.claim_skill(session, cast.alice, "k8s")
        session.add(HiddenTopic(person_id=cast.alice.id, topic_id=short))
    with database.unit_of_work(cast.bob) as session:
        actions.follow_topic(session, cast.bob, short)
        actions.follow_topic(session, cast.bob, long)
        actions.endorse(session, cast.bob, cast.alice.member_id, short, reason="saved us at night")
    with database.unit_of_work(steward) as session:
        merge_topic(session, steward, short, "Kubernetes")
    finish(database)
    with database.reading(SYSTEM) as session:
        assert session.get(Topic, short) is None
        assert topic_by_slug(session, "k8s").id == long
        assert session.get_one(Topic, long).follower_count == 2
        assert set(session.scalars(select(PostTopic.item_id).where(PostTopic.topic_id == long))) == set(posts)
        assert {row.follower_id for row in session.scalars(select(Follow))} == {cast.alice.id, cast.bob.id}
        assert [row.topic_id for row in session.scalars(select(Skill))] == [long]
        assert [row.topic_id for row in session.scalars(select(HiddenTopic))] == [long]
        assert [(row.topic_id, row.reason) for row in session.scalars(select(Endorsement))] == [
            (long, "saved us at night")
        ]


def test_a_topic_of_many_posts_moves_in_steps(
    database: Database, cast: Cast, steward: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posts_merging, "STEP", 2)
    posts = [post(database, cast.alice, f"#k8s number {number}") for number in range(5)]
    post(database, cast.alice, "#kubernetes")
    short, long = ids(database, "k8s", "kubernetes")
    with database.unit_of_work(steward) as session:
        merge_topic(session, steward, short, "kubernetes")
    assert jobs.run_due(database) == 1
    with database.reading(SYSTEM) as session:
        assert session.get(Topic, short) is not None  # each post stands under one of the two meanwhile
    finish(database)
    with database.reading(SYSTEM) as session:
        assert set(posts) <= set(session.scalars(select(PostTopic.item_id).where(PostTopic.topic_id == long)))
        assert session.get(Topic, short) is None


def test_only_stewards_merge_and_only_into_another_topic(database: Database, cast: Cast, steward: Viewer) -> None:
    post(database, cast.alice, "#k8s")
    (short,) = ids(database, "k8s")
    with pytest.raises(Refused), database.unit_of_work(cast.alice) as session:
        merge_topic(session, cast.alice, short, "k8s")
    for name in ("k8s", "nothing", ""):
        with pytest.raises(Invalid), database.unit_of_work(steward) as session:
            merge_topic(session, steward, short, name)


def test_the_steward_finds_it_on_the_page_and_old_addresses_lead_on(
    database: Database, cast: Cast, steward: Viewer, as_viewer: AsViewer
) -> None:
    post(database, cast.alice, "#k8s and #kubernetes")
    browser = as_viewer(steward)
    wrong = browser.post("/topics/k8s/merge", data={"into": "nothing"})
    assert (wrong.status_code, "nothing" in wrong.text) == (422, True)
    assert browser.post("/topics/k8s/merge", data={"into": "kubernetes"}).location == "/topics/kubernetes"
    finish(database)
    assert browser.get("/topics/k8s").location == "/topics/kubernetes"
    assert as_viewer(cast.alice).post("/topics/kubernetes/merge", data={"into": "x"}).status_code == 403


def test_the_index_keeps_nothing_of_the_word_that_gave_way(app: Flask, cast: Cast, steward: Viewer) -> None:
    database = runtime(app).database
    post(database, cast.alice, "#k8s is down")
    post(database, cast.bob, "#kubernetes")
    short, _long = ids(database, "k8s", "kubernetes")
    with database.unit_of_work(cast.alice) as session:
        actions.claim_skill(session, cast.alice, "k8s")
    with app.app_context():
        assert index_of(app).ask(lambda engine: engine.search(SearchQuery("k8s", frozenset({EVERYONE})))).total == 3
    with database.unit_of_work(steward) as session:
        merge_topic(session, steward, short, "kubernetes")
    finish(database)
    with app.app_context():
        hits = index_of(app).ask(lambda engine: engine.search(SearchQuery("", frozenset({EVERYONE}), limit=50))).items
    kinds = sorted(hit.kind for hit in hits)
    assert kinds.count("topic") == 1
    assert kinds.count("skill") == 1
