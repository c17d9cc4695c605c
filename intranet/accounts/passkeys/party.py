"""The place as passkeys know it: they are bound to its host's name, and to secure addresses."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from intranet.config import Settings

_LOCAL = "localhost"


@dataclass(frozen=True, slots=True)
class Party:
    """``host`` is what passkeys are bound to, ``origin`` the only address whose pages may ask for them."""

    host: str
    origin: str


def party(settings: Settings) -> Party | None:
    """The relying party; None where browsers would refuse: without https, or at a bare number.

    On this machine alone browsers call http safe, at ``localhost``.
    """
    parts = urlsplit(settings.address)
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    if not settings.base_url and _is_loopback(host):
        return Party(_LOCAL, f"http://{_LOCAL}{port}")
    is_safe = parts.scheme == "https" or host == _LOCAL
    return Party(host, f"{parts.scheme}://{host}{port}") if is_safe and not _is_number(host) else None


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return host == _LOCAL or (_is_number(host) and ipaddress.ip_address(host).is_loopback)
