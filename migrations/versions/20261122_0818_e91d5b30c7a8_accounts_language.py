"""People choose the language that they read the product in."""

import sqlalchemy as sa
from alembic import op

revision = "e91d5b30c7a8"
down_revision = "b27c90fd4e13"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("language", sa.String(length=16), nullable=True))


def downgrade() -> None:
    op.drop_column("people", "language")
