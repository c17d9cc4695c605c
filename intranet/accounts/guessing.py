"""Limits on guessing passwords and codes that stop the guesser and never the owner.

Three counters: one account from one place, one place altogether, and one account from a browser in which its owner was
signed in before. A stranger cannot use up the last, so that even a neighbour behind the same address locks nobody out.
"""

import ipaddress
from datetime import timedelta

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from intranet.kernel.ratelimit import give_back, limit
from intranet.kernel.runtime import runtime

WINDOW = timedelta(minutes=10)
_MOST_FOR_ONE = 8
_MOST_FROM_ONE_PLACE = 100
_MOST_CODES = 24  # within an hour, from anywhere: of a million codes three are right at any moment
_CODES_WINDOW = timedelta(hours=1)
_COOKIE = "couth-known"
_COOKIE_LASTS = timedelta(days=365)


def count_try(login: str, person_id: int | None) -> None:
    """Count one try; call it outside any transaction.

    Raises:
        TooFast: there were too many.
    """
    for key, most in _counters(login, person_id):
        limit(runtime().database, key, most=most, per=WINDOW)


def forgive(login: str, person_id: int) -> None:
    """The password was right: this try was no guess."""
    for key, _ in _counters(login, person_id):
        give_back(runtime().database, key)


def count_code(person_id: int) -> None:
    """Count one try at the second step, which only those reach who know the password.

    Raises:
        TooFast: there were too many.
    """
    for key, most, window in _code_counters(person_id):
        limit(runtime().database, key, most=most, per=window)


def forgive_code(person_id: int) -> None:
    """It was right."""
    for key, _, _ in _code_counters(person_id):
        give_back(runtime().database, key)


def _code_counters(person_id: int) -> tuple[tuple[str, int, timedelta], ...]:
    if is_known_browser(person_id):
        return ((f"code:{person_id}:known", _MOST_FOR_ONE, WINDOW),)
    place = place_of(request.remote_addr or "")
    return (
        (f"code:{person_id}:{place}", _MOST_FOR_ONE, WINDOW),
        (f"code:{place}", _MOST_FROM_ONE_PLACE, WINDOW),
        (f"code:{person_id}", _MOST_CODES, _CODES_WINDOW),
    )


def remember_browser(response: Response, person_id: int) -> None:
    """Mark this browser as one in which this person was signed in."""
    response.set_cookie(
        _COOKIE,
        _signer().dumps(person_id),
        max_age=_COOKIE_LASTS,
        secure=runtime().settings.is_https,
        httponly=True,
        samesite="Lax",
        path="/sign-in",
    )


def is_known_browser(person_id: int) -> bool:
    """Whether this person was signed in in this browser before."""
    return person_id == _known_person()


def _counters(login: str, person_id: int | None) -> tuple[tuple[str, int], ...]:
    if person_id is not None and is_known_browser(person_id):
        return ((f"sign-in:{person_id}:known", _MOST_FOR_ONE),)
    place = place_of(request.remote_addr or "")
    who = person_id or login.lower()
    return ((f"sign-in:{who}:{place}", _MOST_FOR_ONE), (f"sign-in:{place}", _MOST_FROM_ONE_PLACE))


def place_of(address: str) -> str:
    """An address to count by: one IPv6 customer holds a whole /64, so its parts are one place."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return address


def _known_person() -> int | None:
    try:
        found = _signer().loads(request.cookies.get(_COOKIE, ""))
    except BadSignature:
        return None
    return found if isinstance(found, int) else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="a browser in which somebody was signed in")
