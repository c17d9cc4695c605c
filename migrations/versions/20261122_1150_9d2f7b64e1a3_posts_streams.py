"""Feeds of many streams read their posts from two indexes and no rows."""

from alembic import op

revision = "9d2f7b64e1a3"
down_revision = "6e83b0c7d5a1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_posts_author", table_name="posts")
    op.create_index("ix_posts_author", "posts", ["author_id", "id", "deleted_at", "audience_id", "kind"])
    op.create_index("ix_posts_group", "posts", ["audience_id", "id", "deleted_at", "author_id", "kind"])


def downgrade() -> None:
    op.drop_index("ix_posts_group", table_name="posts")
    op.drop_index("ix_posts_author", table_name="posts")
    op.create_index("ix_posts_author", "posts", ["author_id", "id"])
