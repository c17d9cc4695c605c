"""What pages elsewhere said when they were last asked.

Nobody reads this table for a viewer: it saves asking twice. What is shown stands with the post that holds the link, and
has that post's audience.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel.tables import Base


class LinkPage(Base):
    """One address, by the hash of it. ``card`` is None for a page that has nothing to show, which is asked again after
    ``expires_at`` like any other; ``failures`` counts how often in a row it could not be reached."""

    __tablename__ = "link_pages"

    url_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    url: Mapped[str] = mapped_column(String(2000))
    card: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    picture_sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    failures: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime] = mapped_column(index=True)
