"""Asking the author of a message, and which message a post tells."""

import sqlalchemy as sa
from alembic import op

revision = '9953de491a2b'
down_revision = '3b3d658395f2'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('retold_messages',
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('message_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('audience_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['audience_id'], ['audiences.id'], name=op.f('fk_retold_messages_audience_id_audiences')),
    sa.ForeignKeyConstraint(['author_id'], ['people.id'], name=op.f('fk_retold_messages_author_id_people')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_retold_messages_post_id_posts'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('post_id', name=op.f('pk_retold_messages'))
    )
    with op.batch_alter_table('retold_messages', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_retold_messages_audience_id'), ['audience_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_retold_messages_message_id'), ['message_id'], unique=False)

    op.create_table('chat_requests',
    sa.Column('message_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('requester_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('wish', sa.Enum('post', 'question', name='wish', native_enum=False, length=20), nullable=False),
    sa.Column('answer', sa.Enum('waiting', 'agreed', 'declined', name='answer', native_enum=False, length=20), nullable=False),
    sa.Column('with_files', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('audience_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['audience_id'], ['audiences.id'], name=op.f('fk_chat_requests_audience_id_audiences')),
    sa.ForeignKeyConstraint(['author_id'], ['people.id'], name=op.f('fk_chat_requests_author_id_people'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['message_id'], ['chat_messages.id'], name=op.f('fk_chat_requests_message_id_chat_messages'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['requester_id'], ['people.id'], name=op.f('fk_chat_requests_requester_id_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_chat_requests')),
    sa.UniqueConstraint('message_id', 'requester_id', name=op.f('uq_chat_requests_message_id_requester_id'))
    )
    with op.batch_alter_table('chat_requests', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_chat_requests_audience_id'), ['audience_id'], unique=False)
        batch_op.create_index('ix_chat_requests_author', ['author_id', 'answer'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('chat_requests', schema=None) as batch_op:
        batch_op.drop_index('ix_chat_requests_author')
        batch_op.drop_index(batch_op.f('ix_chat_requests_audience_id'))

    op.drop_table('chat_requests')
    with op.batch_alter_table('retold_messages', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_retold_messages_message_id'))
        batch_op.drop_index(batch_op.f('ix_retold_messages_audience_id'))

    op.drop_table('retold_messages')
