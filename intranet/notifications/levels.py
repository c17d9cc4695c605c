"""How soon each source reaches people who said nothing about it, and what they chose instead."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.notifications.models import Level, Source, Wish

# Now: somebody waits for an answer, or speaks to this person alone. Today: good to know, and it can wait.
DEFAULTS = {
    Source.ASKED: Level.NOW,
    Source.AROUND: Level.TODAY,
    Source.MENTION: Level.NOW,
    Source.REPLY: Level.NOW,
    Source.THREAD: Level.TODAY,
    Source.SHARED: Level.TODAY,
    Source.REACTION: Level.TODAY,
    Source.ENDORSED: Level.NOW,
    Source.PRAISED: Level.NOW,
    Source.FOLLOWER: Level.TODAY,
    Source.ANNOUNCEMENT: Level.NOW,
    Source.ACCEPTED: Level.NOW,
    Source.REMINDER: Level.NOW,
    Source.ARTICLE_DUE: Level.NOW,
    Source.ARTICLE_GIVEN: Level.NOW,
    Source.ARTICLE_DIFFERENT: Level.NOW,
    Source.ARTICLE_NEWS: Level.TODAY,
    Source.QUESTION_NEWS: Level.TODAY,
    Source.KEYWORD: Level.NOW,
    Source.NEW_POST: Level.NOW,
    Source.CHAT_MENTION: Level.NOW,
    Source.CHAT_DIRECT: Level.NOW,
    Source.SHARING_ASKED: Level.NOW,
    Source.SHARING_ANSWERED: Level.NOW,
    Source.GROUP_ASKED: Level.NOW,
    Source.GROUP_INVITED: Level.NOW,
    Source.GROUP_ANSWERED: Level.NOW,
    Source.INSPECTED: Level.NOW,
    Source.INSPECTION_ASKED: Level.NOW,
    Source.SECURITY: Level.NOW,
    Source.REMIND_ME: Level.NOW,
    Source.CAME_BACK: Level.NOW,
    Source.HIDDEN: Level.NOW,
    Source.CLOSED: Level.NOW,
    Source.GIVEN_BACK: Level.NOW,
    Source.REPORT_ACTED: Level.TODAY,
    Source.REPORT_KEPT: Level.TODAY,
}


def levels_of(session: Session, source: Source, people: Iterable[int]) -> dict[int, Level]:
    """The level of one source for each of these people. One statement."""
    wanted = list(people)
    chosen = select(Wish.person_id, Wish.level).where(Wish.source == source, Wish.person_id.in_(wanted))
    found = {row.person_id: row.level for row in session.execute(chosen)}
    return {person_id: found.get(person_id, DEFAULTS[source]) for person_id in wanted}


def wishes_of(session: Session, person_id: int) -> dict[Source, Level]:
    """The level of every source for one person."""
    chosen = {row.source: row.level for row in session.scalars(select(Wish).where(Wish.person_id == person_id))}
    return {**DEFAULTS, **chosen}
