"""Named readers of sources and items, placeholders for what stands on paper only"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Written out, because SQLite takes a CHECK with a new column but not after it.
    op.execute(
        "ALTER TABLE item ADD COLUMN paper_number VARCHAR(60) DEFAULT '' NOT NULL "
        "CONSTRAINT ck_item_paper_number_length CHECK (length(paper_number) <= 60)"
    )
    op.add_column("item", sa.Column("is_restricted", sa.Boolean(), server_default=sa.false(), nullable=False))
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("item", "paper_number", server_default=None)
        op.alter_column("item", "is_restricted", server_default=None)
    restricted = sa.text("is_restricted")
    op.create_index("ix_item_restricted", "item", ["id"], postgresql_where=restricted, sqlite_where=restricted)
    make_readers("source")
    make_readers("item")


def make_readers(of: str) -> None:
    """Who alone may know of a source or an item."""
    table = f"{of}_reader"
    op.create_table(
        table,
        sa.Column(f"{of}_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint([f"{of}_id"], [f"{of}.id"], name=op.f(f"fk_{table}_{of}_id_{of}")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f(f"fk_{table}_person_id_person")),
        sa.PrimaryKeyConstraint(f"{of}_id", "person_id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_person_id", table, ["person_id"])
