"""Articles as JSON."""

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.articles import queries
from intranet.articles.queries import Filter, Show
from intranet.articles.views import feature
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.people.profiles import person_or_404
from intranet.topics.directory import topic_by_slug


@feature.get("/api/v1/articles", allow=MEMBER)
def api_index(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Articles, newest first; ``topic``, ``by`` and ``show`` narrow them."""
    wished, slug, username = (request.args.get(name, "") for name in ("show", "topic", "by"))
    chosen = Filter(
        show=Show(wished) if wished in set(Show) else Show.ALL,
        topic_id=topic_by_slug(session, slug).id if slug else None,
        person_id=person_or_404(session, username).id if username else None,
    )
    page = queries.articles(session, viewer, chosen, before=request.args.get("before"))
    return jsonify({"items": [article.as_json() for article in page.items], "next": page.older})


@feature.get("/api/v1/articles/<id:article_id>", allow=MEMBER)
def api_show(session: Session, viewer: Viewer, article_id: int) -> ResponseReturnValue:
    """One article."""
    return jsonify(queries.article_card(session, viewer, article_id).as_json())
