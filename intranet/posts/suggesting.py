"""Completions for the composer: people after ``@`` and topics after ``#``, as options of a list box."""

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.kernel.page import render
from intranet.kernel.policy import MEMBER
from intranet.kernel.text import clean_line, slugify
from intranet.kernel.viewer import Viewer
from intranet.people.queries import people_starting
from intranet.posts.views import feature
from intranet.topics.queries import topics_starting

_MOST = 6


@feature.get("/compose/people", allow=MEMBER)
def people(session: Session, _viewer: Viewer) -> ResponseReturnValue:
    """Colleagues whose name begins with ``q``."""
    words = clean_line(request.args.get("q", ""))[:60]
    return render("posts/_people_options.html", people=people_starting(session, words, _MOST))


@feature.get("/compose/topics", allow=MEMBER)
def topics(session: Session, _viewer: Viewer) -> ResponseReturnValue:
    """Topics whose name begins with ``q``, and the way to a new one."""
    words = clean_line(request.args.get("q", ""))[:60]
    found = topics_starting(session, words, _MOST)
    fresh = slugify(words)
    is_known = any(topic.slug == fresh for topic in found)
    return render("posts/_topic_options.html", topics=found, fresh="" if is_known else fresh)
