"""Pages, fragments, JSON and the product's own static files travel compressed: a fifth of the bytes.

A page that repeats what somebody sent beside its own secrets must not tell by its length how well both match: each
answer carries something of random length that browsers skip, a file name in gzip and a block of notes in Brotli. Static
files are compressed once: those of the bundle by set-up, which leaves a ``.br`` beside each.
"""

import gzip
import io
import secrets
from functools import lru_cache
from pathlib import Path

import brotli
from flask import Flask, Response, request

from intranet.config import ROOT

_SMALLEST = 1_000  # below, the header costs what is gained
_QUICK, _BEST = 6, 9
_LONGEST_SKIPPED = 48
_BROTLI = 5  # of 11: lighter than gzip's, and made in less time
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
    if "Content-Encoding" in response.headers:
        return response
    encoding, packed = _packed_for(response)
    if packed is None:
        return response
    close = getattr(response.response, "close", None)
    if close is not None:
        close()  # the file that would have been sent as it is
    response.direct_passthrough = False
    response.set_data(packed)
    response.headers["Content-Encoding"] = encoding
    response.headers.pop("Accept-Ranges", None)
    return response


def _packed_for(response: Response) -> tuple[str, bytes | None]:
    """The encoding that fits this request, and the bytes in it; None where they go out as they are."""
    accepted = request.accept_encodings
    if request.endpoint == "static":
        file = _STATIC / str((request.view_args or {}).get("filename", ""))
        made = file.with_name(f"{file.name}.br")
        if accepted.quality("br") and made.is_file():
            return "br", made.read_bytes()
        return "gzip", _packed_file(file) if accepted.quality("gzip") else None
    if response.is_streamed or response.direct_passthrough or len(response.get_data()) < _SMALLEST:
        return "gzip", None
    if accepted.quality("br"):
        return "br", _brotli(response.get_data())
    return "gzip", _packed(response.get_data()) if accepted.quality("gzip") else None


def _packed(data: bytes) -> bytes:
    held = io.BytesIO()
    name = "-" * secrets.randbelow(_LONGEST_SKIPPED)
    with gzip.GzipFile(filename=name, mode="wb", compresslevel=_QUICK, fileobj=held, mtime=0) as file:
        file.write(data)
    return held.getvalue()


def _brotli(data: bytes) -> bytes:
    packer = brotli.Compressor(quality=_BROTLI)
    packed = packer.process(data) + packer.flush()  # which ends at a whole byte
    return bytes(packed + _skipped(secrets.randbelow(_LONGEST_SKIPPED)) + packer.finish())


def _skipped(length: int) -> bytes:
    """A block of metadata (RFC 7932, 9.2): not the last, no data, one byte says its length, less one."""
    return (0b01_0_11_0 | (length - 1) << 6).to_bytes(2, "little") + b"-" * length if length else b""


def _packed_file(path: Path) -> bytes | None:
    stat = path.stat()
    return _packed_once(path, stat.st_mtime_ns) if stat.st_size >= _SMALLEST else None


@lru_cache(maxsize=400)
def _packed_once(path: Path, _modified: int) -> bytes:
    return gzip.compress(path.read_bytes(), compresslevel=_BEST, mtime=0)
