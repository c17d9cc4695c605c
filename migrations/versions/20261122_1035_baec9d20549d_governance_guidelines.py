"""Usage guidelines in versions, who agreed to which, and the one each person agreed to last."""

import sqlalchemy as sa
from alembic import op

revision = 'baec9d20549d'
down_revision = "1a00a0440e74"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('guidelines',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('summary', sa.String(length=500), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('written_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['written_by_id'], ['people.id'], name=op.f('fk_guidelines_written_by_id_people')),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_guidelines'))
    )
    op.create_table('guidelines_acceptances',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['number'], ['guidelines.number'], name=op.f('fk_guidelines_acceptances_number_guidelines')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_guidelines_acceptances_person_id_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('number', 'person_id', name=op.f('pk_guidelines_acceptances'))
    )
    with op.batch_alter_table('guidelines_acceptances', schema=None) as batch_op:
        batch_op.create_index('ix_guidelines_acceptances_order', ['number', 'accepted_at', 'person_id'], unique=False)

    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.add_column(sa.Column('agreed_to', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), server_default='0', nullable=False))



def downgrade() -> None:
    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.drop_column('agreed_to')

    with op.batch_alter_table('guidelines_acceptances', schema=None) as batch_op:
        batch_op.drop_index('ix_guidelines_acceptances_order')

    op.drop_table('guidelines_acceptances')
    op.drop_table('guidelines')
