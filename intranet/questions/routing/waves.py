"""The waves themselves: work of the worker, each step in one transaction with what it leaves for later.

A question has at most one step waiting that counts: its ``turn`` is in the payload, and a step of an earlier turn does
nothing. So a crash repeats a step, which asks nobody twice, and a wave that was called for early makes the later one
void.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.accounts.queries import holders_of
from intranet.expertise.routed import Knower, knowers
from intranet.kernel import clock, jobs
from intranet.kernel.db import Database
from intranet.kernel.outbox import record
from intranet.kernel.viewer import Role, system
from intranet.people.models import Follow, FollowKind
from intranet.posts.anonymous.queries import asker_of
from intranet.posts.asking.models import Asking
from intranet.posts.models import Comment, Post, PostKind, PostTopic
from intranet.questions.routing.candidates import Known, candidates, words_of
from intranet.questions.routing.choosing import CIRCLE, EXPERT_WAVES, WAVE, Candidate, Wave, choose, look_again
from intranet.questions.routing.events import AskingChanged, PersonAsked
from intranet.questions.routing.models import LONGEST_TOPIC, AskedPerson, Why

STEP = "questions.wave"
_LONGEST = timedelta(days=7)
_MOST_TURNS = 40
_MOST_FOLLOWERS = 300


@dataclass(frozen=True, slots=True)
class Step:
    """One look at a question that still waits."""

    post: Post
    asking: Asking
    asker_id: int
    already: frozenset[int]


def _know(database: Database, payload: dict[str, Any]) -> list[Knower]:
    """The slow part: who knows it, outside any transaction."""
    with database.reading(system(reason="questions: what a waiting question asks")) as session:
        step = _step(session, payload)
        if step is None:
            return []
        audience_id, question = step.post.audience_id, words_of(step.post)
    return knowers(audience_id, question, without={step.asker_id})


@jobs.slow_job(STEP, _know)
def go_on(session: Session, payload: dict[str, Any], found: list[Knower]) -> None:
    """Ask whom somebody named, else the next wave, and say when to look again."""
    step = _step(session, payload)
    if step is None:
        return
    step.asking.spared = []
    named_again, has_asked = _ask_named(session, step, found)
    is_enough = has_asked or payload.get("only_named", False)
    again = named_again if is_enough else _earlier(named_again, _ask_wave(session, step, found))
    _put_off(session, step, again, only_named=payload.get("only_named", False))


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((at for at in (one, other) if at is not None), default=None)


def begin(session: Session, asking: Asking, *, at: datetime | None = None, only_named: bool = False) -> None:
    """Look now or ``at`` a moment, in place of whatever was put off; with ``only_named`` the finder names nobody."""
    asking.turn += 1
    asking.next_at, asking.ended_at = at or clock.now(), None
    payload = {"post_id": str(asking.post_id), "turn": asking.turn, "only_named": only_named}
    jobs.later(session, STEP, payload, at=at)


def end(session: Session, asking: Asking) -> None:
    """Ask nobody else."""
    asking.turn += 1
    asking.next_at, asking.ended_at = None, clock.now()
    record(session, AskingChanged(asking.post_id, asking.audience_id))


def _step(session: Session, payload: dict[str, Any]) -> Step | None:
    """None for work that is void by now: a later turn, or a question that is gone, closed or has its answer."""
    post_id = int(payload["post_id"])
    asking, post = session.get(Asking, post_id), session.get(Post, post_id)
    if asking is None or asking.ended_at is not None or asking.turn != payload["turn"]:
        return None
    is_open = post is not None and post.deleted_at is None and post.frozen_at is None and post.accepted_id is None
    if post is None or not is_open or post.kind is not PostKind.QUESTION:
        return None
    asked = select(AskedPerson.person_id).where(AskedPerson.post_id == post.id)
    spoke = select(Comment.author_id).where(Comment.post_id == post.id, Comment.deleted_at.is_(None)).distinct()
    return Step(post, asking, asker_of(session, post), frozenset((*session.scalars(asked), *session.scalars(spoke))))


def _ask_named(session: Session, step: Step, found: list[Knower]) -> tuple[datetime | None, bool]:
    """Whom the asker, or somebody who was asked, named: their word comes before the finder's. Returns when to look
    again, and whether somebody was asked."""
    topics = {one.person_id: one.topic for one in found}
    known = [
        Known(
            person_id := int(one["person"]),
            Why.ASKED_FOR if int(one["by"]) == step.post.author_id else Why.PASSED,
            topic=topics.get(person_id, ""),
            by_id=int(one["by"]),
        )
        for one in step.asking.named
    ]
    able = _candidates(session, step, known) if known else []
    wave = choose(able, now=clock.now(), already=step.already, most=len(known))
    has_asked = _ask(session, step, wave, known)
    return look_again(wave, step.asking.urgency, able, now=clock.now()), has_asked


def _ask_wave(session: Session, step: Step, found: list[Knower]) -> datetime | None:
    """The next wave of the finder's best, or the last one of those around the topic. Returns when to look again."""
    now, asking = clock.now(), step.asking
    if asking.waves < EXPERT_WAVES:
        known = [_known(one) for one in found]
        able = _candidates(session, step, known)
        wave = choose(able, now=now, already=step.already, most=WAVE)
        again = look_again(wave, asking.urgency, able, now=now)
        if _ask(session, step, wave, known):
            asking.waves += 1
            return again
        if again is not None:
            return again
        asking.waves = EXPERT_WAVES
    if asking.waves > EXPERT_WAVES:
        return None
    known = _around(session, step.post)
    able = _candidates(session, step, known)
    wave = choose(able, now=now, already=step.already, most=CIRCLE, is_near_only=False)
    if not _ask(session, step, wave, known):
        return look_again(wave, asking.urgency, able, now=now)
    asking.waves += 1
    return None


