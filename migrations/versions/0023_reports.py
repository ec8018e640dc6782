"""Reports with text and facts, wordings of the office, items that are not for the public"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
KINDS = ("annual", "progress", "public", "source")


def upgrade() -> None:
    op.add_column("item", sa.Column("is_withheld", sa.Boolean(), server_default=sa.false(), nullable=False))
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("item", "is_withheld", server_default=None)
    make_reports()
    make_parts()
    make_wordings()


def make_reports() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", codes("kind", *KINDS), nullable=False),
        sa.Column("edition", codes("edition", "above", "inner", "public"), nullable=False),
        sa.Column("state", codes("state", "draft", "issued", "dropped"), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("known_at", INSTANT, nullable=False),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("wording", sa.String(length=60), nullable=False),
        sa.Column("template", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("held", sa.Text(), nullable=False),
        sa.Column("refused", sa.Text(), nullable=False),
        sa.Column("typical", sa.Text(), nullable=False),
        sa.Column("is_restricted", sa.Boolean(), nullable=False),
        sa.Column("of_id", sa.Integer(), nullable=True),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("written_at", INSTANT, nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("issued_at", INSTANT, nullable=True),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("issued_by_name", sa.String(length=80), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("facts_hash", sa.String(length=64), nullable=False),
        sa.Column("trail_head", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *lengths("report", title=120, text=100_000, wording=60, template=60, number=80),
        sa.CheckConstraint("first_on <= as_of", name=op.f("ck_report_period")),
        sa.CheckConstraint("decimals BETWEEN 0 AND 2", name=op.f("ck_report_decimals")),
        sa.CheckConstraint("(state = 'issued') = (issued_at IS NOT NULL)", name=op.f("ck_report_issued")),
        *references("report", unit_id="unit", of_id="report", written_by_id="person", issued_by_id="person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    for column in ("as_of", "unit_id", "of_id"):
        op.create_index(f"ix_report_{column}", "report", [column])


def make_parts() -> None:
    op.create_table(
        "report_source",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        *references("report_source", report_id="report", source_id="source"),
        sa.PrimaryKeyConstraint("report_id", "source_id", name=op.f("pk_report_source")),
    )
    op.create_index("ix_report_source_source_id", "report_source", ["source_id"])
    op.create_table(
        "report_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("changed_by_name", sa.String(length=80), nullable=False),
        *lengths("report_text", text=100_000),
        *references("report_text", report_id="report"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_text")),
        sa.UniqueConstraint("report_id", "serial", name=op.f("uq_report_text_report_id_serial")),
    )


def make_wordings() -> None:
    op.create_table(
        "report_wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", codes("kind", *KINDS), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *lengths("report_wording", name=60, text=20_000),
        *references("report_wording", changed_by_id="person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_wording")),
        sa.UniqueConstraint("kind", "name", name=op.f("uq_report_wording_kind_name")),
    )


def codes(name: str, *values: str) -> sa.Enum:
    """A column of codes, guarded by a CHECK."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def lengths(table: str, **limits: int) -> list[sa.CheckConstraint]:
    """The CHECKs on the lengths of a table's texts."""
    return [
        sa.CheckConstraint(f"length({column}) <= {limit}", name=op.f(f"ck_{table}_{column}_length"))
        for column, limit in limits.items()
    ]


def references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    """The foreign keys of a table, by column the table they lead to."""
    return [
        sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))
        for column, to in columns.items()
    ]
