"""The chain of digests that makes tampering with the audit log show.

Each entry's digest covers the digest before it, so a changed, forged or removed entry breaks the chain from there on.
The head (how many entries, and the last one's digest) is kept apart, so that a cut-off end shows too.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from intranet.accounts.models import SiteSetting
from intranet.governance.models import AuditEntry

GENESIS = "0" * 64
HEAD = "audit-head"
_BATCH = 1000
_COLUMNS = (
    AuditEntry.id,
    AuditEntry.happened_at,
    AuditEntry.actor_id,
    AuditEntry.subject_id,
    AuditEntry.action,
    AuditEntry.facts,
    AuditEntry.previous,
    AuditEntry.digest,
)


def digest_of(entry: AuditEntry | Row[Any]) -> str:
    """SHA-256 over the entry's fields and the digest before it, as canonical JSON."""
    covered = [
        entry.previous,
        entry.id,
        entry.happened_at.isoformat(),
        entry.actor_id,
        entry.subject_id,
        entry.action,
        entry.facts,
    ]
    return hashlib.sha256(json.dumps(covered, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def append(session: Session, entry: AuditEntry) -> None:
    """Add an entry at the end of the chain.

    ``previous`` is unique: of two workers that append at once, one collides and is run again.
    """
    last = session.scalar(select(AuditEntry.digest).order_by(AuditEntry.id.desc()).limit(1))
    entry.previous = last or GENESIS
    entry.digest = digest_of(entry)
    session.add(entry)
    head = session.get(SiteSetting, HEAD)
    if head is None:
        session.add(SiteSetting(name=HEAD, value=[1, entry.digest]))
    else:
        head.value = [head.value[0] + 1, entry.digest]


@dataclass(frozen=True, slots=True)
class Verdict:
    """``first_bad`` is the id of the first entry that does not fit; ``is_cut`` tells of a missing end."""

    entries: int
    first_bad: int | None
    is_cut: bool = False

    @property
    def is_whole(self) -> bool:
        return self.first_bad is None and not self.is_cut


def verify(session: Session) -> Verdict:
    """Recompute the whole chain."""
    previous, seen = GENESIS, 0
    for entry in entries_in_order(session):
        if entry.previous != previous or digest_of(entry) != entry.digest:
            return Verdict(seen, entry.id)
        previous, seen = entry.digest, seen + 1
    head = session.get(SiteSetting, HEAD)
    expected = [0, GENESIS] if head is None else head.value
    return Verdict(seen, None, is_cut=[seen, previous] != expected)


def entries_in_order(session: Session) -> Iterator[Row[Any]]:
    """Every entry, oldest first, read in stretches."""
    position = -1
    while batch := stretch(session, position):
        yield from batch
        position = batch[-1].id


def stretch(session: Session, position: int) -> list[Row[Any]]:
    """The entries that follow the one with this id, as many as are read at a time."""
    found = select(*_COLUMNS).where(AuditEntry.id > position).order_by(AuditEntry.id).limit(_BATCH)
    return list(session.execute(found))
