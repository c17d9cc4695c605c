"""Pages of articles; every change works as a plain form."""

from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from intranet.articles import actions, queries
from intranet.articles.finding import article_of
from intranet.articles.forms import USUALLY, CheckForm, EditForm, HandOverForm, PromoteForm, read_day, today
from intranet.articles.models import Article
from intranet.articles.queries import Filter, Show
from intranet.articles.voices.queries import voices_of
from intranet.kernel import clock
from intranet.kernel.db import start_over
from intranet.kernel.errors import Conflict, Invalid, Refused
from intranet.kernel.page import render
from intranet.kernel.policy import MEMBER
from intranet.kernel.text import HASHTAG
from intranet.kernel.viewer import Viewer
from intranet.kernel.web import Feature
from intranet.people.cards import person_cards
from intranet.people.following import followable
from intranet.people.models import FollowKind
from intranet.people.profiles import person_or_404
from intranet.people.queries import follows
from intranet.posts.models import Comment, Post
from intranet.topics.directory import topic_by_slug

feature = Feature("articles")

SHOW_NAMES = {
    Show.ALL: lazy_gettext("All"),
    Show.DUE: lazy_gettext("Review due"),
    Show.MINE: lazy_gettext("Kept by me"),
    Show.FOLLOWED: lazy_gettext("Followed"),
}


