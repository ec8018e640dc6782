"""Joint handling: items of several sources that share the measures and evidence of one"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    foreign_key = op.f("fk_item_carrier_id_item")
    if is_sqlite:
        op.execute(f"ALTER TABLE item ADD COLUMN carrier_id INTEGER CONSTRAINT {foreign_key} REFERENCES item (id)")
    else:
        op.add_column("item", sa.Column("carrier_id", sa.Integer(), nullable=True))
        op.create_foreign_key(foreign_key, "item", "item", ["carrier_id"], ["id"])
    op.create_index("ix_item_carrier_id", "item", ["carrier_id"])
    for table in ("entry", "evidence"):
        op.add_column(table, sa.Column("is_joint", sa.Boolean(), nullable=False, server_default=sa.false()))
        if not is_sqlite:
            op.alter_column(table, "is_joint", server_default=None)
    make_handlings()


def make_handlings() -> None:
    table = "joint_handling"
    references = {
        "item_id": "item",
        "carrier_id": "item",
        "joined_by_id": "person",
        "joined_for_id": "person",
        "ended_by_id": "person",
        "ended_for_id": "person",
    }
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("carrier_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("own_measures", sa.Text(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joined_by_id", sa.Integer(), nullable=True),
        sa.Column("joined_for_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_for_id", sa.Integer(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("item_id <> carrier_id", name=op.f("ck_joint_handling_two_items")),
        sa.CheckConstraint("length(reason) <= 1000", name=op.f("ck_joint_handling_reason_length")),
        sa.CheckConstraint("length(end_reason) <= 1000", name=op.f("ck_joint_handling_end_reason_length")),
        *(
            sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))
            for column, to in references.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_handling")),
    )
    is_open = sa.text("ended_at IS NULL")
    where = {"postgresql_where": is_open, "sqlite_where": is_open}
    op.create_index("ix_joint_handling_open", table, ["item_id"], unique=True, **where)
    op.create_index("ix_joint_handling_item_id", table, ["item_id"])
    op.create_index("ix_joint_handling_carrier_id", table, ["carrier_id"])
