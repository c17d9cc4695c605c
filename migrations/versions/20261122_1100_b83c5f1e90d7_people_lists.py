"""Private lists of people."""

import sqlalchemy as sa
from alembic import op

revision = 'b83c5f1e90d7'
down_revision = '5e8b1f42d7a9'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('people_lists',
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('folded_name', sa.String(length=120), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['owner_id'], ['people.id'], name=op.f('fk_people_lists_owner_id_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_people_lists')),
    sa.UniqueConstraint('owner_id', 'folded_name', name=op.f('uq_people_lists_owner_id_folded_name'))
    )
    op.create_table('people_list_entries',
    sa.Column('list_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['list_id'], ['people_lists.id'], name=op.f('fk_people_list_entries_list_id_people_lists'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_people_list_entries_person_id_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('list_id', 'person_id', name=op.f('pk_people_list_entries'))
    )
    with op.batch_alter_table('people_list_entries', schema=None) as batch_op:
        batch_op.create_index('ix_people_list_entries_person', ['person_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('people_list_entries', schema=None) as batch_op:
        batch_op.drop_index('ix_people_list_entries_person')

    op.drop_table('people_list_entries')
    op.drop_table('people_lists')
