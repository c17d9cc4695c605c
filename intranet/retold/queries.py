"""What a post's card says of the message that it tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from intranet.chat.models import Message
from intranet.kernel.audience import readable_audiences
from intranet.kernel.together import Rows
from intranet.people.cards import PersonCard
from intranet.posts.parts.registry import Around, Part, Places
from intranet.posts.schemas import RetoldJson
from intranet.retold.models import RetoldMessage


@dataclass(frozen=True, slots=True)
class RetoldCard:
    """Whose words a post tells; ``message_id`` is 0 for who may not read where they were said."""

    author: PersonCard
    message_id: int

    def as_json(self) -> RetoldJson:
        """The same for everybody who may read the post."""
        return {"author": self.author.as_json()}


def _rows(places: Places) -> Rows:
    there = select(Message.id).where(
        Message.id == RetoldMessage.message_id,
        Message.deleted_at.is_(None),
        Message.audience_id.in_(readable_audiences(places.viewer_id)),
    )
    told = select(RetoldMessage.post_id, RetoldMessage.author_id, there.scalar_subquery().label("message_id"))
    return told.where(RetoldMessage.post_id.in_(places.ids))


def _people(row: Any) -> tuple[int]:
    return (row.author_id,)


def _show(rows: Sequence[Any], around: Around) -> RetoldCard:
    (row,) = rows
    return RetoldCard(around.people[row.author_id], row.message_id or 0)


RETOLD = Part(name="retold", rows=_rows, people=_people, show=_show)
