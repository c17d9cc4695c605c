"""A retry of the same request changes nothing: the first answer is kept and given again.

The browser makes a key per thing it creates; a double click, a flaky line and a "try again" all send the same one.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Response, request
from sqlalchemy import String, Text, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from intranet.kernel import clock
from intranet.kernel.errors import Invalid
from intranet.kernel.tables import Base
from intranet.kernel.viewer import Viewer

KEPT = timedelta(days=2)
_LONGEST_KEY = 100
# What made something answers so. A page (200) is not kept: it may show a secret, such as a new token, this once.
_MADE = frozenset({201, 302, 303})


class KeptAnswer(Base):
    """What was answered to one person's key."""

    __tablename__ = "kept_answers"

    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(_LONGEST_KEY), primary_key=True)
    path: Mapped[str] = mapped_column(String(300))
    status: Mapped[int]
    location: Mapped[str | None] = mapped_column(String(1000))
    content_type: Mapped[str] = mapped_column(String(100))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)


def once(session: Session, viewer: Viewer, act: Callable[[], Response]) -> Response:
    """Answer from memory where this viewer has used this key on this path before, else act and remember.

    Raises:
        Invalid: the key is too long, or was used for another address.
    """
    key = request.headers.get("Idempotency-Key") or request.form.get("idempotency_key") or ""
    if not key or viewer.id is None:
        return act()
    if len(key) > _LONGEST_KEY:
        raise Invalid({"Idempotency-Key": f"at most {_LONGEST_KEY} characters"})
    kept = session.get(KeptAnswer, (viewer.id, key))
    if kept is not None:
        if kept.path != request.path[:300]:
            raise Invalid({"Idempotency-Key": "this key was used for something else"})
        return _again(kept)
    response = act()
    if response.status_code in _MADE and not response.is_streamed:
        session.add(_keep(viewer.id, key, response))
    return response


def _keep(person_id: int, key: str, response: Response) -> KeptAnswer:
    return KeptAnswer(
        person_id=person_id,
        key=key,
        path=request.path[:300],
        status=response.status_code,
        location=response.location,
        content_type=response.content_type or "",
        body=response.get_data(as_text=True),
    )


def _again(kept: KeptAnswer) -> Response:
    response = Response(kept.body, status=kept.status, content_type=kept.content_type)
    if kept.location:
        response.location = kept.location
    return response


def prune(session: Session) -> None:
    """Forget answers that nobody will ask for again."""
    session.execute(delete(KeptAnswer).where(KeptAnswer.created_at < clock.now() - KEPT))
