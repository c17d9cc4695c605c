"""Being left alone has one home: the profile's focus, which colleagues see."""

import sqlalchemy as sa
from alembic import op

revision = "3e9b6c2f81a7"
down_revision = "c40d7f21be96"
branch_labels = None
depends_on = None

# Who snoozes and has no profile yet is heard of again a few hours early: a snooze lasts no longer.
_LATER = "SELECT snoozed_until FROM notice_rhythms WHERE notice_rhythms.person_id = profiles.person_id"


def upgrade() -> None:
    op.execute(
        f"UPDATE profiles SET focusing_until = ({_LATER}) "  # noqa: S608 (our own constant)
        f"WHERE EXISTS ({_LATER} AND snoozed_until > coalesce(profiles.focusing_until, '1970-01-01'))"
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
