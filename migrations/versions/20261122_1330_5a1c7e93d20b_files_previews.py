"""Documents show their first page or their first lines."""

import sqlalchemy as sa
from alembic import op

revision = "5a1c7e93d20b"
down_revision = "d2f7a9e41c06"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("files", sa.Column("pages", sa.Integer(), nullable=True))
    op.add_column("files", sa.Column("excerpt", sa.String(length=1600), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("files", "excerpt")
    op.drop_column("files", "pages")
