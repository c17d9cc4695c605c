"""What articles show on other features' pages, and what they offer to somebody who asks the same."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import g, render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.articles.finding import article_of, offered
from intranet.articles.models import Article
from intranet.articles.policy import ArticlePermission
from intranet.articles.queries import Filter, articles
from intranet.kernel import apart
from intranet.kernel.page import Slot, current_viewer, fill
from intranet.kernel.policy import allows
from intranet.kernel.viewer import Viewer
from intranet.people.cards import PersonCard, person_cards
from intranet.questions.offering import Offer, offer
from intranet.questions.queries import QuestionView
from intranet.search.sources import Kind

_ON_A_PAGE = 3


def fill_slots() -> None:
    """Take the places."""
    fill(Slot.QUESTION_HEAD, _on_question)
    fill(Slot.TOPIC_PARTS, _on_topic)
    fill(Slot.PROFILE_MORE, _on_profile)
    offer(Kind.ARTICLE, offers)


def _on_question(*, question: QuestionView, **_context: Any) -> str:
    """What its answer became, or the way to make an article of it."""
    made = article_of(g.session, question.post.id)
    may_make = False
    is_closed = question.post.group is not None and question.post.group.is_archived
    if made is None and question.solved_by is not None and not is_closed:
        asker, answerer = question.post.author.id, question.solved_by.author.id
        may_make = allows(ArticlePermission.PROMOTE, current_viewer(), asker, answerer)
    return render_template("articles/_on_question.html", article=made, may_make=may_make, post=question.post)


def _on_topic(*, topic: Any, **_context: Any) -> str:
    page = articles(g.session, current_viewer(), Filter(topic_id=topic.id), limit=_ON_A_PAGE)
    return render_template("articles/_part.html", page=page, address=f"/articles?topic={topic.slug}")


def _on_profile(*, profile: Any, **_context: Any) -> str:
    page = articles(g.session, current_viewer(), Filter(person_id=profile.card.id), limit=_ON_A_PAGE)
    return render_template("articles/_part.html", page=page, address=f"/articles?by={profile.card.username}")


def offers(session: Session, viewer: Viewer, keys: Sequence[str]) -> list[Offer]:
    """Those of these articles that the viewer may read and wants to hear of, in this order."""
    ids = [int(key) for key in keys]
    heard = offered().where(Article.id.in_(ids), Article.not_by(apart.unheard(viewer.id)))
    found = {row.id: row for row in session.scalars(heard)} if ids else {}
    keepers = person_cards(session, {row.keeper_id for row in found.values()})
    return [_offer(found[one], keepers) for one in ids if one in found]


def _offer(article: Article, keepers: Mapping[int, PersonCard]) -> Offer:
    return Offer(
        url=f"/articles/{article.id}",
        title=article.title,
        glyph="book",
        note=_("Article, kept by %(name)s", name=keepers[article.keeper_id].name),
        mark=_("Review due") if article.due_at is not None else _("Checked"),
        when=article.checked_at,
        answers=article.question_id,
    )
