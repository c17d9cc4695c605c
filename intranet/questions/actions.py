"""Accepting an answer, saying that something was asked before, and following."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.kernel import clock
from intranet.kernel.errors import Invalid, NotFound, Refused
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.viewer import Viewer
from intranet.people import actions as people
from intranet.people.models import FollowKind
from intranet.posts.actions.publishing import refuse_archived
from intranet.posts.anonymous.models import HiddenAuthor
from intranet.posts.anonymous.queries import asker_of, is_by
from intranet.posts.finding import find_comment, find_post
from intranet.posts.models import Comment, Post, PostKind
from intranet.questions.events import (
    AcceptanceWithdrawn,
    AnswerAccepted,
    AskerLearned,
    QuestionLinked,
    QuestionUnlinked,
)
from intranet.questions.models import SameQuestion
from intranet.questions.policy import QuestionPermission

_LONGEST_CHAIN = 20


def find_question(session: Session, post_id: int) -> Post:
    """The question.

    Raises:
        NotFound: there is none that this session's viewer may read.
    """
    post = find_post(session, post_id)
    if post.kind is not PostKind.QUESTION:
        raise NotFound
    return post


def accept_answer(session: Session, viewer: Viewer, answer_id: int) -> Post:
    """Say that an answer solved its question, in place of any other.

    Raises:
        NotFound: it is not there for this viewer, or no answer to a question.
        Refused: the viewer did not ask and is no steward; or the question is closed, or its group archived.
    """
    answer, post = _find_answer(session, answer_id)
    require(QuestionPermission.ACCEPT, viewer, asker_of(session, post))
    _refuse_closed(session, post)
    if post.accepted_id == answer.id:
        return post
    if post.accepted_id is not None:
        _withdraw(session, viewer, post)
    post.accepted_id = answer.id
    answer.accepted_at, answer.accepted_by_id = clock.now(), _seen_as(session, viewer, post)
    record(
        session, AnswerAccepted(post.id, answer.id, post.audience_id, _seen_as(session, viewer, post), answer.author_id)
    )
    return post


def _seen_as(session: Session, viewer: Viewer, post: Post) -> int:
    """As whom somebody acts on a question: who asked it without their name stays without it."""
    return post.author_id if is_by(session, post, viewer.id) else viewer.member_id


def withdraw_acceptance(session: Session, viewer: Viewer, answer_id: int) -> Post:
    """Say that an answer did not solve its question after all.

    Raises:
        NotFound: it is not there for this viewer, or no answer to a question.
        Refused: the viewer did not ask and is no steward; or the question is closed, or its group archived.
    """
    answer, post = _find_answer(session, answer_id)
    require(QuestionPermission.ACCEPT, viewer, asker_of(session, post))
    _refuse_closed(session, post)
    if post.accepted_id == answer.id:
        _withdraw(session, viewer, post)
    return post


def _find_answer(session: Session, answer_id: int) -> tuple[Comment, Post]:
    answer = find_comment(session, answer_id)
    if answer.parent_id is not None:
        raise NotFound
    question = find_question(session, answer.post_id)
    # One acceptance after the other: of two at once, the later one would not take the earlier one back. Whoever
    # deletes an answer waits here too.
    session.refresh(question, with_for_update=True)
    session.refresh(answer)
    if answer.deleted_at is not None:
        raise NotFound
    return answer, question


def _refuse_closed(session: Session, post: Post) -> None:
    if post.frozen_at is not None:
        raise Refused(str(_("This post is closed to replies.")))
    refuse_archived(session, post.audience_id)


def _withdraw(session: Session, viewer: Viewer, post: Post) -> None:
    answer = session.get(Comment, post.accepted_id)
    post.accepted_id = None
    if answer is not None:
        answer.accepted_at = answer.accepted_by_id = None
        withdrawn = AcceptanceWithdrawn(
            post.id, answer.id, post.audience_id, _seen_as(session, viewer, post), answer.author_id
        )
        record(session, withdrawn)


def link_question(session: Session, viewer: Viewer, post_id: int, original_id: int) -> None:
    """Say that a question was asked before; of an original that is itself a later one, the first is meant.

    Raises:
        NotFound: one of them is not there for this viewer.
        Refused: the viewer neither asked it nor keeps the place in order.
        Invalid: it would be the same as itself.
    """
    post = find_question(session, post_id)
    require(QuestionPermission.LINK, viewer, asker_of(session, post))
    original = _first(session, find_question(session, original_id))
    if original.id == post.id:
        raise Invalid({"original": str(_("A question is not its own double. Name another one."))})
    known = session.get(SameQuestion, post.id)
    if known is not None and known.original_id == original.id:
        return
    if known is not None:
        session.delete(known)
        session.flush()
    who = {"audience_id": post.audience_id, "linked_by_id": _seen_as(session, viewer, post)}
    session.add(SameQuestion(post_id=post.id, original_id=original.id, **who))
    record(session, QuestionLinked(post.id, original.id, post.audience_id, _seen_as(session, viewer, post)))


def _first(session: Session, question: Post) -> Post:
    """Along the links, as far as the viewer may read."""
    for _step in range(_LONGEST_CHAIN):
        link = session.get(SameQuestion, question.id)
        if link is None:
            break
        try:
            question = find_question(session, link.original_id)
        except NotFound:
            break
    return question


def unlink_question(session: Session, viewer: Viewer, post_id: int) -> None:
    """Let a question stand for itself again.

    Raises:
        NotFound: it is not there for this viewer.
        Refused: the viewer neither asked it nor keeps the place in order.
    """
    post = find_question(session, post_id)
    require(QuestionPermission.LINK, viewer, asker_of(session, post))
    known = session.get(SameQuestion, post.id)
    if known is not None:
        session.delete(known)
        record(session, QuestionUnlinked(post.id, post.audience_id, _seen_as(session, viewer, post)))


def follow_question(session: Session, viewer: Viewer, post_id: int, *, is_on: bool) -> None:
    """Hear of a question's answers from now on, or no longer.

    Raises:
        NotFound: it is not there for this viewer.
    """
    require(QuestionPermission.FOLLOW, viewer)
    question = find_question(session, post_id)
    people.follow(session, viewer, FollowKind.QUESTION, question.id, is_on=is_on)


def learn_asker(session: Session, viewer: Viewer, post_id: int) -> Person:
    """Who asked without their name, for the two stewards who were named to the asker. That they looked is noted.

    Raises:
        NotFound: it is not there for this viewer, has its asker's name, or is not theirs to know.
    """
    require(QuestionPermission.FOLLOW, viewer)
    hidden = session.get(HiddenAuthor, find_question(session, post_id).id)
    if hidden is None or viewer.id not in (hidden.steward_id, hidden.other_steward_id):
        raise NotFound
    record(session, AskerLearned(post_id, viewer.member_id))
    return session.get_one(Person, hidden.person_id)
