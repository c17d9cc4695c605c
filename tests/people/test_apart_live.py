"""What open pages hear across a block: what a page that is asked for anew says, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.chat import actions as chat
from intranet.chat.forwarding.actions import ForwardDraft, forward_message
from intranet.kernel import live
from intranet.kernel.db import Database
from intranet.kernel.hub import Hub
from intranet.kernel.reactions import ReactionKind
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.people.apart.actions import block, mute
from intranet.posts import actions
from intranet.posts.models import PostKind
from intranet.posts.polls.actions import PollDraft, vote
from intranet.posts.polls.models import PollOption
from intranet.questions.actions import accept_answer
from tests.cast import Cast
from tests.fixtures import AsViewer


@dataclass
class Window:
    """An open page of one person: what the line told it, applied to nothing yet."""

    socket: Any
    hub: Hub
    told: list[dict[str, Any]] = field(default_factory=list)

    def hear(self) -> list[dict[str, Any]]:
        while self.hub.step():
            pass
        self.told += [message["args"][0] for message in self.socket.get_received() if message["name"] == "event"]
        return self.told

    def types(self) -> list[str]:
        return [event["type"] for event in self.hear()]


@dataclass(frozen=True)
class Stage:
    """The cast acting, one transaction each, before open windows."""

    app: Flask
    database: Database
    hub: Hub

    def window(self, viewer: Viewer) -> Window:
        while self.hub.step():
            pass
        runtime(self.app).identify = lambda: viewer
        return Window(runtime(self.app).socketio.test_client(self.app), self.hub)

    def do(self, viewer: Viewer, action: Callable[..., Any], *given: Any, **named: Any) -> Any:
        def act(session: Session) -> Any:
            return getattr(action(session, viewer, *given, **named), "id", None)

        return self.database.transact(viewer, act)


@pytest.fixture
def stage(app: Flask, database: Database, cast: Cast) -> Stage:
    made = Stage(app, database, Hub(app))
    made.do(cast.bob, block, cast.alice.member_id, is_on=True)
    made.do(cast.alice, block, cast.dana.member_id, is_on=True)
    return made


def test_counts_that_are_pushed_are_those_of_a_page_asked_for_anew(
    stage: Stage, cast: Cast, as_viewer: AsViewer
) -> None:
    asked = actions.PostDraft(text="Who oils the hinges?", title="Hinges?", kind=PostKind.QUESTION)
    question = stage.do(cast.carol, actions.publish_post, asked)
    windows = {who: stage.window(getattr(cast, who)) for who in ("bob", "carol", "dana")}
    hers = stage.do(cast.alice, actions.add_comment, reply_to=question, text="I do, quartzite")
    stage.do(cast.alice, actions.react, hers, ReactionKind.AGREE, is_on=True)
    stage.do(cast.dana, actions.react, hers, ReactionKind.EYE, is_on=True)
    assert windows["bob"].types() == []
    his = stage.do(cast.carol, actions.add_comment, reply_to=question, text="Nobody, then")
    stage.do(cast.carol, actions.edit_item, his, text="Nobody else, then")
    stage.do(cast.dana, actions.react, question, ReactionKind.EYE, is_on=True)
    stage.do(cast.carol, accept_answer, his)
    expected = {"bob": (1, 1), "carol": (2, 2), "dana": (2, 2)}
    for who, window in windows.items():
        shown = as_viewer(getattr(cast, who)).get(f"/api/v1/posts/{question}").json
        assert shown is not None
        counts = ("comment_count", "answer_count", "accepted_answer")
        assert (shown["comment_count"], shown["answer_count"]) == expected[who]
        last = [event["data"] for event in window.hear() if "comment_count" in event["data"]][-1]
        assert {name: last[name] for name in counts} == {name: shown[name] for name in counts}
    assert windows["bob"].types() == ["comment.added", "comment.edited", "reaction.changed", "answer.accepted"]
    assert str(hers) not in str(windows["bob"].told)
    stage.do(cast.alice, actions.delete_item, hers)
    assert "comment.deleted" not in windows["bob"].types()
    for who in ("carol", "dana"):  # dana moderates: she reads on, whoever blocks her
        assert windows[who].types()[:3] == ["comment.added", "reaction.changed", "reaction.changed"]
        assert windows[who].told[-1]["data"]["comment_count"] == 1


def test_of_a_post_across_a_block_nothing_is_heard_and_of_an_announcement_everything(stage: Stage, cast: Cast) -> None:
    bob = stage.window(cast.bob)
    poll = PollDraft(options=("Tea", "Coffee"))
    post = stage.do(cast.alice, actions.publish_post, actions.PostDraft(text="Pot?", kind=PostKind.POLL, poll=poll))
    with stage.database.reading(cast.carol) as session:
        option = session.scalars(select(PollOption.id).where(PollOption.post_id == post)).first()
    stage.do(cast.carol, vote, post, [option])
    stage.do(cast.alice, actions.edit_item, post, text="Which pot?")
    stage.do(cast.carol, actions.add_comment, reply_to=post, text="The blue one")
    stage.do(cast.alice, actions.delete_item, post)
    assert bob.types() == []
    speaker = Viewer(cast.alice.member_id, cast.dana.roles)
    told = actions.PostDraft(text="Lunch is at noon", kind=PostKind.ANNOUNCEMENT)
    noon = stage.do(speaker, actions.publish_post, told)
    stage.do(cast.carol, actions.add_comment, reply_to=noon, text="Good")
    assert bob.types() == ["post.published", "comment.added"]
    assert bob.told[-1]["data"]["comment_count"] == 1


def test_rooms_tell_nothing_across_a_block(stage: Stage, cast: Cast, as_viewer: AsViewer) -> None:
    room = stage.do(cast.carol, chat.open_room, chat.RoomDraft(name="welding", people=("alice", "bob", "dana")))
    nonces = iter(range(99))

    def say(viewer: Viewer, text: str, **named: Any) -> int:
        draft = chat.MessageDraft(text=text, nonce=f"n{next(nonces)}", **named)
        return int(stage.do(viewer, chat.send_message, room, draft))

    bob, dana = stage.window(cast.bob), stage.window(cast.dana)
    root = say(cast.carol, "Argon?")
    hers = say(cast.alice, "quartzite", root_id=root)
    say(cast.carol, "Thank you", root_id=root)
    stage.do(cast.carol, chat.edit_message, root, text="Argon or helium?")
    stage.do(cast.carol, forward_message, hers, ForwardDraft(conversation_id=room, text="As she says", nonce="f"))
    stage.do(cast.alice, chat.delete_message, hers)
    assert bob.types().count("message.sent") == 3
    assert dana.types().count("message.sent") == 4
    assert "quartzite" not in str(bob.told)
    assert "quartzite" in str(dana.told)
    edited = next(event["data"] for event in bob.told if event["type"] == "message.edited")
    assert edited["replies"]["count"] == 1
    assert "message.deleted" not in bob.types()
    runtime(stage.app).identify = lambda: cast.alice
    alice = runtime(stage.app).socketio.test_client(stage.app)
    alice.emit("chat:typing", {"conversation": str(room)}, callback=True)
    assert "typing" not in {message["name"] for message in bob.socket.get_received()}
    assert "typing" not in {message["name"] for message in dana.socket.get_received()}


def test_news_of_the_muted_pass_by_and_answers_do_not(stage: Stage, cast: Cast) -> None:
    stage.do(cast.bob, mute, cast.carol.member_id, is_on=True)
    bob = stage.window(cast.bob)
    post = stage.do(cast.carol, actions.publish_post, actions.PostDraft(text="Lunch?"))
    stage.do(cast.carol, actions.add_comment, reply_to=post, text="Anybody?")
    assert bob.types() == ["comment.added"]


def test_every_push_of_what_somebody_wrote_says_who_wrote_it() -> None:
    written = {"post_id", "comment_id", "item_id", "message_id"}
    named = {one: {each.name for each in fields(one)} for one in live._presenters}
    wordy = {one for one, names in named.items() if names & written and "audience_id" in names}
    assert len(wordy) > 12
    assert wordy <= live._far_from_writers.keys()
