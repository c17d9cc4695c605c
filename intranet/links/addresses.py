"""Which addresses may be fetched at all.

A link is typed by anybody, and the worker stands inside the company's network: what it fetches must be no way into it.

A name is resolved once, every address that it has is checked, and the connection goes to a checked address, so that a
name which changes its mind in between gains nothing.
"""

import ipaddress
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

from intranet.config import Settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], list[str]]

LONGEST_URL = 2000
_LONGEST_HOST = 253
_PORTS = {"http": 80, "https": 443}

# Listed here rather than asked of ``ipaddress`` alone, whose own lists differ between versions of Python.
_CLOSED_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
    )
)  # fmt: skip
# Of IPv6 only what is routed on the internet, without the forms that carry an IPv4 address inside: mapped, compatible,
# NAT64, 6to4 and Teredo all lie outside the first or inside the second.
_OPEN_V6 = ipaddress.IPv6Network("2000::/3")
_CLOSED_V6 = tuple(
    ipaddress.IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3ffe::/16", "3fff::/20")
)


class Forbidden(Exception):
    """This address is not fetched, now or later."""


class Unresolved(Exception):
    """The name has no address, at least for now."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What may be fetched: which ports, and which networks although they are private (the company's own wiki, say)."""

    ports: frozenset[int] = frozenset({80, 443})
    networks: tuple[Network, ...] = ()

    @classmethod
    def of(cls, settings: Settings) -> "Rules":
        return cls(
            ports=frozenset(int(port) for port in _listed(settings.link_ports)),
            networks=tuple(ipaddress.ip_network(network) for network in _listed(settings.link_networks)),
        )

    def allow(self, address: Address) -> bool:
        """Whether the worker may speak to this address."""
        if any(address.version == network.version and address in network for network in self.networks):
            return True
        if isinstance(address, ipaddress.IPv4Address):
            return address.is_global and not any(address in network for network in _CLOSED_V4)
        is_closed = address.scope_id is not None or any(address in network for network in _CLOSED_V6)
        return address in _OPEN_V6 and address.is_global and not is_closed


def _listed(words: str) -> list[str]:
    return [word for word in words.replace(",", " ").split() if word]


@dataclass(frozen=True, slots=True)
class Target:
    """One request: where to connect, and what to ask for. ``address`` has been checked and is the one to use."""

    url: str
    scheme: str
    host: str
    port: int
    path: str
    address: str

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def system_resolver(host: str, port: int) -> list[str]:
    """Every address of a name, as the machine knows it."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def target_of(url: str, rules: Rules, resolve: Resolve = system_resolver) -> Target:
    """Check an address and pin where it leads.

    Raises:
        Forbidden: it is no plain web address, or it leads somewhere closed.
        Unresolved: its name is unknown.
    """
    parts = split(url)
    host, port = _host(parts), parts.port or _PORTS[parts.scheme]
    if port not in rules.ports:
        raise Forbidden(f"port {port}")
    addresses = _addresses(host, port, resolve)
    if not all(rules.allow(address) for address in addresses):
        raise Forbidden("leads into a closed network")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + (
        "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]{}|") if parts.query else ""
    )
    return Target(url, parts.scheme, host, port, path, str(addresses[0]))


def split(url: str) -> SplitResult:
    """The parts of a web address.

    Raises:
        Forbidden: it is none, is too long, or carries a name and password.
    """
    if len(url) > LONGEST_URL or any(character <= " " or character == "\x7f" for character in url):
        raise Forbidden("not a web address")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Forbidden("not a web address") from error
    if parts.scheme not in _PORTS or not parts.hostname or port == 0:
        raise Forbidden("not a web address")
    if parts.username is not None or parts.password is not None:
        raise Forbidden("carries a name and password")
    return parts


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if not host or len(host) > _LONGEST_HOST:
        raise Forbidden("not a web address")
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise Forbidden("not a web address") from error


def _addresses(host: str, port: int, resolve: Resolve) -> list[Address]:
    try:
        found: Iterable[str] = resolve(host, port)
    except (OSError, UnicodeError) as error:
        raise Unresolved(host) from error
    try:
        addresses = [ipaddress.ip_address(one) for one in found]
    except ValueError as error:
        raise Forbidden("not an address") from error
    if not addresses:
        raise Unresolved(host)
    return addresses
