"""The made-up company talks, by the product's own rules."""

from intranet.chat import queries
from intranet.demo.talking import talk
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.viewer import Viewer
from tests.cast import SYSTEM, Cast, add_person


def test_its_rooms_are_spoken_in_by_those_who_are_in_them(database: Database, cast: Cast) -> None:
    with database.unit_of_work(SYSTEM) as session:
        people = {name: add_person(session, name).id for name in ("leila", "samuel", "hannah")}
    now = clock.now()
    talk(database, people, now)
    with database.reading(cast.dana) as session:
        rooms = {room.name: room for room in queries.directory_page(session, cast.dana).items}
        assert set(rooms) == {"ingest-v3", "lunch-leeds"}  # the private one has one person here, and is no conversation
        said = queries.stretch(session, cast.dana, rooms["lunch-leeds"].id).items
        assert [card.position for card in said] == [1, 2, 3]
        assert all(card.created_at < now for card in said)
        assert queries.my_conversations(session, cast.dana) == []
    samuel = Viewer(people["samuel"])
    with database.reading(samuel) as session:
        assert [one.kind for one in queries.my_conversations(session, samuel) if not one.is_room] == ["direct"]
