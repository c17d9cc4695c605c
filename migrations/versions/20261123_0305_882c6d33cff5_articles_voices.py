"""What readers say of articles: still right, or what is different; of each person one open word at most."""

import sqlalchemy as sa
from alembic import op

revision = '882c6d33cff5'
down_revision = '5c1e8f0a72d4'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('article_voices',
    sa.Column('article_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('says', sa.Enum('right', 'different', name='says', native_enum=False, length=20), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('hidden_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('audience_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_article_voices_article_id_articles'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['audience_id'], ['audiences.id'], name=op.f('fk_article_voices_audience_id_audiences')),
    sa.ForeignKeyConstraint(['author_id'], ['people.id'], name=op.f('fk_article_voices_author_id_people')),
    sa.ForeignKeyConstraint(['settled_by_id'], ['people.id'], name=op.f('fk_article_voices_settled_by_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article_voices'))
    )
    with op.batch_alter_table('article_voices', schema=None) as batch_op:
        batch_op.create_index('ix_article_voices_article', ['article_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_article_voices_audience_id'), ['audience_id'], unique=False)
        batch_op.create_index('ix_article_voices_author', ['author_id', 'id'], unique=False)
        batch_op.create_index('ix_article_voices_open', ['article_id', 'author_id'], unique=True, sqlite_where=sa.text('settled_at IS NULL AND hidden_at IS NULL'), postgresql_where=sa.text('settled_at IS NULL AND hidden_at IS NULL'))



def downgrade() -> None:
    with op.batch_alter_table('article_voices', schema=None) as batch_op:
        batch_op.drop_index('ix_article_voices_open', sqlite_where=sa.text('settled_at IS NULL AND hidden_at IS NULL'), postgresql_where=sa.text('settled_at IS NULL AND hidden_at IS NULL'))
        batch_op.drop_index('ix_article_voices_author')
        batch_op.drop_index(batch_op.f('ix_article_voices_audience_id'))
        batch_op.drop_index('ix_article_voices_article')

    op.drop_table('article_voices')
