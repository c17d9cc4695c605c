"""What goes with what: topics beside a question, and what was said already while one writes."""

import math
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import jsonify, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from intranet.expertise.finding import LONGEST_QUESTION
from intranet.expertise.views import feature, number, question
from intranet.expertise.vocabulary import Topics, company_topics
from intranet.kernel import reach
from intranet.kernel.api import Api, AtLeastOne, Id, Listed, Moment
from intranet.kernel.errors import Invalid
from intranet.kernel.forms import Form, Line, Text
from intranet.kernel.page import render, wants_fragment
from intranet.kernel.policy import MEMBER
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.search import sources
from intranet.search.asking import Result, results
from intranet.search.index import index_of
from intranet.search.marking import passage
from intranet.topics.queries import TopicCard, topic_cards
from search_index.documents import Kind
from search_index.hits import Hit
from search_index.relations import RelatedQuery, RelatedTopic, SimilarQuery

_FEW, _MOST = 6, 20
_ENOUGH = 0.5  # of what a draft says; less than that is no news to its writer
_SHORTEST = 4  # words
_EXCERPT = 160
_KINDS = frozenset({Kind.POST, Kind.COMMENT, Kind.ANSWER, Kind.ARTICLE, Kind.QUESTION})


@dataclass(frozen=True, slots=True)
class _Related:
    """The engine's topics, and those of the company by the labels it uses."""

    text: str
    found: tuple[RelatedTopic, ...]
    topics: Topics

    def cards(self, session: Session) -> list[tuple[TopicCard, int]]:
        """Each topic with the number of texts that are about both."""
        ids = {one.topic: self.topics.ids[one.topic] for one in self.found if one.topic in self.topics.ids}
        cards = topic_cards(session, ids.values())
        shared = [(ids[one.topic], one.together) for one in self.found if one.topic in ids]
        return [(cards[topic_id], together) for topic_id, together in shared if topic_id in cards]


def _relate(viewer: Viewer) -> _Related:
    limit = number("limit", most=_MOST, otherwise=_FEW)
    with runtime().database.reading(viewer) as session:
        topics = company_topics(session)
        audiences = reach.readable_ids(session, viewer.id)
    query = RelatedQuery(question()[:LONGEST_QUESTION], audiences, topics.vocabulary, limit=limit)
    found = index_of().ask(lambda engine: engine.related(query)) if query.text else ()
    return _Related(query.text, found, topics)


@feature.get("/experts/related", allow=MEMBER, prepare=_relate)
def related(session: Session, _viewer: Viewer, prepared: _Related) -> ResponseReturnValue:
    """Topics that go with ``q``, as a part of another page; on its own it leads to the finder."""
    if not wants_fragment():
        return redirect(f"/experts?{urlencode({'q': prepared.text})}")
    return render(
        "expertise/_related.html",
        related=[card for card, _together in prepared.cards(session)],
        leads_to_topics=request.args.get("to") == "topics",
    )


class RelatedJson(TypedDict):
    """A topic, and how many readable texts are about both."""

    id: Id
    slug: str
    name: str
    url: str
    together: int


class RelatedQuestion(Form):
    """A topic or any words."""

    q: str = ""
    limit: AtLeastOne = _FEW


_RELATED = Api(Listed[RelatedJson], asks=RelatedQuestion)


@feature.get("/api/v1/topics/related", allow=MEMBER, prepare=_relate, api=_RELATED)
def api_related(session: Session, _viewer: Viewer, prepared: _Related) -> ResponseReturnValue:
    """The same as JSON, with the number of readable texts that are about both."""
    items = [
        {"id": str(card.id), "slug": card.slug, "name": card.name, "url": card.url, "together": together}
        for card, together in prepared.cards(session)
    ]
    return jsonify({"items": items, "next": None})


class DraftForm(Form):
    """A text before it is sent. ``kinds`` narrows what may be named."""

    text: Text = ""
    title: Line = ""
    kinds: list[str] = []
    limit: int = 5


def _draft() -> DraftForm:
    given = request.get_json(silent=True) if request.is_json else request.form
    if given is None or isinstance(given, list | str | int | float):
        raise Invalid({"text": "not a JSON object"})
    return DraftForm.parse(given)


def _compare(viewer: Viewer, draft: DraftForm, *, least: float) -> tuple[Hit, ...]:
    return resembling(
        viewer,
        title=draft.title,
        text=draft.text,
        kinds=_KINDS.intersection(draft.kinds) if draft.kinds else _KINDS,
        least=least,
        limit=min(max(1, draft.limit), _MOST),
    )


def resembling(
    viewer: Viewer,
    *,
    title: str,
    text: str,
    kinds: frozenset[str],
    least: float,
    titled: float = math.inf,
    limit: int,
    without: frozenset[str] = frozenset(),
) -> tuple[Hit, ...]:
    """What was said or asked already that resembles a draft, best first; ``least`` and ``titled`` as in the engine's
    question. Call it outside any transaction."""
    with runtime().database.reading(viewer) as session:
        audiences = reach.readable_ids(session, viewer.id)
    query = SimilarQuery(
        text=text,
        title=title,
        audiences=audiences,
        kinds=kinds,
        least=least,
        titled=titled,
        limit=limit,
        without=without,
    )
    return index_of().ask(lambda engine: engine.similar(query)) if query.kinds else ()


def _compare_any(viewer: Viewer) -> tuple[Hit, ...]:
    return _compare(viewer, _draft(), least=0.0)


class SimilarJson(TypedDict):
    """What was said already; ``author`` is a username."""

    kind: str
    id: str
    url: str
    excerpt: str
    author: str | None
    score: float
    created_at: Moment


_SIMILAR = Api(Listed[SimilarJson], takes=DraftForm)


@feature.post("/api/v1/similar", allow=MEMBER, prepare=_compare_any, api=_SIMILAR)
def api_similar(session: Session, _viewer: Viewer, prepared: tuple[Hit, ...]) -> ResponseReturnValue:
    """What was said or asked already that resembles ``text`` and ``title``, best first. Nothing is kept of them."""
    return jsonify({"items": [_as_json(found) for found in results(session, prepared)], "next": None})


def _as_json(found: Result) -> SimilarJson:
    return {
        "kind": found.kind,
        "id": sources.key_of(found.id),
        "url": found.shown.url,
        "excerpt": passage(found.shown.whole, (), most=_EXCERPT),
        "author": found.by.username if found.by else None,
        "score": round(found.score, 6),
        "created_at": found.shown.created_at.isoformat(),
    }


def _compare_clearly(viewer: Viewer) -> tuple[Hit, ...]:
    draft = _draft()
    return _compare(viewer, draft, least=_ENOUGH) if len(draft.text.split()) >= _SHORTEST else ()


@feature.post("/compose/similar", allow=MEMBER, prepare=_compare_clearly)
def similar(session: Session, _viewer: Viewer, prepared: tuple[Hit, ...]) -> ResponseReturnValue:
    """One line for the composer, where most of a draft was said already; else nothing."""
    return render("expertise/_similar.html", found=results(session, prepared[:1]), excerpt_of=_excerpt)


def _excerpt(found: Result) -> str:
    return passage(found.shown.whole, (), most=_EXCERPT // 2)
