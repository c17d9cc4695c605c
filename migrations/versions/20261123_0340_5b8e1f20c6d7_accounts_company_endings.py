"""Who signed out at the company, while they may be between the two steps of signing in here."""

import sqlalchemy as sa
from alembic import op

revision = "5b8e1f20c6d7"
down_revision = "7d20c4e9a1f6"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "company_endings",
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=True),
        sa.Column("company_session", sa.String(length=64), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_company_endings_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_endings")),
    )
    for column in ("at", "company_session", "person_id"):
        op.create_index(op.f(f"ix_company_endings_{column}"), "company_endings", [column])


def downgrade() -> None:
    op.drop_table("company_endings")
