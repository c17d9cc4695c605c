"""Posts can pass on another, and be pinned in their group."""

import sqlalchemy as sa
from alembic import op

revision = "b27c90fd4e13"
down_revision = "b2f6a41c9d37"
branch_labels = None
depends_on = None

_IS_PINNED = sa.text("pinned_at IS NOT NULL")


def upgrade() -> None:
    # Added in place: copying the table, as batches do, takes minutes for a million posts.
    op.add_column("posts", sa.Column("quoted_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
    op.add_column("posts", sa.Column("pinned_at", sa.DateTime(timezone=True), nullable=True))
    where = {"sqlite_where": _IS_PINNED, "postgresql_where": _IS_PINNED}
    op.create_index("ix_posts_pinned", "posts", ["audience_id", "pinned_at"], unique=False, **where)


def downgrade() -> None:
    op.drop_index("ix_posts_pinned", "posts")
    op.drop_column("posts", "pinned_at")
    op.drop_column("posts", "quoted_id")
