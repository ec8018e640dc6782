"""Nudges with receipts, supervision notices, dated substitutes and whom an act was done for"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


# Whom an act was done for, when a substitute did it.
ACTED_FOR = {
    "application": ("applicant_for_id",),
    "review": ("decider_for_id",),
    "item_change": ("for_id",),
    "reassignment_request": ("asked_for_id", "decided_for_id"),
    "entry": ("for_id",),
    "evidence": ("for_id",),
    "outcome": ("for_id",),
}


def codes(words: str, name: str) -> sa.Enum:
    return sa.Enum(*words.split(), name=name, native_enum=False, create_constraint=True, length=40)


def instant(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def reference(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def upgrade() -> None:
    make_nudges()
    make_notices()
    make_substitutes()
    for table, columns in ACTED_FOR.items():
        for column in columns:
            add_person(table, column)


def make_nudges() -> None:
    op.create_table(
        "nudge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("batch", sa.String(length=40), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("for_id", sa.Integer(), nullable=True),
        sa.Column("sentence", sa.String(length=200), nullable=False),
        instant("nudged_at", nullable=False),
        sa.Column("reply", sa.String(length=200), nullable=False),
        sa.Column("replied_by_id", sa.Integer(), nullable=True),
        sa.Column("replied_for_id", sa.Integer(), nullable=True),
        instant("replied_at"),
        sa.CheckConstraint("length(reply) <= 200", name=op.f("ck_nudge_reply_length")),
        sa.CheckConstraint("length(sentence) <= 200", name=op.f("ck_nudge_sentence_length")),
        reference("nudge", "item_id", "item"),
        *(reference("nudge", name, "person") for name in ("by_id", "for_id", "replied_by_id", "replied_for_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudge")),
        sa.UniqueConstraint("batch", "item_id", name=op.f("uq_nudge_batch_item_id")),
    )
    op.create_index(op.f("ix_nudge_by_id"), "nudge", ["by_id"], unique=False)
    op.create_index(op.f("ix_nudge_item_id_nudged_at"), "nudge", ["item_id", "nudged_at"], unique=False)
    op.create_table(
        "nudge_reader",
        sa.Column("nudge_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("relation", codes("owner handler liaison unit_head", "relation"), nullable=False),
        reference("nudge_reader", "nudge_id", "nudge"),
        reference("nudge_reader", "person_id", "person"),
        sa.PrimaryKeyConstraint("nudge_id", "person_id", name=op.f("pk_nudge_reader")),
    )
    op.create_index(op.f("ix_nudge_reader_person_id"), "nudge_reader", ["person_id"], unique=False)


def make_notices() -> None:
    table = "supervision_notice"
    people = ("drafted_by_id", "signer_id", "signature_by_id", "sent_by_id", "feedback_by_id")
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("state", codes("draft signed sent answered void", "state"), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("serial", sa.Integer(), nullable=True),
        sa.Column("demand", sa.Text(), nullable=False),
        sa.Column("feedback_due_on", sa.Date(), nullable=False),
        sa.Column("rule", sa.String(length=200), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        instant("drafted_at", nullable=False),
        sa.Column("signer_id", sa.Integer(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("signature_by_id", sa.Integer(), nullable=True),
        sa.Column("scan_name", sa.String(length=255), nullable=False),
        sa.Column("scan_sha256", sa.String(length=64), nullable=False),
        instant("sent_at"),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.Column("feedback", sa.Text(), nullable=False),
        instant("feedback_at"),
        sa.Column("feedback_by_id", sa.Integer(), nullable=True),
        sa.Column("is_feedback_for_others", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(number IS NULL) = (serial IS NULL)", name=op.f(f"ck_{table}_number_with_serial")),
        sa.CheckConstraint(
            "number IS NOT NULL OR state IN ('draft', 'void')", name=op.f(f"ck_{table}_signed_has_number")
        ),
        sa.CheckConstraint("length(demand) <= 2000", name=op.f(f"ck_{table}_demand_length")),
        sa.CheckConstraint("length(feedback) <= 4000", name=op.f(f"ck_{table}_feedback_length")),
        sa.CheckConstraint("length(scan_name) <= 255", name=op.f(f"ck_{table}_scan_name_length")),
        reference(table, "unit_id", "unit"),
        *(reference(table, name, "person") for name in people),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("number", name=op.f(f"uq_{table}_number")),
        sa.UniqueConstraint("year", "serial", name=op.f(f"uq_{table}_year_serial")),
    )
    op.create_index(op.f(f"ix_{table}_unit_id_state"), table, ["unit_id", "state"], unique=False)
    op.create_index(op.f(f"ix_{table}_state"), table, ["state"], unique=False)
    op.create_table(
        "notice_item",
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_text", sa.String(length=200), nullable=False),
        reference("notice_item", "notice_id", table),
        reference("notice_item", "item_id", "item"),
        sa.PrimaryKeyConstraint("notice_id", "item_id", name=op.f("pk_notice_item")),
    )
    op.create_index(op.f("ix_notice_item_item_id"), "notice_item", ["item_id"], unique=False)
    op.create_table(
        "notice_series",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_notice_series")),
    )


def make_substitutes() -> None:
    op.create_table(
        "substitute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("absent_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("named_by_id", sa.Integer(), nullable=True),
        instant("named_at", nullable=False),
        instant("ended_at"),
        sa.CheckConstraint("until >= since", name=op.f("ck_substitute_until_after")),
        sa.CheckConstraint("person_id <> absent_id", name=op.f("ck_substitute_not_oneself")),
        sa.CheckConstraint("length(reason) <= 200", name=op.f("ck_substitute_reason_length")),
        *(reference("substitute", name, "person") for name in ("absent_id", "person_id", "named_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitute")),
    )
    op.create_index(op.f("ix_substitute_absent_id_until"), "substitute", ["absent_id", "until"], unique=False)
    op.create_index(op.f("ix_substitute_person_id_until"), "substitute", ["person_id", "until"], unique=False)


def add_person(table: str, column: str) -> None:
    """Add a column that may name a person; Alembic can't give SQLite its foreign key, SQLite itself can."""
    name = f"fk_{table}_{column}_person"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} INTEGER CONSTRAINT {name} REFERENCES person (id)")
