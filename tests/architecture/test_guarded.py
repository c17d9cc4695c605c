"""Every guarded table, tried against carol: by select, by count, by alias, by key."""

import pytest
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import aliased

from intranet.kernel.db import Database
from intranet.kernel.tables import Base
from tests.architecture.stage import Stage, guarded_models
from tests.cast import SYSTEM, Cast

MODELS = guarded_models()


def _staged(database: Database, cast: Cast, model: type[Base]) -> tuple[object, ...]:
    """The primary key of a row that belongs to alice's and bob's group."""
    with database.unit_of_work(SYSTEM) as session:
        row = Stage(session, cast.group, cast.alice.member_id).row(model)
        identity = inspect(row).identity
    assert identity is not None
    return tuple(identity)


def test_there_are_guarded_tables() -> None:
    assert {"Post", "Comment", "StoredFile"} <= {model.__name__ for model in MODELS}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_the_group_reads_the_row(database: Database, cast: Cast, model: type[Base]) -> None:
    key = _staged(database, cast, model)
    for viewer in (cast.alice, cast.bob):
        with database.reading(viewer) as session:
            assert session.get(model, key) is not None


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_carol_finds_no_trace_of_it(database: Database, cast: Cast, model: type[Base]) -> None:
    key = _staged(database, cast, model)
    other = aliased(model)
    with database.reading(cast.carol) as session:
        assert session.get(model, key) is None
        assert session.scalars(select(model)).all() == []
        assert session.scalars(select(other)).all() == []
        assert session.scalar(select(func.count()).select_from(model)) == 0
        assert session.scalar(select(func.count()).select_from(other)) == 0
        attributes = [getattr(model, attribute.key) for attribute in inspect(model).column_attrs]
        assert session.execute(select(*attributes)).all() == []
