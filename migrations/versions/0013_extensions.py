"""Extensions, corrections and change requests, each decided by other people, on paper too"""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import allow

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

LEVELS = "office leader"


def codes(words: str, name: str) -> sa.Enum:
    return sa.Enum(*words.split(), name=name, native_enum=False, create_constraint=True, length=40)


def instant(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def reference(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def decided() -> tuple[sa.Column, ...]:
    """Who decided on a request, and how."""
    return (
        sa.Column("decider_id", sa.Integer(), nullable=True),
        sa.Column("decider_for_id", sa.Integer(), nullable=True),
        instant("decided_at"),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("body", sa.String(length=120), nullable=False),
        sa.Column("paper_on", sa.Date(), nullable=True),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("scan_name", sa.String(length=255), nullable=False),
        sa.Column("scan_sha256", sa.String(length=64), nullable=False),
    )


def decided_by(table: str) -> tuple[sa.ForeignKeyConstraint, ...]:
    return tuple(reference(table, name, "person") for name in ("decider_id", "decider_for_id", "entered_by_id"))


def lengths(table: str, **limits: int) -> tuple[sa.CheckConstraint, ...]:
    return tuple(
        sa.CheckConstraint(f"length({column}) <= {limit}", name=op.f(f"ck_{table}_{column}_length"))
        for column, limit in limits.items()
    )


def upgrade() -> None:
    allow("item_change", "event", after="restore", values=("extend", "correct"))
    op.add_column("item", sa.Column("extensions", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("item", sa.Column("amendments", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("review", sa.Column("is_undone", sa.Boolean(), nullable=False, server_default=sa.false()))
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("item", "extensions", server_default=None)
        op.alter_column("item", "amendments", server_default=None)
        op.alter_column("review", "is_undone", server_default=None)
    make_extensions()
    make_corrections()
    make_amendments()


def make_extensions() -> None:
    op.create_table(
        "extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_for_id", sa.Integer(), nullable=True),
        instant("asked_at", nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asked_until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("safeguards", sa.Text(), nullable=False),
        sa.Column("state", codes("pending granted refused retracted undone", "state"), nullable=False),
        sa.Column("waits_for", codes(LEVELS, "waits_for"), nullable=True),
        sa.Column("granted_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'pending') = (waits_for IS NOT NULL)", name=op.f("ck_extension_pending_waits")),
        sa.CheckConstraint(
            "(state IN ('granted', 'undone')) = (granted_until IS NOT NULL)", name=op.f("ck_extension_granted_has_day")
        ),
        sa.CheckConstraint("asked_until > due_on", name=op.f("ck_extension_asked_later")),
        *lengths("extension", reason=2000, progress=2000, safeguards=2000),
        reference("extension", "item_id", "item"),
        reference("extension", "unit_id", "unit"),
        reference("extension", "asked_by_id", "person"),
        reference("extension", "asked_for_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    op.create_index("ix_extension_asked_by_id", "extension", ["asked_by_id"])
    op.create_index("ix_extension_item_id_asked_at", "extension", ["item_id", "asked_at"])
    op.create_index("ix_extension_state_waits_for", "extension", ["state", "waits_for"])
    pending = sa.text("state = 'pending'")
    op.create_index(
        "ix_extension_pending",
        "extension",
        ["item_id"],
        unique=True,
        postgresql_where=pending,
        sqlite_where=pending,
    )
    op.create_table(
        "extension_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("extension_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", codes(LEVELS, "kind"), nullable=False),
        sa.Column("verdict", codes("grant refuse", "verdict"), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        *decided(),
        sa.CheckConstraint(
            "(verdict = 'grant') = (until IS NOT NULL) OR verdict IS NULL",
            name=op.f("ck_extension_step_grant_has_day"),
        ),
        *lengths("extension_step", opinion=1000, body=120, scan_name=255),
        reference("extension_step", "extension_id", "extension"),
        *decided_by("extension_step"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension_step")),
        sa.UniqueConstraint("extension_id", "position", name=op.f("uq_extension_step_extension_id_position")),
    )


def make_corrections() -> None:
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("kind", codes("undo reopen", "kind"), nullable=False),
        sa.Column("wrong", sa.String(length=40), nullable=False),
        sa.Column("wrong_serial", sa.Integer(), nullable=False),
        sa.Column("wrong_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_for_id", sa.Integer(), nullable=True),
        instant("asked_at", nullable=False),
        sa.Column("state", codes("pending approved refused retracted", "state"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *decided(),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'refused') OR decided_at IS NOT NULL",
            name=op.f("ck_correction_decided_has_time"),
        ),
        *lengths("correction", reason=2000, opinion=1000, body=120, scan_name=255),
        reference("correction", "item_id", "item"),
        reference("correction", "asked_by_id", "person"),
        reference("correction", "asked_for_id", "person"),
        *decided_by("correction"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index("ix_correction_asked_by_id", "correction", ["asked_by_id"])
    op.create_index("ix_correction_item_id_asked_at", "correction", ["item_id", "asked_at"])
    pending = sa.text("state = 'pending'")
    op.create_index(
        "ix_correction_pending",
        "correction",
        ["item_id"],
        unique=True,
        postgresql_where=pending,
        sqlite_where=pending,
    )


def make_amendments() -> None:
    op.create_table(
        "amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("is_by_office", sa.Boolean(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_for_id", sa.Integer(), nullable=True),
        instant("asked_at", nullable=False),
        sa.Column("state", codes("pending approved refused retracted", "state"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *decided(),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'refused') OR decided_at IS NOT NULL",
            name=op.f("ck_amendment_decided_has_time"),
        ),
        *lengths("amendment", reason=2000, opinion=1000, body=120, scan_name=255),
        reference("amendment", "item_id", "item"),
        reference("amendment", "asked_by_id", "person"),
        reference("amendment", "asked_for_id", "person"),
        *decided_by("amendment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment")),
    )
    op.create_index("ix_amendment_asked_by_id", "amendment", ["asked_by_id"])
    op.create_index("ix_amendment_item_id_asked_at", "amendment", ["item_id", "asked_at"])
    pending = sa.text("state = 'pending'")
    op.create_index(
        "ix_amendment_pending", "amendment", ["item_id"], unique=True, postgresql_where=pending, sqlite_where=pending
    )
    fields = "measures supporting_units leader supervisor owner goal"
    op.create_table(
        "amendment_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("amendment_id", sa.Integer(), nullable=False),
        sa.Column("field", codes(fields, "field"), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        *lengths("amendment_line", before=20_000, after=20_000),
        reference("amendment_line", "amendment_id", "amendment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment_line")),
    )
    op.create_index("uq_amendment_line_amendment_id_field", "amendment_line", ["amendment_id", "field"], unique=True)
