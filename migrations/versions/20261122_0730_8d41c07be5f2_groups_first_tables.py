"""Groups; those that an import made so far become hidden groups, kept by who wrote in them first."""

import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "8d41c07be5f2"
down_revision = "3c5d9e71a204"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "groups",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column(
            "kind", sa.Enum("open", "closed", "hidden", name="groupkind", native_enum=False, length=20), nullable=False
        ),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("folded_name", sa.String(length=80), nullable=False),
        sa.Column("about", sa.String(length=2000), nullable=False),
        sa.Column("member_count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("audience_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["audience_id"], ["audiences.id"], name=op.f("fk_groups_audience_id_audiences")),
        sa.ForeignKeyConstraint(["id"], ["audiences.id"], name=op.f("fk_groups_id_audiences"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
        sa.UniqueConstraint("slug", name=op.f("uq_groups_slug")),
    )
    with op.batch_alter_table("groups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_groups_audience_id"), ["audience_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_groups_folded_name"), ["folded_name"], unique=False)
        batch_op.create_index("ix_groups_member_count", ["member_count", "id"], unique=False)

    op.create_table(
        "group_invitations",
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invited_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_group_invitations_group_id_groups"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["people.id"], name=op.f("fk_group_invitations_invited_by_id_people"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_group_invitations_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("group_id", "person_id", name=op.f("pk_group_invitations")),
    )
    with op.batch_alter_table("group_invitations", schema=None) as batch_op:
        batch_op.create_index("ix_group_invitations_person", ["person_id", "group_id"], unique=False)

    op.create_table(
        "group_join_requests",
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_group_join_requests_group_id_groups"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_group_join_requests_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("group_id", "person_id", name=op.f("pk_group_join_requests")),
    )
    op.create_table(
        "group_members",
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.Enum("owner", "member", name="grouprole", native_enum=False, length=20), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("audience_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["audience_id"], ["audiences.id"], name=op.f("fk_group_members_audience_id_audiences")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_group_members_group_id_groups"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_group_members_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("group_id", "person_id", name=op.f("pk_group_members")),
    )
    with op.batch_alter_table("group_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_group_members_audience_id"), ["audience_id"], unique=False)
        batch_op.create_index("ix_group_members_person", ["person_id", "group_id"], unique=False)
        batch_op.create_index("ix_group_members_role", ["group_id", "role", "joined_at"], unique=False)
    _turn_imported_audiences_into_groups()


def _turn_imported_audiences_into_groups() -> None:
    bind = op.get_bind()
    meta = sa.MetaData()
    tables = ("imported_groups", "memberships", "posts", "groups", "group_members")
    imported, memberships, posts, groups, members = (sa.Table(name, meta, autoload_with=bind) for name in tables)
    now = datetime.now(UTC).replace(tzinfo=None) if bind.dialect.name == "sqlite" else datetime.now(UTC)
    for source, name, audience_id in bind.execute(sa.select(imported)).all():
        inside = list(bind.scalars(sa.select(memberships.c.person_id).where(memberships.c.audience_id == audience_id)))
        wrote = sa.select(posts.c.author_id).where(posts.c.audience_id == audience_id).order_by(posts.c.id).limit(1)
        first = bind.scalar(wrote) or min(inside, default=None)
        shown = (name if any(c.isalnum() for c in name) else f"{source} {name}")[:80]
        group = {"id": audience_id, "kind": "hidden", "slug": f"imported-{secrets.token_hex(6)}", "name": shown,
                 "folded_name": shown.casefold()[:80], "about": "", "member_count": len(inside), "created_at": now,
                 "audience_id": audience_id}  # fmt: skip
        bind.execute(groups.insert().values(**group))
        for person_id in inside:
            role = "owner" if person_id == first else "member"
            row = {"group_id": audience_id, "person_id": person_id, "role": role, "joined_at": now}
            bind.execute(members.insert().values(**row, audience_id=audience_id))


def downgrade() -> None:
    with op.batch_alter_table("group_members", schema=None) as batch_op:
        batch_op.drop_index("ix_group_members_role")
        batch_op.drop_index("ix_group_members_person")
        batch_op.drop_index(batch_op.f("ix_group_members_audience_id"))

    op.drop_table("group_members")
    op.drop_table("group_join_requests")
    with op.batch_alter_table("group_invitations", schema=None) as batch_op:
        batch_op.drop_index("ix_group_invitations_person")

    op.drop_table("group_invitations")
    with op.batch_alter_table("groups", schema=None) as batch_op:
        batch_op.drop_index("ix_groups_member_count")
        batch_op.drop_index(batch_op.f("ix_groups_folded_name"))
        batch_op.drop_index(batch_op.f("ix_groups_audience_id"))

    op.drop_table("groups")