@feature.get("/articles", allow=MEMBER)
def index(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """All articles; ``show``, ``topic`` (a slug) and ``by`` (a username) narrow them."""
    wished, slug, username = (request.args.get(name, "") for name in ("show", "topic", "by"))
    show = Show(wished) if wished in set(Show) else Show.ALL
    topic = topic_by_slug(session, slug) if slug else None
    person = person_or_404(session, username) if username else None
    chosen = Filter(show, topic.id if topic else None, person.id if person else None)
    page = queries.articles(session, viewer, chosen, before=request.args.get("before"))
    given = {"show": show.value if show is not Show.ALL else "", "topic": topic.slug if topic else "", "by": username}
    return render(
        "articles/index.html",
        fragment="articles/_rows_more.html",
        page=page,
        show=show,
        show_names=SHOW_NAMES,
        topic=topic,
        person=person_cards(session, [person.id])[person.id] if person else None,
        given={name: value for name, value in given.items() if value},
    )


@feature.get("/articles/<id:article_id>", allow=MEMBER)
def show(session: Session, viewer: Viewer, article_id: int) -> ResponseReturnValue:
    """One article; as a fragment what of it may have changed."""
    return page(session, viewer, article_id)


def page(
    session: Session, viewer: Viewer, article_id: int, *, typed: Any = None, errors: dict[str, str] | None = None
) -> str:
    """The page of an article, with what was typed into its forms; or what of it may have changed."""
    article = queries.article_card(session, viewer, article_id)
    return render(
        "articles/show.html",
        fragment="articles/_article.html",
        article=article,
        steps=queries.steps(session, article),
        voices=voices_of(session, viewer, session.get_one(Article, article_id)),
        is_followed=follows(session, viewer.member_id, FollowKind.ARTICLE, article_id),
        today=today(),
        next_review=today() + USUALLY,
        typed=typed or {},
        errors=errors or {},
    )


@feature.get("/questions/<id:post_id>/article", allow=MEMBER)
def write(session: Session, viewer: Viewer, post_id: int) -> ResponseReturnValue:
    """The form that makes an article of an answer, with its words and the question's."""
    made = article_of(session, post_id)
    if made is not None:
        return redirect(f"/articles/{made.id}")
    question, answer = actions.promotable(session, viewer, post_id)
    return _writing(session, question, answer, {**_prefilled(question, answer), "review_by": today() + USUALLY})


def _prefilled(question: Post, answer: Comment) -> dict[str, str]:
    parts = (f"## {_('You have this if')}", question.text, f"## {_('What to do')}", answer.text)
    has_words = HASHTAG.sub("", question.text).strip()
    return {"title": question.title, "text": "\n\n".join(parts) if has_words else answer.text}


def _writing(
    session: Session,
    question: Post,
    answer: Comment,
    typed: Any,
    *,
    errors: dict[str, str] | None = None,
    made: queries.ArticleCard | None = None,
) -> str:
    author = person_cards(session, [answer.author_id])[answer.author_id]
    given = {"keeper": "" if author.has_left else author.username, **typed}
    return render(
        "articles/write.html",
        question=question,
        answer=answer,
        author=author,
        made=made,
        typed=given,
        errors=errors or {},
    )


@feature.post("/questions/<id:post_id>/article", allow=MEMBER)
def promote(session: Session, viewer: Viewer, post_id: int) -> ResponseReturnValue:
    """Make it; what cannot be taken comes back with all that was typed, also where somebody else was faster."""
    question, answer = actions.promotable(session, viewer, post_id)
    try:
        form = PromoteForm.parse(request.form)
        made = article_of(session, post_id)
        if made is not None:
            return _made_before(session, viewer, form, made)
        draft = actions.ArticleDraft(title=form.title, lead=form.lead, text=form.text, note=form.note)
        review_by = read_day(form.review_by)
        article = actions.promote(session, viewer, post_id, draft, keeper=form.keeper, review_by=review_by)
    except Invalid as invalid:
        return _writing(session, question, answer, request.form.to_dict(), errors=invalid.fields), 422
    flash(_("Kept. Whoever asks the same is offered it from now on."))
    return redirect(f"/articles/{article.id}", 303)


def _made_before(session: Session, viewer: Viewer, form: PromoteForm, made: Article) -> ResponseReturnValue:
    """The article, where it says the same; else what was typed, with the way to the article."""
    if (form.title, form.lead, form.text) == (made.title, made.lead, made.text):
        return redirect(f"/articles/{made.id}", 303)
    question, answer = actions.promotable(session, viewer, made.question_id)
    card = queries.article_card(session, viewer, made.id)
    return _writing(session, question, answer, request.form.to_dict(), made=card), int(Conflict.status)


@feature.get("/articles/<id:article_id>/edit", allow=MEMBER)
def edit_form(session: Session, viewer: Viewer, article_id: int) -> ResponseReturnValue:
    """The form with what it says now, for who may save it."""
    article = queries.article_card(session, viewer, article_id)
    if not article.may_edit:
        raise Refused
    return _editing(session, article, article, {})


def _editing(session: Session, article: queries.ArticleCard, typed: Any, errors: dict[str, str]) -> str:
    newer = queries.edits_since(session, article, typed.get("version", "")) if "version" in errors else []
    return render("articles/edit.html", article=article, typed=typed, errors=errors, newer=newer, now=clock.now())


@feature.post("/articles/<id:article_id>/edit", allow=MEMBER)
def edit(session: Session, viewer: Viewer, article_id: int) -> ResponseReturnValue:
    """Change what it says; an edit that came first is shown instead of lost."""
    try:
        form = EditForm.parse(request.form)
        said = form.model_dump(include={"title", "lead", "text", "note", "version"})
        actions.edit(session, viewer, article_id, actions.ArticleDraft(**said, settles=form.until))
    except (Invalid, Conflict) as error:
        start_over(session)
        article = queries.article_card(session, viewer, article_id)
        fields = error.fields if isinstance(error, Invalid) else {"version": "conflict"}
        return _editing(session, article, request.form, fields), int(error.status)
    return redirect(f"/articles/{article_id}", 303)


@feature.post("/articles/<id:article_id>/steps/<id:step_id>/bring-back", allow=MEMBER)
def bring_back(session: Session, viewer: Viewer, article_id: int, step_id: int) -> ResponseReturnValue:
    """Let it say again what it said then."""
    actions.bring_back(session, viewer, article_id, step_id)
    return redirect(f"/articles/{article_id}", 303)


@feature.post("/articles/<id:article_id>/check", allow=MEMBER)
def check(session: Session, viewer: Viewer, article_id: int) -> ResponseReturnValue:
    """It is still right, until ``review_by``."""
    try:
        form = CheckForm.parse(request.form)
        actions.check(session, viewer, article_id, review_by=read_day(form.review_by), note=form.note)
    except Invalid as invalid:
        return page(session, viewer, article_id, typed=request.form, errors=invalid.fields), 422
    flash(_("Thank you. Readers see when you checked it."))
    return redirect(f"/articles/{article_id}", 303)


@feature.post("/articles/<id:article_id>/keeper", allow=MEMBER)
def hand_over(session: Session, viewer: Viewer, article_id: int) -> ResponseReturnValue:
    """Somebody else keeps it from now on."""
    try:
        article = actions.hand_over(session, viewer, article_id, HandOverForm.parse(request.form).keeper)
    except Invalid as invalid:
        return page(session, viewer, article_id, typed=request.form, errors=invalid.fields), 422
    session.flush()
    keeper = person_cards(session, [article.keeper_id])[article.keeper_id]
    flash(_("%(name)s keeps it from now on, and is told.", name=keeper.name))
    return redirect(f"/articles/{article_id}", 303)


@feature.post("/articles/<id:article_id>/retire", allow=MEMBER)
def retire(session: Session, viewer: Viewer, article_id: int) -> ResponseReturnValue:
    """Offer it to nobody any more."""
    actions.retire(session, viewer, article_id)
    return redirect(f"/articles/{article_id}", 303)


def _follow(session: Session, viewer: Viewer, article_id: int, *, is_on: bool) -> str:
    actions.follow_article(session, viewer, article_id, is_on=is_on)
    return ""


followable(feature, "/articles/<id:key>", _follow)
