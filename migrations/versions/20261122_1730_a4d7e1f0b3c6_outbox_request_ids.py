"""In which request something happened or was put off, so that the logs of all processes can be read together."""

import sqlalchemy as sa
from alembic import op

revision = 'a4d7e1f0b3c6'
down_revision = 'e5d20c91b7a4'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added in place: a table with millions of rows must not be written anew for this.
    op.add_column('outbox', sa.Column('request_id', sa.String(length=64), nullable=True))
    op.add_column('jobs', sa.Column('request_id', sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column('jobs', 'request_id')
    op.drop_column('outbox', 'request_id')
