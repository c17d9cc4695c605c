"""What happened, written in the same transaction as the change, and read by each subscriber at its own pace.

A crash between commit and delivery loses nothing: the cursor stands where it stood. Handlers are idempotent, since an
event may come twice, and one that keeps failing is set aside in ``DeadLetter`` so that it holds up nothing else.
"""

import dataclasses
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import JSON, Index, String, bindparam, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from intranet.kernel import clock, doing
from intranet.kernel.db import Base, Database
from intranet.kernel.prepared import Prepared
from intranet.kernel.viewer import system

log = logging.getLogger(__name__)

E = TypeVar("E")
Handler = Callable[[Session, Any], None]

CHANNEL = "couth_outbox"
"""PostgreSQL's name for what every commit with events notifies."""

KEPT = timedelta(days=7)
_ATTEMPTS = 5
_PAUSE = 0.02
_MOMENT = 0.01  # a transaction goes on so long: others wait for its lock, and each of its own waits for the disk
BATCH = 100

_types: dict[str, type] = {}
_handlers: dict[str, dict[type, list[Handler]]] = {}


class OutboxEvent(Base):
    """One thing that happened; ``id`` orders everything and is the client's *since* number.

    AUTOINCREMENT on SQLite: otherwise ids would restart after pruning, and cursors would skip rows.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_created_at", "created_at"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    type: Mapped[str] = mapped_column(String(80))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    audience_id: Mapped[int | None]
    recipient_id: Mapped[int | None]
    request_id: Mapped[str | None] = mapped_column(String(doing.LONGEST_ID))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Cursor(Base):
    """How far a subscriber has read, on one host."""

    __tablename__ = "outbox_cursors"

    subscriber: Mapped[str] = mapped_column(String(40), primary_key=True)
    host: Mapped[str] = mapped_column(String(80), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
    moved_at: Mapped[datetime] = mapped_column(default=clock.now, onupdate=clock.now)


class DeadLetter(Base):
    """An event that a subscriber could not take, with the last reason; ``doctor`` shows these."""

    __tablename__ = "outbox_dead_letters"

    subscriber: Mapped[str] = mapped_column(String(40), primary_key=True)
    event_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reason: Mapped[str] = mapped_column(String(2000))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


@dataclasses.dataclass(frozen=True, slots=True)
class Delivery:
    """The event that a handler has before it: its place in the order, when it happened, and in which request."""

    event_id: int
    happened_at: datetime
    request_id: str | None = None


def event(name: str) -> Callable[[type[E]], type[E]]:
    """Name a frozen dataclass of ids (``"post.published"``), so that it can be stored and read back."""

    def register(cls: type[E]) -> type[E]:
        if name in _types and _types[name].__qualname__ != cls.__qualname__:
            raise ValueError(f"two events called {name}")
        _types[name] = cls
        cls.event_name = name  # type: ignore[attr-defined]  # the decorator's own mark
        return cls

    return register


def record(session: Session, happened: object) -> None:
    """Store an event with this transaction; the unit of work writes it last, right before the commit."""
    row = OutboxEvent(
        type=happened.event_name,  # type: ignore[attr-defined]  # set by @event
        payload=dataclasses.asdict(happened),  # type: ignore[call-overload]  # events are dataclasses
        audience_id=getattr(happened, "audience_id", None),
        recipient_id=getattr(happened, "recipient_id", None),
        request_id=doing.request_id(),
    )
    session.info.setdefault("events", []).append(row)


def type_of(row: OutboxEvent) -> type | None:
    """The dataclass behind a row; None for a name this version does not know."""
    return _types.get(row.type)


def restore(row: OutboxEvent) -> Any:
    """The dataclass that was recorded; None for a name this version does not know.

    Fields that later versions added or dropped are left to the dataclass's own defaults.
    """
    cls = _types.get(row.type)
    if cls is None:
        return None
    known = {field.name for field in dataclasses.fields(cls)}
    return cls(**{name: value for name, value in row.payload.items() if name in known})


def subscribe(subscriber: str, event_type: type[E], handler: Callable[[Session, E], None]) -> None:
    """Have ``handler(session, event)`` run after the commit, in the worker, in a transaction that is the subscriber's
    own: it may hold several events, in their order."""
    handlers = _handlers.setdefault(subscriber, {}).setdefault(event_type, [])
    if handler not in handlers:
        handlers.append(handler)


def subscribers() -> list[str]:
    """Names of all subscribers."""
    return sorted(_handlers)


_NEWEST, _OLDEST = Prepared(select(func.max(OutboxEvent.id))), Prepared(select(func.min(OutboxEvent.id)))


def newest_id(session: Session) -> int:
    """The last event's id; 0 before the first."""
    return _NEWEST.scalar(session) or 0


def oldest_id(session: Session) -> int:
    """The first event that is still kept; 0 where there is none."""
    return _OLDEST.scalar(session) or 0


_AFTER = Prepared(
    select(*OutboxEvent.__table__.columns)
    .where(OutboxEvent.id > bindparam("position"))
    .order_by(OutboxEvent.id)
    .limit(bindparam("most"))
)


def after(session: Session, position: int, *, limit: int = BATCH) -> list[OutboxEvent]:
    """The events that follow ``position``, oldest first: to be read only, as bare rows."""
    return _AFTER.rows(session, {"position": position, "most": limit})


def move_cursor(session: Session, subscriber: str, host: str, position: int) -> None:
    """Note that everything up to ``position`` is done."""
    cursor = session.get(Cursor, (subscriber, host))
    if cursor is None:
        session.add(Cursor(subscriber=subscriber, host=host, position=position))
    else:
        cursor.position = position


