"""How soon people hear of new posts from a group, a topic or a person."""

import sqlalchemy as sa
from alembic import op

revision = 'e5d20c91b7a4'
down_revision = '8b1f7ce0d362'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('notice_places',
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('group', 'topic', 'person', name='placekind', native_enum=False, length=20), nullable=False),
    sa.Column('target_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('level', sa.Enum('now', 'today', 'never', name='level', native_enum=False, length=20), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_notice_places_person_id_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', 'kind', 'target_id', name=op.f('pk_notice_places'))
    )
    with op.batch_alter_table('notice_places', schema=None) as batch_op:
        batch_op.create_index('ix_notice_places_target', ['target_id', 'kind', 'person_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('notice_places', schema=None) as batch_op:
        batch_op.drop_index('ix_notice_places_target')

    op.drop_table('notice_places')
