"""The ledger of attention: notices, what people wish to be told, and when they are left alone."""

import sqlalchemy as sa
from alembic import op

revision = '1a00a0440e74'
down_revision = 'a4d17c93e60b'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('notice_keywords',
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('word', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_notice_keywords_person_id_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', 'word', name=op.f('pk_notice_keywords'))
    )
    with op.batch_alter_table('notice_keywords', schema=None) as batch_op:
        batch_op.create_index('ix_notice_keywords_word', ['word'], unique=False)

    op.create_table('notice_rhythms',
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('quiet_from', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('quiet_to', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('quiet_days', sa.JSON(), nullable=False),
    sa.Column('snoozed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('mails_now', sa.Boolean(), nullable=False),
    sa.Column('digest', sa.Enum('daily', 'weekly', 'never', name='digest', native_enum=False, length=20), nullable=False),
    sa.Column('digest_at', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('digest_done', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_notice_rhythms_person_id_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_notice_rhythms'))
    )
    op.create_table('notice_wishes',
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('source', sa.Enum('mention', 'reply', 'thread', 'shared', 'reaction', 'endorsed', 'follower', 'announcement', 'keyword', 'group-asked', 'group-invited', 'group-answered', name='source', native_enum=False, length=20), nullable=False),
    sa.Column('level', sa.Enum('now', 'today', 'never', name='level', native_enum=False, length=20), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_notice_wishes_person_id_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', 'source', name=op.f('pk_notice_wishes'))
    )
    op.create_table('notices',
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('about', sa.String(length=80), nullable=False),
    sa.Column('thread', sa.String(length=80), nullable=False),
    sa.Column('source', sa.Enum('mention', 'reply', 'thread', 'shared', 'reaction', 'endorsed', 'follower', 'announcement', 'keyword', 'group-asked', 'group-invited', 'group-answered', name='source', native_enum=False, length=20), nullable=False),
    sa.Column('level', sa.Enum('now', 'today', 'never', name='level', native_enum=False, length=20), nullable=False),
    sa.Column('actor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('subject_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('audience_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['people.id'], name=op.f('fk_notices_actor_id_people')),
    sa.ForeignKeyConstraint(['audience_id'], ['audiences.id'], name=op.f('fk_notices_audience_id_audiences')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_notices_person_id_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notices')),
    sa.UniqueConstraint('person_id', 'about', name=op.f('uq_notices_person_id_about'))
    )
    with op.batch_alter_table('notices', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notices_audience_id'), ['audience_id'], unique=False)
        batch_op.create_index('ix_notices_item', ['item_id'], unique=False)
        batch_op.create_index('ix_notices_person', ['person_id', 'id'], unique=False)
        batch_op.create_index('ix_notices_post', ['post_id'], unique=False)
        batch_op.create_index('ix_notices_unread', ['person_id', 'read_at'], unique=False)
        batch_op.create_index('ix_notices_waiting', ['told_at', 'read_at', 'id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('notices', schema=None) as batch_op:
        batch_op.drop_index('ix_notices_waiting')
        batch_op.drop_index('ix_notices_unread')
        batch_op.drop_index('ix_notices_post')
        batch_op.drop_index('ix_notices_person')
        batch_op.drop_index('ix_notices_item')
        batch_op.drop_index(batch_op.f('ix_notices_audience_id'))

    op.drop_table('notices')
    op.drop_table('notice_wishes')
    op.drop_table('notice_rhythms')
    with op.batch_alter_table('notice_keywords', schema=None) as batch_op:
        batch_op.drop_index('ix_notice_keywords_word')

    op.drop_table('notice_keywords')
