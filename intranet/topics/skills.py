"""Reading who claims what, and who vouches for it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, literal, select, union_all
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.kernel import apart
from intranet.kernel.db import viewer_of
from intranet.kernel.page import Page, decode_cursor, encode_cursor
from intranet.kernel.viewer import system
from intranet.people.cards import PersonCard, person_cards, whole
from intranet.topics.actions import claim_skills
from intranet.topics.models import Endorsement, HiddenTopic, OptOut, Skill, Topic

_FACES = 3
PAGE = 30


@dataclass(frozen=True, slots=True)
class SkillLine:
    """One topic on a profile: claimed, vouched for, or both."""

    topic_id: int
    slug: str
    name: str
    is_claimed: bool
    endorsements: int
    is_mine: bool
    faces: list[PersonCard]


@dataclass(frozen=True, slots=True)
class EndorsementView:
    """One reason, with its author."""

    id: int
    author: PersonCard
    reason: str
    created_at: datetime
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Knower:
    """Somebody who claims a topic or is vouched for on it."""

    card: PersonCard
    is_claimed: bool
    endorsements: int
    reason: str


def skill_lines(session: Session, person_id: int, viewer_id: int | None, *, most: int = 40) -> list[SkillLine]:
    """What somebody knows, most vouched for first. Six statements however many topics.

    Others do not see what the person hid; of whoever opted out they see the person's own claims alone.
    """
    claims = set(session.scalars(select(Skill.topic_id).where(Skill.person_id == person_id)))
    counting = select(Endorsement.topic_id, func.count()).where(Endorsement.person_id == person_id)
    counts = {row[0]: row[1] for row in session.execute(counting.group_by(Endorsement.topic_id))}
    if viewer_id != person_id:
        hidden = set(session.scalars(select(HiddenTopic.topic_id).where(HiddenTopic.person_id == person_id)))
        claims -= hidden
        is_out = session.get(OptOut, person_id) is not None
        counts = {one: count for one, count in counts.items() if one not in hidden and (one in claims or not is_out)}
    found = session.scalars(select(Topic).where(Topic.id.in_(claims | counts.keys())))
    topics = sorted(found, key=lambda topic: (-counts.get(topic.id, 0), topic.folded_name))[:most]
    newest = select(Endorsement.topic_id, Endorsement.endorser_id).where(Endorsement.person_id == person_id)
    endorsers: dict[int, list[int]] = {}
    for topic_id, endorser_id in session.execute(newest.order_by(Endorsement.created_at.desc()).limit(2000)):
        endorsers.setdefault(topic_id, []).append(endorser_id)
    cards = person_cards(session, {who for names in endorsers.values() for who in names[:_FACES]})
    return [
        SkillLine(
            topic_id=topic.id,
            slug=topic.slug,
            name=topic.name,
            is_claimed=topic.id in claims,
            endorsements=counts.get(topic.id, 0),
            is_mine=viewer_id in endorsers.get(topic.id, ()),
            faces=[cards[who] for who in endorsers.get(topic.id, ())[:_FACES]],
        )
        for topic in topics
    ]


def endorsements_page(
    session: Session, person_id: int, topic_id: int, *, viewer_id: int | None, cursor: str | None = None
) -> Page[EndorsementView]:
    """The reasons that colleagues gave, newest first; of a topic that the person hid, to nobody else."""
    if viewer_id != person_id and session.get(HiddenTopic, (person_id, topic_id)) is not None:
        return Page([])
    wanted = select(Endorsement).where(Endorsement.person_id == person_id, Endorsement.topic_id == topic_id)
    keys = decode_cursor(cursor, size=1)
    if keys is not None:
        wanted = wanted.where(Endorsement.id < whole(keys[0]))
    rows = list(session.scalars(wanted.order_by(Endorsement.id.desc()).limit(PAGE + 1)))
    cards = person_cards(session, [row.endorser_id for row in rows])
    items = [
        EndorsementView(row.id, cards[row.endorser_id], row.reason, row.created_at, row.changed_at)
        for row in rows[:PAGE]
    ]
    return Page(items, older=encode_cursor(str(rows[PAGE - 1].id)) if len(rows) > PAGE else None)


def knowers_count(session: Session, topic_id: int) -> int:
    """How many colleagues who are here claim a topic or are vouched for on it."""
    ranked = _ranked(topic_id, viewer_of(session).id).subquery()
    return session.scalar(select(func.count()).select_from(ranked)) or 0


def claim_counts(session: Session, ids: Collection[int]) -> dict[int, int]:
    """By topic, how many claim it and want to be named for it."""
    if not ids:
        return {}
    counted = select(Skill.topic_id, func.count()).where(Skill.topic_id.in_(ids), *_wants_to_be_named())
    return {row[0]: row[1] for row in session.execute(counted.group_by(Skill.topic_id))}


def _wants_to_be_named() -> "tuple[ColumnElement[bool], ...]":
    """Of a claim: neither its topic is hidden nor did its owner opt out."""
    same = (HiddenTopic.person_id == Skill.person_id, HiddenTopic.topic_id == Skill.topic_id)
    return ~exists().where(*same), Skill.person_id.not_in(select(OptOut.person_id))


def knowers_page(session: Session, topic_id: int, *, cursor: str | None = None, limit: int = PAGE) -> Page[Knower]:
    """Who claims a topic or is vouched for on it, most vouched for first."""
    ranked = _ranked(topic_id, viewer_of(session).id).subquery()
    wanted = select(ranked.c.person_id, ranked.c.vouched, ranked.c.claimed)
    keys = decode_cursor(cursor, size=2)
    if keys is not None:
        vouched, last = whole(keys[0]), whole(keys[1])
        after = (ranked.c.vouched < vouched) | ((ranked.c.vouched == vouched) & (ranked.c.person_id > last))
        wanted = wanted.where(after)
    ordered = wanted.order_by(ranked.c.vouched.desc(), ranked.c.person_id)
    rows = session.execute(ordered.limit(limit + 1)).all()
    shown = rows[:limit]
    cards = person_cards(session, [row.person_id for row in shown])
    reasons = _latest_reasons(session, topic_id, [row.person_id for row in shown])
    knowers = [
        Knower(cards[row.person_id], bool(row.claimed), row.vouched, reasons.get(row.person_id, "")) for row in shown
    ]
    older = encode_cursor(str(shown[-1].vouched), str(shown[-1].person_id)) if len(rows) > limit else None
    return Page(knowers, older=older)


def _ranked(topic_id: int, viewer_id: int | None) -> "Select[Any]":
    """(person_id, vouched, claimed) of everybody here who has to do with a topic and wants to be named for it."""
    claims = select(Skill.person_id, literal(1).label("claimed"), literal(0).label("vouched"))
    vouched = select(Endorsement.person_id, literal(0), literal(1))
    both = union_all(claims.where(Skill.topic_id == topic_id), vouched.where(Endorsement.topic_id == topic_id))
    every = both.subquery()
    counted = select(
        every.c.person_id, func.sum(every.c.vouched).label("vouched"), func.max(every.c.claimed).label("claimed")
    )
    here = counted.join(Person, Person.id == every.c.person_id).where(Person.deactivated_at.is_(None))
    hidden = select(HiddenTopic.person_id).where(HiddenTopic.topic_id == topic_id)
    named = here.where(Person.id.not_in(hidden), Person.id.not_in(select(OptOut.person_id)))
    named = named.where(Person.id.not_in(apart.blocked(viewer_id)))
    return named.group_by(every.c.person_id)


def _latest_reasons(session: Session, topic_id: int, ids: Collection[int]) -> dict[int, str]:
    newest = select(func.max(Endorsement.id)).where(Endorsement.topic_id == topic_id, Endorsement.person_id.in_(ids))
    newest = newest.group_by(Endorsement.person_id)
    found = session.execute(select(Endorsement.person_id, Endorsement.reason).where(Endorsement.id.in_(newest)))
    return {row.person_id: row.reason for row in found}


class LentKnowledge:
    """What ``people`` borrows: see ``people.knowledge``."""

    def known(
        self, session: Session, ids: Collection[int], *, most: int, with_hidden: bool = False
    ) -> dict[int, list[tuple[str, str]]]:
        """``(slug, name)`` of claimed topics by person id, most vouched for first. Two statements.

        ``with_hidden`` tells also what people do not want to be named for: for no page, only for comparing lists.
        """
        claimed = select(Skill.person_id, Topic.id, Topic.slug, Topic.name).join(Topic, Topic.id == Skill.topic_id)
        if not with_hidden:
            claimed = claimed.where(*_wants_to_be_named())
        rows = session.execute(claimed.where(Skill.person_id.in_(ids)).order_by(Topic.folded_name)).all()
        counting = select(Endorsement.person_id, Endorsement.topic_id, func.count())
        counting = counting.where(Endorsement.person_id.in_(ids))
        counting = counting.group_by(Endorsement.person_id, Endorsement.topic_id)
        counts = {(row[0], row[1]): row[2] for row in session.execute(counting)}
        found: dict[int, list[tuple[str, str]]] = {}
        for row in sorted(rows, key=lambda row: -counts.get((row.person_id, row.id), 0)):
            topics = found.setdefault(row.person_id, [])
            if len(topics) < most:
                topics.append((row.slug, row.name))
        return found

    def claim(self, session: Session, person_id: int, names: Iterable[str]) -> int:
        """Claims on behalf of the HR system."""
        return claim_skills(session, system(reason="the HR import writes skills for everybody"), person_id, names)
