"""Rising, falling or steady: by a formula that stands on the page, from what everybody can read."""

from datetime import timedelta

import pytest
from flask import Flask

from intranet.groups import actions as groups
from intranet.groups.models import GroupKind
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.ids import new_id
from intranet.kernel.viewer import Role, Viewer
from intranet.posts.actions import PostDraft, publish_post
from intranet.posts.models import Post, PostTopic
from intranet.topics import actions
from intranet.topics.pulse import Pulse, Way, pulses_now
from intranet.topics.vocabulary import ensure_topics
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer


@pytest.mark.parametrize(
    ("weeks", "way"),
    [
        ((0,) * 16, Way.STEADY),
        ((1,) * 16, Way.STEADY),
        ((0,) * 15 + (2,), Way.STEADY),  # two are not enough to speak of
        ((0,) * 15 + (3,), Way.RISING),
        ((1,) * 12 + (2, 1, 2, 1), Way.RISING),  # six where four are usual
        ((1,) * 12 + (2, 1, 1, 1), Way.STEADY),
        ((1,) * 12 + (1, 1, 0, 0), Way.FALLING),
        ((1, 0, 0) * 4 + (0,) * 4, Way.STEADY),  # so little was usual that its end says nothing
    ],
)
def test_the_formula_is_the_one_that_is_told(weeks: tuple[int, ...], way: Way) -> None:
    assert Pulse(weeks).way is way


def test_a_busy_month_lifts_no_topic_above_the_others() -> None:
    usual, busy = (3,) * 12, (6,) * 4
    assert Pulse(usual + busy).way is Way.RISING
    assert Pulse(usual + busy, growth=2.0).way is Way.STEADY
    assert Pulse((3,) * 16, growth=2.0).way is Way.FALLING


def test_mentions_count_in_their_week_and_only_where_everybody_reads(
    app: Flask, database: Database, cast: Cast
) -> None:
    with database.unit_of_work(SYSTEM) as session:
        kafka, merger = ensure_topics(session, ["kafka", "merger"]).values()
        for weeks_ago, topic_id, audience_id in ((0, kafka, 1), (0, kafka, 1), (5, kafka, 1), (40, kafka, 1),
                                                 (0, merger, cast.group)):  # fmt: skip
            item = new_id(clock.now() - timedelta(weeks=weeks_ago, hours=1)) + len(session.new)
            session.add(Post(id=item, author_id=cast.alice.member_id, text="", html="", audience_id=audience_id))
            session.flush()
            session.add(PostTopic(item_id=item, topic_id=topic_id, post_id=item, audience_id=audience_id))
    with app.app_context():
        pulses = pulses_now()
    assert pulses.of(kafka).weeks == (0,) * 10 + (1, 0, 0, 0, 0, 2)
    assert pulses.of(merger).recent == 0
    assert pulses.risers == []


def test_rising_topics_come_first_where_one_asks_for_them(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    with database.unit_of_work(cast.bob) as session:
        for name in ("amber", "kafka", "valves"):
            ensure_topics(session, [name])
        actions.follow_topic(session, cast.bob, ensure_topics(session, ["amber"])["amber"])
        for number in range(4):
            publish_post(session, cast.bob, PostDraft(text=f"#valves stick, number {number}"))
    page = as_viewer(cast.carol).get("/topics?order=rising").text
    assert page.index('href="/topics/valves"') < page.index('href="/topics/amber"') < page.index('href="/topics/kafka"')
    assert page.count('data-way="rising"') == 1
    topic = as_viewer(cast.carol).get("/topics/valves").text
    assert "Named 4 times in the last 4 weeks; usually 0" in topic


def test_a_rename_moves_the_address_and_old_links_follow(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    steward = Viewer(cast.dana.id, frozenset({Role.MEMBER, Role.STEWARD}))
    with database.unit_of_work(cast.alice) as session:
        publish_post(session, cast.alice, PostDraft(text="Pods die in #k8s"))
    dana = as_viewer(steward)
    taken = dana.post("/topics/k8s/edit", data={"name": "Kubernetes", "synonyms": "kube\ncontainers"})
    assert taken.location == "/topics/kubernetes"
    for old in ("k8s", "kube"):
        for part in ("", "/posts", "/followers"):
            answer = as_viewer(cast.carol).get(f"/topics/{old}{part}")
            assert (answer.status_code, answer.location) == (301, f"/topics/kubernetes{part}")
    with database.unit_of_work(cast.alice) as session:
        publish_post(session, cast.alice, PostDraft(text="Still in #kubernetes and #k8s"))
    page = as_viewer(cast.carol).get("/topics/kubernetes").text
    assert "Pods die" in page
    assert "Still in" in page
    # Back to one of its other names: the address it had becomes one of them.
    assert as_viewer(steward).post("/topics/kubernetes/edit", data={"name": "kube"}).location == "/topics/kube"
    assert as_viewer(cast.carol).get("/topics/kubernetes").location == "/topics/kube"


def test_a_rename_takes_no_other_topics_name(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    with database.unit_of_work(cast.alice) as session:
        ensure_topics(session, ["k8s", "kubernetes"])
    refused = as_viewer(cast.dana).post("/topics/k8s/edit", data={"name": "Kubernetes"})
    assert refused.status_code == 422
    assert "merge the two" in refused.text
    assert 'value="Kubernetes"' in refused.text


def test_a_merge_is_shown_in_numbers_before_it_happens(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    with database.unit_of_work(cast.alice) as session:
        publish_post(session, cast.alice, PostDraft(text="#k8s here, #k8s there"))
        short, long = ensure_topics(session, ["k8s", "kubernetes"]).values()
        for topic_id in (short, long):
            actions.follow_topic(session, cast.alice, topic_id)
    dana = as_viewer(cast.dana)
    page = dana.get("/topics/k8s/merge?into=Kubernetes")
    assert "1 person follows both and follows one." in page.text
    assert "It cannot be undone" in page.text
    assert as_viewer(cast.carol).get("/topics/k8s").status_code == 200  # looking changes nothing
    for into, words in (("", "No topic is called that."), ("k8s", "That is the same topic.")):
        wrong = as_viewer(cast.dana).get("/topics/k8s/merge", query_string={"into": into})
        assert wrong.status_code == 422
        assert words in wrong.text
    assert as_viewer(cast.carol).get("/topics/k8s/merge?into=kubernetes").status_code == 403


def test_groups_where_it_is_talked_about_are_those_the_reader_may_read(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    for name, kind in (("Streams", GroupKind.OPEN), ("Vault", GroupKind.CLOSED)):
        with database.unit_of_work(cast.alice) as session:
            group = groups.found_group(session, cast.alice, groups.GroupDraft(name=name, kind=kind))
            publish_post(session, cast.alice, PostDraft(text="#kafka", audience_id=group.id))
    assert "Where it is talked about" in as_viewer(cast.carol).get("/topics/kafka").text
    assert "Vault" in as_viewer(cast.alice).get("/topics/kafka").text
    assert "Vault" not in as_viewer(cast.carol).get("/topics/kafka").text