def _candidates(session: Session, step: Step, known: list[Known]) -> list[Candidate]:
    """As the rules see them; locked, so that two questions at once cannot both be somebody's last of the week."""
    people = sorted({one.person_id for one in known})
    session.execute(select(Person.id).where(Person.id.in_(people)).order_by(Person.id).with_for_update())
    return candidates(session, step.post, step.asker_id, known)


def _known(one: Knower) -> Known:
    why = {"answered": Why.ANSWERED, "wrote": Why.WROTE, "endorsed": Why.ENDORSED}.get(one.signal.value, Why.NAMED)
    return Known(one.person_id, why, one.confidence, one.topic)


def _around(session: Session, post: Post) -> list[Known]:
    """Who follows a topic of it, and the stewards of topics."""
    topics = select(PostTopic.topic_id).where(PostTopic.item_id == post.id)
    following = select(Follow.follower_id).where(Follow.kind == FollowKind.TOPIC, Follow.target_id.in_(topics))
    followers = session.scalars(following.distinct().order_by(Follow.follower_id).limit(_MOST_FOLLOWERS))
    return [
        *(Known(one, Why.FOLLOWS, 0.5) for one in followers),
        *(Known(one, Why.STEWARD, 0.25) for one in holders_of(session, Role.STEWARD)),
    ]


def _ask(session: Session, step: Step, wave: Wave, known: list[Known]) -> bool:
    """Ask the people of a wave, and note who is asleep; whether there was anybody."""
    asleep = [{"person": str(one.person_id), "until": clock.iso(one.until)} for one in wave.spared if one.is_asleep]
    step.asking.spared = [*step.asking.spared, *asleep]
    reasons = {one.person_id: one for one in reversed(known)}
    for person_id in wave.asked:
        one = reasons[person_id]
        row = AskedPerson(
            post_id=step.post.id,
            audience_id=step.post.audience_id,
            person_id=person_id,
            wave=step.asking.waves + 1,
            why=one.why,
            topic=one.topic[:LONGEST_TOPIC],
            by_id=one.by_id,
            asked_at=clock.now(),
        )
        session.add(row)
        record(session, PersonAsked(step.post.id, person_id))
    session.flush()
    return bool(wave.asked)


def _put_off(session: Session, step: Step, again: datetime | None, *, only_named: bool) -> None:
    """Leave the next step in the same transaction; a question that waited a week waits no longer."""
    asking = step.asking
    if again is None or again > step.post.created_at + _LONGEST or asking.turn > _MOST_TURNS:
        end(session, asking)
        return
    begin(session, asking, at=again, only_named=only_named)
    record(session, AskingChanged(asking.post_id, asking.audience_id))
