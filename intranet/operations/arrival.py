"""What is left of a request when it arrives, told to the doctor alone: the address that it asks is signed."""

from typing import Any

from flask import Request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from intranet.config import Settings, secret_key
from intranet.kernel.errors import NotFound

PATH = "/health/arrival"
_SECONDS = 60


def _signer(settings: Settings) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key(settings), salt="operations: arrival")


def address(settings: Settings) -> str:
    """Where to ask, for a minute."""
    return f"{PATH}?signed={_signer(settings).dumps('doctor')}"


def report(settings: Settings, request: Request) -> dict[str, Any]:
    """From where, as what and through whom it came.

    Raises:
        NotFound: nobody signed this.
    """
    try:
        _signer(settings).loads(request.args.get("signed", ""), max_age=_SECONDS)
    except BadSignature as error:
        raise NotFound from error
    named = request.headers.get("X-Forwarded-For", "")
    return {
        "address": request.remote_addr or "",
        "scheme": request.scheme,
        "host": request.host,
        "forwarded_for": [step.strip() for step in named.split(",") if step.strip()],
    }
