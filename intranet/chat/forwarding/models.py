"""What a message passes on, as those read it to whom it was passed on."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel.apart import Authored
from intranet.kernel.audience import Guarded
from intranet.kernel.tables import Base


class ForwardedWords(Guarded, Authored, Base):
    """The words of a message that another one passes on, with the audience of the latter: its readers see these and
    their author. ``source_id`` is where they were said; they follow what becomes of it, and are empty when it is gone.
    """

    __tablename__ = "chat_forwards"

    message_id: Mapped[int] = mapped_column(
        ForeignKey("chat_messages.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    source_id: Mapped[int] = mapped_column(index=True)
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
