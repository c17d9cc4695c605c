"""Whom somebody has muted or blocked."""

import sqlalchemy as sa
from alembic import op

revision = '6e17b0a4d3c9'
down_revision = 'baec9d20549d'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('apart',
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('other_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('muted', 'blocked', 'blocked-by', name='apartkind', native_enum=False, length=20), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['other_id'], ['people.id'], name=op.f('fk_apart_other_id_people'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_apart_person_id_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', 'other_id', 'kind', name=op.f('pk_apart'))
    )
    with op.batch_alter_table('apart', schema=None) as batch_op:
        batch_op.create_index('ix_apart_other', ['other_id', 'kind'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('apart', schema=None) as batch_op:
        batch_op.drop_index('ix_apart_other')

    op.drop_table('apart')
