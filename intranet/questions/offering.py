"""What is offered before plain questions to somebody who asks: higher features add kinds of documents that answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from intranet.kernel.viewer import Viewer
from intranet.search.sources import key_of


@dataclass(frozen=True, slots=True)
class Offer:
    """One of them. ``mark`` says how far it can be trusted, as of ``when``; ``answers`` is the question that it was
    made of, which need not be offered beside it."""

    url: str
    title: str
    glyph: str
    note: str
    mark: str
    when: datetime
    answers: int


Show = Callable[[Session, Viewer, Sequence[str]], list[Offer]]

_offered: dict[str, Show] = {}


def offer(kind: str, show: Show) -> None:
    """Have documents of a kind offered: ``show(session, viewer, keys)`` gives what the viewer may read of them."""
    _offered[kind] = show


def offered_kinds() -> frozenset[str]:
    """The kinds to look for beside questions."""
    return frozenset(_offered)


def offers(session: Session, viewer: Viewer, documents: Sequence[str]) -> list[Offer]:
    """What the viewer may read of these documents, kind by kind, best first."""
    return [
        one
        for kind, show in _offered.items()
        if (keys := [key_of(document) for document in documents if document.startswith(f"{kind}:")])
        for one in show(session, viewer, keys)
    ]
