"""Each subscriber has one cursor for all hosts: the one that was furthest goes on under "*"."""

import sqlalchemy as sa
from alembic import op

revision = "c40d7f21be96"
down_revision = "c1f4e8a27d90"
branch_labels = None
depends_on = None

cursors = sa.table(
    "outbox_cursors",
    sa.column("subscriber", sa.String),
    sa.column("host", sa.String),
    sa.column("position", sa.BigInteger),
    sa.column("moved_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    furthest = sa.select(
        cursors.c.subscriber, sa.literal("*"), sa.func.max(cursors.c.position), sa.func.max(cursors.c.moved_at)
    ).group_by(cursors.c.subscriber)
    op.execute(cursors.insert().from_select(["subscriber", "host", "position", "moved_at"], furthest))
    op.execute(cursors.delete().where(cursors.c.host != "*"))


def downgrade() -> None:
    """An older version starts at the first event that is kept; what it does again changes nothing."""
