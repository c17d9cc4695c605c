"""The hub: the drain that turns what happened into messages on the open sockets of this process."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import bindparam
from sqlalchemy.orm import Session

from intranet.kernel import apart, audience, doing, outbox, rooms
from intranet.kernel.db import Database
from intranet.kernel.live import Message, parted_from, present, present_all, reporter_of
from intranet.kernel.prepared import Prepared
from intranet.kernel.runtime import runtime
from intranet.kernel.tables import BigId
from intranet.kernel.viewer import system

log = logging.getLogger(__name__)

PART = "live"
"""Where the runtime of a serving process keeps its hub."""

_DEAF = Prepared(apart.deaf(bindparam("author_id", type_=BigId)))


@dataclass(frozen=True, slots=True)
class Push:
    """What an event becomes. ``deaf`` hear nothing of it; ``own`` is what some get instead of what all others do."""

    message: Message
    deaf: frozenset[int] = frozenset()
    own: dict[int, Message | None] = field(default_factory=dict)


class Hub:
    """Drains the outbox to this process's sockets, from the moment the process started.

    Older events are not pushed again: a client asks for what it missed by the last id it saw.
    """

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.database: Database = runtime(app).database
        self.socketio = runtime(app).socketio
        self.sockets, self.viewer_of = rooms.Sockets(self.socketio), runtime(app).viewer_of
        self.viewer = system(reason="live: presents events to the audiences that they name")
        with self.database.reading(self.viewer) as session:
            self.position = outbox.newest_id(session)

    def step(self) -> int:
        """Push what is new; returns how many events it passed."""
        with self.app.app_context(), self.database.reading(self.viewer) as session:
            shown = self._present_all(session, outbox.after(session, self.position))
            pushes = [(row, self._push_of(session, row, message)) for row, message in shown]
        for row, push in pushes:
            self._follow(row)
            self._send(row, push)
            self.position = row.id
        return len(pushes)

    def _present_all(
        self, session: Session, rows: list[outbox.OutboxEvent]
    ) -> list[tuple[outbox.OutboxEvent, Message | None]]:
        if all(row.recipient_id is None for row in rows):
            try:
                return present_all(session, rows)
            except Exception:
                log.exception("cannot present outbox events together; trying one by one")
        return [(row, self._present(session, row)) for row in rows]

    def _present(self, session: Session, row: outbox.OutboxEvent) -> Message | None:
        try:
            if row.recipient_id is None:
                return present(session, row)
            return self._present_to(session, row.recipient_id, row)
        except Exception:
            # One broken event must not stop the others; clients find what it was about at their next page.
            with doing.under(row.request_id):
                log.exception("cannot present outbox event %s", row.id)
            return None

    def _present_to(self, session: Session, person_id: int, row: outbox.OutboxEvent) -> Message | None:
        """What one person is told, they must be able to read: their own session decides."""
        with self.database.reading(self.viewer_of(session, person_id)) as theirs:
            return present(theirs, row)

    def _push_of(self, session: Session, row: outbox.OutboxEvent, message: Message | None) -> Push | None:
        if message is None:
            return None
        if row.audience_id is None or row.recipient_id is not None:
            return Push(message)
        author_id = reporter_of(row, message)
        deaf = frozenset(_DEAF.scalars(session, {"author_id": author_id}) if author_id else ())
        listening = (one for one in parted_from(session, row) - deaf if self._listening(one, row.audience_id))
        return Push(message, deaf, {one: self._try_to_present_to(session, one, row) for one in listening})

    def _try_to_present_to(self, session: Session, person_id: int, row: outbox.OutboxEvent) -> Message | None:
        try:
            return self._present_to(session, person_id, row)
        except Exception:
            with doing.under(row.request_id):
                log.exception("cannot present outbox event %s to one person", row.id)
            return None

    def _listening(self, person_id: int, audience_id: int) -> list[str]:
        """A person's sockets that hear an audience."""
        return self.sockets.of_both(rooms.person_room(person_id), rooms.audience_room(audience_id))

    def _send(self, row: outbox.OutboxEvent, push: Push | None) -> None:
        if push is None:
            return
        if row.recipient_id is not None:
            self._push(push.message, to=rooms.person_room(row.recipient_id))
        elif row.audience_id is not None:
            others = {person_id: self._listening(person_id, row.audience_id) for person_id in {*push.deaf, *push.own}}
            skipped = [sid for sids in others.values() for sid in sids]
            self._push(push.message, to=rooms.audience_room(row.audience_id), skip_sid=skipped or None)
            for person_id, message in push.own.items():
                for sid in others[person_id] if message else ():
                    self._push(message, to=sid)

    def _push(self, message: Message | None, **where: Any) -> None:
        # To this process's own sockets, past any message queue: every serving process reads the outbox itself.
        self.socketio.emit("event", message, ignore_queue=True, **where)

    def _follow(self, row: outbox.OutboxEvent) -> None:
        """Let open sockets follow what changed about who is in which room."""
        happened = outbox.restore(row)
        if isinstance(happened, rooms.SocketsEnded):
            self.sockets.end(happened.recipient_id)
        elif isinstance(happened, rooms.RoomsChanged):
            with self.database.reading(self.viewer) as session:
                wanted = rooms.rooms_of(session, happened.recipient_id)
            self.sockets.place_all(happened.recipient_id, wanted)
        elif isinstance(happened, rooms.AudienceNarrowed):
            with self.database.reading(self.viewer) as session:
                members = audience.member_ids(session, happened.narrowed_id)
            self.sockets.keep_members(happened.narrowed_id, members)

    def run(self, wait: Callable[[float], bool]) -> None:
        """Push for ever; ``wait(seconds)`` returns early when something was committed."""
        while True:
            try:
                while self.step() == outbox.BATCH:  # what came since the reading wakes us again
                    self.socketio.sleep(0)
            except Exception:
                log.exception("live hub stumbled; going on")
                time.sleep(1)
            wait(1.0)
