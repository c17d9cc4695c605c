"""The options under the search box for a half-typed line: fast, since it is asked at almost every key."""

from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.groups.queries import GroupCard, groups_starting
from intranet.kernel import audience
from intranet.kernel.page import render
from intranet.kernel.policy import MEMBER
from intranet.kernel.runtime import runtime
from intranet.kernel.text import fold
from intranet.kernel.viewer import Viewer
from intranet.people.cards import PersonCard, person_cards
from intranet.people.queries import people_starting
from intranet.search import asking
from intranet.search.index import index_of
from intranet.search.marking import words_of
from intranet.search.narrowing import line_of
from intranet.search.question import read_question
from intranet.search.routes import feature
from intranet.search.saved.queries import SavedCard, saved_searches
from intranet.topics.queries import TopicCard, topics_starting
from search_index.engine import Engine, Hit, Kind

_SHORTEST_FOR_WORDS = 2
_MOST, _MOST_POSTS, _MOST_SAVED = 4, 3, 5


@dataclass(frozen=True, slots=True)
class _Heard:
    """What the engine says to a line: posts with its words, and people with them in their name or profile."""

    posts: tuple[Hit, ...] = ()
    people: tuple[Hit, ...] = ()


def _for_suggestions(viewer: Viewer) -> _Heard:
    words = read_question(line_of(request.args)).words
    if len(words) < _SHORTEST_FOR_WORDS:
        return _Heard()
    with runtime().database.reading(viewer) as session:
        audiences = audience.readable_ids(session, viewer.id)

    def ask(engine: Engine) -> _Heard:
        posts, people = frozenset({Kind.POST.value}), frozenset({Kind.PERSON.value})
        return _Heard(
            engine.suggest(words, audiences=audiences, kinds=posts, limit=_MOST_POSTS),
            engine.suggest(words, audiences=audiences, kinds=people, limit=_MOST),
        )

    return index_of().ask(ask)


@feature.get("/search/suggest", allow=MEMBER, prepare=_for_suggestions)
def suggest(session: Session, viewer: Viewer, prepared: _Heard) -> ResponseReturnValue:
    """The options for a half-typed line; for an empty one, the searches that one keeps."""
    line = " ".join(line_of(request.args).split())[:100]
    people: list[PersonCard] = _people(session, line, prepared.people) if line else []
    groups: list[GroupCard] = groups_starting(session, line, _MOST - 1)
    return render(
        "search/_suggestions.html",
        line=line,
        words=words_of(line),
        people=people,
        topics=_topics(session, line),
        groups=groups,
        posts=asking.results(session, prepared.posts),
        saved=_saved(session, viewer, line),
    )


def _people(session: Session, line: str, heard: tuple[Hit, ...]) -> list[PersonCard]:
    """Those whose name begins so, then those whom the words describe otherwise."""
    first = {card.id: card for card in people_starting(session, line, _MOST)}
    more = person_cards(session, [hit.author_id for hit in heard if hit.author_id not in first])
    ordered = [more[hit.author_id] for hit in heard if hit.author_id in more]
    return [*first.values(), *(card for card in ordered if not card.has_left)][:_MOST]


def _topics(session: Session, line: str) -> list[TopicCard]:
    """Those that begin with the line, and with the word that is being typed."""
    found = topics_starting(session, line, _MOST)
    last = line.rpartition(" ")[2]
    if len(found) < _MOST and last != line and len(last) >= _SHORTEST_FOR_WORDS:
        known = {topic.id for topic in found}
        found += [topic for topic in topics_starting(session, last, _MOST) if topic.id not in known]
    return found[:_MOST]


def _saved(session: Session, viewer: Viewer, line: str) -> list[SavedCard]:
    start = fold(line)
    kept = saved_searches(session, viewer)
    return [card for card in kept if start in fold(card.name) or fold(card.question.text).startswith(start)][
        :_MOST_SAVED
    ]
