"""Twin worlds: the same company to the letter, and in one of them things that an outsider must not notice.

Both begin as copies of one data folder, so every public row has the same id in both. The clock stands still.
"""

import shutil
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, Request
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import ImmutableMultiDict

from intranet import create_app
from intranet.accounts.models import ApiToken
from intranet.accounts.sessions import token_hash
from intranet.articles.actions import ArticleDraft, promote
from intranet.articles.forms import USUALLY, today
from intranet.articles.voices.actions import say
from intranet.articles.voices.models import Says
from intranet.config import Settings
from intranet.files.actions import put_on_shelf, receive
from intranet.groups import actions as groups
from intranet.groups.models import Group, GroupKind
from intranet.kernel import clock, jobs, outbox
from intranet.kernel.db import Database
from intranet.kernel.reactions import ReactionKind
from intranet.kernel.runtime import runtime
from intranet.kernel.tables import Base
from intranet.kernel.viewer import Role, Viewer
from intranet.notifications.push.keys import public_key
from intranet.people.actions import follow_person
from intranet.posts import actions as posts
from intranet.posts.models import PostKind
from intranet.posts.polls.actions import PollDraft, vote
from intranet.posts.polls.models import PollOption
from intranet.questions.actions import accept_answer, follow_question
from intranet.search.index import index_of
from intranet.search.narrowing import Narrowing
from intranet.search.question import read_question
from intranet.search.saved.actions import SavedDraft, save_search
from intranet.topics.actions import claim_skill
from tests.applications import make_tables
from tests.architecture.stage import SECRET, Stage, guarded_models
from tests.cast import SYSTEM, Cast, add_person, bring_on

CANARY = SECRET.rsplit(" ", maxsplit=1)[-1]
TOKEN = "a program of somebody who has left"


class ListeningArguments(ImmutableMultiDict[str, str]):
    """A query string that remembers what it was asked for: how the test learns which arguments a page takes."""

    asked: set[str] = set()  # shared on purpose: one request at a time

    def __getitem__(self, key: str) -> Any:
        self.asked.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)

    def get(self, key: str, *rest: Any, **more: Any) -> Any:
        self.asked.add(key)
        return super().get(key, *rest, **more)

    def getlist(self, key: str, *rest: Any, **more: Any) -> list[Any]:
        self.asked.add(key)
        return super().getlist(key, *rest, **more)


class ListeningRequest(Request):
    """What reads its arguments is noted."""

    parameter_storage_class = ListeningArguments


@dataclass(slots=True)
class People:
    """Who asks: ``frank`` was in the groups once."""

    cast: Cast
    frank: Viewer


@dataclass(slots=True)
class Things:
    """What URLs can name, by the noun of their argument: secret things first, then public ones."""

    secret: dict[str, list[str]] = field(default_factory=dict)
    public: dict[str, list[str]] = field(default_factory=dict)
    referred: dict[str, Any] = field(default_factory=dict)

    def add(self, noun: str, *names: object) -> None:
        self.secret.setdefault(noun, []).extend(str(name) for name in names)

    def show(self, noun: str, *names: object) -> None:
        self.public.setdefault(noun, []).extend(str(name) for name in names)


class World:
    """One company, served. What is done to it while outsiders knock is not kept."""

    def __init__(self, folder: Path, database_url: str = "") -> None:
        self.folder = folder
        settings = Settings(data=folder, database_url=database_url, async_mode="threading", secret_key="only for tests")
        self.app: Flask = create_app(settings)
        self.app.config["TESTING"] = False
        self.app.config["WTF_CSRF_ENABLED"] = False
        self.app.request_class = ListeningRequest
        self.database: Database = runtime(self.app).database
        self.identify = runtime(self.app).identify

    def settle(self) -> None:
        """Have every subscriber and job do its work; the index follows by itself when it is asked."""
        with self.app.app_context():
            for _ in range(3):
                for subscriber in outbox.subscribers():
                    outbox.drain(self.database, subscriber, "here")
                jobs.run_due(self.database)

    def keep_nothing(self) -> None:
        """From here on every change is rolled back, so that knocking leaves no trace."""
        keep = self.database.transact

        def forget(viewer: Viewer, action: Any, **more: Any) -> Any:
            return keep(viewer, action, **{**more, "keep": lambda _result: False})

        self.database.transact = forget  # type: ignore[method-assign]  # the point

    def become(self, viewer: Viewer | None) -> None:
        """Who asks from here on; None leaves it to the request's own proof."""
        runtime(self.app).identify = self.identify if viewer is None else lambda: viewer

    def close(self) -> None:
        with self.app.app_context():
            index_of(self.app).close()
        self.database.engine.dispose()

    def count_events_from(self, start: int) -> None:
        """So that outbox ids of this world cannot be mistaken for anything else."""
        with self.database.unit_of_work(SYSTEM) as session:
            session.add(outbox.OutboxEvent(id=start, type="nothing.happened", payload={}))


