"""Handovers: what one person gave to another, for the list to sign"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

DUTIES = (
    "leader supervisor owner handler milestone measure source_milestone step chain recusal nudge rule substitute "
    "outlet source_reader item_reader"
)


def upgrade() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("length(reason) <= 1000", name=op.f("ck_handover_reason_length")),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_handover_two_people")),
        *(
            sa.ForeignKeyConstraint([name], ["person.id"], name=op.f(f"fk_handover_{name}_person"))
            for name in ("from_id", "to_id", "by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_index("ix_handover_from_id", "handover", ["from_id"])
    codes = sa.Enum(*DUTIES.split(), name="duty", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "handover_line",
        sa.Column("handover_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("duty", codes, nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["handover_id"], ["handover.id"], name=op.f("fk_handover_line_handover_id_handover")),
        sa.PrimaryKeyConstraint("handover_id", "position", name=op.f("pk_handover_line")),
    )
