"""Polls, their answers and who voted."""

import sqlalchemy as sa
from alembic import op

revision = '71d3a9e0c25f'
down_revision = '4c0fe2a86b15'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('polls',
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('is_multiple', sa.Boolean(), nullable=False),
    sa.Column('is_secret', sa.Boolean(), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('audience_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['audience_id'], ['audiences.id'], name=op.f('fk_polls_audience_id_audiences')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_polls_post_id_posts'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('post_id', name=op.f('pk_polls'))
    )
    with op.batch_alter_table('polls', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_polls_audience_id'), ['audience_id'], unique=False)

    op.create_table('poll_ballots',
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('voted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('audience_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['audience_id'], ['audiences.id'], name=op.f('fk_poll_ballots_audience_id_audiences')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_poll_ballots_person_id_people'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['post_id'], ['polls.post_id'], name=op.f('fk_poll_ballots_post_id_polls'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('post_id', 'person_id', name=op.f('pk_poll_ballots'))
    )
    with op.batch_alter_table('poll_ballots', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_poll_ballots_audience_id'), ['audience_id'], unique=False)

    op.create_table('poll_options',
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('text', sa.String(length=200), nullable=False),
    sa.Column('votes', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('audience_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['audience_id'], ['audiences.id'], name=op.f('fk_poll_options_audience_id_audiences')),
    sa.ForeignKeyConstraint(['post_id'], ['polls.post_id'], name=op.f('fk_poll_options_post_id_polls'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_poll_options'))
    )
    with op.batch_alter_table('poll_options', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_poll_options_audience_id'), ['audience_id'], unique=False)
        batch_op.create_index('ix_poll_options_post', ['post_id', 'position'], unique=False)

    op.create_table('poll_open_votes',
    sa.Column('option_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('audience_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['audience_id'], ['audiences.id'], name=op.f('fk_poll_open_votes_audience_id_audiences')),
    sa.ForeignKeyConstraint(['option_id'], ['poll_options.id'], name=op.f('fk_poll_open_votes_option_id_poll_options'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_poll_open_votes_person_id_people'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['post_id'], ['polls.post_id'], name=op.f('fk_poll_open_votes_post_id_polls'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('option_id', 'person_id', name=op.f('pk_poll_open_votes'))
    )
    with op.batch_alter_table('poll_open_votes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_poll_open_votes_audience_id'), ['audience_id'], unique=False)
        batch_op.create_index('ix_poll_open_votes_person', ['person_id', 'post_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('poll_open_votes', schema=None) as batch_op:
        batch_op.drop_index('ix_poll_open_votes_person')
        batch_op.drop_index(batch_op.f('ix_poll_open_votes_audience_id'))

    op.drop_table('poll_open_votes')
    with op.batch_alter_table('poll_options', schema=None) as batch_op:
        batch_op.drop_index('ix_poll_options_post')
        batch_op.drop_index(batch_op.f('ix_poll_options_audience_id'))

    op.drop_table('poll_options')
    with op.batch_alter_table('poll_ballots', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_poll_ballots_audience_id'))

    op.drop_table('poll_ballots')
    with op.batch_alter_table('polls', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_polls_audience_id'))

    op.drop_table('polls')
