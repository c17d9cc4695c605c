"""What sockets are told is what the API gives, and says nothing of any one viewer."""

from typing import Any

from flask.testing import FlaskClient

from intranet.kernel.db import Database
from intranet.kernel.reactions import ReactionKind
from intranet.posts import actions
from tests.cast import Cast
from tests.fixtures import AsViewer


def missed(client: FlaskClient) -> list[dict[str, Any]]:
    answer = client.get("/api/v1/events?since=0").json
    assert answer is not None
    return [
        event for event in answer["items"] if event["type"].split(".")[0] in {"post", "comment", "reaction", "person"}
    ]


def test_an_event_carries_what_its_get_gives(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    with database.unit_of_work(cast.alice) as session:
        post = actions.publish_post(session, cast.alice, actions.PostDraft(text="Seen by all #here"))
        comment = actions.add_comment(session, cast.alice, reply_to=post.id, text="And this")
        actions.react(session, cast.alice, post.id, ReactionKind.EYE, is_on=True)
    bob = as_viewer(cast.bob)
    events = {event["type"]: event["data"] for event in missed(bob)}
    assert events["post.published"] == bob.get(f"/api/v1/posts/{post.id}").json
    said = dict(events["comment.added"])
    assert [said.pop(name) for name in ("comment_count", "answer_count", "accepted_answer")] == [1, 1, None]
    assert said == bob.get(f"/api/v1/posts/{comment.id}").json
    assert events["reaction.changed"]["reactions"] == {"eye": 1}
    assert as_viewer(cast.alice).get(f"/api/v1/posts/{post.id}").json == events["post.published"]


def test_a_mention_reaches_the_person_alone(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    with database.unit_of_work(cast.alice) as session:
        actions.publish_post(session, cast.alice, actions.PostDraft(text="@bob, look"))
    assert "person.mentioned" in {event["type"] for event in missed(as_viewer(cast.bob))}
    assert "person.mentioned" not in {event["type"] for event in missed(as_viewer(cast.carol))}


def test_a_deleted_post_is_told_by_its_id_alone(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    with database.unit_of_work(cast.alice) as session:
        post = actions.publish_post(session, cast.alice, actions.PostDraft(text="secret"))
    with database.unit_of_work(cast.alice) as session:
        actions.delete_item(session, cast.alice, post.id)
    told = missed(as_viewer(cast.bob))
    assert [(event["type"], event["data"]) for event in told] == [("post.deleted", {"id": str(post.id)})]


def test_the_groups_events_reach_only_the_group(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    with database.unit_of_work(cast.alice) as session:
        draft = actions.PostDraft(text="Among us", audience_id=cast.group)
        post = actions.publish_post(session, cast.alice, draft)
        actions.add_comment(session, cast.alice, reply_to=post.id, text="Hush")
        actions.react(session, cast.alice, post.id, ReactionKind.EYE, is_on=True)
    assert len(missed(as_viewer(cast.bob))) == 3
    assert missed(as_viewer(cast.carol)) == []
