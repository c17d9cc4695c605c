"""The pair of keys by which push services know this installation (VAPID, RFC 8292).

Made once and kept in the data folder; several machines share one through ``COUTH_PUSH_KEY``. With another pair every
device has to be added again, since browsers bind their address to the public key.
"""

import base64
import os
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from py_vapid import Vapid02

from intranet.config import BadSetting, Settings

FILE = "push_key"
_HELD_FOR = 12 * 3600  # seconds; push services refuse more than a day


def public_key(settings: Settings) -> str:
    """What browsers subscribe with: the point, uncompressed, in base64url."""
    shape = (serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(_pair(settings).public_key.public_bytes(*shape)).decode().rstrip("=")


def signature(settings: Settings, endpoint: str, *, now: int) -> str:
    """The Authorization header of a message to this endpoint; ``now`` in seconds since 1970."""
    parts = urlsplit(endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": now + _HELD_FOR, "sub": _responsible(settings)}
    return str(_pair(settings).sign(claims)["Authorization"])


def _responsible(settings: Settings) -> str:
    """Whom a push service can write to."""
    if settings.mail_from:
        return f"mailto:{settings.mail_from}"
    host = urlsplit(settings.address).hostname or "localhost"
    return f"mailto:couth@{host if '.' in host and not host.replace('.', '').isdigit() else 'localhost'}"


def _pair(settings: Settings) -> Any:
    return _read(settings.push_key or kept_key(settings.data / FILE))


@lru_cache(maxsize=8)
def _read(private: str) -> Any:
    try:
        return Vapid02.from_string(private)
    except ValueError as error:
        raise BadSetting("COUTH_PUSH_KEY must be a private P-256 key: 32 bytes in base64url, or DER") from error


def kept_key(path: Path) -> str:
    """The key in this file, made at the first need, readable by its owner alone and never half written."""
    try:
        return path.read_text()
    except FileNotFoundError:
        pass
    pair = Vapid02()
    pair.generate_keys()
    number = pair.private_key.private_numbers().private_value.to_bytes(32, "big")
    descriptor, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(descriptor, "w") as file:
        file.write(base64.urlsafe_b64encode(number).decode().rstrip("="))
    try:
        os.link(unfinished, path)  # where two processes are first, one of them wins and both read its key
    except FileExistsError:
        pass
    finally:
        Path(unfinished).unlink()
    return path.read_text()
