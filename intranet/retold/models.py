"""Which message a post tells."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel.audience import Guarded
from intranet.kernel.tables import Base


class RetoldMessage(Guarded, Base):
    """A post's source in chat, with the audience of the post: its readers learn whose words they are. Where they were
    said only those learn who may read the message."""

    __tablename__ = "retold_messages"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    message_id: Mapped[int] = mapped_column(index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
