"""Reports, each with the words as they stood when somebody reported them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import clock
from intranet.kernel.tables import Base, Identified, one_of

LONGEST_WORDS = 1000


class ReportReason(StrEnum):
    """Why something is out of place."""

    PERSONAL = "personal"
    UNKIND = "unkind"
    WRONG_AUDIENCE = "wrong-audience"
    UNTRUE = "untrue"
    OTHER = "other"


class Subject(StrEnum):
    """What is reported: a post or reply, what a profile says, what a group says of itself, an article, a reader's note
    on one, a message."""

    ITEM = "item"
    PERSON = "person"
    GROUP = "group"
    ARTICLE = "article"
    VOICE = "voice"
    MESSAGE = "message"


class Decision(StrEnum):
    """What a moderator decided; each can be taken back."""

    NOTHING = "nothing"
    HIDE = "hide"
    FREEZE = "freeze"


class Report(Identified, Base):
    """One member's report of one post, comment, profile, group, article, note or message, whose id is ``item_id``.

    Moderators read it, whatever the audience of what is reported: whoever reports something shows it to them, in
    ``quote``, and nothing else of where it stands.
    """

    __tablename__ = "reports"
    __table_args__ = (UniqueConstraint("item_id", "reporter_id"), Index("ix_reports_open", "decided_at", "id"))

    item_id: Mapped[int] = mapped_column(index=True)
    kind: Mapped[Subject] = mapped_column(one_of(Subject), default=Subject.ITEM, server_default="item")
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    reporter_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[ReportReason] = mapped_column(one_of(ReportReason))
    words: Mapped[str] = mapped_column(String(LONGEST_WORDS), default="")
    quote: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    decision: Mapped[Decision | None] = mapped_column(one_of(Decision))
    note: Mapped[str] = mapped_column(String(LONGEST_WORDS), default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]


class Withheld(Base):
    """What a moderator hid of a profile or group, kept to be given back."""

    __tablename__ = "withheld"

    subject_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kept: Mapped[dict[str, Any]] = mapped_column(JSON)
