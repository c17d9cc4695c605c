"""Announcements: their terms, and who has acknowledged them."""

import sqlalchemy as sa
from alembic import op

revision = 'd2f7a9e41c06'
down_revision = '9d2f7b64e1a3'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('announcements',
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asks', sa.Boolean(), nullable=False),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('audience_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['audience_id'], ['audiences.id'], name=op.f('fk_announcements_audience_id_audiences')),
    sa.ForeignKeyConstraint(['owner_id'], ['people.id'], name=op.f('fk_announcements_owner_id_people')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_announcements_post_id_posts'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('post_id', name=op.f('pk_announcements'))
    )
    with op.batch_alter_table('announcements', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_announcements_audience_id'), ['audience_id'], unique=False)
        batch_op.create_index('ix_announcements_ends_at', ['ends_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_announcements_owner_id'), ['owner_id'], unique=False)

    op.create_table('acknowledgements',
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('acknowledged_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('audience_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['audience_id'], ['audiences.id'], name=op.f('fk_acknowledgements_audience_id_audiences')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_acknowledgements_person_id_people'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['post_id'], ['announcements.post_id'], name=op.f('fk_acknowledgements_post_id_announcements'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('post_id', 'person_id', name=op.f('pk_acknowledgements'))
    )
    with op.batch_alter_table('acknowledgements', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_acknowledgements_audience_id'), ['audience_id'], unique=False)
        batch_op.create_index('ix_acknowledgements_person', ['person_id', 'post_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('acknowledgements', schema=None) as batch_op:
        batch_op.drop_index('ix_acknowledgements_person')
        batch_op.drop_index(batch_op.f('ix_acknowledgements_audience_id'))

    op.drop_table('acknowledgements')
    with op.batch_alter_table('announcements', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_announcements_owner_id'))
        batch_op.drop_index('ix_announcements_ends_at')
        batch_op.drop_index(batch_op.f('ix_announcements_audience_id'))

    op.drop_table('announcements')
