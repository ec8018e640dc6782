"""Meetings: agenda, frozen data, decisions; what an entry says of obstacles and next steps"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    make_meetings()
    make_points()
    make_freezes()
    make_decisions()
    for column in ("obstacle", "next_step"):
        name = op.f(f"ck_entry_{column}_length")
        check = f"CONSTRAINT {name} CHECK (length({column}) <= 1000)"
        op.execute(f"ALTER TABLE entry ADD COLUMN {column} TEXT DEFAULT '' NOT NULL {check}")
        if op.get_bind().dialect.name == "postgresql":
            op.alter_column("entry", column, server_default=None)


def make_meetings() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", codes("kind", "dispatch", "advance", "topic", "standing"), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("item_kind", codes("item_kind", "problem", "task"), nullable=True),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("attendees", sa.Text(), nullable=False),
        sa.Column("called_by_id", sa.Integer(), nullable=True),
        sa.Column("called_at", INSTANT, nullable=False),
        sa.Column("minutes_number", sa.String(length=80), nullable=False),
        sa.Column("minutes_issued_on", sa.Date(), nullable=True),
        sa.Column("produced_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *lengths("meeting", title=120, host=400, attendees=1000, minutes_number=80),
        sa.CheckConstraint("as_of <= held_on", name=op.f("ck_meeting_as_of_before")),
        sa.CheckConstraint(
            "minutes_issued_on IS NOT NULL OR produced_id IS NULL", name=op.f("ck_meeting_minutes_first")
        ),
        *references("meeting", unit_id="unit", source_id="source", called_by_id="person", produced_id="source"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("produced_id", name=op.f("uq_meeting_produced_id")),
    )
    for column in ("held_on", "unit_id", "source_id"):
        op.create_index(f"ix_meeting_{column}", "meeting", [column])


def make_points() -> None:
    op.create_table(
        "meeting_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", codes("kind", "last", "units", "overdue", "waiting", "own"), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        *lengths("meeting_point", title=120, note=1000),
        *references("meeting_point", meeting_id="meeting"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_point")),
        sa.UniqueConstraint("meeting_id", "position", name=op.f("uq_meeting_point_meeting_id_position")),
    )


def make_freezes() -> None:
    op.create_table(
        "meeting_freeze",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("known_at", INSTANT, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *lengths("meeting_freeze", reason=1000),
        *references("meeting_freeze", meeting_id="meeting", by_id="person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_freeze")),
        sa.UniqueConstraint("meeting_id", "serial", name=op.f("uq_meeting_freeze_meeting_id_serial")),
    )


def make_decisions() -> None:
    table, supports = "meeting_decision", "meeting_decision_support"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lead_unit_id", sa.Integer(), nullable=False),
        sa.Column("deadline_text", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("acceptance", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("noted_by_id", sa.Integer(), nullable=True),
        sa.Column("noted_at", INSTANT, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=True),
        sa.Column("given_by_id", sa.Integer(), nullable=True),
        sa.Column("dropped_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *lengths(table, text=1000, acceptance=400, deadline_text=200, dropped_reason=400),
        *references(
            table, meeting_id="meeting", lead_unit_id="unit", item_id="item", noted_by_id="person", given_by_id="person"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("item_id", name=op.f(f"uq_{table}_item_id")),
        sa.UniqueConstraint("meeting_id", "position", name=op.f(f"uq_{table}_meeting_id_position")),
    )
    op.create_index(f"ix_{table}_lead_unit_id", table, ["lead_unit_id"])
    op.create_table(
        supports,
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *references(supports, decision_id=table, unit_id="unit"),
        sa.PrimaryKeyConstraint("decision_id", "unit_id", name=op.f(f"pk_{supports}")),
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
