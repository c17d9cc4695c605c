"""Where a topic is talked about is counted without reading its posts."""

from alembic import op

revision = "6e83b0c7d5a1"
down_revision = "34d6788de1f9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_post_topics_place", "post_topics", ["topic_id", "audience_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_post_topics_place", "post_topics")
