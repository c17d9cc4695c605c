"""The log: one line for each request, socket call and job, and for what goes wrong, without anybody's words in it.

A line names the route's pattern and not the address, a person by a hash that only this installation can make, and a
fault by its kind and the places in the code that led to it: messages of exceptions quote what people typed.
"""

import hashlib
import json
import logging
import sys
import time
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO

from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import DBAPIError

from intranet.config import Settings
from intranet.kernel import doing, measures
from intranet.kernel.doing import Doing
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer

log = logging.getLogger(__name__)

HEADER = "X-Request-Id"
_FRAMES = 12


def set_up(app: Flask) -> None:
    """Have every request done under an id, counted and written down; before anything else looks at it."""
    app.before_request(_begin)
    app.after_request(_note)
    app.teardown_request(_end)


def start(process: str, settings: Settings, *, stream: TextIO | None = None) -> None:
    """Write this process's log to standard error, or to ``stream``."""
    stream = stream or sys.stderr
    is_plain = settings.log == "plain" or (settings.log == "auto" and stream.isatty())
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Plain(process) if is_plain else Json(process))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("intranet").setLevel(logging.INFO)  # what libraries tell at that level quotes addresses


def person(viewer: Viewer) -> str | None:
    """A person as the log knows them: the same each time, and no way back to who it is."""
    if viewer.id is None:
        return None
    key = str(current_app.secret_key).encode()[:64]
    return hashlib.blake2b(str(viewer.id).encode(), key=key, digest_size=6).hexdigest()


def note(message: str, what: Doing, *, level: int = logging.INFO, **facts: object) -> None:
    """Write the line of something that is done."""
    log.log(level, message, extra={"facts": {**facts, "ms": what.milliseconds, "sql": what.statements}})


def note_call(name: str, what: Doing, viewer: Viewer, outcome: str) -> None:
    """Count a socket's call and write its line."""
    measures.calls.labels(name, outcome).inc()
    measures.call_seconds.labels(name).observe(time.perf_counter() - what.began)
    level = logging.ERROR if outcome == "internal" else logging.INFO
    note("socket call", what, level=level, call=name, outcome=outcome, person=person(viewer))


def _begin() -> None:
    # Behind a proxy that we trust, its id is ours too: one line there and one line here tell of the same request.
    doing.begin(request.headers.get(HEADER) if runtime().settings.trusted_proxies else None)


def _note(response: Response) -> Response:
    what = doing.current()
    if what is None:
        return response
    response.headers[HEADER] = what.request_id
    endpoint = request.endpoint or "none"
    route = request.url_rule.rule if request.url_rule else None
    status = response.status_code
    measures.requests.labels(endpoint, request.method, status).inc()
    measures.request_seconds.labels(endpoint, route or "none").observe(time.perf_counter() - what.began)
    who = person(g.viewer) if "viewer" in g else None
    level = logging.ERROR if status >= 500 else logging.INFO
    note("request", what, level=level, method=request.method, route=route, status=status, person=who)
    return response


def _end(_error: BaseException | None) -> None:
    doing.end()


class Json(logging.Formatter):
    """One JSON object in a line."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self.process = process

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(_line(record, self.process), ensure_ascii=False, default=str)


class Plain(logging.Formatter):
    """The same for somebody who watches a terminal."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self.process = process

    def format(self, record: logging.LogRecord) -> str:
        line = _line(record, self.process)
        fault = line.pop("error", None)
        moment, process, level, message = (line.pop(name) for name in ("time", "process", "level", "message"))
        rest = " ".join(f"{name}={value}" for name, value in line.items() if value is not None)
        told = f"{moment} {process} {level} {message} {rest}".rstrip()
        return "\n    ".join([told, *([f"{fault['type']} {fault['reason']}".rstrip(), *fault["at"]] if fault else [])])


def _line(record: logging.LogRecord, process: str) -> dict[str, Any]:
    moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    line: dict[str, Any] = {
        "time": moment,
        "level": record.levelname.lower(),
        "process": process,
        "logger": record.name,
        "message": record.getMessage(),
        "request_id": doing.request_id(),
        **getattr(record, "facts", {}),
    }
    if record.exc_info and record.exc_info[1] is not None:
        line["error"] = _fault(record.exc_info[1], record.exc_info[2])
    return line


def _fault(error: BaseException, trace: TracebackType | None) -> dict[str, Any]:
    frames = traceback.extract_tb(trace)[-_FRAMES:]
    at = [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
    cause = error.__cause__ or error.__context__
    found: dict[str, Any] = {"type": type(error).__qualname__, "reason": reason_of(error), "at": at}
    if cause is not None:
        found["cause"] = f"{type(cause).__qualname__} {reason_of(cause)}".rstrip()
    return found


def reason_of(error: BaseException) -> str:
    """Why something failed, as far as that is told by a machine and quotes nobody: an error number, a database's code;
    empty where only a message would say it."""
    original: object = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(original, "sqlite_errorname", None) or getattr(original, "sqlstate", None)
    return str(code or getattr(original, "strerror", None) or "")
