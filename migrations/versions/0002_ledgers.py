"""Ledgers that come in, long work that is watched, and how imported items begin"""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import allow, rebuild

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FIELDS = (
    "number place source aspect category finding cause goal measures leader supervisor lead_unit supporting_units owner "
    "deadline progress own_word closure closed_on remark printed"
)
KINDS = "inspection supervision appraisal democratic_life campaign audit self_check meeting work_plan assignment"


def codes(words: str, name: str) -> sa.Enum:
    return sa.Enum(*words.split(), name=name, native_enum=False, create_constraint=True, length=40)


def instant(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("state", codes("queued running done failed", "state"), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        instant("asked_at", nullable=False),
        instant("started_at"),
        instant("finished_at"),
        sa.Column("lease_token", sa.String(length=40), nullable=True),
        instant("lease_until"),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.CheckConstraint("done <= total", name=op.f("ck_task_done_of_total")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index(op.f("ix_task_state_id"), "task", ["state", "id"], unique=False)
    op.create_table(
        "column_meaning",
        sa.Column("heading", sa.String(length=60), nullable=False),
        sa.Column("field", codes(FIELDS, "field"), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        instant("said_at", nullable=False),
        sa.CheckConstraint("length(heading) <= 60", name=op.f("ck_column_meaning_heading_length")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_column_meaning_by_id_person")),
        sa.PrimaryKeyConstraint("heading", name=op.f("pk_column_meaning")),
    )
    op.create_table(
        "ledger_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("kind", codes(KINDS, "kind"), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("issuing_body", sa.String(length=200), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("plan_hash", sa.String(length=64), nullable=False),
        instant("made_at", nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("source_id", sa.Integer(), nullable=True),
        instant("carried_out_at"),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(file_name) <= 255", name=op.f("ck_ledger_draft_file_name_length")),
        sa.CheckConstraint("length(title) <= 200", name=op.f("ck_ledger_draft_title_length")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_ledger_draft_by_id_person")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_ledger_draft_source_id_source")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_ledger_draft_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_draft")),
    )
    op.create_index(op.f("ix_ledger_draft_by_id"), "ledger_draft", ["by_id"], unique=False)
    allow("item_change", "event", after="void", values=("take_over", "close_on_import"))
    if op.get_bind().dialect.name == "sqlite":
        rebuild("entry", ("by_id INTEGER NOT NULL", "by_id INTEGER"))
    else:
        op.alter_column("entry", "by_id", nullable=True)
