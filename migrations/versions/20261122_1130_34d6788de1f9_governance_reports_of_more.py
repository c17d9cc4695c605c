"""Profiles and groups are reported too; what is hidden of them is kept to be given back."""

import sqlalchemy as sa
from alembic import op

revision = '34d6788de1f9'
down_revision = "839cb52b07b5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('withheld',
    sa.Column('subject_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('kept', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('subject_id', name=op.f('pk_withheld'))
    )
    with op.batch_alter_table('reports', schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.Enum('item', 'person', 'group', name='subject', native_enum=False, length=20), server_default='item', nullable=False))
        batch_op.alter_column('post_id',
               existing_type=sa.BigInteger().with_variant(sa.Integer(), 'sqlite'),
               nullable=True)



def downgrade() -> None:
    with op.batch_alter_table('reports', schema=None) as batch_op:
        batch_op.alter_column('post_id',
               existing_type=sa.BigInteger().with_variant(sa.Integer(), 'sqlite'),
               nullable=False)
        batch_op.drop_column('kind')

    op.drop_table('withheld')
