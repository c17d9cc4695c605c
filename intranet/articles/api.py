"""Articles as JSON."""

from flask import jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.articles import queries
from intranet.articles.queries import Filter, Show
from intranet.articles.schemas import ArticleJson
from intranet.articles.views import feature
from intranet.kernel.api import Api, Before, Listed
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.people.profiles import person_or_404
from intranet.topics.directory import topic_by_slug


class Wanted(Before):
    """Which articles: about a ``topic`` (its slug), kept or answered ``by`` somebody (a username)."""

    show: Show = Show.ALL
    topic: str = ""
    by: str = ""


@feature.get("/api/v1/articles", allow=MEMBER, api=Api(Listed[ArticleJson], asks=Wanted))
def api_index(session: Session, viewer: Viewer, asked: Wanted) -> ResponseReturnValue:
    """Articles, newest first."""
    chosen = Filter(
        show=asked.show,
        topic_id=topic_by_slug(session, asked.topic).id if asked.topic else None,
        person_id=person_or_404(session, asked.by).id if asked.by else None,
    )
    page = queries.articles(session, viewer, chosen, before=asked.before)
    return jsonify({"items": [article.as_json() for article in page.items], "next": page.older})


@feature.get("/api/v1/articles/<id:article_id>", allow=MEMBER, api=Api(ArticleJson))
def api_show(session: Session, viewer: Viewer, article_id: int) -> ResponseReturnValue:
    """One article."""
    return jsonify(queries.article_card(session, viewer, article_id).as_json())
