"""The options under the search box for a half-typed line."""

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.kernel import audience
from intranet.kernel.page import render
from intranet.kernel.policy import MEMBER
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.people.queries import people_starting
from intranet.search import asking
from intranet.search.index import index_of
from intranet.search.marking import words_of
from intranet.search.narrowing import line_of
from intranet.search.question import read_question
from intranet.search.routes import feature
from intranet.topics.queries import topics_starting
from search_index.engine import Hit, Kind

_SHORTEST_FOR_POSTS = 2


def _for_suggestions(viewer: Viewer) -> tuple[Hit, ...]:
    line = read_question(line_of(request.args)).words
    return _posts(viewer, line) if len(line) >= _SHORTEST_FOR_POSTS else ()


def _posts(viewer: Viewer, line: str, *, limit: int = 3) -> tuple[Hit, ...]:
    with runtime().database.reading(viewer) as session:
        audiences = audience.readable_ids(session, viewer.id)
    return index_of().ask(
        lambda engine: engine.suggest(line, audiences=audiences, kinds=frozenset({Kind.POST}), limit=limit)
    )


@feature.get("/search/suggest", allow=MEMBER, prepare=_for_suggestions)
def suggest(session: Session, _viewer: Viewer, prepared: tuple[Hit, ...]) -> ResponseReturnValue:
    """The options under the search box for a half-typed line."""
    line = " ".join(line_of(request.args).split())[:100]
    return render(
        "search/_suggestions.html",
        line=line,
        words=words_of(line),
        people=people_starting(session, line, 4),
        topics=topics_starting(session, line, 4),
        posts=asking.results(session, prepared),
    )
