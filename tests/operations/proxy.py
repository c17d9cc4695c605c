"""A proxy of the tests' own, which does what it is told to do wrong."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Proxy:
    """``adds`` are its headers; ``%s`` in one is the visitor's address. ``drops`` are headers that it does not pass."""

    adds: tuple[str, ...] = ()
    drops: frozenset[str] = frozenset()
    host: str | None = None
    appends: bool = True

    def rewrite(self, head: bytes) -> bytes:
        first, *lines = head.decode("latin-1").split("\r\n")
        kept: list[str] = []
        chain = "127.0.0.1"
        for line in lines:
            name, _, value = line.partition(":")
            if name.lower() == "x-forwarded-for":
                chain = f"{value.strip()}, {chain}" if self.appends else value.strip()
            elif name.lower() == "host" and self.host:
                kept.append(f"Host: {self.host}")
            elif name.lower() not in self.drops:
                kept.append(line)
        return "\r\n".join([first, *(line.replace("%s", chain) for line in self.adds), *kept]).encode("latin-1")


@contextmanager
def standing_in_front(proxy: Proxy, port: int) -> Iterator[int]:
    """The proxy's own port, for as long as it stands there."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def receive() -> None:
            with suppress(OSError):
                while True:
                    visitor, _ = door.accept()
                    threading.Thread(target=_pass_on, args=(proxy, visitor, port), daemon=True).start()

        threading.Thread(target=receive, daemon=True).start()
        yield int(door.getsockname()[1])


def _pass_on(proxy: Proxy, visitor: socket.socket, port: int) -> None:
    with visitor, socket.create_connection(("127.0.0.1", port)) as inside, suppress(OSError):
        head = b""
        while b"\r\n\r\n" not in head:
            head += visitor.recv(4096)
        head, rest = head.split(b"\r\n\r\n", 1)
        inside.sendall(proxy.rewrite(head) + b"\r\n\r\n" + rest)
        back = threading.Thread(target=_splice, args=(inside, visitor), daemon=True)
        back.start()
        _splice(visitor, inside)
        back.join()


def _splice(here: socket.socket, there: socket.socket) -> None:
    with suppress(OSError):
        while part := here.recv(4096):
            there.sendall(part)
        there.shutdown(socket.SHUT_WR)
