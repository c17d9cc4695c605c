"""The web entry point, and the only file that names eventlet.

``python wsgi.py`` patches first and serves. Importing this module (``flask --app wsgi …``, the worker) patches nothing.
"""

import os
import sys

# Without it psycopg waits inside libpq, which the event loop cannot see: every socket stands still.
os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")


def _patch() -> None:
    import warnings  # noqa: PLC0415 (patching comes before every other import)

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*Eventlet is deprecated.*")
        import eventlet  # noqa: PLC0415, TID251 (the one place)
        import eventlet.tpool  # noqa: PLC0415, TID251 (the one place)

    eventlet.monkey_patch()
    from intranet.kernel import threads  # noqa: PLC0415 (after patching)

    threads.use(eventlet.tpool.execute)


if __name__ == "__main__" and os.environ.get("COUTH_ASYNC_MODE", "eventlet") == "eventlet":
    _patch()

from intranet import create_app  # noqa: E402 (after patching)
from intranet.config import BadSetting  # noqa: E402 (after patching)

try:
    app = create_app()
except BadSetting as problem:
    sys.exit(f"couth: {problem}")

if __name__ == "__main__":
    from intranet.kernel.serving import serve

    serve(app)
