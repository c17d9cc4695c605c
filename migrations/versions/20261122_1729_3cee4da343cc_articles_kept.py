"""Answers kept as articles, and every step that made them."""

import sqlalchemy as sa
from alembic import op

revision = '3cee4da343cc'
down_revision = '2f8d6c41ab90'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('articles',
    sa.Column('question_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('answer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('keeper_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('lead', sa.String(length=300), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('edited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('checked_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('review_by', sa.Date(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('hidden_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('audience_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['answer_id'], ['comments.id'], name=op.f('fk_articles_answer_id_comments')),
    sa.ForeignKeyConstraint(['audience_id'], ['audiences.id'], name=op.f('fk_articles_audience_id_audiences')),
    sa.ForeignKeyConstraint(['author_id'], ['people.id'], name=op.f('fk_articles_author_id_people')),
    sa.ForeignKeyConstraint(['checked_by_id'], ['people.id'], name=op.f('fk_articles_checked_by_id_people')),
    sa.ForeignKeyConstraint(['keeper_id'], ['people.id'], name=op.f('fk_articles_keeper_id_people')),
    sa.ForeignKeyConstraint(['question_id'], ['posts.id'], name=op.f('fk_articles_question_id_posts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_articles')),
    sa.UniqueConstraint('question_id', name=op.f('uq_articles_question_id'))
    )
    with op.batch_alter_table('articles', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_articles_audience_id'), ['audience_id'], unique=False)
        batch_op.create_index('ix_articles_author', ['author_id', 'id'], unique=False)
        batch_op.create_index('ix_articles_keeper', ['keeper_id', 'id'], unique=False)
        batch_op.create_index('ix_articles_review', ['review_by'], unique=False)

    op.create_table('article_steps',
    sa.Column('article_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('made', 'edited', 'checked', 'handed-over', 'retired', name='stepkind', native_enum=False, length=20), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('lead', sa.String(length=300), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('review_by', sa.Date(), nullable=True),
    sa.Column('to_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('audience_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_article_steps_article_id_articles')),
    sa.ForeignKeyConstraint(['audience_id'], ['audiences.id'], name=op.f('fk_article_steps_audience_id_audiences')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_article_steps_person_id_people')),
    sa.ForeignKeyConstraint(['to_id'], ['people.id'], name=op.f('fk_article_steps_to_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article_steps'))
    )
    with op.batch_alter_table('article_steps', schema=None) as batch_op:
        batch_op.create_index('ix_article_steps_article', ['article_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_article_steps_audience_id'), ['audience_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('article_steps', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_article_steps_audience_id'))
        batch_op.drop_index('ix_article_steps_article')

    op.drop_table('article_steps')
    with op.batch_alter_table('articles', schema=None) as batch_op:
        batch_op.drop_index('ix_articles_review')
        batch_op.drop_index('ix_articles_keeper')
        batch_op.drop_index('ix_articles_author')
        batch_op.drop_index(batch_op.f('ix_articles_audience_id'))

    op.drop_table('articles')
