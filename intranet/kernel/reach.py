"""How far somebody's searches reach, in plain numbers: for the index, which knows no rows, and for rooms."""

from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.orm import Session

from intranet.kernel.apart import blocked
from intranet.kernel.audience import readable_audiences
from intranet.kernel.prepared import Prepared
from intranet.kernel.tables import BigId

_READER: Any = bindparam("reader", type_=BigId)
_READABLE = Prepared(readable_audiences(_READER))
_BLOCKED = Prepared(blocked(_READER))


def readable_ids(session: Session, person_id: int | None) -> frozenset[int]:
    """The audiences that somebody may read; a signed-out visitor reads none."""
    return frozenset() if person_id is None else frozenset(_READABLE.scalars(session, {"reader": person_id}))


def blocked_ids(session: Session, person_id: int | None) -> frozenset[int]:
    """Whom they block and who blocks them."""
    return frozenset() if person_id is None else frozenset(_BLOCKED.scalars(session, {"reader": person_id}))
