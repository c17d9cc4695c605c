"""When people first signed in."""

import sqlalchemy as sa
from alembic import op

revision = 'c41f7d0e92b5'
down_revision = '39e4b2a1e846'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.add_column(sa.Column('came_at', sa.DateTime(timezone=True), nullable=True))

    people = sa.table('people', sa.column('id'), sa.column('created_at'), sa.column('came_at'))
    sign_ins = sa.table('sign_ins', sa.column('person_id'))
    came = people.c.id.in_(sa.select(sign_ins.c.person_id))
    op.execute(people.update().where(came).values(came_at=people.c.created_at))


def downgrade() -> None:
    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.drop_column('came_at')
