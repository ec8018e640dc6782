"""Rhythms, reporting rounds and what is owed in them, reviewed entries, phone calls"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None

STANDINGS = "free waiting accepted returned replaced"
STATES = "owed given accepted returned settled"


def codes(words: str, name: str) -> sa.Enum:
    return sa.Enum(*words.split(), name=name, native_enum=False, create_constraint=True, length=40)


def instant(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def number(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def refers(table: str, column: str, to: str, key: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.{key}"], name=op.f(f"fk_{table}_{column}_{to}"))


def upgrade() -> None:
    add_to_entry()
    op.create_table(
        "rhythm",
        number("source_id"),
        sa.Column("kind", codes("weekly half_monthly monthly", "kind"), nullable=False),
        number("day"),
        sa.Column("shift", codes("before after", "shift"), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        number("version"),
        sa.CheckConstraint("day BETWEEN 1 AND 31", name=op.f("ck_rhythm_day_of_month")),
        refers("rhythm", "source_id", "source"),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_rhythm")),
    )
    op.create_table(
        "reporting_round",
        number("id"),
        number("source_id"),
        *(sa.Column(name, sa.Date(), nullable=False) for name in ("nominal_on", "begins_on", "due_on", "closes_on")),
        instant("opened_at"),
        sa.CheckConstraint("begins_on <= closes_on", name=op.f("ck_reporting_round_begins_before")),
        refers("reporting_round", "source_id", "source"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting_round")),
        sa.UniqueConstraint("source_id", "nominal_on", name=op.f("uq_reporting_round_source_id_nominal_on")),
    )
    op.create_index(op.f("ix_reporting_round_due_on"), "reporting_round", ["due_on"], unique=False)
    op.create_table(
        "owed_report",
        number("id"),
        number("round_id"),
        number("item_id"),
        number("unit_id"),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.Column("state", codes(STATES, "state"), nullable=False),
        number("entry_id", nullable=True),
        sa.Column("draft", sa.Text(), nullable=False),
        number("version"),
        sa.CheckConstraint("length(draft) <= 4000", name=op.f("ck_owed_report_draft_length")),
        sa.CheckConstraint(
            "entry_id IS NOT NULL OR state IN ('owed', 'settled')", name=op.f("ck_owed_report_given_has_entry")
        ),
        refers("owed_report", "round_id", "reporting_round"),
        refers("owed_report", "item_id", "item"),
        refers("owed_report", "unit_id", "unit"),
        refers("owed_report", "entry_id", "entry"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owed_report")),
        sa.UniqueConstraint("round_id", "item_id", "unit_id", name=op.f("uq_owed_report_round_id_item_id_unit_id")),
    )
    for columns in (["item_id", "unit_id"], ["unit_id", "state"], ["entry_id"]):
        op.create_index(op.f(f"ix_owed_report_{'_'.join(columns)}"), "owed_report", columns, unique=False)
    op.create_table(
        "round_nudge",
        number("id"),
        number("round_id"),
        number("unit_id"),
        number("by_id", nullable=True),
        instant("sent_at"),
        number("people"),
        refers("round_nudge", "round_id", "reporting_round"),
        refers("round_nudge", "unit_id", "unit"),
        refers("round_nudge", "by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_nudge")),
    )
    op.create_index(op.f("ix_round_nudge_round_id_unit_id"), "round_nudge", ["round_id", "unit_id"], unique=False)
    op.create_table(
        "phone_call",
        number("id"),
        number("item_id"),
        number("by_id"),
        sa.Column("whom", sa.String(length=80), nullable=False),
        instant("called_at"),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint("length(whom) <= 80", name=op.f("ck_phone_call_whom_length")),
        sa.CheckConstraint("length(answer) <= 1000", name=op.f("ck_phone_call_answer_length")),
        refers("phone_call", "item_id", "item"),
        refers("phone_call", "by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_call")),
    )
    op.create_index(op.f("ix_phone_call_item_id"), "phone_call", ["item_id"], unique=False)


def add_to_entry() -> None:
    """Entries so far were reviewed by nobody and count as they are."""
    dialect = op.get_bind().dialect.name
    instants, yes_or_no = {
        "sqlite": ("DATETIME", "BOOLEAN DEFAULT 0"),
        "postgresql": ("TIMESTAMP WITH TIME ZONE", "BOOLEAN DEFAULT false"),
    }[dialect]
    listed = ", ".join(f"'{standing}'" for standing in STANDINGS.split())
    # Written out, because SQLite takes a CHECK with a new column but not after it.
    for column in (
        f"is_unchanged {yes_or_no} NOT NULL",
        f"standing VARCHAR(40) DEFAULT 'free' NOT NULL CONSTRAINT ck_entry_standing CHECK (standing IN ({listed}))",
        "reviewed_by_id INTEGER CONSTRAINT fk_entry_reviewed_by_id_person REFERENCES person (id)",
        f"reviewed_at {instants}",
        "return_reason TEXT DEFAULT '' NOT NULL CONSTRAINT ck_entry_return_reason_length"
        " CHECK (length(return_reason) <= 1000)",
    ):
        op.execute(f"ALTER TABLE entry ADD COLUMN {column}")
    if dialect == "postgresql":
        for name in ("is_unchanged", "standing", "return_reason"):
            op.execute(f"ALTER TABLE entry ALTER COLUMN {name} DROP DEFAULT")