class Drainer:
    """Gives subscribers what happened, all of them from one reading of the outbox.

    The transaction that handles events moves their subscriber's cursor. Where nobody listened the cursors stay behind
    until ``save``: passing such events once more after a crash changes nothing, and a commit for each would cost more
    than all the rest.
    """

    def __init__(self, database: Database, host: str, names: Iterable[str]) -> None:
        self.database, self.host = database, host
        with database.reading(system(reason="outbox: where the cursors stand")) as session:
            here = select(Cursor).where(Cursor.host == host)
            self._stored = {cursor.subscriber: cursor.position for cursor in session.scalars(here)}
        self.positions = {name: self._stored.get(name, 0) for name in names}  # a new one begins with the first event

    def step(self) -> int:
        """Give each the next events from where it stands; returns how much there was to do, 0 at the end.

        Who fails stays where they are and holds up nobody else.
        """
        standing: dict[int, list[str]] = {}
        for name, position in self.positions.items():
            standing.setdefault(position, []).append(name)
        return sum(self._go_on(position, names) for position, names in standing.items())

    def save(self) -> None:
        """Store how far everybody has come."""
        moved = {name: place for name, place in self.positions.items() if place != self._stored.get(name, 0)}
        if not moved:
            return

        def move(session: Session) -> None:
            here = select(Cursor).where(Cursor.host == self.host)
            there = {cursor.subscriber: cursor for cursor in session.scalars(here)}
            for name, place in moved.items():
                if name in there:
                    there[name].position = place
                else:
                    session.add(Cursor(subscriber=name, host=self.host, position=place))

        self.database.transact(system(reason="outbox: move cursors"), move)
        self._stored.update(moved)

    def _go_on(self, position: int, names: list[str]) -> int:
        with self.database.reading(system(reason="outbox: read what happened")) as session:
            batch = [(_delivery(row), restore(row)) for row in after(session, position)]
        done = int(len(batch) == BATCH)
        for name in names:
            try:
                done += self._give(name, batch)
            except Exception:
                log.exception("subscriber %s stumbled; going on with the others", name)
        return done

    def _give(self, name: str, batch: list[tuple[Delivery, Any]]) -> int:
        listening = _handlers.get(name, {})
        theirs = [(delivery, happened) for delivery, happened in batch if type(happened) in listening]
        left = theirs
        while left:
            left = left[self._deliver(name, left) :]
            if left:
                self.positions[name] = left[0][0].event_id - 1
        if batch:
            self.positions[name] = batch[-1][0].event_id
        return len(theirs)

    def _deliver(self, name: str, some: Sequence[tuple[Delivery, Any]]) -> int:
        """Give the first of these, as many as go into one short transaction; returns how many those were. Where one of
        them cannot be taken it is found by halves, and set aside alone."""
        viewer = system(reason=f"outbox: {name} reacts to what happened")
        if len(some) > 1:
            try:
                return self.database.transact(viewer, lambda session: self._react(session, name, some))
            except Exception:
                log.warning("%s failed on one of %s events: trying fewer", name, len(some), exc_info=True)
                return self._deliver(name, some[: len(some) // 2])
        delivery = some[0][0]
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self.database.transact(viewer, lambda session: self._react(session, name, some))
            except Exception as error:
                with doing.under(delivery.request_id):
                    log.exception("%s failed on event %s (try %s)", name, delivery.event_id, attempt)
                reason = repr(error)[:2000]
                time.sleep(_PAUSE * attempt**2)  # a passing fault should not set the event aside
        letter = DeadLetter(subscriber=name, event_id=delivery.event_id, reason=reason)
        self.database.transact(viewer, lambda session: session.merge(letter))
        return 1

    def _react(self, session: Session, name: str, some: Sequence[tuple[Delivery, Any]]) -> int:
        until, count = time.monotonic() + _MOMENT, 0
        while count < len(some) and (count == 0 or time.monotonic() < until):
            delivery, happened = some[count]
            session.info["delivery"] = delivery
            with doing.under(delivery.request_id):
                for handler in _handlers[name][type(happened)]:
                    handler(session, happened)
            count += 1
        move_cursor(session, name, self.host, some[count - 1][0].event_id)
        return count


def drain(database: Database, subscriber: str, host: str) -> int:
    """Give one subscriber what it has not seen; returns how many events it had something to do with."""
    drainer = Drainer(database, host, [subscriber])
    handled = drainer.step()
    drainer.save()
    return handled


def give(session: Session, subscriber: str, event_id: int) -> None:
    """Hand one event to a subscriber in this transaction, whatever its cursor says.

    Raises:
        LookupError: the event is no longer kept, or of a kind that this version does not know.
    """
    row = session.get(OutboxEvent, event_id)
    happened = restore(row) if row is not None else None
    if row is None or happened is None:
        raise LookupError("the event is no longer kept, or of a kind that this version does not know")
    session.info["delivery"] = _delivery(row)
    for handler in _handlers.get(subscriber, {}).get(type(happened), []):
        handler(session, happened)


def _delivery(row: OutboxEvent) -> Delivery:
    return Delivery(row.id, row.created_at, row.request_id)


def delivery_of(session: Session) -> Delivery:
    """Inside a handler: which event this is and when it happened."""
    found: Delivery = session.info["delivery"]
    return found


def prune(session: Session, *, keep: timedelta = KEPT) -> None:
    """Forget events older than ``keep``, but not those that wait for somebody to mend what could not take them; a host
    that was away longer rebuilds."""
    waiting = select(DeadLetter.event_id)
    old = OutboxEvent.created_at < clock.now() - keep
    session.execute(delete(OutboxEvent).where(old, OutboxEvent.id.not_in(waiting)))


def recorded(session: Session) -> Iterable[object]:
    """The events of this transaction so far, for tests."""
    return [restore(row) for row in session.info.get("events", [])]
