"""Alembic's entry: the models' metadata against the configured database.

A start migrates through ``intranet.operations.migrating``, which brings its own connection and ends the transaction
itself, so that all steps are taken or none. Alembic's command line opens one here.
"""

from alembic import context
from sqlalchemy import Connection

from intranet import create_app
from intranet.kernel.runtime import runtime
from intranet.kernel.tables import Base


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


_given = context.config.attributes.get("connection")
if _given is not None:
    _migrate(_given)
else:
    with runtime(create_app()).database.engine.begin() as _opened:
        _migrate(_opened)
