"""The few ways an action says no; ``kernel.web`` turns each into a page, JSON or a socket reply."""

from collections.abc import Mapping
from http import HTTPStatus


class CouthError(Exception):
    """Common ancestor: carries an HTTP status and a short machine-readable name."""

    status: HTTPStatus = HTTPStatus.BAD_REQUEST
    name = "error"


class NotFound(CouthError):
    """Missing, or hidden from this viewer: the two are the same answer."""

    status = HTTPStatus.NOT_FOUND
    name = "not-found"


class SignInNeeded(CouthError):
    """Nobody is signed in, and the place asks for somebody."""

    status = HTTPStatus.UNAUTHORIZED
    name = "sign-in-needed"


class Refused(CouthError):
    """The viewer may know of the thing but not do this to it."""

    status = HTTPStatus.FORBIDDEN
    name = "refused"


class AgreementNeeded(CouthError):
    """The place asks the viewer to agree to its guidelines first."""

    status = HTTPStatus.FORBIDDEN
    name = "agreement-needed"


class Invalid(CouthError):
    """Input that cannot be taken: ``fields`` maps a field's name to a sentence for the person."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    name = "invalid"

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {message}" for field, message in fields.items()))
        self.fields = dict(fields)


class Conflict(CouthError):
    """Somebody else changed it first."""

    status = HTTPStatus.CONFLICT
    name = "conflict"


class Gone(CouthError):
    """It was there, and no longer reaches back that far."""

    status = HTTPStatus.GONE
    name = "gone"


class TooFast(CouthError):
    """A rate limit: ``retry_after`` in seconds."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    name = "too-fast"

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"retry after {retry_after:.0f} s")
        self.retry_after = max(1, round(retry_after))
