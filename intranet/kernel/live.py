"""Live pushes: the Socket.IO server, its rooms, and the drain that turns events into messages.

Durable pushes come from the outbox with its id; typing and presence are lossy and direct. Who gets what is decided by
the rooms (see ``rooms``).
"""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from flask import Flask, request
from flask_socketio import ConnectionRefusedError as Refusal
from flask_socketio import SocketIO
from sqlalchemy.orm import Session

from intranet.kernel import apart, audience, doing, errors, journal, outbox, policy, rooms
from intranet.kernel.db import Database
from intranet.kernel.ids import parse_id
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import ANONYMOUS, Viewer, system

log = logging.getLogger(__name__)

PART = "live"
"""Where the runtime of a serving process keeps its hub."""

Message = dict[str, Any]
Presenter = Callable[[Session, Any], Message | None]
Presenters = Callable[[Session, Sequence[Any]], Iterable[Message | None]]
Call = Callable[[Session, Viewer, dict[str, Any]], dict[str, Any]]

_presenters: dict[type, Presenters] = {}
_words: dict[type | None, "Word"] = {}
_for_all: dict[type | None, Callable[[dict[str, Any]], bool]] = {}
_calls: dict[str, tuple[StrEnum, Call, bool]] = {}


class Word(StrEnum):
    """What a push with an ``author`` is to those who keep apart from them."""

    SAID = "said"  # not pushed across a block
    NEWS = "news"  # new in timelines: not pushed to those who muted its author either


def presents(
    event_type: type,
    presenter: Presenter,
    *,
    word: Word | None = None,
    for_all: Callable[[dict[str, Any]], bool] | None = None,
) -> None:
    """Push events of this type: ``presenter(session, event)`` gives viewer-neutral ``data`` or None.

    One that is somebody's ``word`` passes by those who keep apart from them, unless ``for_all(data)``. Where a page
    shows such events all the same, as a room shows its messages, there is no ``word``.
    """
    presents_together(event_type, _one_by_one(presenter))
    if word is not None:
        _words[event_type] = word
    if for_all is not None:
        _for_all[event_type] = for_all


def presents_together(event_type: type, presenters: Presenters) -> None:
    """As ``presents``, for what is often many at once: ``presenters(session, events)`` gives the data of each. Types
    with the same function are read together."""
    _presenters[event_type] = presenters


def _one_by_one(presenter: Presenter) -> Presenters:
    return lambda session, happened: [presenter(session, one) for one in happened]


def _author_of(row: outbox.OutboxEvent, message: dict[str, Any]) -> int | None:
    """Whose word a push is; None where nobody can keep apart from it."""
    event_type = outbox.type_of(row)
    for_all = _for_all.get(event_type)
    if event_type not in _words or row.audience_id is None or (for_all is not None and for_all(message["data"])):
        return None
    author = message["data"].get("author")
    return int(author["id"]) if author else None


def _is_news(row: outbox.OutboxEvent) -> bool:
    return _words.get(outbox.type_of(row)) is Word.NEWS


def present_to(session: Session, viewer: Viewer, rows: Iterable[outbox.OutboxEvent]) -> list[dict[str, Any]]:
    """What this viewer's sockets would have got of these events."""
    blocked, unheard = apart.blocked_ids(session, viewer.id), apart.unheard_ids(session, viewer.id)
    return [
        message
        for row, message in present_all(session, rows)
        if message is not None and _author_of(row, message) not in (unheard if _is_news(row) else blocked)
    ]


def register_call(name: str, allow: StrEnum, handler: Call, *, writes: bool = True) -> None:
    """What ``Feature.on`` stands on."""
    _calls[name] = (allow, handler, writes)


def present(session: Session, row: outbox.OutboxEvent) -> Message | None:
    """An outbox row as clients get it, ``{"id", "type", "data"}``; None where nothing is to be pushed."""
    return present_all(session, [row])[0][1]


