"""Searches that people keep."""

import sqlalchemy as sa
from alembic import op

revision = "b2f6a41c9d37"
down_revision = "8d41c07be5f2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "saved_searches",
        sa.Column("person_id", big, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("folded_name", sa.String(length=160), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", big, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_saved_searches_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_searches")),
        sa.UniqueConstraint("person_id", "address_hash", name=op.f("uq_saved_searches_person_id_address_hash")),
        sa.UniqueConstraint("person_id", "folded_name", name=op.f("uq_saved_searches_person_id_folded_name")),
    )


def downgrade() -> None:
    op.drop_table("saved_searches")
