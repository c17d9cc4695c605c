"""One message to one device: encrypted for it alone (RFC 8291), and handed to its push service.

The address comes from a browser, that is from anybody: it is checked, and connected to, like a link that somebody
typed. A company's own push service inside its network is named in ``COUTH_PUSH_NETWORKS``.
"""

import base64
import binascii
import hashlib
import ipaddress
from dataclasses import dataclass

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec

from intranet.config import Settings
from intranet.kernel import clock
from intranet.links.addresses import Forbidden, Resolve, Rules, Target, split, system_resolver, target_of
from intranet.links.posting import Answer, post
from intranet.notifications.push.keys import signature

_KEPT_FOR = 24 * 3600  # seconds that a push service waits for the device to come on
_CURVE = ec.SECP256R1()


class BadKeys(Exception):
    """The keys of a device are none."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a device is reached, and the keys that it opens messages with, as browsers give them (base64url)."""

    endpoint: str
    p256dh: str
    auth: str


def deliver(
    settings: Settings, address: Address, message: bytes, *, topic: str, resolve: Resolve = system_resolver
) -> Answer:
    """Seal a message and hand it over. A later one with the same ``topic`` takes its place while it waits.

    Raises:
        Forbidden: the address leads somewhere closed.
        Unresolved, Unreachable: its service is not there now.
    """
    target = _target(settings, address.endpoint, resolve)
    headers = {
        "Authorization": signature(settings, address.endpoint, now=int(clock.now().timestamp())),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(_KEPT_FOR),
        "Urgency": "high",
        "Topic": base64.urlsafe_b64encode(hashlib.sha256(topic.encode()).digest()[:24]).decode(),
    }
    return post(target, sealed(address, message), headers)


def sealed(address: Address, message: bytes) -> bytes:
    """The message as only the device can read it."""
    point, secret = _opened(address)
    ours = ec.generate_private_key(_CURVE)
    return bytes(http_ece.encrypt(message, private_key=ours, dh=point, auth_secret=secret, version="aes128gcm"))


def check(settings: Settings, address: Address) -> None:
    """Refuse what can never be delivered; asks no name server, and nobody else.

    Raises:
        Forbidden: no address of a push service.
        BadKeys: the keys are none.
    """
    parts = split(address.endpoint)
    if parts.scheme != "https" and not settings.push_networks:
        raise Forbidden("push services are reached by https")
    _opened(address)


def _opened(address: Address) -> tuple[bytes, bytes]:
    try:
        point, secret = _bytes(address.p256dh), _bytes(address.auth)
        ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, point)
    except (ValueError, binascii.Error) as error:
        raise BadKeys from error
    if len(secret) != 16:
        raise BadKeys
    return point, secret


def _bytes(words: str) -> bytes:
    return base64.urlsafe_b64decode(words.rstrip("=") + "=" * (-len(words.rstrip("=")) % 4))


def _target(settings: Settings, endpoint: str, resolve: Resolve) -> Target:
    """Public push services by https on its usual port; those in the company's own networks as they are."""
    parts = split(endpoint)
    own = tuple(ipaddress.ip_network(one) for one in settings.push_networks.replace(",", " ").split())
    usual = parts.scheme == "https" and (parts.port or 443) == 443
    port = 443 if usual else parts.port or 80
    target = target_of(endpoint, Rules(ports=frozenset({port}), networks=own), resolve)
    found = ipaddress.ip_address(target.address)
    if not usual and not any(found.version == network.version and found in network for network in own):
        raise Forbidden("push services are reached by https")
    return target
