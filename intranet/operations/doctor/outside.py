"""The way that people come: through the base address, the proxy, and a real WebSocket."""

import base64
import hashlib
import ipaddress
import json
import secrets
import ssl
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from intranet.config import Settings
from intranet.operations import arrival
from intranet.operations.doctor.finding import Finding
from intranet.operations.doctor.neighbours import compare_clocks

_PATIENCE = 5.0
# An address that belongs to nobody (RFC 5737): what arrives in its name shows that a visitor's claim is believed.
CLAIMED = "192.0.2.1"
_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, 1.3
_WEBSOCKET_REMEDY = (
    "have the proxy pass upgrades on (proxy_http_version 1.1, Upgrade and Connection headers), "
    "and set COUTH_BASE_URL to the address that browsers show"
)


def look(settings: Settings) -> Iterator[Finding]:
    """What a visitor's request meets on its way, and what is left of it where it arrives."""
    try:
        status, headers, body = _ask(settings, arrival.address(settings), {"X-Forwarded-For": CLAIMED})
    except ssl.SSLError as error:
        yield Finding("address", f"{settings.address}: {error.reason}", "give the proxy a certificate for that name")
        return
    except (OSError, HTTPException, ValueError) as error:
        remedy = "start script/server, see that the proxy passes on to it, and that COUTH_BASE_URL is right"
        yield Finding("address", f"{settings.address} does not answer ({error})", remedy)
        return
    if status != 200 or not isinstance(body, dict):
        remedy = "have the proxy pass to this installation, with the same COUTH_SECRET_KEY on each machine"
        yield Finding("address", f"{settings.address} answers {status}, and not as this installation", remedy)
        return
    yield Finding("address", f"{settings.address} leads here")
    yield _proxy(settings, body)
    if (moment := _moment(headers)) is not None:
        yield compare_clocks("clock of the way", moment, exact_to=1.0)
    yield _websocket(settings)


@contextmanager
def _answer(settings: Settings, path: str, headers: Mapping[str, str]) -> Iterator[HTTPResponse]:
    parts = urlsplit(settings.address)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    # Straight to the address: a proxy that the environment names for the way out is not the one that people come by.
    with closing(kind(parts.hostname or "", parts.port, timeout=_PATIENCE)) as connection:
        connection.request("GET", parts.path.rstrip("/") + path, headers=dict(headers))
        with connection.getresponse() as answer:
            yield answer


def _ask(settings: Settings, path: str, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], Any]:
    with _answer(settings, path, headers) as answer:
        is_json = answer.headers.get_content_type() == "application/json"
        content = answer.read(65536)
        return answer.status, dict(answer.headers.items()), json.loads(content) if is_json else None


def _proxy(settings: Settings, arrived: Mapping[str, Any]) -> Finding:
    """What arrived, against what the settings say of the proxies in between."""
    steps = [step for step in arrived["forwarded_for"] if step != CLAIMED]
    proxies, trusted = len(steps), settings.trusted_proxies
    state = f"{proxies} named themselves in X-Forwarded-For, {trusted} are trusted"
    if proxies != trusted:
        why = "visitors may pretend any address" if proxies < trusted else "every visitor seems to come from the proxy"
        return Finding("proxy headers", state, f"set COUTH_TRUSTED_PROXIES={proxies}, or correct the proxy: {why}")
    if arrived["address"] == CLAIMED:
        remedy = "have the outermost proxy set X-Forwarded-For itself, and count COUTH_TRUSTED_PROXIES anew"
        return Finding("proxy headers", "an address that a visitor claims is believed", remedy)
    wanted = urlsplit(settings.address)
    if settings.base_url and (arrived["scheme"], arrived["host"]) != (wanted.scheme, wanted.netloc):
        remedy = "have the proxy set X-Forwarded-Proto and X-Forwarded-Host (or pass Host on)"
        return Finding("proxy headers", f"it arrives as {arrived['scheme']}://{arrived['host']}", remedy)
    is_private = _is_private(arrived["address"])
    return Finding("proxy headers", state + ("" if is_private else f"; we come from {arrived['address']}"))


def _is_private(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_private
    except ValueError:
        return False


def _moment(headers: Mapping[str, str]) -> datetime | None:
    try:
        return parsedate_to_datetime(headers["Date"])
    except (KeyError, TypeError, ValueError):
        return None


def _websocket(settings: Settings) -> Finding:
    """A real upgrade: the server's first word has to come through."""
    key = base64.b64encode(secrets.token_bytes(16)).decode()
    asked = {
        "Origin": settings.address,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": key,
    }
    proof = base64.b64encode(hashlib.sha1(f"{key}{_GUID}".encode(), usedforsecurity=False).digest()).decode()
    try:
        with _answer(settings, "/socket.io/?EIO=4&transport=websocket", asked) as answer:
            if answer.status != 101 or answer.headers.get("Sec-WebSocket-Accept") != proof:
                return Finding("websocket", f"the upgrade is answered with {answer.status}", _WEBSOCKET_REMEDY)
            greeting = _first_words(answer)
    except (OSError, HTTPException) as error:
        return Finding("websocket", f"the upgrade fails ({type(error).__name__})", _WEBSOCKET_REMEDY)
    if not greeting.startswith(b"0{"):
        return Finding("websocket", "the upgrade succeeds, but nothing comes through it", _WEBSOCKET_REMEDY)
    return Finding("websocket", "upgraded")


def _first_words(answer: HTTPResponse) -> bytes:
    """The first bytes of a server's first frame (RFC 6455, 5.2), which it sends unmasked."""
    frame = answer.fp.read(4)
    return frame[2:] if frame[1:] and frame[1] < 126 else answer.fp.read(2)