def present_all(
    session: Session, rows: Iterable[outbox.OutboxEvent]
) -> list[tuple[outbox.OutboxEvent, Message | None]]:
    """Each row with what ``present`` gives for it; what can be read together is."""
    rows = list(rows)
    alike: dict[Presenters, list[tuple[outbox.OutboxEvent, Any]]] = {}
    for row in rows:
        happened = outbox.restore(row)
        presenters = _presenters.get(type(happened))
        if presenters is not None:
            alike.setdefault(presenters, []).append((row, happened))
    shown: dict[int, Message] = {}
    for presenters, pairs in alike.items():
        for (row, _), data in zip(pairs, presenters(session, [happened for _, happened in pairs]), strict=True):
            if data is not None:
                shown[row.id] = {"id": row.id, "type": row.type, "data": data}
    return [(row, shown.get(row.id)) for row in rows]


def create(app: Flask, *, async_mode: str) -> SocketIO:
    """The Socket.IO server of this application, with its handlers."""
    settings = runtime(app).settings
    socketio = SocketIO(
        app,
        async_mode=async_mode,
        message_queue=settings.redis_url or None,
        always_connect=True,
        manage_session=False,
        ping_interval=20,
        ping_timeout=20,
        max_http_buffer_size=1_000_000,
        cors_allowed_origins=[settings.base_url.rstrip("/")] if settings.base_url else None,
    )
    socketio.on_event("connect", _connect)
    socketio.on_event("watch", _watch)
    for name, (allow, handler, writes) in _calls.items():
        socketio.on_event(name, _acknowledged(name, allow, handler, writes=writes))
    return socketio


# Who may be in which room is asked by the person's id. Filters of their own are made when they first read something,
# not for each line that only listens: they weigh as much as the socket's buffers.
_DOORKEEPER = system(reason="live: which rooms a socket belongs in")


