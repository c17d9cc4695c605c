"""Messages that pass others on with their words, and the card of a message's link."""

import sqlalchemy as sa
from alembic import op

revision = '3b3d658395f2'
down_revision = '3e9b6c2f81a7'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('chat_forwards',
    sa.Column('message_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('source_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('audience_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['audience_id'], ['audiences.id'], name=op.f('fk_chat_forwards_audience_id_audiences')),
    sa.ForeignKeyConstraint(['author_id'], ['people.id'], name=op.f('fk_chat_forwards_author_id_people')),
    sa.ForeignKeyConstraint(['message_id'], ['chat_messages.id'], name=op.f('fk_chat_forwards_message_id_chat_messages'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('message_id', name=op.f('pk_chat_forwards'))
    )
    with op.batch_alter_table('chat_forwards', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_chat_forwards_audience_id'), ['audience_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_chat_forwards_source_id'), ['source_id'], unique=False)

    with op.batch_alter_table('chat_messages', schema=None) as batch_op:
        batch_op.add_column(sa.Column('link_card', sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column('link_picture', sa.String(length=64), nullable=True))
        batch_op.create_index('ix_chat_messages_link_picture', ['link_picture'], unique=False, sqlite_where=sa.text('link_picture IS NOT NULL'), postgresql_where=sa.text('link_picture IS NOT NULL'))



def downgrade() -> None:
    with op.batch_alter_table('chat_messages', schema=None) as batch_op:
        batch_op.drop_index('ix_chat_messages_link_picture', sqlite_where=sa.text('link_picture IS NOT NULL'), postgresql_where=sa.text('link_picture IS NOT NULL'))
        batch_op.drop_column('link_picture')
        batch_op.drop_column('link_card')

    with op.batch_alter_table('chat_forwards', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_chat_forwards_source_id'))
        batch_op.drop_index(batch_op.f('ix_chat_forwards_audience_id'))

    op.drop_table('chat_forwards')
