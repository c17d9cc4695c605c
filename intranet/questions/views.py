"""The page of a question, and what can be done there; every change works as a plain form."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.kernel.errors import Invalid
from intranet.kernel.ids import parse_id
from intranet.kernel.page import render, wants_fragment
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.kernel.web import Feature
from intranet.people.following import followable
from intranet.posts.composing import composer, prefilled
from intranet.questions import actions, queries
from intranet.questions.asked.queries import who_is_asked

feature = Feature("questions")


@dataclass(frozen=True, slots=True)
class Passing:
    """What was typed to pass a question on, and the problems with it by field."""

    to: str
    note: str
    errors: Mapping[str, str]


@feature.get("/questions/<id:post_id>", allow=MEMBER)
def show(session: Session, viewer: Viewer, post_id: int) -> ResponseReturnValue:
    """A question with its answers; as a fragment what stands around them."""
    if wants_fragment():
        return render("questions/_head.html", question=queries.question_view(session, viewer, post_id))
    return whole_page(session, viewer, post_id)


def whole_page(session: Session, viewer: Viewer, post_id: int, *, passing: Passing | None = None) -> str:
    """The page of a question; ``passing`` is what somebody tried to pass it on with, and why that did not go."""
    view = queries.question_view(session, viewer, post_id)
    opened = request.args.get("replies", "")
    page = queries.answers(
        session,
        viewer,
        post_id,
        before=request.args.get("before"),
        open_id=parse_id(opened) if opened else 0,
    )
    box = composer(session, viewer, place=f"post:{post_id}", text=prefilled(request.args))
    who = who_is_asked(session, viewer, post_id)
    return render(
        "questions/show.html", question=view, post=view.post, page=page, composer=box, asked=who, passing=passing
    )


@feature.post("/answers/<id:answer_id>/accept", allow=MEMBER)
def accept(session: Session, viewer: Viewer, answer_id: int) -> ResponseReturnValue:
    """This solved it; with ``on=0`` it did not after all."""
    judge = actions.withdraw_acceptance if request.form.get("on") == "0" else actions.accept_answer
    post = judge(session, viewer, answer_id)
    return redirect(f"/questions/{post.id}#item-{answer_id}", 303)


def _follow(session: Session, viewer: Viewer, post_id: int, *, is_on: bool) -> str:
    actions.follow_question(session, viewer, post_id, is_on=is_on)
    return ""


followable(feature, "/questions/<id:key>", _follow)


@feature.post("/questions/<id:post_id>/same", allow=MEMBER)
def same(session: Session, viewer: Viewer, post_id: int) -> ResponseReturnValue:
    """It was asked before: ``original`` is the other question's id or address; an empty one takes that back."""
    named = request.form.get("original", "").strip().rstrip("/")
    if not named:
        actions.unlink_question(session, viewer, post_id)
        return redirect(f"/questions/{post_id}", 303)
    try:
        last = named.partition("#")[0].partition("?")[0].rpartition("/")[2]
        if not last.isdigit():
            raise Invalid({"original": str(_("Paste the address of the other question."))})
        actions.link_question(session, viewer, post_id, parse_id(last))
    except Invalid as error:
        flash(" ".join(error.fields.values()), "error")
    return redirect(f"/questions/{post_id}", 303)


@feature.post("/questions/<id:post_id>/asker", allow=MEMBER)
def asker(session: Session, viewer: Viewer, post_id: int) -> ResponseReturnValue:
    """Who asked without their name, for its two stewards; noted in the audit log."""
    person = actions.learn_asker(session, viewer, post_id)
    flash(_("%(name)s asked this. That you looked is in the audit log.", name=person.name))
    return redirect(f"/questions/{post_id}", 303)
