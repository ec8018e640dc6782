"""The working calendar"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def codes(words: str, name: str) -> sa.Enum:
    return sa.Enum(*words.split(), name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.Column("working_ordinal", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("origin", codes("announced guessed corrected", "origin"), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(name) <= 40", name=op.f("ck_calendar_day_name_length")),
        sa.CheckConstraint("length(reason) <= 200", name=op.f("ck_calendar_day_reason_length")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_day")),
    )
    op.create_index(
        op.f("ix_calendar_day_working_ordinal_is_working"),
        "calendar_day",
        ["working_ordinal", "is_working"],
        unique=False,
    )
