"""The page "Find an expert", the comparison, and the parts of it that other pages show."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import format_timedelta, lazy_gettext
from flask_babel import gettext as _
from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.urls import iri_to_uri

from intranet.expertise import comparing
from intranet.expertise.comparing import Compared
from intranet.expertise.describing import describe, interested
from intranet.expertise.facets import Fresh, Narrowing
from intranet.expertise.finding import LONGEST_QUESTION, PAGE, Answer, Asked, find_experts
from intranet.expertise.knowing.unasked import not_to_be_asked
from intranet.kernel import clock
from intranet.kernel.page import render
from intranet.kernel.policy import MEMBER
from intranet.kernel.runtime import runtime
from intranet.kernel.text import fold
from intranet.kernel.viewer import Viewer
from intranet.kernel.web import Feature
from intranet.people.cards import person_cards
from intranet.people.models import Profile
from intranet.people.queries import languages_of
from intranet.topics.models import Topic
from search_index.ranking.confidence import LIKELY

feature = Feature("expertise")

_MOST_VALUES = 20
_LAST_PAGE = 50
_WORD = re.compile(r"\w+")
_SHORTEST_WORD, _STEM, _MOST_WORDS, _WIDER = 4, 5, 16, 8
_TOP = 5
FRESH_NAMES = {
    Fresh.MONTH: lazy_gettext("This month"),
    Fresh.YEAR: lazy_gettext("This year"),
    Fresh.ANY: lazy_gettext("Any time"),
}


def question() -> str:
    """What was asked, on one line."""
    return " ".join(request.args.get("q", "").split())[:LONGEST_QUESTION]


def number(name: str, *, most: int, otherwise: int) -> int:
    """A whole number from the address, kept within bounds; anything else is ``otherwise``."""
    raw = request.args.get(name, "")
    return min(most, max(1, int(raw))) if raw.isascii() and raw.isdigit() and len(raw) < 9 else otherwise


def narrowing() -> Narrowing:
    """The facets in the address; what they cannot mean is ignored."""
    given: MultiDict[str, str] = request.args

    def values(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value for value in given.getlist(name) if value))[:_MOST_VALUES]

    fresh = given.get("fresh", "")
    return Narrowing(
        departments=values("department"),
        locations=values("location"),
        languages=values("language"),
        is_available=given.get("available") == "1",
        fresh=Fresh(fresh) if fresh in set(Fresh) else Fresh.ANY,
    )


def address(**changes: str | None) -> str:
    """This page's address with some parameters changed; None takes one out, and any change leads to the first page."""
    dropped = {*changes, "page"}
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in dropped]
    return f"{request.path}?{urlencode([*kept, *((name, value) for name, value in changes.items() if value)])}"


def address_without(name: str, value: str) -> str:
    """This page's address with one chosen value less."""
    dropped = {(name, value)}
    kept = [
        pair for pair in request.args.items(multi=True) if pair not in dropped and pair[0] not in {"page", "narrow"}
    ]
    return f"{request.path}?{urlencode(kept)}"


def ago(day: date) -> str:
    """A day in words: ``today``, ``6 days ago``."""
    days = (clock.now().date() - day).days
    return str(_("today") if days <= 0 else format_timedelta(timedelta(days=-days), add_direction=True))


def _wider(session: Session, answer: Answer) -> list[Topic]:
    """Where nothing was found: topics that share a word with the question; without a question the most followed."""
    words = [word for word in _WORD.findall(fold(answer.asked.text)) if len(word) >= _SHORTEST_WORD][:_MOST_WORDS]
    wanted = select(Topic).order_by(Topic.follower_count.desc(), Topic.id).limit(_WIDER)
    if answer.asked.text:
        starts = [Topic.folded_name.between(word[:_STEM], word[:_STEM] + "\U0010ffff") for word in words]
        wanted = wanted.where(or_(*starts)) if starts else wanted.where(false())
    return list(session.scalars(wanted))


def _ask(viewer: Viewer) -> Answer:
    page = number("page", most=_LAST_PAGE, otherwise=1)
    asked = Asked(question(), offset=(page - 1) * PAGE, narrowing=narrowing(), with_facets=True)
    return find_experts(viewer, asked)


@feature.get("/experts", allow=MEMBER, prepare=_ask)
def index(session: Session, viewer: Viewer, prepared: Answer) -> ResponseReturnValue:
    """Who knows? Facets narrow: ``department``, ``location``, ``language``, ``available``, ``fresh``."""
    experts = describe(session, viewer, prepared)
    chosen = prepared.asked.narrowing
    return render(
        "expertise/index.html",
        fragment="expertise/_answer.html",
        answer=prepared,
        question=prepared.asked.text,
        experts=experts,
        interested=interested(session, prepared),
        sure_count=sum(expert.confidence >= LIKELY for expert in prepared.experts.items),
        fresh_names=FRESH_NAMES,
        page=prepared.asked.offset // PAGE + 1,
        chosen_count=chosen.count,
        wider=_wider(session, prepared) if not prepared.unfiltered else [],
        address=address,
        address_without=address_without,
        is_open=request.args.get("narrow") == "1",
    )


def _ask_top(viewer: Viewer) -> Answer:
    return find_experts(viewer, Asked(question(), limit=_TOP))


@feature.get("/experts/top", allow=MEMBER, prepare=_ask_top)
def top(session: Session, viewer: Viewer, prepared: Answer) -> ResponseReturnValue:
    """The first few, as a part of another page; on its own it leads to the whole answer."""
    if request.headers.get("X-Fragment") != "1":
        return redirect(f"/experts?{urlencode({'q': prepared.asked.text})}")
    return render("expertise/_top.html", answer=prepared, experts=describe(session, viewer, prepared))


@dataclass(frozen=True, slots=True)
class _Pair:
    """People to compare, in the order in which they were picked, and the answer about them alone."""

    people: list[int]
    answer: Answer


def _ask_about_some(viewer: Viewer) -> _Pair:
    with runtime().database.reading(viewer) as session:
        people = comparing.people_named(session, request.args.getlist("people"))
    asked = Asked(question() if people else "", limit=comparing.MOST, only=frozenset(people))
    return _Pair(people, find_experts(viewer, asked))


@feature.get("/experts/compare", allow=MEMBER, prepare=_ask_about_some)
def compare(session: Session, viewer: Viewer, prepared: _Pair) -> ResponseReturnValue:
    """Up to three people (``people``, usernames) side by side on one question."""
    experts = {expert.person.id: expert for expert in describe(session, viewer, prepared.answer)}
    cards = person_cards(session, prepared.people)
    compared = [Compared(cards[person], experts.get(person)) for person in prepared.people]
    zone = session.scalar(select(Profile.timezone).where(Profile.person_id == viewer.id)) or ""
    return render(
        "expertise/compare.html",
        question=prepared.answer.asked.text or question(),
        unasked={viewer.id, *not_to_be_asked(session, question(), prepared.people)},
        compared=compared,
        rows=comparing.rows(compared, zone, languages_of(session, prepared.people)),
    )


@feature.get("/experts/ask", allow=MEMBER)
def ask(session: Session, _viewer: Viewer) -> ResponseReturnValue:
    """From picked people to a question that is put to them, without those who do not want to be asked."""
    picked = comparing.people_named(session, request.args.getlist("people"))
    unasked = not_to_be_asked(session, question(), picked)
    people = [person for person in picked if person not in unasked]
    cards = person_cards(session, people)
    named = [("ask", cards[person].username) for person in people]
    fields = [("kind", "question"), *named, ("title", question())]
    return redirect(iri_to_uri(f"/compose?{urlencode(fields)}"))
