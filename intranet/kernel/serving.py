"""Serving this process's sockets and pages, with the live hub beside them."""

import resource
import signal
import threading
from collections.abc import Callable
from typing import Any, NoReturn

from flask import Flask

from intranet.kernel import journal, memory
from intranet.kernel.hub import PART, Hub
from intranet.kernel.runtime import runtime, settle
from intranet.kernel.wake import waker_for

_OPEN_FILES = 65_536


def serve(app: Flask, **options: Any) -> None:
    """Serve until the process is told to stop; ``options`` are for the server of its async mode."""
    parts = runtime(app)
    journal.start(f"web:{parts.settings.port}", parts.settings)
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(SystemExit(0)))
    _raise_limits()
    hub, waker = Hub(app), waker_for(parts.database)
    parts.parts[PART] = hub
    settle()
    parts.socketio.start_background_task(hub.run, waker.wait)
    parts.socketio.start_background_task(_give_back, parts.socketio.sleep)
    parts.socketio.run(
        app,
        host=parts.settings.host,
        port=parts.settings.port,
        use_reloader=False,
        log_output=False,
        **options,
    )


def _give_back(sleep: Callable[[float], None]) -> NoReturn:
    while True:
        sleep(memory.EVERY)
        memory.give_back()


def _raise_limits() -> None:
    """As many open pages as the system lets this process hold: what is usual to begin with ends at 1,024."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if most == resource.RLIM_INFINITY else min(most, _OPEN_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
