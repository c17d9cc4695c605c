"""Clients of a running site, as browsers are: a Socket.IO line each, and everything that it heard."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import engineio
import socketio

from tests.faults.running import Server, eventually


class _InOrder(engineio.Client):  # type: ignore[misc]  # it has no types
    """Its own gives each thing that it hears to a thread of its own, and these overtake each other."""

    def _trigger_event(self, event: str, *data: Any, **_how: Any) -> Any:
        return super()._trigger_event(event, *data)


class _Client(socketio.Client):  # type: ignore[misc]  # it has no types
    def _engineio_client_class(self) -> type[engineio.Client]:
        return _InOrder


@dataclass
class Listener:
    """One open page of a person."""

    client: socketio.Client
    heard: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def hear(self, name: str, *data: dict[str, Any]) -> None:
        with self.lock:
            self.heard.append((name, data[0] if data else {}))

    def events(self, kind: str) -> list[dict[str, Any]]:
        """The data of the durable pushes of one type, in the order in which they came."""
        with self.lock:
            return [data["data"] for name, data in self.heard if name == "event" and data["type"] == kind]

    def lossy(self, name: str) -> list[dict[str, Any]]:
        with self.lock:
            return [data for found, data in self.heard if found == name]

    def heard_in_time(self, claim: Callable[["Listener"], bool]) -> bool:
        return eventually(lambda: claim(self), seconds=20)

    def call(self, name: str, data: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = self.client.call(name, data, timeout=20)
        return answer


@contextmanager
def listening(server: Server, token: str, *, web: int = 0, transport: str = "websocket") -> Iterator[Listener]:
    """A page that is open on one of the web processes."""
    client = _Client(reconnection=False)
    listener = Listener(client)
    client.on("*", listener.hear)
    address = f"http://127.0.0.1:{server.port + web}"
    client.connect(address, auth={"token": token}, transports=[transport], wait_timeout=20)
    try:
        yield listener
    finally:
        # Beside what comes next: under gevent and threading a line waits three seconds for the server's farewell.
        threading.Thread(target=client.disconnect, daemon=True).start()
