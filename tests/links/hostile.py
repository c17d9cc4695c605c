"""A web server on loopback that behaves as badly as it is told to."""

import gzip
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Answer = Callable[[socket.socket], None]


def page(html: str, *, content_type: str = "text/html; charset=utf-8", **headers: str) -> Answer:
    """A plain page."""
    return raw(html.encode(), content_type, **headers)


def raw(body: bytes, content_type: str, *, status: str = "200 OK", **headers: str) -> Answer:
    """Any body, with headers as ``content_encoding="gzip"``."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return lambda connection: connection.sendall("\r\n".join((*lines, "", "")).encode() + body)


def redirect(to: str) -> Answer:
    return raw(b"", "text/html", status="302 Found", Location=to)


def bomb(megabytes: int) -> Answer:
    """Some kilobytes on the line, ``megabytes`` unpacked."""
    body = gzip.compress(b"<title>Bomb</title>" + b" " * megabytes * 1024 * 1024)
    return raw(body, "text/html", Content_Encoding="gzip")


def endless(connection: socket.socket) -> None:
    """A body that never ends, as fast as it can."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>Endless</title>")
    while True:
        connection.sendall(b"<p>more</p>" * 1000)


def drip(connection: socket.socket) -> None:
    """A byte now and then, so that no single read ever times out."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        connection.sendall(b" ")
        time.sleep(0.05)


def drip_headers(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        connection.sendall(b"a")
        time.sleep(0.05)


def silence(connection: socket.socket) -> None:
    time.sleep(30)


def cut(connection: socket.socket) -> None:
    """Breaks off in the middle, with a reset."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 500\r\n\r\n<title>")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@dataclass
class Hostile:
    """``answers`` by path; ``asked`` is what came, as (host header, path), and ``sent`` the whole requests."""

    port: int
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)

    def url(self, path: str, host: str = "wiki.example") -> str:
        return f"http://{host}:{self.port}{path}"

    def serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(10)
            request = b""
            while b"\r\n\r\n" not in request and (chunk := connection.recv(4096)):
                request += chunk
            text = request.decode("latin-1")
            path = text.split(" ")[1] if text.count(" ") else ""
            host = text.split("Host: ")[1].split("\r\n")[0] if "Host: " in text else ""
            self.asked.append((host, path))
            self.sent.append(text)
            self.answers.get(path, raw(b"no", "text/plain", status="404 Not Found"))(connection)


@contextmanager
def hostile_server() -> Iterator[Hostile]:
    listener = socket.create_server(("127.0.0.1", 0), backlog=50)
    found = Hostile(listener.getsockname()[1])

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _address = listener.accept()
                threading.Thread(target=found.serve, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(2)
