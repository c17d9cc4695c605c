"""Chat clients of their own: real websockets, a line that is cut, an outbox, and a count of what came.

Each follows the rules of the browser's client: sent again with the same nonce until it is acknowledged; after a break
the line first, then what was missed by the last outbox id; what comes twice is known by that id.
"""

import json
import random
import threading
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any

import websocket

from intranet.accounts.models import ApiToken, Person
from intranet.accounts.sessions import token_hash
from intranet.config import Settings
from intranet.kernel import audience
from intranet.kernel.db import Database
from intranet.kernel.viewer import system
from tests.faults.running import Server

_PATIENCE = 60.0
_BROKEN = (OSError, HTTPException, websocket.WebSocketException, ValueError, KeyError)


def members(server: Server, names: list[str]) -> dict[str, str]:
    """New colleagues and a token for each: a command for every one of many would take minutes."""
    url = server.settings.get("COUTH_DATABASE_URL", "")
    database = Database(Settings(data=server.data, database_url=url).database)

    def add(session: Any) -> None:
        audience.ensure_everyone(session)
        for name in names:
            person = Person(username=name, name=name.capitalize(), folded_name=name, roles=[])
            session.add(person)
            session.flush()
            session.add(ApiToken(person_id=person.id, token_hash=token_hash(f"token of {name}"), name="measured"))

    database.transact(system(reason="tests bring their people"), add, seconds=30)
    database.engine.dispose()
    return {name: f"token of {name}" for name in names}


def open_room(server: Server, token: str, name: str, people: list[str]) -> str:
    """A private room, since nobody else should be in it; more people than one call takes come by and by."""
    body = {"room": name, "private": True, "people": people[:49]}
    status, room = server.ask("POST", "/api/v1/conversations", token=token, body=body)
    assert status == 201, room
    for person in people[49:]:
        status, answer = server.ask(
            "POST", f"/api/v1/conversations/{room['id']}/members", token=token, body={"username": person}
        )
        assert status == 201, answer
    return str(room["id"])


class Line:
    """One websocket that speaks Engine.IO and Socket.IO."""

    def __init__(self, port: int, token: str) -> None:
        address = f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket"
        self.ws = websocket.create_connection(address, timeout=10)
        self.calls = 0
        try:
            self.ws.recv()
            self.ws.send("40" + json.dumps({"token": token}))
            self.ws.send("420" + json.dumps(["watch", {"audience": None}]))
            # The answer to a call comes after the rooms are entered; what was pushed before it is fetched.
            while not str(self.ws.recv()).startswith("430"):
                pass
        except BaseException:
            self.end()
            raise

    @property
    def number(self) -> int:
        """The open file behind it, for whoever waits for many."""
        return int(self.ws.fileno())  # type: ignore[no-untyped-call]  # the library has few types

    def end(self) -> None:
        """Let go of the line without a word, as a cut does."""
        self.ws.shutdown()  # type: ignore[no-untyped-call]  # the library has few types

    def call(self, name: str, data: dict[str, Any]) -> int:
        self.calls += 1
        self.ws.send(f"42{self.calls}" + json.dumps([name, data]))
        return self.calls

    def next(self, wait: float) -> tuple[str, Any] | None:
        """``("event", data)`` or ``("ack", (number, answer))``; None where nothing came in time.

        Raises:
            OSError, WebSocketException: the line is broken.
        """
        self.ws.settimeout(wait)
        try:
            said = str(self.ws.recv())
        except websocket.WebSocketTimeoutException:
            return None
        return self.understand(said)

    def understand(self, said: str) -> tuple[str, Any] | None:
        if said == "2":
            self.ws.send("3")
        elif said.startswith("42["):
            name, *data = json.loads(said[2:])
            return name, data[0] if data else None
        elif said.startswith("43"):
            number, _, rest = said[2:].partition("[")
            return "ack", (int(number), json.loads("[" + rest)[0])
        elif not said:
            raise OSError("closed")
        return None


