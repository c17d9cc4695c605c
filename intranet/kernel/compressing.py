"""Pages, fragments, JSON and the product's own static files travel compressed: a fifth of the bytes.

A page that repeats what somebody sent beside its own secrets must not tell by its length how well both match: each
answer carries a file name of random length in its gzip header, which browsers ignore. Static files are compressed once.
"""

import gzip
import io
import secrets
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request

from intranet.config import ROOT

_SMALLEST = 1_000  # below, the header costs what is gained
_QUICK, _BEST = 3, 9
_LONGEST_NAME = 48
_WORDS = ("text/", "application/json", "application/problem+json", "image/svg+xml", "application/manifest+json",
          "application/javascript")  # fmt: skip
_STATIC = ROOT / "static"


def set_up(app: Flask) -> None:
    """Compress what is worth it, for whoever takes it."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if not (response.mimetype or "").startswith(_WORDS) or response.status_code != 200 or request.range is not None:
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings.quality("gzip") or "Content-Encoding" in response.headers:
        return response
    if request.endpoint == "static":
        packed = _packed_file(str((request.view_args or {}).get("filename", "")))
    elif response.is_streamed or response.direct_passthrough or len(response.get_data()) < _SMALLEST:
        return response
    else:
        packed = _packed(response.get_data())
    if packed is None:
        return response
    close = getattr(response.response, "close", None)
    if close is not None:
        close()  # the file that would have been sent as it is
    response.direct_passthrough = False
    response.set_data(packed)
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("Accept-Ranges", None)
    return response


def _packed(data: bytes) -> bytes:
    held = io.BytesIO()
    name = "-" * secrets.randbelow(_LONGEST_NAME)
    with gzip.GzipFile(filename=name, mode="wb", compresslevel=_QUICK, fileobj=held, mtime=0) as file:
        file.write(data)
    return held.getvalue()


def _packed_file(name: str) -> bytes | None:
    path = _STATIC / name
    stat = path.stat()
    return _packed_once(path, stat.st_mtime_ns) if stat.st_size >= _SMALLEST else None


@lru_cache(maxsize=400)
def _packed_once(path: Path, _modified: int) -> bytes:
    return gzip.compress(path.read_bytes(), compresslevel=_BEST, mtime=0)
