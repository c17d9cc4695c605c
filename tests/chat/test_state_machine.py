"""Several people with two windows each, a server that is killed, lines that drop: whatever happens, in the end all hold
the same order, nothing is lost or doubled, and every count equals its definition.
"""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from intranet import create_app
from intranet.accounts.models import Person
from intranet.chat import actions, queries
from intranet.config import Settings
from intranet.kernel.db import Database
from intranet.kernel.errors import CouthError
from intranet.kernel.reactions import ReactionKind
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from tests.applications import make_tables
from tests.cast import SYSTEM, bring_on
from tests.chat.clients import Client, Server

PEOPLE = ("alice", "bob", "carol")
who = st.sampled_from(PEOPLE)
windows = st.integers(0, 1)
places = st.sampled_from(("direct", "group", "room"))
words = st.sampled_from(("hello", "ask @bob", "@carol and @alice", "@room now", "plain `@bob`"))
pick = st.integers(0, 10_000)


@dataclass
class Said:
    """The model's own record of one message."""

    id: int
    position: int
    author: str
    nonce: str
    text: str
    names: set[str]
    calls: bool
    is_deleted: bool = False


@dataclass
class Model:
    """What should be so, in the plainest words: lists and sets, no database."""

    said: list[Said] = field(default_factory=list)
    members: set[str] = field(default_factory=set)
    pointers: dict[str, int] = field(default_factory=dict)

    def unread(self, person: str) -> tuple[int, int]:
        after = self.pointers[person]
        new = [one for one in self.said if one.position > after and one.author != person and not one.is_deleted]
        return len(new), sum(person in one.names for one in new)


class Template:
    """A database with the cast in it, made once."""

    folder: Path | None = None

    @classmethod
    def copy(cls) -> Path:
        if cls.folder is None:
            cls.folder = Path(tempfile.mkdtemp(prefix="couth-chat-"))
            app = create_app(cls.configured(cls.folder))
            make_tables(runtime(app).database)
            bring_on(runtime(app).database)
            runtime(app).database.engine.dispose()
        target = Path(tempfile.mkdtemp(prefix="couth-chat-"))
        shutil.copytree(cls.folder, target, dirs_exist_ok=True)
        return target

    @staticmethod
    def configured(folder: Path) -> Settings:
        return Settings(data=folder, async_mode="threading", secret_key="only for tests")


