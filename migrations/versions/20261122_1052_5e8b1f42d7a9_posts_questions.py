"""A post can be a question: it has a title, and the comment that solved it is marked."""

import sqlalchemy as sa
from alembic import op

revision = "5e8b1f42d7a9"
down_revision = "5e1f8c0b7d42"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # Added in place: copying the tables, as batches do, takes minutes for a million posts.
    op.add_column("posts", sa.Column("title", sa.String(length=200), server_default="", nullable=False))
    op.add_column("posts", sa.Column("accepted_id", _ID, nullable=True))
    op.add_column("comments", sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("comments", sa.Column("accepted_by_id", _ID, nullable=True))
    op.create_table(
        "same_questions",
        sa.Column("post_id", _ID, autoincrement=False, nullable=False),
        sa.Column("original_id", _ID, nullable=False),
        sa.Column("linked_by_id", _ID, nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("audience_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(["audience_id"], ["audiences.id"], name=op.f("fk_same_questions_audience_id_audiences")),
        sa.ForeignKeyConstraint(["linked_by_id"], ["people.id"], name=op.f("fk_same_questions_linked_by_id_people")),
        sa.ForeignKeyConstraint(["original_id"], ["posts.id"], name=op.f("fk_same_questions_original_id_posts")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_same_questions_post_id_posts")),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_same_questions")),
    )
    op.create_index(op.f("ix_same_questions_audience_id"), "same_questions", ["audience_id"], unique=False)
    op.create_index("ix_same_questions_original", "same_questions", ["original_id"], unique=False)
    op.add_column("post_revisions", sa.Column("title", sa.String(length=200), server_default="", nullable=False))
    op.add_column("post_drafts", sa.Column("title", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("post_drafts", "title")
    op.drop_column("post_revisions", "title")
    op.drop_table("same_questions")
    op.drop_column("comments", "accepted_by_id")
    op.drop_column("comments", "accepted_at")
    op.drop_column("posts", "accepted_id")
    op.drop_column("posts", "title")
