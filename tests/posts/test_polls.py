"""Polls count each voter once, keep secrets, and are for those who may read them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from intranet.kernel import clock
from intranet.kernel.audience import EVERYONE
from intranet.kernel.db import Database
from intranet.kernel.errors import Invalid, NotFound, Refused
from intranet.kernel.viewer import Viewer
from intranet.posts import queries
from intranet.posts.actions import PostDraft, publish_post
from intranet.posts.events import PollVoted
from intranet.posts.models import PostKind
from intranet.posts.polls.actions import PollDraft, vote
from intranet.posts.polls.models import OpenVote
from intranet.posts.polls.queries import PollCard
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer

DAYS = ("Monday", "Tuesday", "never")


def asked(database: Database, viewer: Viewer, *, to: int = EVERYONE, **rules: Any) -> int:
    poll = PollDraft(options=DAYS, **rules)
    with database.unit_of_work(viewer) as session:
        draft = PostDraft(text="When do we freeze?", kind=PostKind.POLL, audience_id=to, poll=poll)
        return publish_post(session, viewer, draft).id


def seen(database: Database, viewer: Viewer, post_id: int) -> PollCard:
    with database.reading(viewer) as session:
        poll = queries.post_card(session, viewer, post_id).poll
        assert poll is not None
        return poll


def choose(database: Database, viewer: Viewer, post_id: int, *places: int) -> None:
    options = [seen(database, SYSTEM, post_id).options[place].id for place in places]
    with database.unit_of_work(viewer) as session:
        vote(session, viewer, post_id, options)


def test_a_second_vote_in_an_open_poll_replaces_the_first(database: Database, cast: Cast) -> None:
    post_id = asked(database, cast.alice)
    choose(database, cast.bob, post_id, 0)
    choose(database, cast.bob, post_id, 1)
    choose(database, cast.carol, post_id, 1)
    poll = seen(database, cast.bob, post_id)
    assert [(one.votes, one.share, one.is_mine) for one in poll.options] == [
        (0, 0, False),
        (2, 100, True),
        (0, 0, False),
    ]
    assert poll.voters == 2


def test_several_answers_only_where_the_rules_say_so(database: Database, cast: Cast) -> None:
    one, many = asked(database, cast.alice), asked(database, cast.alice, is_multiple=True)
    with pytest.raises(Invalid):
        choose(database, cast.bob, one, 0, 1)
    choose(database, cast.bob, many, 0, 1)
    poll = seen(database, cast.bob, many)
    assert (poll.voters, [option.votes for option in poll.options]) == (1, [1, 1, 0])


def test_a_secret_poll_stores_no_choice_and_hides_a_small_split(database: Database, cast: Cast) -> None:
    post_id = asked(database, cast.alice, is_secret=True)
    choose(database, cast.bob, post_id, 0)
    with pytest.raises(Refused):
        choose(database, cast.bob, post_id, 1)
    with database.reading(SYSTEM) as session:
        assert session.scalars(select(OpenVote)).all() == []
    poll = seen(database, cast.alice, post_id)
    assert (poll.voters, [option.votes for option in poll.options]) == (1, [0, 0, 0])
    assert "1" not in str([option["votes"] for option in poll.as_json()["options"]])


def test_nobody_votes_after_the_end(database: Database, cast: Cast) -> None:
    post_id = asked(database, cast.alice, closes_at=clock.now() + timedelta(hours=1))
    with clock.fixed(clock.now() + timedelta(hours=2)), pytest.raises(Refused):
        choose(database, cast.bob, post_id, 0)


def test_a_poll_of_a_group_is_missing_for_carol(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    post_id = asked(database, cast.alice, to=cast.group)
    option = seen(database, SYSTEM, post_id).options[0].id
    carol = as_viewer(cast.carol)
    assert carol.post(f"/posts/{post_id}/vote", data={"option": str(option)}).status_code == 404
    assert carol.get(f"/posts/{post_id}/votes").status_code == 404


def test_an_answer_of_another_poll_is_none_of_this_one(database: Database, cast: Cast) -> None:
    first, second = asked(database, cast.alice), asked(database, cast.alice)
    other = seen(database, SYSTEM, second).options[0].id
    with pytest.raises(NotFound), database.unit_of_work(cast.bob) as session:
        vote(session, cast.bob, first, [other])


@pytest.mark.parametrize("options", [(), ("one",), ("same", "Same"), ("x" * 201, "y"), tuple("abcdefghi"), ("", " ")])
def test_a_poll_needs_answers_that_can_be_told_apart(database: Database, cast: Cast, options: tuple[str, ...]) -> None:
    draft = PostDraft(text="?", kind=PostKind.POLL, poll=PollDraft(options=options))
    with pytest.raises(Invalid) as caught, database.unit_of_work(cast.alice) as session:
        publish_post(session, cast.alice, draft)
    assert list(caught.value.fields) == ["options"]


def test_the_composer_makes_a_poll_and_loses_nothing_on_a_mistake(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    alice = as_viewer(cast.alice)
    wrong = alice.post("/posts", data={"text": "When?", "kind": "poll", "option1": "Monday morning"})
    assert (wrong.status_code, "Monday morning" in wrong.text) == (422, True)
    good = {
        "text": "When?",
        "kind": "poll",
        "option1": "Monday",
        "option2": "Tuesday",
        "names": "secret",
        "closes_in": "7",
    }
    assert alice.post("/posts", data=good).status_code == 303
    page = as_viewer(cast.bob).get("/?view=everyone").text
    assert "Tuesday" in page
    assert "nobody sees who voted how" in page


def test_the_page_and_the_api_vote_and_tell(
    database: Database, cast: Cast, as_viewer: AsViewer, happens: Callable[..., list[object]]
) -> None:
    made = as_viewer(cast.alice).post(
        "/api/v1/posts", json={"text": "When?", "kind": "poll", "options": ["a", "b"], "multiple": True}
    )
    post_id = int(made.get_json()["id"])
    option = int(made.get_json()["poll"]["options"][1]["id"])
    assert happens(cast.bob, lambda session: vote(session, cast.bob, post_id, [option])) == [
        PollVoted(post_id, EVERYONE)
    ]
    fresh = as_viewer(cast.carol).post(
        f"/posts/{post_id}/vote", data={"option": str(option)}, headers={"X-Fragment": "1"}
    )
    assert "2 have voted" in fresh.text
    assert "Bob Example" in as_viewer(cast.dana).get(f"/posts/{post_id}/votes").text
