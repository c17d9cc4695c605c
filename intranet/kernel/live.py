"""Live pushes: the Socket.IO server, its rooms, and the drain that turns events into messages.

Durable pushes come from the outbox with its id; typing and presence are lossy and direct. Who gets what is decided by
the rooms (see ``rooms``).
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from flask import Flask, request
from flask_socketio import ConnectionRefusedError as Refusal
from flask_socketio import SocketIO
from sqlalchemy.orm import Session

from intranet.kernel import apart, doing, errors, journal, outbox, pace, policy, reach, rooms, storable
from intranet.kernel.ids import parse_id
from intranet.kernel.prepared import Prepared
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import ANONYMOUS, Viewer, system

log = logging.getLogger(__name__)

Message = Mapping[str, Any]
Presenter = Callable[[Session, Any], Message | None]
Presenters = Callable[[Session, Sequence[Any]], Iterable[Message | None]]
Call = Callable[[Session, Viewer, dict[str, Any]], dict[str, Any]]
IsForAll = Callable[[dict[str, Any]], bool]
_presenters: dict[type, Presenters] = {}
_news: dict[type | None, "IsForAll | None"] = {}
_far_from_writers: dict[type | None, Prepared] = {}
_calls: dict[str, tuple[StrEnum, Call, bool]] = {}


def presents(
    event_type: type,
    presenter: Presenter,
    *,
    written_by: apart.People | None = None,
    is_news: bool = False,
    for_all: IsForAll | None = None,
) -> None:
    """Push events of this type: ``presenter(session, event)`` gives viewer-neutral ``data`` or None.

    ``written_by`` selects the people whose words the data holds, counts or is about; its places are named like the
    event's fields. Whoever keeps apart from one of them gets what their own session presents, which may be other counts
    or nothing: a page that is kept up to date and one that is asked for anew say the same. News, which timelines show,
    passes by those who muted its author too, unless ``for_all(data)``.
    """
    together = _one_by_one(presenter)
    presents_together(event_type, together, written_by=written_by, is_news=is_news, for_all=for_all)


def presents_together(
    event_type: type,
    presenters: Presenters,
    *,
    written_by: apart.People | None = None,
    is_news: bool = False,
    for_all: IsForAll | None = None,
) -> None:
    """As ``presents``, for what is often many at once: ``presenters(session, events)`` gives the data of each. Types
    with the same function are read together."""
    _presenters[event_type] = presenters
    if written_by is not None:
        _far_from_writers[event_type] = Prepared(apart.parted(written_by))
    if is_news:
        _news[event_type] = for_all


def _one_by_one(presenter: Presenter) -> Presenters:
    return lambda session, happened: [presenter(session, one) for one in happened]


def reporter_of(row: outbox.OutboxEvent, message: Message) -> int | None:
    """Whose news a push is; None where it is no news, or such as everybody hears."""
    event_type = outbox.type_of(row)
    if event_type not in _news or row.audience_id is None:
        return None
    for_all, author = _news[event_type], message["data"].get("author")
    return int(author["id"]) if author and not (for_all and for_all(message["data"])) else None


def parted_from(session: Session, row: outbox.OutboxEvent) -> frozenset[int]:
    """Who keeps apart from one of those whose words a push is made of."""
    far = _far_from_writers.get(outbox.type_of(row))
    happened: Any = outbox.restore(row) if far else None
    if far is None or happened is None:
        return frozenset()
    return frozenset(far.scalars(session, {field.name: getattr(happened, field.name) for field in fields(happened)}))


def present_to(session: Session, viewer: Viewer, rows: Iterable[outbox.OutboxEvent]) -> list[Message]:
    """What this viewer's sockets would have got of these events; the session is theirs."""
    unheard = apart.unheard_ids(session, viewer.id)
    shown = [(row, message) for row, message in present_all(session, rows) if message is not None]
    return [message for row, message in shown if reporter_of(row, message) not in unheard]


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


def _watch(data: object = None, *_more: object) -> dict[str, Any]:
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
        may_hear = watched is None or watched in reach.readable_ids(session, viewer.id)
    rooms.Sockets(runtime().socketio).place(current_socket(), entered, watching=watched if may_hear else None)
    if not may_hear:
        raise errors.NotFound


def _acknowledged(name: str, allow: StrEnum, handler: Call, *, writes: bool) -> Callable[..., dict[str, Any]]:
    def act(viewer: Viewer, data: object) -> dict[str, Any]:
        policy.require(allow, viewer)
        pace.changes.count(str(viewer.id))
        if not isinstance(data, dict):
            raise errors.Invalid({"data": "must be an object"})
        try:
            if not writes:
                with runtime().database.reading(viewer) as session:
                    return {"ok": True, **handler(session, viewer, data)}
            return runtime().database.transact(viewer, lambda session: {"ok": True, **handler(session, viewer, data)})
        except storable.Unstorable as error:
            raise storable.refusal(data) or error from error

    def answer(data: object = None, *_more: object) -> dict[str, Any]:
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


def push_lossy(name: str, data: Message, *, room: str | list[str]) -> None:
    """Send typing or presence, which nobody misses when it is lost; with Redis, to the sockets of every process."""
    runtime().socketio.emit(name, data, to=room)


def current_socket() -> str:
    """The id of the socket that is calling."""
    return str(getattr(request, "sid", ""))
