"""Reading a private conversation takes a reason, two administrators and an end."""

import sqlalchemy as sa
from alembic import op

revision = '7c1e5a90d2f4'
down_revision = '5a1c7e93d20b'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('chat_inspections',
    sa.Column('requester_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reason', sa.String(length=1000), nullable=False),
    sa.Column('hours', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('conversation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('pair', sa.String(length=41), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decision', sa.Enum('approved', 'refused', name='decision', native_enum=False, length=20), nullable=True),
    sa.Column('decided_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['decided_by_id'], ['people.id'], name=op.f('fk_chat_inspections_decided_by_id_people')),
    sa.ForeignKeyConstraint(['requester_id'], ['people.id'], name=op.f('fk_chat_inspections_requester_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_chat_inspections'))
    )
    with op.batch_alter_table('chat_inspections', schema=None) as batch_op:
        batch_op.create_index('ix_chat_inspections_conversation', ['conversation_id', 'decided_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_chat_inspections_requester_id'), ['requester_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('chat_inspections', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_chat_inspections_requester_id'))
        batch_op.drop_index('ix_chat_inspections_conversation')

    op.drop_table('chat_inspections')