class Talking(RuleBasedStateMachine):
    """The rules are what people and machines do; ``teardown`` brings everybody back and compares."""

    @initialize()
    def begin(self) -> None:
        self.folder = Template.copy()
        self.app = create_app(Template.configured(self.folder))
        self.app.config["WTF_CSRF_ENABLED"] = False
        self.database = runtime(self.app).database
        self.viewers = _viewers(self.database)
        self.server = Server(self.app)
        self.nonces = count(1)
        self.acknowledged: list[tuple[str, str]] = []
        alice = self.viewers["alice"]
        with self.database.unit_of_work(alice) as session:
            made = {
                "direct": actions.start_conversation(session, alice, ["bob"]).id,
                "group": actions.start_conversation(session, alice, ["bob", "carol"]).id,
                "room": actions.open_room(
                    session, alice, actions.RoomDraft(name="plans", is_public=False, people=["bob", "carol"])
                ).id,
            }
        self.ids = made
        self.models = {
            name: Model(members=set(inside), pointers=dict.fromkeys(inside, 0))
            for name, inside in (("direct", PEOPLE[:2]), ("group", PEOPLE), ("room", PEOPLE))
        }
        self.clients = {(name, n): Client(self.server, self.viewers[name]) for name in PEOPLE for n in (0, 1)}
        for client in self.clients.values():
            client.reload()

    # Saying

    @rule(person=who, window=windows, place=places, text=words)
    def types(self, person: str, window: int, place: str, text: str) -> None:
        nonce = f"{person} {next(self.nonces)}"
        self.clients[person, window].send(str(self.ids[place]), {"text": text, "nonce": nonce})

    @rule(person=who, window=windows, loses=st.sampled_from(("", "", "", "request", "answer")))
    def sends(self, person: str, window: int, loses: str) -> None:
        self.acknowledged += self.clients[person, window].flush(loses=loses)
        self._note_new()

    @rule(person=who, window=windows)
    def sends_twice_at_once(self, person: str, window: int) -> None:
        """Another window has the same outbox and sends it too."""
        client = self.clients[person, window]
        twin = Client(self.server, client.viewer, outbox=list(client.outbox), since=client.since)
        twin.connect()
        self.acknowledged += twin.flush()
        twin.disconnect()
        self._note_new()
        self.sends(person, window, "")

    def _note_new(self) -> None:
        """What the server took in since, read from its own order: the model adds what follows from it."""
        for place, model in self.models.items():
            reader = self.viewers["alice"]
            with self.database.reading(reader) as session:
                after = len(model.said)
                found = queries.stretch(session, reader, self.ids[place], after=after, everything=True, limit=1000)
            for card in found.items:
                author = card.author.username
                names = _named(card.text, model.members) - {author}
                calls = card.calls is not None
                model.said.append(Said(card.id, card.position, author, card.nonce, card.text, names, calls))
                if model.pointers.get(author) == card.position - 1:
                    model.pointers[author] = card.position

    # Changing

    def _one(self, place: str, number: int) -> Said | None:
        said = self.models[place].said
        return said[number % len(said)] if said else None

    @rule(person=who, place=places, number=pick, text=words)
    def edits(self, person: str, place: str, number: int, text: str) -> None:
        one, model = self._one(place, number), self.models[place]
        if one and self._does(person, actions.edit_message, one.id, text):
            assert one.author == person
            named = _named(text, model.members, calls=False) - {person}
            if text != one.text:
                one.names = named | (one.names if one.calls else set())
            one.text = text

    @rule(person=who, place=places, number=pick)
    def deletes(self, person: str, place: str, number: int) -> None:
        one = self._one(place, number)
        if one and self._does(person, actions.delete_message, one.id):
            assert person == one.author or (place == "room" and person == "alice")
            one.is_deleted, one.names = True, set()

    @rule(person=who, place=places, number=pick)
    def restores(self, person: str, place: str, number: int) -> None:
        one, model = self._one(place, number), self.models[place]
        if one and self._does(person, actions.restore_message, one.id):
            one.is_deleted, one.names = False, _named(one.text, model.members, calls=False) - {one.author}

    @rule(person=who, place=places, number=pick, kind=st.sampled_from(list(ReactionKind)[:2]), is_on=st.booleans())
    def reacts(self, person: str, place: str, number: int, kind: ReactionKind, is_on: bool) -> None:
        one = self._one(place, number)
        if one:
            self._does(person, actions.react, one.id, kind, is_on=is_on)

    @rule(person=who, place=places, number=pick, back=st.booleans())
    def reads(self, person: str, place: str, number: int, back: bool) -> None:
        one, model = self._one(place, number), self.models[place]
        if one and self._does(person, actions.mark_unread if back else actions.mark_read, one.id):
            before = model.pointers[person]
            model.pointers[person] = min(before, one.position - 1) if back else max(before, one.position)

    def _does(self, person: str, action: Callable[..., object], *args: object, **named: object) -> bool:
        viewer = self.viewers[person]
        try:
            self.database.transact(viewer, lambda session: action(session, viewer, *args, **named))
        except CouthError:
            return False
        return True

    # Coming and going

    @rule(person=st.sampled_from(PEOPLE[1:]))
    def leaves(self, person: str) -> None:
        model = self.models["room"]
        assert self._does(person, actions.leave, self.ids["room"]) == (person in model.members)
        self._out(model, person)

    @rule(person=st.sampled_from(PEOPLE[1:]))
    def is_taken_out(self, person: str) -> None:
        model = self.models["room"]
        done = self._does("alice", actions.remove_member, self.ids["room"], self.viewers[person].member_id)
        assert done == (person in model.members)
        self._out(model, person)

    def _out(self, model: Model, person: str) -> None:
        model.members.discard(person)
        model.pointers.pop(person, None)

    @rule(person=st.sampled_from(PEOPLE[1:]))
    def is_brought_in(self, person: str) -> None:
        model = self.models["room"]
        assert self._does("alice", actions.bring_in, self.ids["room"], [person])
        if person not in model.members:
            model.members.add(person)
            model.pointers[person] = len(model.said)

    # The line and the server

    @rule(person=who, window=windows)
    def disconnects(self, person: str, window: int) -> None:
        self.clients[person, window].disconnect()

    @rule(person=who, window=windows)
    def comes_back(self, person: str, window: int) -> None:
        self.clients[person, window].connect()

    @rule(person=who, window=windows)
    def reloads(self, person: str, window: int) -> None:
        self.clients[person, window].reload()

    @rule(steps=st.integers(1, 3))
    def pushes(self, steps: int) -> None:
        for _ in range(steps):
            self.server.hub.step()
        for client in self.clients.values():
            client.receive()

    @rule()
    def server_is_killed(self) -> None:
        for client in self.clients.values():
            client.disconnect()
        self.server.restart()

    # What holds at every moment, and what holds in the end

    @invariant()
    def every_count_equals_its_definition(self) -> None:
        if not hasattr(self, "models"):
            return
        for name, viewer in self.viewers.items():
            with self.database.reading(viewer) as session:
                found = queries.unread_of(session, viewer)
                badge = queries.unread_conversations(session, viewer)
            for place, model in self.models.items():
                counts = found.get(self.ids[place])
                wanted = model.unread(name) if name in model.members else (0, 0)
                assert ((counts.count, counts.mentions) if counts else (0, 0)) == wanted, (name, place)
                assert (self.ids[place] in badge) == (wanted[0] > 0)

    def teardown(self) -> None:
        if not hasattr(self, "models"):
            return
        for client in self.clients.values():
            client.connect()
            self.acknowledged += client.flush()
        self._note_new()
        self.server.settle()
        for client in self.clients.values():
            client.receive()
        self._compare()
        self.database.engine.dispose()
        shutil.rmtree(self.folder)

    def _compare(self) -> None:
        for place, model in self.models.items():
            key = str(self.ids[place])
            assert [one.position for one in model.said] == list(range(1, len(model.said) + 1))
            nonces = [one.nonce for one in model.said]
            assert len(set(nonces)) == len(nonces), "something was said twice"
            assert {nonce for where, nonce in self.acknowledged if where == key} <= set(nonces), "something was lost"
            fresh = Client(self.server, self.viewers["alice"])
            fresh.fetch(key)
            assert {p: m["text"] for p, m in fresh.seen[key].items()} == {
                one.position: "" if one.is_deleted else one.text for one in model.said
            }
            for (name, window), client in self.clients.items():
                held = client.seen.get(key)
                assert held == (fresh.seen[key] if name in model.members else None), (name, window, place)


def _viewers(database: Database) -> dict[str, Viewer]:
    with database.reading(SYSTEM) as session:
        return {one.username: Viewer(one.id) for one in session.scalars(select(Person)) if one.username in PEOPLE}


def _named(text: str, members: set[str], *, calls: bool = True) -> set[str]:
    if calls and "@room" in text:
        return set(members)
    plain = text.split("`", maxsplit=1)[0]
    return {name for name in members if f"@{name}" in plain}


TestTalking = Talking.TestCase
TestTalking.settings = settings(
    max_examples=12,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
