"""Questions that are open in the made-up company: those who know were asked, at work, and did something about it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.expertise.routed import knowers
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.viewer import Role, Viewer, system
from intranet.posts.actions import add_comment
from intranet.posts.asking.actions import AskingDraft, add_asking
from intranet.posts.asking.models import Asking, Urgency
from intranet.posts.models import Comment, Post, PostKind
from intranet.questions.asked.actions import answer_later, mark_seen, pass_on
from intranet.questions.asked.queries import CIRCLE
from intranet.questions.routing.candidates import words_of
from intranet.questions.routing.models import AskedPerson
from intranet.questions.routing.waves import begin, go_on

_VIEWER = system(reason="demo: has those asked who may know")
_OPEN, _LATELY = 5, timedelta(hours=1)
_AT_WORK = (9, 15)
"""The hours at which most of the company is at work, on the clock of UTC."""
_TOOK = timedelta(minutes=25)
_ANSWER = "We had the same in spring, and it came down to one setting. Tell me what you see, and I look with you today."


@dataclass(frozen=True, slots=True)
class _Question:
    """One that looks for those who know since ``asked_at``."""

    post_id: int
    asked_at: datetime
    tomorrow: datetime


_Deed = Callable[[Database, _Question, Viewer], None]


def ask_around(database: Database, now: datetime) -> None:
    """Have the newest open questions find those who know, each when it was asked. Call it once the index is there."""
    with database.reading(_VIEWER) as session:
        # Where somebody replied, who knows it has mostly spoken: nobody else is near enough to be asked.
        is_bare = ~select(Comment.id).where(Comment.post_id == Post.id).exists()
        bare = select(Post).where(Post.kind == PostKind.QUESTION, Post.accepted_id.is_(None), is_bare)
        newest = session.scalars(bare.where(Post.created_at < now - _LATELY).order_by(Post.created_at.desc()))
        asked = [
            _Question(post.id, _at_work_after(post.created_at), now + timedelta(days=1))
            for post in newest.fetchmany(2 * _OPEN)
        ]
    found = [question for question in asked if question.asked_at + _TOOK < now][:_OPEN]
    for number, question in enumerate(found):
        with clock.fixed(question.asked_at):
            database.transact(_VIEWER, partial(_begin, question=question))
        _let_days_go_by(database, question, _DEEDS[number % len(_DEEDS)], now)


def _let_days_go_by(database: Database, question: _Question, deed: _Deed, now: datetime) -> None:
    """Each wave in its time; the first who is asked does something about it, and an answer ends it."""
    has_acted = False
    while (moment := _goes_on_at(database, question)) and moment < now:
        with clock.fixed(moment):
            _ask(database, question)
        viewer = None if has_acted else _first_asked(database, question)
        if viewer:
            has_acted = True
            with clock.fixed(min(now, moment + _TOOK)):
                deed(database, question, viewer)
            if deed is _answer:
                return


def _at_work_after(moment: datetime) -> datetime:
    """The first hour from then on at which most of the company is at work."""
    while moment.weekday() > 4 or not _AT_WORK[0] <= moment.hour < _AT_WORK[1]:
        moment += timedelta(hours=1)
    return moment


def _goes_on_at(database: Database, question: _Question) -> datetime | None:
    """When the next wave of it is due."""
    with database.reading(_VIEWER) as session:
        return session.get_one(Asking, question.post_id).next_at


def _begin(session: Session, question: _Question) -> None:
    post = session.get_one(Post, question.post_id)
    add_asking(session, post, AskingDraft(urgency=Urgency.WHENEVER), post.author_id)
    session.flush()
    begin(session, session.get_one(Asking, post.id))


def _ask(database: Database, question: _Question) -> None:
    """What the worker does, at the hour that the clock shows here; the step that waits for it is void then."""
    with database.reading(_VIEWER) as session:
        post = session.get_one(Post, question.post_id)
        audience_id, words, asker = post.audience_id, words_of(post), post.author_id
        payload = {"post_id": str(post.id), "turn": session.get_one(Asking, post.id).turn}
    found = knowers(audience_id, words, without={asker})
    database.transact(_VIEWER, lambda session: go_on(session, payload, found))


def _first_asked(database: Database, question: _Question) -> Viewer | None:
    """Whom the finder named; followers are only told."""
    asked = select(AskedPerson.person_id).where(AskedPerson.post_id == question.post_id, AskedPerson.why.not_in(CIRCLE))
    with database.reading(_VIEWER) as session:
        person_id = session.scalar(asked.order_by(AskedPerson.asked_at, AskedPerson.person_id).limit(1))
    return Viewer(person_id, frozenset({Role.MEMBER})) if person_id is not None else None


def _read(database: Database, question: _Question, viewer: Viewer) -> None:
    database.transact(viewer, lambda session: mark_seen(session, viewer, question.post_id))


def _wait(database: Database, question: _Question, viewer: Viewer) -> None:
    until = min(question.tomorrow, clock.now() + timedelta(days=30))
    database.transact(viewer, lambda session: answer_later(session, viewer, question.post_id, until))


def _pass_on(database: Database, question: _Question, viewer: Viewer) -> None:
    """To a colleague whom the finder names next."""
    other = _nobody_yet(database, question)
    if other:
        note = "You set it up, I only use it"
        database.transact(viewer, lambda session: pass_on(session, viewer, question.post_id, to=other, note=note))


def _nobody_yet(database: Database, question: _Question) -> str | None:
    """Whom the finder names first of those who were not asked."""
    with database.reading(_VIEWER) as session:
        post = session.get_one(Post, question.post_id)
        audience_id, words = post.audience_id, words_of(post)
        asked = set(session.scalars(select(AskedPerson.person_id).where(AskedPerson.post_id == post.id)))
    found = knowers(audience_id, words, without={*asked, post.author_id})
    with database.reading(_VIEWER) as session:
        return session.scalar(select(Person.username).where(Person.id == found[0].person_id)) if found else None


def _answer(database: Database, question: _Question, viewer: Viewer) -> None:
    database.transact(viewer, lambda session: add_comment(session, viewer, reply_to=question.post_id, text=_ANSWER))


def _nothing(_database: Database, _question: _Question, _viewer: Viewer) -> None:
    """They have not looked yet."""


_DEEDS: tuple[_Deed, ...] = (_read, _wait, _pass_on, _answer, _nothing)
