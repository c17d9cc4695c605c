"""A push service on this machine, and the browsers that it serves: it checks who sends and decrypts what came. And a
mail server, which takes everything."""

import base64
import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

from intranet.accounts.models import SignIn
from intranet.config import Settings
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.viewer import Viewer
from intranet.notifications.push.actions import add_device
from intranet.notifications.push.sealing import Address
from tests.cast import SYSTEM


def words(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


HERE = "127.0.0.0/8"  # this machine is the company's own network


class Inbox:
    """What came by mail, and the port where its server listens."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.got: list[bytes] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd calls it by this name)
        assert isinstance(envelope.content, bytes)
        self.got.append(envelope.content)
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[Inbox]:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        inbox = Inbox(taken.getsockname()[1])
    controller = Controller(inbox, hostname="127.0.0.1", port=inbox.port)
    controller.start()
    try:
        yield inbox
    finally:
        controller.stop()


class Browser:
    """One subscription: its keys, and what it was told."""

    def __init__(self, base: str, name: str) -> None:
        self.private, self.secret = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
        shape = (serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
        point = self.private.public_key().public_bytes(*shape)
        self.address = Address(f"{base}/push/{name}", words(point), words(self.secret))
        self.answers: list[int] = []  # what its service answers next; 201 when nothing is left
        self.told: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.asked = 0

    def opened(self, body: bytes) -> dict[str, Any]:
        clear = http_ece.decrypt(body, private_key=self.private, auth_secret=self.secret, version="aes128gcm")
        found: dict[str, Any] = json.loads(clear)
        return found


class PushService:
    """Serves any number of browsers under ``/push/NAME``."""

    def __init__(self) -> None:
        self.browsers: dict[str, Browser] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.base = f"http://127.0.0.1:{self.server.server_port}"

    def browser(self, name: str) -> Browser:
        return self.browsers.setdefault(name, Browser(self.base, name))


def _handler(service: PushService) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            browser = service.browsers[self.path.rsplit("/", 1)[1]]
            body = self.rfile.read(int(self.headers["Content-Length"]))
            assert Vapid02.verify(self.headers["Authorization"])
            browser.asked += 1
            status = browser.answers.pop(0) if browser.answers else 201
            if status == 201:
                browser.told.append(browser.opened(body))
                browser.headers.append(dict(self.headers.items()))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Tests print nothing."""

    return Handler


@contextmanager
def push_service() -> Iterator[PushService]:
    service = PushService()
    thread = threading.Thread(target=service.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.server.shutdown()
        service.server.server_close()
        thread.join()


def signed_in(database: Database, viewer: Viewer, name: str) -> int:
    """A session of theirs in a browser of that name."""
    with database.unit_of_work(SYSTEM) as session:
        until = clock.now() + timedelta(days=300)
        row = SignIn(
            person_id=viewer.member_id, token_hash=f"hash of {name}", expires_at=until, address="", browser=name
        )
        session.add(row)
        session.flush()
        return row.id


def has_device(database: Database, viewer: Viewer, browser: Browser) -> int:
    """They added this browser; gives the session that it belongs to."""
    sign_in_id = signed_in(database, viewer, browser.address.endpoint)
    with database.unit_of_work(viewer) as session:
        settings = Settings(push_networks=HERE)
        add_device(session, viewer, browser.address, sign_in_id=sign_in_id, settings=settings)
    return sign_in_id
