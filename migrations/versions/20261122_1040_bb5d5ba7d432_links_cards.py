"""What linked pages say of themselves, and the card of a post."""

import sqlalchemy as sa
from alembic import op

revision = 'bb5d5ba7d432'
down_revision = '6e17b0a4d3c9'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('link_pages',
    sa.Column('url_sha256', sa.String(length=64), nullable=False),
    sa.Column('url', sa.String(length=2000), nullable=False),
    sa.Column('card', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('picture_sha256', sa.String(length=64), nullable=True),
    sa.Column('failures', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('url_sha256', name=op.f('pk_link_pages'))
    )
    with op.batch_alter_table('link_pages', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_link_pages_expires_at'), ['expires_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_link_pages_picture_sha256'), ['picture_sha256'], unique=False)

    with op.batch_alter_table('posts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('link_card', sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column('link_picture', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('linked_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.create_index('ix_posts_link_picture', ['link_picture'], unique=False, sqlite_where=sa.text('link_picture IS NOT NULL'), postgresql_where=sa.text('link_picture IS NOT NULL'))



def downgrade() -> None:
    with op.batch_alter_table('posts', schema=None) as batch_op:
        batch_op.drop_index('ix_posts_link_picture', sqlite_where=sa.text('link_picture IS NOT NULL'), postgresql_where=sa.text('link_picture IS NOT NULL'))
        batch_op.drop_column('linked_id')
        batch_op.drop_column('link_picture')
        batch_op.drop_column('link_card')

    with op.batch_alter_table('link_pages', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_link_pages_picture_sha256'))
        batch_op.drop_index(batch_op.f('ix_link_pages_expires_at'))

    op.drop_table('link_pages')
