"""An ability that a higher feature lends to this one: what somebody knows.

Skills are topics, and topics stand above people. Cards, the directory and the import need no more than these two calls.
"""

from collections.abc import Collection, Iterable
from typing import Protocol

from sqlalchemy.orm import Session


class Knowledge(Protocol):
    """What ``topics`` lends."""

    def known(
        self, session: Session, ids: Collection[int], *, most: int, with_hidden: bool
    ) -> dict[int, list[tuple[str, str]]]:
        """``(slug, name)`` of the topics that each person claims, by person id, most vouched for first."""
        ...

    def claim(self, session: Session, person_id: int, names: Iterable[str]) -> int:
        """Add claims that are missing; returns how many were."""
        ...


class _Nothing:
    """Before anybody lent anything."""

    def known(
        self,
        session: Session,  # noqa: ARG002 (the protocol's signature)
        ids: Collection[int],  # noqa: ARG002 (the protocol's signature)
        *,
        most: int,  # noqa: ARG002 (the protocol's signature)
        with_hidden: bool,  # noqa: ARG002 (the protocol's signature)
    ) -> dict[int, list[tuple[str, str]]]:
        return {}

    def claim(self, session: Session, person_id: int, names: Iterable[str]) -> int:  # noqa: ARG002 (the protocol's signature)
        return 0


_lent: Knowledge = _Nothing()


def lend(knowledge: Knowledge) -> None:
    """Fill the ability, at start-up."""
    global _lent
    _lent = knowledge


def known_topics(
    session: Session, ids: Collection[int], *, most: int = 3, with_hidden: bool = False
) -> dict[int, list[tuple[str, str]]]:
    """``(slug, name)`` of what people know and want to be named for, by person id; ``with_hidden`` for comparing lists,
    never for a page."""
    return _lent.known(session, ids, most=most, with_hidden=with_hidden) if ids else {}


def claim_topics(session: Session, person_id: int, names: Iterable[str]) -> int:
    """Have somebody claim topics by name; returns how many claims are new."""
    return _lent.claim(session, person_id, names)
