"""Being left alone has one home: the profile's focus, which colleagues see."""

import sqlalchemy as sa
from alembic import op

revision = "3e9b6c2f81a7"
down_revision = "c40d7f21be96"
branch_labels = None
depends_on = None

_HOMES = (("notice_rhythms", "snoozed_until"), ("chat_choices", "quiet_until"))


def upgrade() -> None:
    # Who has no profile yet is heard of again a few hours early: neither lasts longer.
    for table, until in _HOMES:
        its = f"SELECT {until} FROM {table} WHERE {table}.person_id = profiles.person_id"  # noqa: S608 (our own names)
        op.execute(
            f"UPDATE profiles SET focusing_until = ({its}) "  # noqa: S608 (our own names)
            f"WHERE EXISTS ({its} AND {until} > coalesce(profiles.focusing_until, '1970-01-01'))"
        )
    with op.batch_alter_table("notice_rhythms") as batch_op:
        batch_op.drop_column("snoozed_until")
    with op.batch_alter_table("chat_choices") as batch_op:
        batch_op.drop_column("quiet_until")


def downgrade() -> None:
    with op.batch_alter_table("chat_choices") as batch_op:
        batch_op.add_column(sa.Column("quiet_until", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("notice_rhythms") as batch_op:
        batch_op.add_column(sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True))
