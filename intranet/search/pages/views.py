"""The search page: everything that answers a line, narrowed, ordered and paged by its address."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qsl

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.kernel import clock
from intranet.kernel.errors import Invalid
from intranet.kernel.page import render, wants_fragment
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.search import asking
from intranet.search.marking import words_of
from intranet.search.narrowing import Narrowing, line_of, query_string, read_narrowing
from intranet.search.pages import filters
from intranet.search.pages.hits import HitCard, hit_cards, named_topics
from intranet.search.paging import START, Place, read_place
from intranet.search.question import Question, read_question
from intranet.search.routes import feature
from intranet.search.saved.queries import saved_searches
from search_index.hits import Order


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an address asks for; what makes no sense in it is left out."""

    question: Question
    narrowing: Narrowing
    place: Place


def _asked() -> _Asked:
    narrowing, _odd = read_narrowing(request.args)
    try:
        place = read_place(request.args.get("page", ""), asking.PAGE)
    except Invalid:
        place = START
    return _Asked(read_question(line_of(request.args)), narrowing, place)


def _for_page(viewer: Viewer) -> asking.Found:
    asked = _asked()
    is_first = asked.place == START
    return asking.search(
        viewer,
        asked.question,
        narrowing=asked.narrowing,
        place=asked.place,
        facets=frozenset() if asked.place.last_id and wants_fragment() else asking.ALL_FACETS,
        in_full=is_first or not wants_fragment(),
    )


def _named(session: Session, viewer: Viewer, found: asking.Found) -> list[HitCard]:
    """On the first page of an unfiltered search the topics that its words name."""
    is_plain = not found.understood.kinds and not found.question.operators and not found.narrowing.filters
    is_first = not request.args.get("page") and found.narrowing.order is Order.RELEVANCE
    return (
        named_topics(session, viewer, found.question.words, found.hits) if found.hits and is_plain and is_first else []
    )


def _newest(found: asking.Found) -> int:
    """The time up to which nothing is new to whoever sees this page, in milliseconds.

    It is the newest hit's, so that one that is written at this moment counts. Where there is none, everything counts
    that comes from a minute ago on.
    """
    newest = found.newest or clock.now() - timedelta(minutes=1)
    return int(newest.timestamp() * 1000)


@feature.get("/search", allow=MEMBER, prepare=_for_page)
def page(session: Session, viewer: Viewer, prepared: asking.Found) -> ResponseReturnValue:
    """The whole page; its script asks for the answer alone, or with ``page`` for the hits that follow."""
    is_more = wants_fragment() and bool(request.args.get("page"))
    saved = [] if is_more else saved_searches(session, viewer)
    here = query_string(prepared.question.text, prepared.narrowing)
    return render(
        "search/page.html",
        fragment="search/_more.html" if is_more else "search/_answer.html",
        found=prepared,
        question=prepared.question,
        narrowing=prepared.narrowing,
        hits=[*_named(session, viewer, prepared), *hit_cards(session, viewer, prepared.hits)],
        words=prepared.question.words,
        said=words_of(prepared.question.words) or prepared.question.text,
        chips=filters.chips(prepared.understood),
        choices=[] if is_more else filters.choices(session, viewer, prepared),
        tabs=filters.tabs(prepared),
        kind=next(iter(prepared.narrowing.kind), ""),
        address=lambda **changes: filters.address(prepared, **changes),
        query_string=query_string,
        is_first=not request.args.get("page"),
        saved=saved,
        kept=next((card for card in saved if card.address == here), None),
        address_parts=parse_qsl(here),
        since=_newest(prepared),
        is_open=request.args.get("narrow") == "1",
    )
