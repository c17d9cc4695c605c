"""Who carries on what a leaver did."""

import sqlalchemy as sa
from alembic import op

revision = '41770aedff08'
down_revision = "b83c5f1e90d7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('successions',
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('successor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('named_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_successions_person_id_people'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['successor_id'], ['people.id'], name=op.f('fk_successions_successor_id_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_successions'))
    )
    with op.batch_alter_table('successions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_successions_successor_id'), ['successor_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('successions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_successions_successor_id'))

    op.drop_table('successions')
