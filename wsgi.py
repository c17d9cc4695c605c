"""The web entry point, and the only file that names eventlet and gevent.

``python wsgi.py`` patches first and serves. Importing this module (``flask --app wsgi …``, the worker) patches nothing.
"""

import contextlib
import ctypes
import os
import runpy
import socket
import sys
from pathlib import Path
from typing import Any

# Without it psycopg waits inside libpq, which the event loop cannot see: every socket stands still.
os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")


_HEAPS, _MOST_HEAPS = -8, 2  # mallopt(3): M_ARENA_MAX


def _share_heaps() -> None:
    """Have all threads share two heaps of the C library, before there is a second thread. By itself it gives the loop's
    twenty helpers heaps of their own, and each keeps the room of the most that it ever held."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:  # another C library has other ways
        mallopt(_HEAPS, _MOST_HEAPS)


_share_heaps()
IS_SERVER = __name__ == "__main__"


def _send_at_once(line: Any) -> None:
    """Let an answer go out whole, and not wait with its second part until the other side has confirmed the first, for
    which that takes 40 ms."""
    with contextlib.suppress(OSError):  # who asked has gone already
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _with_eventlet() -> dict[str, Any]:
    """Patch; returns what its server is started with."""
    import warnings  # noqa: PLC0415 (patching comes before every other import)

    # Its maintainers say so at every import; docs/decisions tells why it is here and how to leave it.
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    import eventlet  # noqa: PLC0415, TID251 (the one place)
    import eventlet.tpool  # noqa: PLC0415, TID251 (the one place)
    import eventlet.wsgi  # noqa: PLC0415, TID251 (the one place)

    eventlet.monkey_patch()
    from intranet.kernel import threads  # noqa: PLC0415 (after patching)

    threads.use(eventlet.tpool.execute)

    class Connection(eventlet.wsgi.HttpProtocol):  # type: ignore[misc]  # eventlet has no types
        """An open socket keeps its buffers for hours: 16 and 8 kB of them each would be a third of its memory."""

        rbufsize = wbufsize = 4096

        def __init__(self, connection: Any, server: Any) -> None:
            server.debug = False  # a traceback is for the log; Flask-SocketIO keeps this option to itself
            _send_at_once(connection[1])
            super().__init__(connection, server)

    # Its own bound of 1,024 connections would be reached by as many open pages, and nobody else would get in. Who says
    # nothing for a minute is gone: a live socket answers a ping every twenty seconds.
    return {"protocol": Connection, "max_size": 100_000, "socket_timeout": 60}


def _with_gevent() -> dict[str, Any]:
    """Patch; returns what its server is started with."""
    try:
        from gevent import get_hub, monkey, pywsgi  # noqa: PLC0415, TID251 (the one place)
    except ImportError:
        sys.exit("couth: COUTH_ASYNC_MODE=gevent needs gevent, which is installed by itself: pip install gevent")
    monkey.patch_all()
    from intranet.kernel import threads  # noqa: PLC0415 (after patching)

    threads.use(lambda work, *args, **named: get_hub().threadpool.apply(work, args, named))

    class Connection(pywsgi.WSGIHandler):  # type: ignore[misc]  # gevent has few types
        def __init__(self, sock: socket.socket, *rest: Any, **named: Any) -> None:
            _send_at_once(sock)
            super().__init__(sock, *rest, **named)

    return {"handler_class": Connection}


def _with_threads() -> dict[str, Any]:
    return {"allow_unsafe_werkzeug": True}


def _settings() -> Any:
    """Those of the environment or ``.env``, read by themselves: the package around them imports what is patched."""
    alone = runpy.run_path(str(Path(__file__).with_name("intranet") / "config.py"))
    try:
        return alone["load"]()
    except alone["BadSetting"] as problem:
        sys.exit(f"couth: {problem}")


def _load_sockets(unused: list[str]) -> None:
    """Socket.IO, without what it would load for uses of it that we have not: it gets on as if that were not installed.
    Each process would keep it for as long as it runs."""
    missing = [name for name in unused if name not in sys.modules]
    sys.modules.update(dict.fromkeys(missing))  # type: ignore[arg-type]  # None: how an import is told so
    import flask_socketio  # noqa: F401, PLC0415 (while these are missing)

    for name in missing:
        del sys.modules[name]


_PREPARE = {"eventlet": _with_eventlet, "gevent": _with_gevent, "threading": _with_threads}
_early = _settings()
options = _PREPARE[_early.async_mode]() if IS_SERVER else {}
# Nobody here is a client of sockets.
_load_sockets(["requests", "websocket"] + ([] if _early.redis_url else ["redis"]))

from intranet import create_app  # noqa: E402 (after patching)
from intranet.config import BadSetting, load  # noqa: E402 (after patching)

try:
    settings = load()
    app = create_app(settings, async_mode=settings.async_mode if IS_SERVER else "threading")
except BadSetting as problem:
    sys.exit(f"couth: {problem}")

if IS_SERVER:
    from intranet.kernel.serving import serve

    serve(app, **options)
