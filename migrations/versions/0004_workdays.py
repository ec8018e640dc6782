"""The working calendar, and what people choose of their reminders"""

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
    op.create_table(
        "reminder_preference",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("digest_hour", sa.Integer(), nullable=True),
        sa.Column("overdue_singly", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("digest_hour BETWEEN 0 AND 23", name=op.f("ck_reminder_preference_digest_hour_of_day")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reminder_preference_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_reminder_preference")),
    )
    _add_counts()


def _add_counts() -> None:
    allowed = "counts IN ('natural', 'working')"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "ALTER TABLE reminder_rule ADD COLUMN counts VARCHAR(40) DEFAULT 'natural' NOT NULL "
            f"CONSTRAINT ck_reminder_rule_counts CHECK ({allowed})"
        )
        return
    op.add_column("reminder_rule", sa.Column("counts", sa.String(length=40), nullable=False, server_default="natural"))
    op.alter_column("reminder_rule", "counts", server_default=None)
    op.create_check_constraint(op.f("ck_reminder_rule_counts"), "reminder_rule", allowed)
