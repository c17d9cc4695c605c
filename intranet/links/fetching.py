"""One GET of something that a stranger serves.

It reads at most so many bytes, takes at most so many seconds from the first to the last of them however slowly they
drip, and follows at most so many redirects, each of which is checked like the first address.
"""

import http.client
import socket
import zlib
from dataclasses import dataclass
from urllib.parse import urljoin

from intranet.links.addresses import LONGEST_URL, Forbidden, Resolve, Rules, Target, system_resolver, target_of
from intranet.links.sockets import Clock, Source, opened

SECONDS = 8.0
_MOST_REDIRECTS = 4
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_CHUNK = 16 * 1024
_AGENT = "Mozilla/5.0 (compatible; Couth link cards)"


class Unreachable(Exception):
    """Nothing came, or not in time: it may be there another time."""


class Unusable(Exception):
    """What came is nothing to make a card of."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: kinds of content (``text/html``, or ``image/`` for all of a kind) and at most ``most`` bytes.

    ``may_be_cut`` says that the beginning is good enough where there is more.
    """

    kinds: tuple[str, ...]
    most: int
    may_be_cut: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came. ``url`` is where it was found after all redirects, ``charset`` what the server says of it."""

    url: str
    content_type: str
    charset: str | None
    body: bytes


def fetch(
    url: str, wanted: Wanted, *, rules: Rules, resolve: Resolve = system_resolver, seconds: float = SECONDS
) -> Fetched:
    """Get what is at ``url``.

    Raises:
        Forbidden: it, or where it redirects to, may not be fetched.
        Unreachable: no answer, none in time, or one that may be better later.
        Unusable: it is missing, of another kind, or too large.
    """
    clock = Clock(seconds)
    for _hop in range(_MOST_REDIRECTS + 1):
        target = target_of(url, rules, resolve)
        try:
            found = _get(target, wanted, clock)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unreachable(repr(error)) from error
        if isinstance(found, Fetched):
            return found
        url = found
    raise Unusable("redirects without end")


def _get(target: Target, wanted: Wanted, clock: Clock) -> Fetched | str:
    """What is there, or the address that it redirects to."""
    with opened(target, clock) as connection:
        return _ask(connection, target, wanted, clock)


def _ask(connection: socket.socket, target: Target, wanted: Wanted, clock: Clock) -> Fetched | str:
    lines = (
        f"GET {target.path} HTTP/1.1",
        f"Host: {target.host_header}",
        f"User-Agent: {_AGENT}",
        f"Accept: {', '.join(kind + '*' if kind.endswith('/') else kind for kind in wanted.kinds)}",
        "Accept-Encoding: identity",
        "Connection: close",
    )
    connection.settimeout(clock.left())
    connection.sendall("\r\n".join((*lines, "", "")).encode("ascii"))
    response = http.client.HTTPResponse(Source(connection, clock), method="GET")  # type: ignore[arg-type]  # needs no more of a socket
    response.begin()
    if response.status in _REDIRECTS:
        return _next(target.url, response.getheader("Location"))
    if response.status in _PASSING:
        raise Unreachable(f"answers {response.status}")
    content_type = response.headers.get_content_type()
    if response.status != http.client.OK or not content_type.startswith(wanted.kinds):
        raise Unusable(f"answers {response.status} with {content_type}")
    body = _read(response, wanted)
    return Fetched(target.url, content_type, response.headers.get_content_charset(), body)


def _next(url: str, location: str | None) -> str:
    if not location or len(location) > LONGEST_URL:
        raise Unusable("redirects nowhere")
    # Headers come as Latin-1; many servers send UTF-8.
    location = location.encode("latin-1", "replace").decode("utf-8", "replace")
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise Forbidden("redirects to no address") from error


def _read(response: http.client.HTTPResponse, wanted: Wanted) -> bytes:
    """The body, unpacked, never more than wanted: neither on the line nor after unpacking."""
    coding = (response.getheader("Content-Encoding") or "identity").strip().lower()
    if coding not in {"identity", "gzip", "x-gzip", "deflate"}:
        raise Unusable(f"packed as {coding}")
    unpack = zlib.decompressobj(47) if "gzip" in coding else zlib.decompressobj() if coding == "deflate" else None
    body = bytearray()
    while len(body) <= wanted.most and (chunk := response.read1(_CHUNK)):
        room = wanted.most + 1 - len(body)
        try:
            body += unpack.decompress(chunk, room) if unpack else chunk[:room]
        except zlib.error as error:
            raise Unusable("packed wrongly") from error
    if len(body) > wanted.most and not wanted.may_be_cut:
        raise Unusable("too large")
    return bytes(body[: wanted.most])
