"""Archives of sources and every file in them"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
PARTS = ("material", "feedback", "plan", "progress", "evidence", "signed", "closing")


def upgrade() -> None:
    make_archives()
    make_files()


def make_archives() -> None:
    op.create_table(
        "archive",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("archived_on", sa.Date(), nullable=False),
        sa.Column("archived_at", INSTANT, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=80), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("chain_head", sa.String(length=64), nullable=False),
        sa.Column("folders", sa.Integer(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("zip_sha256", sa.String(length=64), nullable=False),
        sa.Column("zip_bytes", sa.Integer(), nullable=False),
        sa.Column("lifted_at", INSTANT, nullable=True),
        sa.Column("lifted_by_id", sa.Integer(), nullable=True),
        sa.Column("lift_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *lengths("archive", number=60, lift_reason=1000),
        sa.CheckConstraint("(lifted_at IS NULL) = (lift_reason = '')", name=op.f("ck_archive_lifted_with_reason")),
        *references("archive", source_id="source", by_id="person", task_id="task", lifted_by_id="person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive")),
    )
    op.create_index("ix_archive_archived_on", "archive", ["archived_on"])
    op.create_index("ix_archive_source_id", "archive", ["source_id"])
    is_present = sa.text("lifted_at IS NULL")
    for name, column in (("ix_archive_present", "source_id"), ("ix_archive_number", "number")):
        op.create_index(name, "archive", [column], unique=True, postgresql_where=is_present, sqlite_where=is_present)


def make_files() -> None:
    op.create_table(
        "archive_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("archive_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column(
            "part", sa.Enum(*PARTS, name="part", native_enum=False, create_constraint=True, length=40), nullable=False
        ),
        sa.Column("code", sa.String(length=120), nullable=False),
        sa.Column("path", sa.String(length=600), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("document_number", sa.String(length=80), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("remark", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        *lengths("archive_file", title=300, name=255, path=600),
        sa.CheckConstraint("pages > 0", name=op.f("ck_archive_file_pages_positive")),
        *references("archive_file", archive_id="archive", item_id="item"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_file")),
        sa.UniqueConstraint("archive_id", "position", name=op.f("uq_archive_file_archive_id_position")),
    )
    op.create_index("ix_archive_file_archive_id_item_id", "archive_file", ["archive_id", "item_id"])
    op.create_index("ix_archive_file_item_id", "archive_file", ["item_id"])


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
