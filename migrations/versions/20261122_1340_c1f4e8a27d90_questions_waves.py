"""Questions on their way to those who know: who is asked, when people can be, whose field it is not, who asked unnamed."""

import sqlalchemy as sa
from alembic import op

revision = 'c1f4e8a27d90'
down_revision = '7c1e5a90d2f4'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('asking_hours',
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('per_week', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('week', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('away_until', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_asking_hours_person_id_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_asking_hours'))
    )
    op.create_table('not_my_fields',
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('topic_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_not_my_fields_person_id_people'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['topic_id'], ['topics.id'], name=op.f('fk_not_my_fields_topic_id_topics'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', 'topic_id', name=op.f('pk_not_my_fields'))
    )
    with op.batch_alter_table('not_my_fields', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_not_my_fields_topic_id'), ['topic_id'], unique=False)

    op.create_table('asked_people',
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('wave', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('why', sa.Enum('answered', 'wrote', 'endorsed', 'named', 'asked-for', 'passed', 'follows', 'steward', name='why', native_enum=False, length=20), nullable=False),
    sa.Column('topic', sa.String(length=80), nullable=False),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('doing', sa.Enum('asked', 'seen', 'later', 'passed', 'declined', 'answered', name='doing', native_enum=False, length=20), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('again_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('audience_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['audience_id'], ['audiences.id'], name=op.f('fk_asked_people_audience_id_audiences')),
    sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_asked_people_by_id_people'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_asked_people_person_id_people'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_asked_people_post_id_posts'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('post_id', 'person_id', name=op.f('pk_asked_people'))
    )
    with op.batch_alter_table('asked_people', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_asked_people_audience_id'), ['audience_id'], unique=False)
        batch_op.create_index('ix_asked_people_by', ['by_id'], unique=False)
        batch_op.create_index('ix_asked_people_person', ['person_id', 'asked_at'], unique=False)

    op.create_table('askings',
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('urgency', sa.Enum('now', 'soon', 'whenever', name='urgency', native_enum=False, length=20), nullable=False),
    sa.Column('named', sa.JSON(), nullable=False),
    sa.Column('spared', sa.JSON(), nullable=False),
    sa.Column('waves', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('turn', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('audience_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['audience_id'], ['audiences.id'], name=op.f('fk_askings_audience_id_audiences')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_askings_post_id_posts'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('post_id', name=op.f('pk_askings'))
    )
    with op.batch_alter_table('askings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_askings_audience_id'), ['audience_id'], unique=False)

    op.create_table('hidden_authors',
    sa.Column('item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('steward_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('other_steward_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['other_steward_id'], ['people.id'], name=op.f('fk_hidden_authors_other_steward_id_people')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_hidden_authors_person_id_people'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_hidden_authors_post_id_posts'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['steward_id'], ['people.id'], name=op.f('fk_hidden_authors_steward_id_people')),
    sa.PrimaryKeyConstraint('item_id', name=op.f('pk_hidden_authors'))
    )
    with op.batch_alter_table('hidden_authors', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hidden_authors_person_id'), ['person_id'], unique=False)
        batch_op.create_index('ix_hidden_authors_post', ['post_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('hidden_authors', schema=None) as batch_op:
        batch_op.drop_index('ix_hidden_authors_post')
        batch_op.drop_index(batch_op.f('ix_hidden_authors_person_id'))

    op.drop_table('hidden_authors')
    with op.batch_alter_table('askings', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_askings_audience_id'))

    op.drop_table('askings')
    with op.batch_alter_table('asked_people', schema=None) as batch_op:
        batch_op.drop_index('ix_asked_people_person')
        batch_op.drop_index('ix_asked_people_by')
        batch_op.drop_index(batch_op.f('ix_asked_people_audience_id'))

    op.drop_table('asked_people')
    with op.batch_alter_table('not_my_fields', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_not_my_fields_topic_id'))

    op.drop_table('not_my_fields')
    op.drop_table('asking_hours')
