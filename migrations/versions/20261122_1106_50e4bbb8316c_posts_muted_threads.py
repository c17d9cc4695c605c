"""Threads of which somebody wants to hear no more."""

import sqlalchemy as sa
from alembic import op

revision = '50e4bbb8316c'
down_revision = 'c94e2d7f0b18'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('post_mutes',
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_post_mutes_person_id_people'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_post_mutes_post_id_posts'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', 'post_id', name=op.f('pk_post_mutes'))
    )
    with op.batch_alter_table('post_mutes', schema=None) as batch_op:
        batch_op.create_index('ix_post_mutes_post', ['post_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('post_mutes', schema=None) as batch_op:
        batch_op.drop_index('ix_post_mutes_post')

    op.drop_table('post_mutes')