@dataclass(slots=True)
class Twins:
    """``before`` is the last event of both."""

    full: World
    empty: World
    people: People
    things: Things
    before: int
    now: datetime


def build(folder: Path) -> Twins:
    """Both worlds, standing still."""
    first, things = World(folder / "first"), Things()
    make_tables(first.database)
    people = _company(first, things)
    first.settle()
    public_key(runtime(first.app).settings)  # made at the first need: both worlds are to have the same
    with first.database.reading(SYSTEM) as session:
        before = outbox.newest_id(session)
    first.close()
    for name in ("full", "empty"):
        shutil.copytree(folder / "first", folder / name)
    full, empty = World(folder / "full"), World(folder / "empty")
    full.count_events_from(700_000_000)
    empty.count_events_from(800_000_000)
    _secrets(full, people, things)
    for world in (full, empty):
        world.settle()
    return Twins(full, empty, people, things, before, clock.now())


def furnish(folder: Path, database_url: str = "") -> tuple[World, People, Things]:
    """One world alone, with everything in it."""
    world, things = World(folder, database_url), Things()
    make_tables(world.database)
    people = _company(world, things)
    _secrets(world, people, things)
    world.settle()
    return world, people, things


def _company(world: World, things: Things) -> People:
    """What everybody may know. The closed group is known to all; what stands in it, and who is in it, is not."""
    cast = bring_on(world.database)
    with world.database.unit_of_work(SYSTEM) as session:
        frank = Viewer(add_person(session, "frank").id, frozenset({Role.MEMBER}))
        gina = add_person(session, "gina").id
        session.add(ApiToken(person_id=cast.erin.member_id, token_hash=token_hash(TOKEN), name="left behind"))
    with world.database.unit_of_work(cast.alice) as session:
        draft = groups.GroupDraft(name="Quiet birds", kind=GroupKind.CLOSED, about="Known to all")
        closed = groups.found_group(session, cast.alice, draft)
        for member in (cast.bob.member_id, frank.member_id):
            groups.take_in(session, closed, member, actor_id=cast.alice.id)
        things.show("group", closed.id)
        things.show("groups.slug", closed.slug)
        post = posts.publish_post(session, cast.alice, posts.PostDraft(text="Larks and #kafka for all"))
        comment = posts.add_comment(session, cast.alice, reply_to=post.id, text="And herons, why not")
        things.show("post", post.id)
        things.show("item", post.id, comment.id)
        claim_skill(session, cast.alice, "kafka")
        _what_guarded_rows_refer_to(session, cast, things)
        things.show("topics.slug", "kafka")
        things.show("skills.slug", "kafka")
    with world.database.unit_of_work(cast.carol) as session:
        follow_person(session, cast.carol, cast.alice.member_id)
        posts.publish_post(session, cast.carol, posts.PostDraft(text="Carol saw a lark"))
        posts.bookmark(session, cast.carol, post.id, is_on=True)
        save_search(session, cast.carol, SavedDraft("Birds", read_question("heron"), Narrowing()))
    things.show("username", "alice", "bob")
    things.show("gina", gina)
    return People(cast, frank)


def _models() -> dict[str, type[Base]]:
    return {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}


def _what_guarded_rows_refer_to(session: Session, cast: Cast, things: Things) -> None:
    """Rows without an audience, topics for example, that ``_one_row_of_everything`` needs: they are no secret."""
    stage, guarded = Stage(session, cast.group, cast.alice.member_id), guarded_models()
    for model in guarded:
        for key in inspect(model).local_table.foreign_keys:
            name = key.column.table.name
            if name not in {"people", "audiences", *(other.__tablename__ for other in guarded)}:
                things.referred[name] = inspect(stage.row(_models()[name])).identity


