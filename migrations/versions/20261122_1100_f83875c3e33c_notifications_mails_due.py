"""Who is mailed when, unless they see it first."""

import sqlalchemy as sa
from alembic import op

revision = 'f83875c3e33c'
down_revision = '41770aedff08'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('notice_mails_due',
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_notice_mails_due_person_id_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_notice_mails_due'))
    )
    with op.batch_alter_table('notice_mails_due', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_mails_due_at'), ['at'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('notice_mails_due', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_notice_mails_due_at'))

    op.drop_table('notice_mails_due')
