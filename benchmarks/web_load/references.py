"""What stands beside our own figures, so that they can be read on another machine: servers that do nothing."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.faults.running import eventually, free_ports

_BARE = """
import sys
from flask import Flask
from flask_socketio import SocketIO
app = Flask("bare")
app.add_url_rule("/", "bare", lambda: "hello")
live = SocketIO(app, async_mode="eventlet", cors_allowed_origins="*")
live.on_event("watch", lambda data: {"ok": True})
said = lambda data: {"type": "message.sent", "data": {"text": data["text"]}}
live.on_event("chat:send", lambda data: live.emit("event", said(data)) or {"ok": True})
live.run(app, host="127.0.0.1", port=int(sys.argv[1]))
"""


@contextmanager
def bare_server() -> Iterator[tuple[int, int]]:
    """The process id and the port of a Flask route that says hello and of a socket that tells everybody what it hears,
    on the same server as ours."""
    port, silent = free_ports(1), subprocess.DEVNULL
    command = [sys.executable, "-W", "ignore", "-c", _BARE, str(port)]
    process = subprocess.Popen(command, stdout=silent, stderr=silent)  # noqa: S603 (our own)

    def answers() -> bool:
        with socket.socket() as line:
            return line.connect_ex(("127.0.0.1", port)) == 0

    try:
        if not eventually(answers):
            raise RuntimeError("the bare server did not start")
        yield process.pid, port
    finally:
        process.terminate()
        process.wait(timeout=20)
