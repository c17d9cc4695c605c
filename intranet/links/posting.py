"""One POST to a server that a stranger names: the same rules and sockets as for fetching, no redirects, and only the
status is read."""

import http.client
from collections.abc import Mapping
from dataclasses import dataclass

from intranet.links.addresses import Target
from intranet.links.fetching import SECONDS, Unreachable
from intranet.links.sockets import Clock, Source, opened


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said; ``retry_after`` is its header of that name, empty where there is none."""

    status: int
    retry_after: str


def post(target: Target, body: bytes, headers: Mapping[str, str], *, seconds: float = SECONDS) -> Answer:
    """Send it to a target that was checked.

    Raises:
        Unreachable: no answer, or none in time; it may have arrived all the same.
    """
    clock = Clock(seconds)
    given = {"Host": target.host_header, "Content-Length": str(len(body)), "Connection": "close", **headers}
    lines = [f"POST {target.path} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items()), "", ""]
    try:
        with opened(target, clock) as connection:
            connection.settimeout(clock.left())
            connection.sendall("\r\n".join(lines).encode("ascii") + body)
            source = Source(connection, clock)
            response = http.client.HTTPResponse(source, method="POST")  # type: ignore[arg-type]  # needs no more of a socket
            response.begin()
            return Answer(response.status, response.getheader("Retry-After") or "")
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable(repr(error)) from error
