"""Articles as JSON."""

from http import HTTPStatus

from flask import jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.articles import actions, queries
from intranet.articles.forms import CheckForm, HandOverForm, PromoteForm, read_day
from intranet.articles.models import Article
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


def _answer(session: Session, viewer: Viewer, article: Article) -> ArticleJson:
    session.flush()
    return queries.article_card(session, viewer, article.id).as_json()


@feature.post(
    "/api/v1/questions/<id:post_id>/article",
    allow=MEMBER,
    api=Api(ArticleJson, takes=PromoteForm, status=HTTPStatus.CREATED),
)
def api_promote(session: Session, viewer: Viewer, post_id: int, body: PromoteForm) -> ResponseReturnValue:
    """Make an article of the answer that solved a question; 409 where there is one already. ``keeper`` is a username,
    the caller without one; ``review_by`` a day like 2027-05-31, in half a year without one."""
    draft = actions.ArticleDraft(title=body.title, lead=body.lead, text=body.text, note=body.note)
    review_by = read_day(body.review_by)
    article = actions.promote(session, viewer, post_id, draft, keeper=body.keeper, review_by=review_by)
    return jsonify(_answer(session, viewer, article)), HTTPStatus.CREATED


@feature.post("/api/v1/articles/<id:article_id>/check", allow=MEMBER, api=Api(ArticleJson, takes=CheckForm))
def api_check(session: Session, viewer: Viewer, article_id: int, body: CheckForm) -> ResponseReturnValue:
    """Say that it is still right, until ``review_by``; a retired one is offered again."""
    article = actions.check(session, viewer, article_id, review_by=read_day(body.review_by), note=body.note)
    return jsonify(_answer(session, viewer, article))


@feature.put("/api/v1/articles/<id:article_id>/keeper", allow=MEMBER, api=Api(ArticleJson, takes=HandOverForm))
def api_hand_over(session: Session, viewer: Viewer, article_id: int, body: HandOverForm) -> ResponseReturnValue:
    """Somebody else, by username, keeps it from now on."""
    return jsonify(_answer(session, viewer, actions.hand_over(session, viewer, article_id, body.keeper)))


@feature.post("/api/v1/articles/<id:article_id>/retire", allow=MEMBER, api=Api(ArticleJson))
def api_retire(session: Session, viewer: Viewer, article_id: int) -> ResponseReturnValue:
    """Offer it to nobody any more; its address still opens."""
    return jsonify(_answer(session, viewer, actions.retire(session, viewer, article_id)))
