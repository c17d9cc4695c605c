"""How far somebody has come in their first minutes."""

import sqlalchemy as sa
from alembic import op

revision = 'c94e2d7f0b18'
down_revision = 'c3a81f60d2e7'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('welcomes',
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('step', sa.String(length=20), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_welcomes_person_id_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_welcomes'))
    )


def downgrade() -> None:
    op.drop_table('welcomes')
