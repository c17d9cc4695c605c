"""Short ways to say what stands in an index, shared by the engine's tests."""

from datetime import UTC, datetime, timedelta

from search_index.documents import EVERYONE, Batch, Document, Kind
from search_index.engine import Engine
from search_index.expertise import ExpertQuery
from search_index.hits import SearchQuery

START = datetime(2026, 1, 1, 9, tzinfo=UTC)
ALL = frozenset({EVERYONE})


def document(
    number: int,
    text: str,
    *,
    author: int = 1,
    audience: int = EVERYONE,
    kind: str = Kind.POST,
    title: str = "",
    mentions: tuple[int, ...] = (),
    topics: tuple[str, ...] = (),
    has: frozenset[str] = frozenset(),
    day: int = 0,
) -> Document:
    return Document(
        id=f"{kind}:{number}",
        kind=kind,
        text=text,
        audience_id=audience,
        created_at=START + timedelta(days=day),
        author_id=author,
        title=title,
        mentions=mentions,
        topics=topics,
        has=has,
    )


def put(engine: Engine, *documents: Document, at: int = 1) -> None:
    engine.apply(Batch(watermark=at, add=documents))


def drop(engine: Engine, *ids: str, at: int = 1) -> None:
    engine.apply(Batch(watermark=at, remove=ids))


def found(engine: Engine, text: str, audiences: frozenset[int] = ALL) -> set[str]:
    return {hit.id for hit in engine.search(SearchQuery(text, audiences, limit=100)).items}


def experts(engine: Engine, text: str, audiences: frozenset[int] = ALL) -> list[int]:
    return [expert.person_id for expert in engine.experts(ExpertQuery(text, audiences)).items]
