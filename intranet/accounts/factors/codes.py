"""Codes: the six digits of an authenticator (RFC 6238), its picture to scan, and recovery codes."""

import hmac
import secrets
import unicodedata
from datetime import datetime

import pyotp
from markupsafe import Markup

from intranet.accounts.sessions import token_hash

RECOVERY_CODES = 10
STEP = 30  # seconds
_SKEW = 1  # steps that a clock may be off, either way
# Without letters and digits that are read for one another; sixteen of them are 80 bits, so no slow hash is needed.
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_RECOVERY_LENGTH = 16


def new_secret() -> str:
    """160 bits, as authenticators take them."""
    return pyotp.random_base32()


def matching_step(secret: str, typed: str, *, now: datetime, after: int) -> int | None:
    """The half minute whose code was typed, later than ``after``; None where it fits none.

    Every candidate is compared in full, so that the time taken tells nothing.
    """
    code, present = _digits(typed), int(now.timestamp()) // STEP
    one_time = pyotp.TOTP(secret)
    found = None
    for step in range(present - _SKEW, present + _SKEW + 1):
        fits = hmac.compare_digest(one_time.at(step * STEP).encode(), code.encode())
        if fits and step > after:
            found = step
    return found


def _digits(typed: str) -> str:
    """As ASCII, without the blanks that some authenticators show; digits of every script count."""
    return "".join(str(unicodedata.decimal(letter, letter)) for letter in typed if not letter.isspace())


def address_of(secret: str, *, name: str, place: str) -> str:
    """What an authenticator reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=place)


def picture_of(address: str) -> Markup:
    """The picture to scan, as SVG in the page; its colours are the style sheet's."""
    import segno  # noqa: PLC0415 (for whoever sets an authenticator up)

    drawn = segno.make(address, error="m", micro=False)
    return Markup(drawn.svg_inline(border=4, omitsize=True, svgclass="scan", lineclass=None))  # noqa: S704 (numbers and a path)


def in_groups(code: str) -> str:
    """``abcd-efgh-…``: as it is read and typed."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def new_recovery_codes() -> list[str]:
    """Ten codes as they are shown, this once."""
    made = ("".join(secrets.choice(_LETTERS) for _ in range(_RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES))
    return [in_groups(code) for code in made]


def recovery_hash(typed: str) -> str:
    """What is kept of a recovery code, however it was typed."""
    return token_hash("".join(letter for letter in typed.lower() if letter.isalnum()))
