"""Evidence: the type that its content tells, and who removed it"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    unknown = "application/octet-stream"
    op.add_column("evidence", sa.Column("media_type", sa.String(length=120), nullable=False, server_default=unknown))
    foreign_key = op.f("fk_evidence_removed_by_id_person")
    if op.get_bind().dialect.name == "sqlite":
        column = f"removed_by_id INTEGER CONSTRAINT {foreign_key} REFERENCES person (id)"
        op.execute(f"ALTER TABLE evidence ADD COLUMN {column}")
        return
    op.add_column("evidence", sa.Column("removed_by_id", sa.Integer(), nullable=True))
    op.create_foreign_key(foreign_key, "evidence", "person", ["removed_by_id"], ["id"])
