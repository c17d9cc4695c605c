"""expertise wishes and meetings."""

import sqlalchemy as sa
from alembic import op

revision = "3c5d9e71a204"
down_revision = "7f0c1e2a9b01"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "meetings_put_off",
        sa.Column("person_id", number, nullable=False),
        sa.Column("other_id", number, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["other_id"], ["people.id"], name=op.f("fk_meetings_put_off_other_id_people"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_meetings_put_off_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "other_id", name=op.f("pk_meetings_put_off")),
    )
    with op.batch_alter_table("meetings_put_off", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meetings_put_off_other_id"), ["other_id"], unique=False)

    op.create_table(
        "unasked_topics",
        sa.Column("person_id", number, nullable=False),
        sa.Column("topic_id", number, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_unasked_topics_person_id_people"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_unasked_topics_topic_id_topics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "topic_id", name=op.f("pk_unasked_topics")),
    )
    with op.batch_alter_table("unasked_topics", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unasked_topics_topic_id"), ["topic_id"], unique=False)


def downgrade() -> None:
    op.drop_table("unasked_topics")
    op.drop_table("meetings_put_off")
