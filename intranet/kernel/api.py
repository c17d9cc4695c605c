"""What a call of the API takes and gives, said once at its route.

What comes in is parsed by it, the OpenAPI document is written from it, and the tests hold every answer to it. Answers
are ``TypedDict``s, so that the type checker sees that the code which writes them writes just that.
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import (
    Annotated,
    Any,
    Generic,
    NotRequired,  # pydantic reads typing's own only from Python 3.12 on
    TypeVar,
)

from flask import request
from pydantic import Field
from typing_extensions import TypedDict
from werkzeug.datastructures import MultiDict

from intranet.kernel.errors import Invalid
from intranet.kernel.forms import Form

ROOT = "/api/v1/"

T = TypeVar("T")

Id = Annotated[str, Field(pattern=r"^[0-9]{1,19}$", description="63 bits as a decimal, sortable by time.")]
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Cursor = Annotated[str, Field(description="As an answer gave it: where to go on.")]
AtLeastOne = Annotated[int, Field(ge=1, lt=10**8)]


class Listed(TypedDict, Generic[T]):
    """A stretch of a list. ``next`` is the cursor of what follows, null at the end."""

    items: list[T]
    next: str | None


class Stretched(Listed[T], Generic[T]):
    """A stretch of a timeline. ``newer`` is the cursor of what came since."""

    newer: str | None


class Problem(TypedDict):
    """An error. ``fields`` has a sentence for each field that cannot be taken, ``retry_after`` is in seconds."""

    type: str
    title: str
    status: int
    fields: NotRequired[dict[str, str]]
    detail: NotRequired[str]
    retry_after: NotRequired[int]


class Before(Form):
    """Where a list goes on."""

    before: Cursor | None = None


class PageOf(Form):
    """Where a timeline goes on."""

    before: Cursor | None = None
    after: Cursor | None = None


class Beginning(Form):
    """What was typed so far."""

    q: str = ""


class SomebodyBody(Form):
    """Somebody by username."""

    username: str


@dataclass(frozen=True, slots=True)
class Api:
    """``gives`` is the type of the answer, None for none; ``asks`` what may stand after the question mark, ``takes``
    the body; ``status`` that of success and ``or_else`` another; ``refuses`` is said of errors that no other call
    has."""

    gives: Any = None
    asks: type[Form] | None = None
    takes: type[Form] | None = None
    status: HTTPStatus = HTTPStatus.OK
    or_else: HTTPStatus | None = None
    refuses: HTTPStatus | None = None

    @property
    def successes(self) -> tuple[HTTPStatus, ...]:
        """How it answers when all is well."""
        if self.gives is None:
            return (HTTPStatus.NO_CONTENT,)
        return (self.status, self.or_else) if self.or_else else (self.status,)

    def read(self) -> dict[str, Form]:
        """The request as its types: ``asked`` and ``body``, each where the call has one.

        Raises:
            Invalid: one sentence for each field that cannot be taken.
        """
        found: dict[str, Form] = {}
        if self.asks is not None:
            given = ((name, value) for name, value in request.args.items(multi=True) if value)
            found["asked"] = self.asks.parse(MultiDict(given))
        if self.takes is not None:
            found["body"] = self.takes.parse(json_object())
        return found


def json_object() -> dict[str, Any]:
    """The body of an API call.

    Raises:
        Invalid: it is no JSON object.
    """
    given = request.get_json(silent=True)
    if not isinstance(given, dict):
        raise Invalid({"body": "must be a JSON object"})
    return given