def _secrets(world: World, people: People, things: Things) -> None:
    """What nobody but alice and bob may notice."""
    alice, closed = people.cast.alice, int(things.public["group"][0])
    _shelf(world, alice, things)
    with world.database.unit_of_work(alice) as session:
        draft = groups.GroupDraft(name=f"Herons {CANARY}", kind=GroupKind.HIDDEN, about=SECRET)
        hidden = groups.found_group(session, alice, draft)
        things.add("groups.slug", hidden.slug)
        for member in (people.cast.bob.member_id, people.frank.member_id):
            groups.take_in(session, hidden, member, actor_id=alice.id)
        session.flush()
        for place in (hidden.id, closed):
            things.add("group", place)
            _talk(session, people, things, place)
        posts.save_draft(session, alice, "home", SECRET)
        save_search(session, alice, SavedDraft(SECRET, read_question(CANARY), Narrowing()))
    with world.database.unit_of_work(alice) as session:
        # One in, one out: that closed groups tell how many they are does not tell who they are.
        groups.remove_member(session, alice, closed, people.frank.member_id)
        groups.take_in(session, session.get_one(Group, closed), int(things.public["gina"][0]), actor_id=alice.id)
        groups.remove_member(session, alice, hidden.id, people.frank.member_id)
    with world.database.unit_of_work(SYSTEM) as session:
        _one_row_of_everything(session, people.cast, things)


def _shelf(world: World, alice: Viewer, things: Things) -> None:
    with world.app.test_request_context():
        received = receive(runtime(world.app).settings.files_folder, f"{SECRET}.txt", SECRET.encode())
    with world.database.unit_of_work(alice) as session:
        waiting = put_on_shelf(session, alice, received).id
        posted = put_on_shelf(session, alice, received).id
    things.add("shelf", posted)
    things.add("file", posted, waiting)


def _talk(session: Session, people: People, things: Things, place: int) -> None:
    """A post of each kind with all that hangs on one, naming outsiders and public topics."""
    alice, bob = people.cast.alice, people.cast.bob
    words = f"{SECRET} @carol @frank #kafka #heronry{CANARY}"
    shelf = things.secret["shelf"]
    draft = posts.PostDraft(text=words, audience_id=place, files=tuple(int(shelf.pop()) for _ in shelf[:1]))
    post = posts.publish_post(session, alice, draft)
    comment = posts.add_comment(session, bob, reply_to=post.id, text=f"{words} too")
    posts.react(session, bob, post.id, ReactionKind.THANKS, is_on=True)
    posts.edit_item(session, alice, post.id, f"{words}, edited")
    posts.pin(session, alice, post.id, is_on=True)
    posts.bookmark(session, bob, post.id, is_on=True)
    asked = PollDraft(options=(SECRET, "no"), closes_at=clock.now() + timedelta(days=1))
    poll = posts.publish_post(
        session, alice, posts.PostDraft(text=words, kind=PostKind.POLL, audience_id=place, poll=asked)
    )
    session.flush()
    options = session.scalars(select(PollOption.id).where(PollOption.post_id == poll.id)).all()
    vote(session, bob, poll.id, options[:1])
    public = int(things.public["post"][0])
    sharing = posts.publish_post(session, bob, posts.PostDraft(text=words, audience_id=place, quoted_id=public))
    things.add("post", post.id, poll.id, sharing.id)
    things.add("item", post.id, comment.id)
    _ask(session, people, things, place)


def _ask(session: Session, people: People, things: Things, place: int) -> None:
    """A question with its solution, followed by a member."""
    alice, bob = people.cast.alice, people.cast.bob
    draft = posts.PostDraft(text=f"{SECRET} #kafka", title=SECRET, kind=PostKind.QUESTION, audience_id=place)
    question = posts.publish_post(session, alice, draft)
    answer = posts.add_comment(session, bob, reply_to=question.id, text=f"{SECRET} #kafka")
    session.flush()
    accept_answer(session, alice, answer.id)
    follow_question(session, bob, question.id, is_on=True)
    things.add("post", question.id)
    things.add("answer", answer.id)
    session.flush()
    words = ArticleDraft(title=SECRET, lead=SECRET, text=SECRET)
    article = promote(session, alice, question.id, words, keeper="bob", review_by=today() + USUALLY)
    things.add("article", article.id)
    things.add("voice", say(session, alice, article.id, Says.DIFFERENT, note=SECRET).id)


def _one_row_of_everything(session: Session, cast: Cast, things: Things) -> None:
    """Tables that this file knows nothing of are on stage too."""
    stage = Stage(session, cast.group, cast.alice.member_id)
    for table, key in things.referred.items():
        stage.made[table] = session.get_one(_models()[table], key)
    for model in guarded_models():
        identity = inspect(stage.row(model)).identity
        if identity:
            things.add(model.__tablename__.rsplit("_", 1)[-1].removesuffix("s"), identity[0])
