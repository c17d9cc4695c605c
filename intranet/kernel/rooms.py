"""Rooms: which pushes a socket gets. Computed here from its viewer, never from the client's word.

A socket is in its person's own room, everyone's, and that of each audience it has joined. Beside these it may watch one
audience that it can read without having joined it, such as the open group whose page is on the screen. When a
membership changes, the person's open sockets follow at once, in every serving process.
"""

from dataclasses import dataclass

from flask_socketio import SocketIO
from sqlalchemy.orm import Session

from intranet.kernel import audience, outbox

_PERSON, _AUDIENCE = "person:", "audience:"
_HELD = "couth.rooms"  # where the environment of a socket's own request keeps them


@outbox.event("sockets.ended")
@dataclass(frozen=True, slots=True)
class SocketsEnded:
    """A person's sockets must close at once: signed out or deactivated."""

    recipient_id: int


@outbox.event("rooms.changed")
@dataclass(frozen=True, slots=True)
class RoomsChanged:
    """A person came into an audience or left one."""

    recipient_id: int


@outbox.event("audience.narrowed")
@dataclass(frozen=True, slots=True)
class AudienceNarrowed:
    """An audience is no longer open to all: whoever only watched it must hear no more of it."""

    narrowed_id: int


def audience_room(audience_id: int) -> str:
    return f"{_AUDIENCE}{audience_id}"


def person_room(person_id: int) -> str:
    return f"{_PERSON}{person_id}"


def rooms_of(session: Session, person_id: int) -> set[str]:
    """Every room that a socket of this person belongs in."""
    return {person_room(person_id), *map(audience_room, audience.joined_ids(session, person_id))}


class Sockets:
    """The open sockets of this process, moved between rooms."""

    def __init__(self, socketio: SocketIO) -> None:
        self.server = socketio.server

    def of_room(self, room: str | None) -> list[str]:
        """Ids of the sockets that are in a room; None is the room of all."""
        return [sid for sid, _ in list(self.server.manager.get_participants("/", room))]

    def of_both(self, one: str, other: str) -> list[str]:
        """Ids of the sockets that are in both of two rooms; the first is the small one."""
        return [sid for sid in self.of_room(one) if other in self._held(sid)]

    def _held(self, sid: str) -> set[str]:
        """The rooms in which ``place`` put a socket. Noted with the socket, because the server finds them by looking
        through every room that anybody is in."""
        environment = self.server.get_environ(sid, "/")
        return environment.setdefault(_HELD, set()) if environment is not None else set()

    def place(self, sid: str, rooms: set[str], *, watching: int | None = None) -> None:
        """Have a socket in exactly these rooms, and in that of the one audience it watches."""
        wanted = rooms | ({audience_room(watching)} if watching is not None else set())
        held = self._held(sid)
        for room in held - wanted:
            self._leave(sid, room)
        for room in wanted - held:
            self.server.enter_room(sid, room, namespace="/")
            held.add(room)

    def _leave(self, sid: str, room: str) -> None:
        self.server.leave_room(sid, room, namespace="/")
        self._held(sid).discard(room)

    def place_all(self, person_id: int, rooms: set[str]) -> None:
        """Have every socket of a person in exactly these rooms; what they watched they ask for again."""
        for sid in self.of_room(person_room(person_id)):
            self.place(sid, rooms)
            self._tell(sid)

    def keep_members(self, audience_id: int, members: frozenset[int]) -> None:
        """Send away whoever hears an audience without being in it."""
        room, entitled = audience_room(audience_id), set(map(person_room, members))
        for sid in self.of_room(room):
            if entitled.isdisjoint(self._held(sid)):
                self._leave(sid, room)
                self._tell(sid)

    def _tell(self, sid: str) -> None:
        """Its rooms changed: a page that watches an audience asks again, and learns if it no longer may."""
        self.server.emit("rooms", to=sid, namespace="/", ignore_queue=True)

    def end(self, person_id: int) -> None:
        """Close every socket of a person."""
        for sid in self.of_room(person_room(person_id)):
            self.server.disconnect(sid, namespace="/")
