"""The same search as JSON."""

from typing import Annotated, NotRequired

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from pydantic import Field
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from intranet.kernel.api import Api, AtLeastOne, Cursor, Listed, Moment
from intranet.kernel.errors import Invalid
from intranet.kernel.forms import Form
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.people.cards import person_cards
from intranet.search import asking, sources
from intranet.search.marking import passage
from intranet.search.moments import start_of
from intranet.search.narrowing import FLAGS, KINDS, line_of, read_narrowing
from intranet.search.paging import read_place
from intranet.search.question import read_question
from intranet.search.routes import feature
from search_index.hits import Facet

_MOST = 100


class SearchQuestion(Form):
    """The line of the search box and what narrows it. Values of a field may repeat or be joined by commas; at most a
    hundred hits come at once."""

    q: str = ""
    kind: list[str] = []
    by: list[str] = []
    topic: list[str] = []
    place: Annotated[list[str], Field(alias="in")] = []
    has: list[str] = []
    when: str = ""
    after: str = ""
    before: str = ""
    order: str = ""
    facets: list[str] = []
    page: Cursor | None = None
    limit: AtLeastOne = asking.PAGE


class WriterJson(TypedDict):
    """Who wrote it."""

    username: str
    name: str


class HitJson(TypedDict):
    """One result, of any kind."""

    kind: str
    id: str
    url: str
    title: str
    excerpt: str
    author: WriterJson | None
    created_at: Moment
    score: float


class FacetJson(TypedDict):
    """How many hits have a value."""

    value: str
    count: int


class SearchJson(Listed[HitJson]):
    """``next`` goes into ``page``; ``correction`` is the whole line as it was probably meant."""

    total: int
    kinds: dict[str, int]
    correction: str | None
    took_ms: float
    facets: NotRequired[dict[str, list[FacetJson]]]


def _for_api(viewer: Viewer) -> asking.Found:
    narrowing, odd = read_narrowing(request.args)
    facets, limit = _facets(odd), _limit(odd)
    line = _line(odd)
    if odd:
        raise Invalid({name: refusal(name, value) for name, value in odd.items()})
    place = read_place(request.args.get("page", ""), limit)
    return asking.search(
        viewer, read_question(line), narrowing=narrowing, place=place, limit=limit, facets=facets, in_full=bool(facets)
    )


def _line(odd: dict[str, str]) -> str:
    """The line, with ``after`` and ``before`` as the operators that they are."""
    line = line_of(request.args)
    for name in ("after", "before"):
        if value := request.args.get(name, "").strip():
            if start_of(value) is None:
                odd[name] = value
            line = f"{name}:{value} {line}"
    return line


def _facets(odd: dict[str, str]) -> frozenset[Facet]:
    given = [name.strip() for value in request.args.getlist("facets") for name in value.split(",") if name.strip()]
    if wrong := next((name for name in given if name not in set(Facet)), None):
        odd["facets"] = wrong
    return frozenset(Facet(name) for name in given if name in set(Facet))


def _limit(odd: dict[str, str]) -> int:
    given = request.args.get("limit", "").strip()
    if given and not (given.isascii() and given.isdigit() and len(given) < 9 and int(given)):
        odd["limit"] = given
        return 1
    return min(_MOST, int(given or asking.PAGE))


def refusal(name: str, value: str) -> str:
    """A sentence for a field whose value means nothing."""
    known = {
        "kind": ", ".join(sorted(KINDS)),
        "has": ", ".join(sorted(FLAGS)),
        "order": "relevance, newest",
        "facets": ", ".join(Facet),
        "when": _("week, month, year, or a year such as 2026"),
        "in": _("the id of a group"),
        "limit": _("a number from 1 to %(most)s", most=_MOST),
        "after": _("a day such as 2026-06-30, a month or a year"),
        "before": _("a day such as 2026-06-30, a month or a year"),
    }
    return str(_("“%(value)s” is not one of: %(known)s", value=value[:60], known=known[name]))


@feature.get("/api/v1/search", allow=MEMBER, prepare=_for_api, api=Api(SearchJson, asks=SearchQuestion))
def search(session: Session, _viewer: Viewer, prepared: asking.Found) -> ResponseReturnValue:
    """As the page; ``next`` goes into ``page``."""
    words = prepared.question.words
    answer: SearchJson = {
        "items": [_as_json(result, words) for result in asking.results(session, prepared.hits)],
        "next": prepared.next,
        "total": prepared.total,
        "kinds": dict(prepared.kinds),
        "correction": _correction(prepared),
        "took_ms": round(prepared.took_ms, 2),
    }
    if prepared.facets or request.args.get("facets"):
        answer["facets"] = _facets_as_json(session, prepared)
    return jsonify(answer)


def _correction(found: asking.Found) -> str | None:
    """The whole line as it was probably meant."""
    return found.question.with_words(found.instead.words) if found.instead.words else None


def _facets_as_json(session: Session, found: asking.Found) -> dict[str, list[FacetJson]]:
    """People by username; whatever else by its own word or id."""
    people = person_cards(session, [int(value) for value, _count in found.facets.get(Facet.AUTHOR, ())])
    facets: dict[str, list[FacetJson]] = {}
    for facet, values in found.facets.items():
        if facet is Facet.AUTHOR:
            named = [(people[int(value)].username, count) for value, count in values if int(value) in people]
        else:
            named = [(str(value), count) for value, count in values]
        facets[facet.value] = [{"value": value, "count": count} for value, count in named]
    return facets


def _as_json(result: asking.Result, words: str) -> HitJson:
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
