"""The chain of digests that makes tampering with the audit log show."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.governance.models import AuditEntry

GENESIS = "0" * 64
_BATCH = 1000


def digest_of(entry: AuditEntry) -> str:
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
    """Add an entry at the end of the chain."""
    last = session.scalar(select(AuditEntry.digest).order_by(AuditEntry.id.desc()).limit(1))
    entry.previous = last or GENESIS
    entry.digest = digest_of(entry)
    session.add(entry)


@dataclass(frozen=True, slots=True)
class Verdict:
    """``first_bad`` is the id of the first entry that does not fit; None where the chain is whole."""

    entries: int
    first_bad: int | None


def verify(session: Session) -> Verdict:
    """Recompute the whole chain."""
    previous, seen = GENESIS, 0
    for entry in entries_in_order(session):
        if entry.previous != previous or digest_of(entry) != entry.digest:
            return Verdict(seen, entry.id)
        previous, seen = entry.digest, seen + 1
    return Verdict(seen, None)


def entries_in_order(session: Session) -> Iterator[AuditEntry]:
    """Every entry, oldest first, read in stretches."""
    position = -1
    while batch := list(
        session.scalars(select(AuditEntry).where(AuditEntry.id > position).order_by(AuditEntry.id).limit(_BATCH))
    ):
        yield from batch
        position = batch[-1].id
        session.expunge_all()
