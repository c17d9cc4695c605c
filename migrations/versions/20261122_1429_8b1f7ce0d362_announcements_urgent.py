"""Whether an announcement is urgent."""

import sqlalchemy as sa
from alembic import op

revision = '8b1f7ce0d362'
down_revision = 'c41e9a7d2b50'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('announcements', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_urgent', sa.Boolean(), server_default=sa.false(), nullable=False))



def downgrade() -> None:
    with op.batch_alter_table('announcements', schema=None) as batch_op:
        batch_op.drop_column('is_urgent')

