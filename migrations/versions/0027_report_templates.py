"""Word templates of the office for reports"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("kept_by_id", sa.Integer(), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(name) <= 60", name=op.f("ck_report_template_name_length")),
        sa.CheckConstraint("length(file_name) <= 255", name=op.f("ck_report_template_file_name_length")),
        sa.ForeignKeyConstraint(["kept_by_id"], ["person.id"], name=op.f("fk_report_template_kept_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_template")),
    )
    in_use = sa.text("NOT is_retired")
    op.create_index(
        "uq_report_template_name",
        "report_template",
        ["name"],
        unique=True,
        postgresql_where=in_use,
        sqlite_where=in_use,
    )
