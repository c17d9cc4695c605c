"""The ranked feed: three dials, turned-down reasons, and what each reader has seen."""

import sqlalchemy as sa
from alembic import op

revision = "c3a81f60d2e7"
down_revision = "3b225dd04967"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _of_person(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_person_id_people"
    return sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "feed_seen_posts",
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("post_id", _ID, autoincrement=False, nullable=False),
        _of_person("feed_seen_posts"),
        sa.PrimaryKeyConstraint("person_id", "post_id", name="pk_feed_seen_posts"),
    )
    op.create_table(
        "feed_dials",
        sa.Column("person_id", _ID, autoincrement=False, nullable=False),
        *(sa.Column(name, _ID, nullable=False) for name in ("people", "topics", "groups")),
        _of_person("feed_dials"),
        sa.PrimaryKeyConstraint("person_id", name="pk_feed_dials"),
    )
    op.create_table(
        "feed_less_of",
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("target_id", _ID, autoincrement=False, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        _of_person("feed_less_of"),
        sa.PrimaryKeyConstraint("person_id", "why", "target_id", name="pk_feed_less_of"),
    )


def downgrade() -> None:
    op.drop_table("feed_less_of")
    op.drop_table("feed_dials")
    op.drop_table("feed_seen_posts")