def _connect(auth: object = None) -> None:
    token = auth.get("token") if isinstance(auth, dict) else None
    if isinstance(token, str) and token:
        # Kept with the socket's own request, so that each of its calls is identified like an API call.
        request.environ["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    viewer = runtime().identify()
    if viewer.id is None:
        raise Refusal("sign-in-needed")
    if viewer.must_agree and token:
        raise Refusal(errors.AgreementNeeded.name)
    with runtime().database.reading(_DOORKEEPER) as session:
        entered = rooms.rooms_of(session, viewer.id)
    rooms.Sockets(runtime().socketio).place(current_socket(), entered)


def _watch(data: object = None) -> dict[str, Any]:
    """Hear one audience that the viewer may read without having joined it; ``{"audience": null}`` ends that. A
    socket's calls are read when its ``connect`` is over, so whoever has this answer stands in their rooms.

    Read before and after the room is entered: an audience that closes in between is left again, and one that closes
    later sends its watchers away.
    """
    try:
        viewer = runtime().identify()
        policy.require(policy.MEMBER, viewer)
        if not isinstance(data, dict):
            raise errors.Invalid({"data": "must be an object"})
        asked = data.get("audience")
        watched = parse_id(str(asked)) if asked else None
        for _ in range(1 if watched is None else 2):
            _move(viewer, watched)
    except errors.CouthError as error:
        return {"ok": False, "error": errors_as_json(error)}
    return {"ok": True}


def _move(viewer: Viewer, watched: int | None) -> None:
    with runtime().database.reading(_DOORKEEPER) as session:
        entered = rooms.rooms_of(session, viewer.member_id)
        may_hear = watched is None or watched in audience.readable_ids(session, viewer.id)
    rooms.Sockets(runtime().socketio).place(current_socket(), entered, watching=watched if may_hear else None)
    if not may_hear:
        raise errors.NotFound


def _acknowledged(name: str, allow: StrEnum, handler: Call, *, writes: bool) -> Callable[..., dict[str, Any]]:
    def act(viewer: Viewer, data: object) -> dict[str, Any]:
        policy.require(allow, viewer)
        if not isinstance(data, dict):
            raise errors.Invalid({"data": "must be an object"})
        if not writes:
            with runtime().database.reading(viewer) as session:
                return {"ok": True, **handler(session, viewer, data)}
        return runtime().database.transact(viewer, lambda session: {"ok": True, **handler(session, viewer, data)})

    def answer(data: object = None) -> dict[str, Any]:
        with doing.under() as what:
            viewer, outcome = ANONYMOUS, "ok"
            try:
                viewer = runtime().identify()
                return act(viewer, data)
            except errors.CouthError as error:
                outcome = error.name
                return {"ok": False, "error": errors_as_json(error)}
            except Exception:
                # Whoever waits for an answer must get one: without it they would take the line for broken and return.
                log.exception("unforeseen error at %s", name)
                outcome = "internal"
                return {"ok": False, "error": {**UNFORESEEN, "request_id": what.request_id}}
            finally:
                journal.note_call(name, what, viewer, outcome)

    return answer


UNFORESEEN = {"type": "internal", "title": HTTPStatus.INTERNAL_SERVER_ERROR.phrase, "status": 500}
"""The error as which clients get what should not happen."""


def errors_as_json(error: errors.CouthError) -> dict[str, Any]:
    """One error as API and socket clients get it."""
    found: dict[str, Any] = {"type": error.name, "title": error.status.phrase, "status": int(error.status)}
    if isinstance(error, errors.Invalid):
        found["fields"] = error.fields
    if isinstance(error, errors.Refused) and str(error):
        found["detail"] = str(error)
    if isinstance(error, errors.AgreementNeeded):
        found["detail"] = "Read GET /api/v1/guidelines, then POST its version to /api/v1/guidelines/agree."
    if isinstance(error, errors.TooFast):
        found["retry_after"] = error.retry_after
    return found


def push_lossy(name: str, data: dict[str, Any], *, room: str) -> None:
    """Send typing or presence, which nobody misses when it is lost; with Redis, to the sockets of every process."""
    runtime().socketio.emit(name, data, to=room)


def current_socket() -> str:
    """The id of the socket that is calling."""
    return str(getattr(request, "sid", ""))


class Hub:
    """Drains the outbox to this process's sockets, from the moment the process started.

    Older events are not pushed again: a client asks for what it missed by the last id it saw.
    """

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.database: Database = runtime(app).database
        self.socketio = runtime(app).socketio
        self.sockets = rooms.Sockets(self.socketio)
        self.viewer = system(reason="live: presents events to the audiences that they name")
        with self.database.reading(self.viewer) as session:
            self.position = outbox.newest_id(session)

    def step(self) -> int:
        """Push what is new; returns how many events it passed."""
        with self.app.app_context(), self.database.reading(self.viewer) as session:
            shown = self._present_all(session, outbox.after(session, self.position))
            pushes = [(row, message, self._deaf(session, row, message)) for row, message in shown]
        for row, message, deaf in pushes:
            self._follow(row)
            self._send(row, message, deaf)
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
            # What one person is told, they must still be able to read: their own session decides.
            with self.database.reading(Viewer(row.recipient_id)) as theirs:
                return present(theirs, row)
        except Exception:
            # One broken event must not stop the others; clients find what it was about at their next page.
            with doing.under(row.request_id):
                log.exception("cannot present outbox event %s", row.id)
            return None

    def _deaf(self, session: Session, row: outbox.OutboxEvent, message: dict[str, Any] | None) -> frozenset[int]:
        author_id = _author_of(row, message) if message else None
        return apart.deaf_to(session, author_id, is_news=_is_news(row)) if author_id else frozenset()

    def _send(self, row: outbox.OutboxEvent, message: dict[str, Any] | None, deaf: frozenset[int]) -> None:
        if message is None:
            return
        if row.recipient_id is not None:
            self._push(message, to=rooms.person_room(row.recipient_id))
        elif row.audience_id is not None:
            skipped = [sid for person_id in deaf for sid in self.sockets.of_room(rooms.person_room(person_id))]
            self._push(message, to=rooms.audience_room(row.audience_id), skip_sid=skipped or None)

    def _push(self, message: dict[str, Any], **where: Any) -> None:
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
