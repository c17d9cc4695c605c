"""What an import has to remember for its next run."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel.tables import Base


class ImportedGroup(Base):
    """The closed audience that stands for a group of the source: its members are those who wrote there."""

    __tablename__ = "imported_groups"

    source: Mapped[str] = mapped_column(String(60), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    audience_id: Mapped[int] = mapped_column(ForeignKey("audiences.id", ondelete="CASCADE"))
