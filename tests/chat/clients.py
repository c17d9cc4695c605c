"""A simulated client: its own copy of what it has seen, an outbox that survives a reload, and a line that may drop.

It follows the rules of the browser's: pushes wait while events may be missing, what was missed is asked for by the last
outbox id, and what is sent stays in the outbox until it is acknowledged.
"""

from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from intranet.kernel.hub import Hub
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer

Seen = dict[int, dict[str, Any]]  # by position

_KEPT = ("id", "text", "deleted", "reactions")


class Server:
    """The serving process: it can be killed, with everything that only it knew."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.hub = Hub(app)

    def settle(self) -> None:
        while self.hub.step():
            pass

    def restart(self) -> None:
        """Pushes that were not made yet are never made."""
        self.hub = Hub(self.app)

    def become(self, viewer: Viewer) -> None:
        runtime(self.app).identify = lambda: viewer


@dataclass
class Client:
    """One window of one person."""

    server: Server
    viewer: Viewer
    since: int = 0
    seen: dict[str, Seen] = field(default_factory=dict)
    outbox: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    socket: Any = None

    def http(self, method: str, address: str, body: dict[str, Any] | None = None) -> Any:
        self.server.become(self.viewer)
        return self.server.app.test_client().open(address, method=method, json=body)

    def connect(self) -> None:
        """Open the line first, then fetch what was missed: what is pushed in between comes twice, which is harmless."""
        if self.socket is None:
            self.server.become(self.viewer)
            self.socket = runtime(self.server.app).socketio.test_client(self.server.app)
            self.catch_up()

    def disconnect(self) -> None:
        if self.socket is not None:
            self.socket.disconnect()
            self.socket = None

    def reload(self) -> None:
        """Everything but the outbox is forgotten."""
        self.disconnect()
        self.seen = {}
        self.since = self.http("GET", "/api/v1/events?since=0").get_json()["newest"]
        for one in self.http("GET", "/api/v1/conversations").get_json()["items"]:
            self.fetch(one["id"])
        self.connect()

    def catch_up(self) -> None:
        following: str | None = str(self.since)
        while following is not None:
            page = self.http("GET", f"/api/v1/events?since={following}").get_json()
            for event in page["items"]:
                self.take(event)
            following = page["next"]

    def fetch(self, conversation: str) -> None:
        """The whole history, a page at a time."""
        self.seen[conversation] = {}
        before: str | None = ""
        while before is not None:
            answer = self.http("GET", f"/api/v1/conversations/{conversation}/messages?before={before}")
            if answer.status_code == 404:
                self.seen.pop(conversation)
                return
            page = answer.get_json()
            for message in page["items"]:
                self.keep(message)
            before = page["next"]

    def receive(self) -> None:
        """Take what the line brought."""
        if self.socket is not None:
            for message in self.socket.get_received():
                if message["name"] == "event":
                    self.take(message["args"][0])

    def take(self, event: dict[str, Any]) -> None:
        if event["id"] <= self.since:
            return
        self.since = event["id"]
        kind, data = event["type"], event["data"]
        me = str(self.viewer.id)
        if kind == "conversation.gone":
            self.seen.pop(data["id"], None)
        elif kind == "conversation.started" or (kind == "conversation.member-joined" and data["person"]["id"] == me):
            self.fetch(data["id"])
        elif kind == "message.reacted" and data["conversation"] in self.seen:
            for message in self.seen[data["conversation"]].values():
                if message["id"] == data["id"] and not message["deleted"]:
                    message["reactions"] = data["reactions"]
        elif kind.startswith("message.") and data["conversation"] in self.seen:
            self.keep(data)

    def keep(self, message: dict[str, Any]) -> None:
        here = self.seen[message["conversation"]]
        kept = {name: message[name] for name in _KEPT}
        if message["deleted"]:
            kept.update(text="", reactions={})
        before = here.get(message["position"])
        assert before is None or before["id"] == message["id"], "two messages in one place"
        here[message["position"]] = kept

    def send(self, conversation: str, said: dict[str, Any]) -> None:
        self.outbox.append((conversation, said))

    def flush(self, *, loses: str = "") -> list[tuple[str, str]]:
        """Send what waits, in order; ``loses`` the request or the answer on the way. Returns what was acknowledged."""
        acknowledged = []
        while self.outbox and self.socket is not None:
            conversation, said = self.outbox[0]
            if loses == "request":
                self.disconnect()
                break
            self.server.become(self.viewer)
            answer = self.socket.emit("chat:send", {"conversation": conversation, **said}, callback=True)
            if loses == "answer":
                self.disconnect()
                break
            self.outbox.pop(0)
            if answer["ok"]:
                acknowledged.append((conversation, said["nonce"]))
        return acknowledged
