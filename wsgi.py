"""The web entry point, and the only file that names eventlet.

``python wsgi.py`` patches first and serves. Importing this module (``flask --app wsgi …``, the worker) patches nothing.
"""

import os
import sys

# Without it psycopg waits inside libpq, which the event loop cannot see: every socket stands still.
os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")


IS_SERVER = __name__ == "__main__"


def _patch() -> None:
    import warnings  # noqa: PLC0415 (patching comes before every other import)

    # Its maintainers say so at every import; docs/decisions tells why it is here and how to leave it.
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    import eventlet  # noqa: PLC0415, TID251 (the one place)
    import eventlet.tpool  # noqa: PLC0415, TID251 (the one place)

    eventlet.monkey_patch()
    from intranet.kernel import threads  # noqa: PLC0415 (after patching)

    threads.use(eventlet.tpool.execute)


if IS_SERVER and os.environ.get("COUTH_ASYNC_MODE", "eventlet") == "eventlet":
    _patch()

from intranet import create_app  # noqa: E402 (after patching)
from intranet.config import BadSetting, load  # noqa: E402 (after patching)

try:
    settings = load()
    app = create_app(settings, async_mode=settings.async_mode if IS_SERVER else "threading")
except BadSetting as problem:
    sys.exit(f"couth: {problem}")

if IS_SERVER:
    from intranet.kernel.serving import serve

    serve(app)
