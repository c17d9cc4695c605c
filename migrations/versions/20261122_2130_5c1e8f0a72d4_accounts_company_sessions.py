"""From which session at the company's sign-in somebody came."""

import sqlalchemy as sa
from alembic import op

revision = '5c1e8f0a72d4'
down_revision = 'c41f7d0e92b5'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('sign_ins', schema=None) as batch_op:
        batch_op.add_column(sa.Column('company_session', sa.String(length=64), nullable=True))
        batch_op.create_index(batch_op.f('ix_sign_ins_company_session'), ['company_session'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('sign_ins', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sign_ins_company_session'))
        batch_op.drop_column('company_session')
