"""An ability that a higher feature lends to this one: what is talked about in groups, and since when.

Groups stand below posts. Their directory needs no more than these conditions, which the session's filter keeps to what
the viewer may read: what is posted in a closed group makes it neither lively nor about something to others.
"""

from datetime import datetime
from typing import Protocol

from sqlalchemy import ColumnElement, false
from sqlalchemy.orm import Session


class Talk(Protocol):
    """What ``posts`` lends."""

    def posted_since(self, moment: datetime) -> "ColumnElement[bool]":
        """Of groups: something was posted there since then."""
        ...

    def is_about(self, topic: str) -> "ColumnElement[bool]":
        """Of groups: something posted there names the topic with this address."""
        ...

    def likely_topics(self, session: Session, person_id: int) -> list[tuple[str, str]]:
        """``(slug, name)`` of a few topics that somebody may look for groups by."""
        ...


class _Silence:
    """Before anybody lent anything."""

    def posted_since(self, moment: datetime) -> "ColumnElement[bool]":  # noqa: ARG002 (the protocol's signature)
        return false()

    def is_about(self, topic: str) -> "ColumnElement[bool]":  # noqa: ARG002 (the protocol's signature)
        return false()

    def likely_topics(self, session: Session, person_id: int) -> list[tuple[str, str]]:  # noqa: ARG002 (the protocol's signature)
        return []


_lent: Talk = _Silence()


def lend(talk: Talk) -> None:
    """Fill the ability, at start-up."""
    global _lent
    _lent = talk


def lent() -> Talk:
    """What was lent."""
    return _lent
