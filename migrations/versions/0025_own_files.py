"""Reports of the office's own, with what is marked in them"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = "report_own_file"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("taken_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(file_name) <= 255", name=op.f(f"ck_{table}_file_name_length")),
        sa.CheckConstraint("year BETWEEN 2000 AND 2100", name=op.f(f"ck_{table}_year_of_reports")),
        sa.CheckConstraint("decimals BETWEEN 0 AND 2", name=op.f(f"ck_{table}_decimals_of_rates")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f(f"fk_{table}_by_id_person")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f(f"fk_{table}_report_id_report")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_report_id", table, ["report_id"])
    op.create_index(f"ix_{table}_by_id", table, ["by_id"])
