"""Reports of posts and comments, and posts that are closed to replies."""

import sqlalchemy as sa
from alembic import op

revision = '4c0fe2a86b15'
down_revision = 'e91d5b30c7a8'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('reports',
    sa.Column('item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reporter_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reason', sa.Enum('personal', 'unkind', 'wrong-audience', 'untrue', 'other', name='reportreason', native_enum=False, length=20), nullable=False),
    sa.Column('words', sa.String(length=1000), nullable=False),
    sa.Column('quote', sa.Text(), nullable=False),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decision', sa.Enum('nothing', 'hide', 'freeze', name='decision', native_enum=False, length=20), nullable=True),
    sa.Column('note', sa.String(length=1000), nullable=False),
    sa.Column('decided_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['people.id'], name=op.f('fk_reports_author_id_people')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['people.id'], name=op.f('fk_reports_decided_by_id_people')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_reports_post_id_posts')),
    sa.ForeignKeyConstraint(['reporter_id'], ['people.id'], name=op.f('fk_reports_reporter_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reports')),
    sa.UniqueConstraint('item_id', 'reporter_id', name=op.f('uq_reports_item_id_reporter_id'))
    )
    with op.batch_alter_table('reports', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reports_item_id'), ['item_id'], unique=False)
        batch_op.create_index('ix_reports_open', ['decided_at', 'id'], unique=False)

    op.add_column("posts", sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True))



def downgrade() -> None:
    op.drop_column("posts", "frozen_at")

    with op.batch_alter_table('reports', schema=None) as batch_op:
        batch_op.drop_index('ix_reports_open')
        batch_op.drop_index(batch_op.f('ix_reports_item_id'))

    op.drop_table('reports')