@dataclass
class Talker:
    """One person's client. ``came`` holds what arrived, by conversation, in the order in which it did."""

    server: Server
    name: str
    token: str
    rooms: list[str]
    cuts: random.Random
    since: int = 0
    outbox: deque[tuple[str, str]] = field(default_factory=deque)
    acknowledged: dict[str, tuple[str, int]] = field(default_factory=dict)
    came: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    breaks: int = 0
    line: Line | None = None
    waits_for: int = 0
    sent_at: float = 0.0
    stop: threading.Event = field(default_factory=threading.Event)
    crash: str = ""

    def begin(self) -> None:
        """From the present on."""
        self.since = int(self.server.ask("GET", "/api/v1/events?since=0", token=self.token)[1]["newest"])

    def say(self, room: str, nonce: str) -> None:
        self.outbox.append((room, nonce))

    def run(self, *, cut: float = 0.0) -> None:
        """Talk until stopped; ``cut`` is the chance that the line breaks at any step. Whoever cannot come in tries
        again after a while, each after another one, as browsers do."""
        failures = 0
        while not self.stop.is_set():
            try:
                self.step()
                failures = 0
                if cut and self.cuts.random() < cut:
                    raise OSError("cut")
            except _BROKEN:
                self.hang_up()
                failures += 1
                self.stop.wait(self.cuts.uniform(0.1, 0.2 * 2 ** min(failures, 3)))
            except Exception as error:
                self.crash = repr(error)
                raise

    def step(self) -> None:
        if self.line is None:
            self.line = Line(self.server.port, self.token)
            self.waits_for = 0
            self.catch_up()
        if self.outbox and not self.waits_for:
            room, nonce = self.outbox[0]
            self.waits_for = self.line.call("chat:send", {"conversation": room, "text": nonce, "nonce": nonce})
            self.sent_at = time.monotonic()
        if self.waits_for and time.monotonic() - self.sent_at > 10:
            raise OSError("no answer")
        said = self.line.next(0.02)
        if said is not None and said[0] == "event":
            self.take(said[1])
        elif said is not None and said[0] == "ack" and said[1][0] == self.waits_for:
            self.answered(said[1][1])

    def answered(self, answer: dict[str, Any]) -> None:
        self.waits_for = 0
        if answer["ok"]:
            room, nonce = self.outbox.popleft()
            self.acknowledged[nonce] = (room, int(answer["message"]["position"]))
        else:
            assert answer["error"]["status"] in {429, 503}, answer

    def hang_up(self) -> None:
        if self.line is not None:
            self.breaks += 1
            self.line.end()
        self.line = None

    def catch_up(self) -> None:
        following: str | None = str(self.since)
        while following is not None:
            status, page = self.server.ask("GET", f"/api/v1/events?since={following}", token=self.token)
            if status != 200:
                raise OSError("not now")
            for event in page["items"]:
                self.take(event)
            following = page["next"]

    def take(self, event: dict[str, Any]) -> None:
        if event["id"] <= self.since:
            return
        self.since = event["id"]
        if event["type"] == "message.sent":
            self.came[event["data"]["conversation"]].append(int(event["data"]["position"]))


