"""Files are found by their names, and from a file one comes to its post."""

import sqlalchemy as sa
from alembic import op

from intranet.kernel.text import fold

revision = "a4d17c93e60b"
down_revision = "71d3a9e0c25f"
branch_labels = None
depends_on = None

_AT_ONCE = 2_000


def upgrade() -> None:
    op.add_column("files", sa.Column("folded_name", sa.String(200), nullable=False, server_default=""))
    op.create_index("ix_post_attachments_file", "post_attachments", ["file_id"], unique=False)
    _fold_names()


def _fold_names() -> None:
    files = sa.table("files", sa.column("id", sa.BigInteger), sa.column("name"), sa.column("folded_name"))
    connection, after = op.get_bind(), 0
    while True:
        named = sa.select(files.c.id, files.c.name).where(files.c.id > after).order_by(files.c.id).limit(_AT_ONCE)
        rows = connection.execute(named).all()
        if not rows:
            return
        folded = [{"file": row.id, "folded": fold(row.name)[:200]} for row in rows]
        written = sa.update(files).where(files.c.id == sa.bindparam("file")).values(folded_name=sa.bindparam("folded"))
        connection.execute(written, folded)
        after = rows[-1].id


def downgrade() -> None:
    op.drop_index("ix_post_attachments_file", "post_attachments")
    op.drop_column("files", "folded_name")
