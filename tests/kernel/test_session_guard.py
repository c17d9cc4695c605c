"""The session answers who may see a row, whoever wrote the query."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, Session, aliased

from intranet.kernel.audience import EVERYONE, Guarded
from intranet.kernel.db import Database, NoViewer, ReadOnly
from intranet.kernel.tables import Base, Identified
from intranet.kernel.viewer import ANONYMOUS, Viewer
from tests.cast import SYSTEM, Cast


class Note(Identified, Guarded, Base):
    """A guarded row of nobody's feature."""

    __tablename__ = "notes_for_tests"

    words: Mapped[str]


@pytest.fixture
def notes(database: Database, cast: Cast) -> dict[str, int]:
    with database.unit_of_work(SYSTEM) as session:
        public = Note(words="for all", audience_id=EVERYONE)
        private = Note(words="for the group", audience_id=cast.group)
        session.add_all([public, private])
        session.flush()
        return {"public": public.id, "private": private.id}


def seen(database: Database, viewer: Viewer) -> set[str]:
    with database.reading(viewer) as session:
        return set(session.scalars(select(Note.words)))


def test_members_see_the_group_and_others_do_not(database: Database, cast: Cast, notes: dict[str, int]) -> None:
    assert seen(database, cast.bob) == {"for all", "for the group"}
    assert seen(database, cast.carol) == {"for all"}


def test_a_signed_out_visitor_sees_no_guarded_row(database: Database, notes: dict[str, int]) -> None:
    assert seen(database, ANONYMOUS) == set()


def test_counts_aliases_and_get_leak_nothing(database: Database, cast: Cast, notes: dict[str, int]) -> None:
    with database.reading(cast.carol) as session:
        alias = aliased(Note)
        assert session.scalar(select(func.count()).select_from(Note)) == 1
        assert session.scalar(select(func.count(alias.id))) == 1
        assert session.get(Note, notes["private"]) is None


def test_two_viewers_in_turn_get_their_own_filter(database: Database, cast: Cast, notes: dict[str, int]) -> None:
    for _ in range(3):
        assert len(seen(database, cast.alice)) == 2
        assert len(seen(database, cast.carol)) == 1


def test_a_session_without_a_viewer_raises(database: Database) -> None:
    with Session(database.engine) as session, pytest.raises(NoViewer):
        session.scalars(select(Note)).all()


def test_a_reading_session_cannot_write(database: Database, cast: Cast) -> None:
    with database.reading(cast.alice) as session:
        session.add(Note(words="no", audience_id=EVERYONE))
        with pytest.raises(ReadOnly):
            session.flush()
        session.expunge_all()


def test_what_a_reading_session_was_given_to_write_is_not_let_go_of_in_silence(database: Database, cast: Cast) -> None:
    with pytest.raises(ReadOnly), database.reading(cast.alice) as session:
        session.add(Note(words="no", audience_id=EVERYONE))
