"""Copies of one's own data, and wishes to be deleted."""

import sqlalchemy as sa
from alembic import op

revision = '839cb52b07b5'
down_revision = "0db219c6023c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('data_copies',
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'ready', 'failed', 'gone', name='copystate', native_enum=False, length=20), nullable=False),
    sa.Column('done', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('total', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('size', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_data_copies_person_id_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_data_copies'))
    )
    with op.batch_alter_table('data_copies', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_data_copies_person_id'), ['person_id'], unique=False)
        batch_op.create_index('ix_data_copies_state', ['state', 'id'], unique=False)

    op.create_table('erasure_wishes',
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('takes_words', sa.Boolean(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('known_as', sa.JSON(), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_erasure_wishes_person_id_people')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_erasure_wishes'))
    )
    with op.batch_alter_table('erasure_wishes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_erasure_wishes_due_at'), ['due_at'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('erasure_wishes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_erasure_wishes_due_at'))

    op.drop_table('erasure_wishes')
    with op.batch_alter_table('data_copies', schema=None) as batch_op:
        batch_op.drop_index('ix_data_copies_state')
        batch_op.drop_index(batch_op.f('ix_data_copies_person_id'))

    op.drop_table('data_copies')
