"""An attempt to sign in elsewhere, kept in the browser that began it: nobody else can end it."""

import hmac
from dataclasses import asdict, dataclass

from authlib.common.security import generate_token
from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from intranet.kernel.runtime import runtime

PATH = "/sign-in/company"
LASTS = 600  # seconds
_COOKIE = "couth-company"


@dataclass(frozen=True, slots=True)
class Attempt:
    """``person_id`` is who wants to connect an account of theirs; None for whoever signs in."""

    state: str
    nonce: str
    verifier: str
    onward: str
    person_id: int | None

    @classmethod
    def begin(cls, onward: str, person_id: int | None = None) -> "Attempt":
        return cls(generate_token(43), generate_token(43), generate_token(64), onward, person_id)


def keep(response: Response, attempt: Attempt) -> None:
    response.set_cookie(
        _COOKIE,
        _signer("an attempt").dumps(asdict(attempt)),
        max_age=LASTS,
        secure=runtime().settings.is_https,
        httponly=True,
        samesite="Lax",
        path=PATH,
    )


def forget(response: Response) -> None:
    response.delete_cookie(_COOKIE, path=PATH)


def current(state: str) -> Attempt | None:
    """The attempt that this browser began, if ``state`` is its own and it is not too old."""
    try:
        kept = _signer("an attempt").loads(request.cookies.get(_COOKIE, ""), max_age=LASTS)
    except BadSignature:
        return None
    attempt = Attempt(**kept)
    return attempt if hmac.compare_digest(attempt.state.encode(), state.encode()) else None


def permit(person_id: int, sign_in_id: int | None) -> str:
    """What lets this browser begin to connect an account: its person has just proved who they are."""
    return _signer("a connection").dumps([person_id, sign_in_id])


def is_permitted(permit: str, person_id: int, sign_in_id: int | None) -> bool:
    try:
        found = _signer("a connection").loads(permit, max_age=LASTS)
    except BadSignature:
        return False
    return bool(found == [person_id, sign_in_id])


def _signer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=f"company sign-in: {purpose}")
