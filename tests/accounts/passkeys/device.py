"""A device of a test: it makes a passkey and signs with it, as the standard says, and lies where it is told to."""

import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url, encode_cbor

ORIGIN = "http://localhost:8000"
_PRESENT, _VERIFIED, _ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Device:
    """``counts`` is off for devices that share passkeys: their counter stays 0."""

    origin: str = ORIGIN
    host: str = "localhost"
    counts: bool = True
    sees_owner: bool = True
    counter: int = 0
    handle: str = ""
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def make(self, options: dict[str, Any]) -> str:
        """A new passkey, as the browser would send it."""
        self.handle = options["user"]["id"]
        numbers = self.key.public_key().public_numbers()
        public = encode_cbor({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})
        attested = bytes(16) + struct.pack(">H", len(self.credential)) + self.credential + public
        known = self._known(_ATTESTED) + attested
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": known})
        said = self._said("webauthn.create", options["challenge"])
        return self._sent(clientDataJSON=said, attestationObject=attestation)

    def sign(self, options: dict[str, Any], **lies: bytes) -> str:
        """A signed answer."""
        if self.counts:
            self.counter += 1
        known, said = self._known(0), self._said("webauthn.get", options["challenge"])
        signature = self.key.sign(known + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        parts = {"clientDataJSON": said, "authenticatorData": known, "signature": signature, **lies}
        return self._sent(**parts)

    def _known(self, more: int) -> bytes:
        flags = _PRESENT | (_VERIFIED if self.sees_owner else 0) | more
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + struct.pack(">I", self.counter)

    def _said(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _sent(self, **parts: bytes) -> str:
        name = bytes_to_base64url(self.credential)
        response: dict[str, str] = {part: bytes_to_base64url(value) for part, value in parts.items()}
        if "signature" in parts:
            response["userHandle"] = self.handle
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
