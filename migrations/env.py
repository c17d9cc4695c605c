"""Alembic's entry: the models' metadata against the configured database."""

from alembic import context

from intranet import create_app
from intranet.kernel.runtime import runtime
from intranet.kernel.tables import Base

_engine = context.config.attributes.get("engine") or runtime(create_app()).database.engine

with _engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
