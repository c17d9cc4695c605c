"""What people upload: one row per upload, the bytes under their own hash in the data folder."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Enum, ForeignKey, Index, Integer, String
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import clock
from intranet.kernel.audience import Guarded
from intranet.kernel.tables import Base, Identified
from intranet.kernel.text import fold


def _folded_name(context: DefaultExecutionContext) -> str:
    """What a search for the name compares with."""
    given: Any = context
    return fold(given.get_current_parameters()["name"])[:200]


class FileKind(StrEnum):
    """A picture is shown in place; a file is offered to save."""

    PICTURE = "picture"
    FILE = "file"


class StoredFile(Identified, Guarded, Base):
    """One upload. Until it hangs on something it belongs to its owner's shelf, which nobody else reads.

    The small copy of a document is the picture of its first page, ``width`` and ``height`` are then the copy's;
    ``excerpt`` holds the first lines of one that has no such picture.
    """

    __tablename__ = "files"
    __table_args__ = (Index("ix_files_owner", "owner_id", "id"),)

    owner_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[FileKind] = mapped_column(
        Enum(FileKind, native_enum=False, length=20, values_callable=lambda kinds: [kind.value for kind in kinds])
    )
    name: Mapped[str] = mapped_column(String(200))
    folded_name: Mapped[str] = mapped_column(String(200), default=_folded_name)
    media_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    small_sha256: Mapped[str | None] = mapped_column(String(64))
    width: Mapped[int | None]
    height: Mapped[int | None]
    alt: Mapped[str] = mapped_column(String(500), default="")
    pages: Mapped[int | None] = mapped_column(Integer)
    excerpt: Mapped[str] = mapped_column(String(1600), default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    is_attached: Mapped[bool] = mapped_column(default=False, index=True)


class Shelf(Base):
    """The audience of one: where a person's uploads wait until they are posted."""

    __tablename__ = "file_shelves"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    audience_id: Mapped[int] = mapped_column(ForeignKey("audiences.id"))
