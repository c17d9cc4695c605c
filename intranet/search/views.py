"""The search page, the suggestions under the search box, and the same search as JSON."""

from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from intranet.kernel.errors import Invalid
from intranet.kernel.page import render
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.kernel.web import Feature
from intranet.people.queries import people_starting
from intranet.search import asking, sources
from intranet.search.marking import passage, words_of
from intranet.search.question import read_question
from intranet.topics.queries import topics_starting
from search_index.engine import Hit, Kind, Order

feature = Feature("search")

_LAST_PAGE = 50
_SHORTEST_FOR_POSTS = 2
KIND_NAMES = {
    Kind.PERSON.value: lazy_gettext("People"),
    Kind.TOPIC.value: lazy_gettext("Topics"),
    Kind.POST.value: lazy_gettext("Posts"),
    Kind.COMMENT.value: lazy_gettext("Comments"),
}


def _line() -> str:
    return request.args.get("q", "")


def _number(name: str, *, most: int, otherwise: int = 1) -> int:
    raw = request.args.get(name, "")
    return min(most, max(1, int(raw))) if raw.isascii() and raw.isdigit() and len(raw) < 9 else otherwise


def _for_page(viewer: Viewer) -> asking.Found:
    kind, order = request.args.get("kind", ""), request.args.get("order", "")
    return asking.search(
        viewer,
        read_question(_line()),
        kinds=frozenset({kind}) if kind in sources.listed_kinds() else frozenset(),
        order=Order.NEWEST if order == Order.NEWEST else Order.RELEVANCE,
        page=_number("page", most=_LAST_PAGE),
    )


@feature.get("/search", allow=MEMBER, prepare=_for_page)
def page(session: Session, _viewer: Viewer, prepared: asking.Found) -> ResponseReturnValue:
    """Everything that answers ``q``: ``kind``, ``order`` and ``page`` narrow, order and turn it."""
    return render(
        "search/page.html",
        fragment="search/_results.html",
        found=prepared,
        results=asking.results(session, prepared.hits),
        words=words_of(prepared.question.words),
        kind=next(iter(prepared.kinds_asked), ""),
        kind_names=KIND_NAMES,
    )


def _for_suggestions(viewer: Viewer) -> tuple[Hit, ...]:
    line = read_question(_line()).words
    return asking.suggest_posts(viewer, line) if len(line) >= _SHORTEST_FOR_POSTS else ()


@feature.get("/search/suggest", allow=MEMBER, prepare=_for_suggestions)
def suggest(session: Session, _viewer: Viewer, prepared: tuple[Hit, ...]) -> ResponseReturnValue:
    """The options under the search box for a half-typed line."""
    line = " ".join(_line().split())[:100]
    return render(
        "search/_suggestions.html",
        line=line,
        words=words_of(line),
        people=people_starting(session, line, 4),
        topics=topics_starting(session, line, 4),
        posts=asking.results(session, prepared),
    )


def _for_api(viewer: Viewer) -> asking.Found:
    order = request.args.get("order", Order.RELEVANCE)
    if order not in set(Order):
        raise Invalid({"order": "relevance or newest"})
    kinds = frozenset(kind for kind in request.args.get("kind", "").split(",") if kind)
    return asking.search(
        viewer,
        read_question(_line()),
        kinds=kinds,
        order=Order(order),
        page=_number("page", most=_LAST_PAGE),
        limit=_number("limit", most=100, otherwise=asking.PAGE),
    )


@feature.get("/api/v1/search", allow=MEMBER, prepare=_for_api)
def api_search(session: Session, _viewer: Viewer, prepared: asking.Found) -> ResponseReturnValue:
    """As the page; ``next`` is the next ``page``."""
    words = words_of(prepared.question.words)
    items = [_as_json(result, words) for result in asking.results(session, prepared.hits)]
    return jsonify(
        {
            "items": items,
            "next": str(prepared.page + 1) if prepared.more else None,
            "total": prepared.total,
            "kinds": prepared.kinds,
            "took_ms": round(prepared.took_ms, 2),
        }
    )


def _as_json(result: asking.Result, words: tuple[str, ...]) -> dict[str, Any]:
    by = result.by
    return {
        "kind": result.kind,
        "id": sources.key_of(result.id),
        "url": result.shown.url,
        "title": result.shown.title,
        "excerpt": passage(result.shown.text, words),
        "author": {"username": by.username, "name": by.name} if by else None,
        "created_at": result.shown.created_at.isoformat(),
        "score": round(result.score, 4),
    }
