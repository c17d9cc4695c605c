"""Messages that somebody wants to come back to."""

import sqlalchemy as sa
from alembic import op

revision = "7d20c4e9a1f6"
down_revision = "882c6d33cff5"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "message_reminders",
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("message_id", _ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["chat_messages.id"],
            name=op.f("fk_message_reminders_message_id_chat_messages"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_message_reminders_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "message_id", name=op.f("pk_message_reminders")),
    )
    op.create_index(op.f("ix_message_reminders_message_id"), "message_reminders", ["message_id"])


def downgrade() -> None:
    op.drop_table("message_reminders")
