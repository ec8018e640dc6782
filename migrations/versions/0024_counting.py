"""Whether figures about a source count its items by wholes or by parts"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    allowed = "counting IN ('wholes', 'parts')"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "ALTER TABLE source ADD COLUMN counting VARCHAR(40) DEFAULT 'wholes' NOT NULL "
            f"CONSTRAINT ck_source_counting CHECK ({allowed})"
        )
        return
    op.add_column("source", sa.Column("counting", sa.String(length=40), nullable=False, server_default="wholes"))
    op.alter_column("source", "counting", server_default=None)
    op.create_check_constraint(op.f("ck_source_counting"), "source", allowed)
