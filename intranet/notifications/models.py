"""The ledger of attention: one row for each thing that reaches a person, and what each person wishes to be told."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import clock
from intranet.kernel.audience import Guarded
from intranet.kernel.tables import Base, Identified, one_of


class Source(StrEnum):
    """Why something reaches a person."""

    ASKED = "asked"
    AROUND = "asked-around"
    MENTION = "mention"
    REPLY = "reply"
    THREAD = "thread"
    SHARED = "shared"
    REACTION = "reaction"
    ENDORSED = "endorsed"
    PRAISED = "praised"
    FOLLOWER = "follower"
    ANNOUNCEMENT = "announcement"
    ACCEPTED = "accepted"
    REMINDER = "reminder"
    ARTICLE_DUE = "article-due"
    ARTICLE_GIVEN = "article-given"
    ARTICLE_DIFFERENT = "article-different"
    ARTICLE_NEWS = "article-news"
    QUESTION_NEWS = "question-news"
    KEYWORD = "keyword"
    NEW_POST = "new-post"
    CHAT_MENTION = "chat-mention"
    CHAT_DIRECT = "chat-direct"
    SHARING_ASKED = "sharing-asked"
    SHARING_ANSWERED = "sharing-answered"
    GROUP_ASKED = "group-asked"
    GROUP_INVITED = "group-invited"
    GROUP_ANSWERED = "group-answered"
    INSPECTED = "inspected"
    INSPECTION_ASKED = "inspection-asked"
    SECURITY = "security"
    REMIND_ME = "remind-me"
    CAME_BACK = "came-back"
    HIDDEN = "hidden"
    CLOSED = "closed"
    GIVEN_BACK = "given-back"
    REPORT_ACTED = "report-acted"
    REPORT_KEPT = "report-kept"


CANNOT_BE_MISSED = frozenset({Source.ANNOUNCEMENT, Source.INSPECTED})
"""What reaches people whomever they mute."""

MODERATED = frozenset({Source.HIDDEN, Source.CLOSED, Source.GIVEN_BACK, Source.REPORT_ACTED, Source.REPORT_KEPT})
"""What moderators decided: no matter for a locked screen or a mail. It names nobody, neither who decided nor who
reported something."""

LENT = "lent"
"""Ends the thread of a task of somebody who does it for another, who cannot."""

REMOVED = "removed:"
"""Begins the thread of what a moderator took away without anybody's report: no reason is kept of that."""


class Level(StrEnum):
    """How soon a person wants to hear of a source: at once, in the day's digest, or not at all."""

    NOW = "now"
    TODAY = "today"
    NEVER = "never"


class Digest(StrEnum):
    """How often what was not seen comes by mail."""

    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


class Channel(StrEnum):
    """What tells outside the application."""

    PUSH = "push"
    MAIL = "mail"


class Notice(Identified, Guarded, Base):
    """Something that happened, for one person. The only row about it: every channel reads this one.

    ``about`` names what happened, so that it reaches a person once, however many events tell of it; ``thread`` is
    what notices are grouped by. ``told_at`` is set by the first channel outside the application that took it, which
    ``told_by`` names. ``withdrawn_at`` hides what its author took away, until it is brought back. Guarded by the
    audience of what it speaks of: whoever may no longer read that, no longer finds the notice. ``created_at`` is when
    it happened, which people see and pages are ordered by; ids are in the order in which notices were written.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("person_id", "about"),
        Index("ix_notices_person", "person_id", "id"),
        Index("ix_notices_unread", "person_id", "read_at"),
        Index("ix_notices_waiting", "told_at", "read_at", "id"),
        Index("ix_notices_item", "item_id"),
        Index("ix_notices_post", "post_id"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    event_id: Mapped[int]
    about: Mapped[str] = mapped_column(String(80))
    thread: Mapped[str] = mapped_column(String(80))
    source: Mapped[Source] = mapped_column(one_of(Source))
    level: Mapped[Level] = mapped_column(one_of(Level))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    post_id: Mapped[int | None]
    item_id: Mapped[int | None]
    subject_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    read_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    told_by: Mapped[Channel | None] = mapped_column(one_of(Channel))
    withdrawn_at: Mapped[datetime | None]


class Wish(Base):
    """The level that a person chose for a source; without a row the source's own default holds."""

    __tablename__ = "notice_wishes"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    source: Mapped[Source] = mapped_column(one_of(Source), primary_key=True)
    level: Mapped[Level] = mapped_column(one_of(Level))


class Rhythm(Base):
    """When a person wants to be left alone, and when their digest comes; times are minutes of their own day.

    ``quiet_from`` may be later than ``quiet_to``: the night lies between them. ``quiet_days`` are whole days off,
    Monday being 0. ``digest_done`` is the moment up to which digests have been made.
    """

    __tablename__ = "notice_rhythms"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    quiet_from: Mapped[int | None]
    quiet_to: Mapped[int | None]
    quiet_days: Mapped[list[Any]] = mapped_column(JSON, default=list)
    mails_now: Mapped[bool] = mapped_column(default=True)
    digest: Mapped[Digest] = mapped_column(one_of(Digest), default=Digest.DAILY)
    digest_at: Mapped[int] = mapped_column(default=450)
    digest_done: Mapped[datetime] = mapped_column(default=clock.now)


class Keyword(Base):
    """A word that a person wants to hear of wherever they may read it; folded, as texts are searched."""

    __tablename__ = "notice_keywords"
    __table_args__ = (Index("ix_notice_keywords_word", "word"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    word: Mapped[str] = mapped_column(String(60), primary_key=True)


class MailDue(Base):
    """Somebody was told something that needs them, and is mailed at that moment what they have not seen by then."""

    __tablename__ = "notice_mails_due"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
