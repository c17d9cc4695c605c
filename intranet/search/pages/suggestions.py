"""The options under the search box for a half-typed line: fast, since it is asked at almost every key."""

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.groups.queries import groups_starting
from intranet.kernel import apart, reach
from intranet.kernel.page import render
from intranet.kernel.policy import MEMBER
from intranet.kernel.runtime import runtime
from intranet.kernel.text import fold
from intranet.kernel.viewer import Viewer
from intranet.people.queries import people_starting
from intranet.search import asking
from intranet.search.index import index_of
from intranet.search.narrowing import line_of
from intranet.search.question import read_question
from intranet.search.routes import feature
from intranet.search.saved.queries import SavedCard, saved_searches
from intranet.topics.queries import TopicCard, topics_starting
from search_index.documents import Kind
from search_index.hits import Hit

_SHORTEST_FOR_WORDS = 3
_SHORTEST_FOR_TOPICS = 2
_MOST, _MOST_GROUPS, _MOST_POSTS, _MOST_SAVED = 4, 3, 3, 5


def _for_suggestions(viewer: Viewer) -> tuple[Hit, ...]:
    """Posts with the words. A letter or two say nothing yet, and would touch every post there is."""
    words = read_question(line_of(request.args)).words
    if len(words) < _SHORTEST_FOR_WORDS:
        return ()
    with runtime().database.reading(viewer) as session:
        audiences = reach.readable_ids(session, viewer.id)
        without = apart.unheard_ids(session, viewer.id)
    posts = frozenset({Kind.POST.value, Kind.QUESTION.value})
    return index_of().ask(
        lambda engine: engine.suggest(words, audiences=audiences, kinds=posts, without=without, limit=_MOST_POSTS)
    )


@feature.get("/search/suggest", allow=MEMBER, prepare=_for_suggestions)
def suggest(session: Session, viewer: Viewer, prepared: tuple[Hit, ...]) -> ResponseReturnValue:
    """The options for a half-typed line; for an empty one, the searches that one keeps."""
    line = " ".join(line_of(request.args).split())[:100]
    return render(
        "search/_suggestions.html",
        line=line,
        words=f"{line}*" if line[-1:].isalnum() else line,
        people=people_starting(session, line, _MOST),
        topics=_topics(session, line),
        groups=groups_starting(session, line, _MOST_GROUPS),
        posts=asking.results(session, prepared),
        saved=_saved(session, viewer, line),
    )


def _topics(session: Session, line: str) -> list[TopicCard]:
    """Those that begin with the line, and with the word that is being typed."""
    found = topics_starting(session, line, _MOST)
    last = line.rpartition(" ")[2]
    if len(found) < _MOST and last != line and len(last) >= _SHORTEST_FOR_TOPICS:
        known = {topic.id for topic in found}
        found += [topic for topic in topics_starting(session, last, _MOST) if topic.id not in known]
    return found[:_MOST]


def _saved(session: Session, viewer: Viewer, line: str) -> list[SavedCard]:
    start = fold(line)
    kept = saved_searches(session, viewer)
    return [card for card in kept if start in fold(card.name) or fold(card.question.text).startswith(start)][
        :_MOST_SAVED
    ]
