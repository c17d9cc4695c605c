"""Secrets that must be read again are kept sealed with a key of the installation (AES-256-GCM).

``purpose`` and the person are part of the seal: a row that is moved to somebody else opens nothing.
"""

import base64
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

_NONCE = 12


class Unreadable(Exception):
    """It was sealed for something else, or with another secret key."""


def seal(secret: str, *, purpose: str, person_id: int) -> str:
    """The secret as it may be kept."""
    nonce = os.urandom(_NONCE)
    sealed = _cipher().encrypt(nonce, secret.encode(), _label(purpose, person_id))
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(sealed: str, *, purpose: str, person_id: int) -> str:
    """The secret again.

    Raises:
        Unreadable: it is not one that ``seal`` made for this purpose and person.
    """
    try:
        raw = base64.urlsafe_b64decode(sealed)
        return _cipher().decrypt(raw[:_NONCE], raw[_NONCE:], _label(purpose, person_id)).decode()
    except (ValueError, InvalidTag) as error:
        raise Unreadable from error


def _label(purpose: str, person_id: int) -> bytes:
    return f"{purpose}:{person_id}".encode()


def _cipher() -> AESGCM:
    return _cipher_of(str(current_app.secret_key))


@lru_cache(maxsize=4)
def _cipher_of(secret_key: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=b"couth: secrets of second factors").derive(secret_key.encode()))
