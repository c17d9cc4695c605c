"""Praise: for which topic, and whom."""

import sqlalchemy as sa
from alembic import op

revision = '0db219c6023c'
down_revision = '50e4bbb8316c'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('praises',
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('topic_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('audience_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['audience_id'], ['audiences.id'], name=op.f('fk_praises_audience_id_audiences')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_praises_post_id_posts'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['topic_id'], ['topics.id'], name=op.f('fk_praises_topic_id_topics')),
    sa.PrimaryKeyConstraint('post_id', name=op.f('pk_praises'))
    )
    with op.batch_alter_table('praises', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_praises_audience_id'), ['audience_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_praises_topic_id'), ['topic_id'], unique=False)

    op.create_table('praised_people',
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('audience_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['audience_id'], ['audiences.id'], name=op.f('fk_praised_people_audience_id_audiences')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_praised_people_person_id_people'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['post_id'], ['praises.post_id'], name=op.f('fk_praised_people_post_id_praises'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('post_id', 'person_id', name=op.f('pk_praised_people'))
    )
    with op.batch_alter_table('praised_people', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_praised_people_audience_id'), ['audience_id'], unique=False)
        batch_op.create_index('ix_praised_people_person', ['person_id', 'post_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('praised_people', schema=None) as batch_op:
        batch_op.drop_index('ix_praised_people_person')
        batch_op.drop_index(batch_op.f('ix_praised_people_audience_id'))

    op.drop_table('praised_people')
    with op.batch_alter_table('praises', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_praises_topic_id'))
        batch_op.drop_index(batch_op.f('ix_praises_audience_id'))

    op.drop_table('praises')