def history(server: Server, token: str, room: str) -> list[dict[str, Any]]:
    """Everything that was said in a room, in its order."""
    items: list[dict[str, Any]] = []
    after: str | None = "0"
    while after is not None:
        _, page = server.ask("GET", f"/api/v1/conversations/{room}/messages?after={after}", token=token)
        items += page["items"]
        after = page["next"]
    return items


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to; ``faults`` are sentences, none where all is well."""

    messages: int
    deliveries: int
    breaks: int
    seconds: float
    faults: list[str]


def fault_run(
    server: Server,
    *,
    people: int,
    rooms: int,
    rate: float,
    seconds: float,
    kills: tuple[str, ...],
    cut: float,
) -> Outcome:
    """People talk in rooms while processes are killed and lines are cut; then everything is compared."""
    chance = random.Random(20261122)
    tokens = members(server, [f"talker{number}" for number in range(people)])
    names = list(tokens)
    inside = {f"room {n}": [*names[n::rooms], names[(n + 1) % people]] for n in range(rooms)}
    ids = {}
    for name, wanted in inside.items():
        ids[name] = open_room(server, tokens[wanted[0]], name, [one for one in wanted[1:] if one != wanted[0]])
    talkers = {
        name: Talker(server, name, token, [ids[r] for r, them in inside.items() if name in them], random.Random(name))
        for name, token in tokens.items()
    }
    threads = []
    for talker in talkers.values():
        talker.begin()
        threads.append(threading.Thread(target=talker.run, kwargs={"cut": cut}, daemon=True))
    for thread in threads:
        thread.start()
    began = time.monotonic()
    killer = threading.Thread(target=_kill_all, args=(server, kills, seconds), daemon=True)
    killer.start()
    said = 0
    while time.monotonic() - began < seconds:
        talker = chance.choice(list(talkers.values()))
        talker.say(chance.choice(talker.rooms), f"{talker.name} {said}")
        said += 1
        time.sleep(max(0.0, began + said / rate - time.monotonic()))
    killer.join()
    return _settle(server, talkers, ids, threads, said, began)


def _kill_all(server: Server, kills: tuple[str, ...], seconds: float) -> None:
    for name in kills:
        time.sleep(seconds / (len(kills) + 1))
        server.kill(name)


def _settle(  # noqa: PLR0917 (the parts of one run)
    server: Server,
    talkers: dict[str, Talker],
    ids: dict[str, str],
    threads: list[threading.Thread],
    said: int,
    began: float,
) -> Outcome:
    """Wait until every outbox is empty, let every client catch up once more, and compare."""
    _empty_outboxes(list(talkers.values()))
    for talker in talkers.values():
        talker.stop.set()
    for thread in threads:
        thread.join(timeout=30)
    faults = [f"{name} could not send {len(one.outbox)}" for name, one in talkers.items() if one.outbox]
    faults += [f"{name} fell over: {one.crash}" for name, one in talkers.items() if one.crash]
    breaks = sum(talker.breaks for talker in talkers.values())
    for talker in talkers.values():
        talker.hang_up()
        talker.catch_up()
    truth = {}
    for room in ids.values():
        reader = next(one for one in talkers.values() if room in one.rooms)
        truth[room] = history(server, reader.token, room)
        faults += _check_order(room, truth[room])
    stored = {message["nonce"]: (room, message["position"]) for room, all_ in truth.items() for message in all_}
    for name, talker in talkers.items():
        lost = [nonce for nonce, place in talker.acknowledged.items() if stored.get(nonce) != place]
        faults += [f"{name}: acknowledged and lost or moved: {lost[:3]}"] if lost else []
        for room in talker.rooms:
            wanted = list(range(1, len(truth[room]) + 1))
            if talker.came[room] != wanted:
                faults.append(f"{name} in {room}: {len(talker.came[room])} came of {len(wanted)}, or out of order")
    if len(stored) != said:
        faults.append(f"{said} were said and {len(stored)} are stored")
    deliveries = sum(len(came) for talker in talkers.values() for came in talker.came.values())
    return Outcome(said, deliveries, breaks, time.monotonic() - began, faults)


def _empty_outboxes(talkers: list[Talker]) -> None:
    """Wait until everything is said, for as long as it becomes less: more was asked for than a busy machine manages."""
    least, moved_at = sum(len(talker.outbox) for talker in talkers) + 1, time.monotonic()
    while (left := sum(len(talker.outbox) for talker in talkers)) and time.monotonic() - moved_at < _PATIENCE:
        if left < least:
            least, moved_at = left, time.monotonic()
        time.sleep(0.2)


def _check_order(room: str, messages: list[dict[str, Any]]) -> list[str]:
    positions = [message["position"] for message in messages]
    nonces = [message["nonce"] for message in messages]
    faults = [] if positions == list(range(1, len(messages) + 1)) else [f"{room}: the order has gaps"]
    return faults + ([] if len(set(nonces)) == len(nonces) else [f"{room}: something stands twice"])
