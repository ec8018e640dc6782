"""Second looks at closed items, and checks of what is kept up for ever"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def codes(words: str, name: str) -> sa.Enum:
    return sa.Enum(*words.split(), name=name, native_enum=False, create_constraint=True, length=40)


def number(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def instant(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def reference(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def check(table: str, condition: str, name: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def length(table: str, column: str, limit: int) -> sa.CheckConstraint:
    return check(table, f"length({column}) <= {limit}", f"{column}_length")


def upgrade() -> None:
    widen_items()
    widen_sources()
    make_draws()
    make_looks()
    make_checks()
    plan_checks()


def widen_items() -> None:
    key = op.f("fk_item_recurs_of_id_item")
    op.execute(f"ALTER TABLE item ADD COLUMN recurs_of_id INTEGER CONSTRAINT {key} REFERENCES item (id)")
    op.add_column("item", sa.Column("next_check_on", sa.Date(), nullable=True))
    op.create_index("ix_item_recurs_of_id", "item", ["recurs_of_id"])
    op.create_index("ix_item_next_check_on", "item", ["next_check_on"])


def widen_sources() -> None:
    name = op.f("ck_source_check_months_positive")
    column = f"check_months INTEGER DEFAULT 3 NOT NULL CONSTRAINT {name} CHECK (check_months > 0)"
    op.execute(f"ALTER TABLE source ADD COLUMN {column}")
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("source", "check_months", server_default=None)


def make_draws() -> None:
    table = "reinspection_draw"
    op.create_table(
        table,
        number("id", nullable=False),
        number("serial", nullable=False),
        sa.Column("drawn_on", sa.Date(), nullable=False),
        instant("drawn_at", nullable=False),
        number("by_id", nullable=False),
        number("for_id"),
        sa.Column("note", sa.String(length=200), nullable=False),
        number("source_id"),
        number("unit_id"),
        sa.Column("kind", codes("problem task", "kind"), nullable=True),
        *(number(name) for name in ("older", "younger", "share", "wanted")),
        sa.Column("seed", sa.String(length=40), nullable=False),
        number("population", nullable=False),
        number("size", nullable=False),
        sa.Column("members", sa.Text(), nullable=False),
        check(table, "(share IS NULL) <> (wanted IS NULL)", "share_or_number"),
        check(table, "size > 0 AND size <= population", "size_fits"),
        length(table, "seed", 40),
        length(table, "note", 200),
        reference(table, "by_id", "person"),
        reference(table, "for_id", "person"),
        reference(table, "source_id", "source"),
        reference(table, "unit_id", "unit"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("serial", name=op.f(f"uq_{table}_serial")),
    )


def make_looks() -> None:
    table = "reinspection"
    people = ("inspector_id", "recorded_by_id", "recorded_for_id")
    op.create_table(
        table,
        number("id", nullable=False),
        number("draw_id", nullable=False),
        number("position", nullable=False),
        number("item_id", nullable=False),
        number("unit_id"),
        sa.Column("closed_on", sa.Date(), nullable=False),
        number("inspector_id"),
        instant("assigned_at"),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", codes("waiting passed rebound", "state"), nullable=False),
        sa.Column("inspected_on", sa.Date(), nullable=True),
        sa.Column("findings", sa.Text(), nullable=False),
        number("recorded_by_id"),
        number("recorded_for_id"),
        instant("recorded_at"),
        sa.Column("is_for_others", sa.Boolean(), nullable=False),
        number("recurred_id"),
        number("correction_id"),
        number("version", nullable=False),
        check(table, "(state = 'waiting') = (recorded_at IS NULL)", "result_has_time"),
        check(table, "(state = 'waiting') = (inspected_on IS NULL)", "result_has_day"),
        check(table, "state = 'waiting' OR inspector_id IS NOT NULL", "result_has_inspector"),
        check(table, "(inspector_id IS NULL) = (due_on IS NULL)", "given_until"),
        length(table, "findings", 2000),
        reference(table, "draw_id", "reinspection_draw"),
        reference(table, "item_id", "item"),
        reference(table, "recurred_id", "item"),
        reference(table, "unit_id", "unit"),
        reference(table, "correction_id", "correction"),
        *(reference(table, name, "person") for name in people),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("draw_id", "item_id", name=op.f(f"uq_{table}_draw_id_item_id")),
    )
    op.create_index("ix_reinspection_item_id", table, ["item_id"])
    op.create_index("ix_reinspection_unit_id_state", table, ["unit_id", "state"])
    op.create_index("ix_reinspection_inspector_id_state", table, ["inspector_id", "state"])
    make_files("reinspection_file", "reinspection_id", "reinspection")


def make_files(table: str, column: str, to: str) -> None:
    op.create_table(
        table,
        number(column, nullable=False),
        number("serial", nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        number("size_bytes", nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        length(table, "name", 255),
        reference(table, column, to),
        sa.PrimaryKeyConstraint(column, "serial", name=op.f(f"pk_{table}")),
    )


def make_checks() -> None:
    table = "lasting_check"
    op.create_table(
        table,
        number("id", nullable=False),
        number("item_id", nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("is_kept", sa.Boolean(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        number("by_id", nullable=False),
        number("for_id"),
        instant("recorded_at", nullable=False),
        check(table, "next_on > checked_on", "next_later"),
        length(table, "findings", 2000),
        reference(table, "item_id", "item"),
        reference(table, "by_id", "person"),
        reference(table, "for_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_lasting_check_item_id_checked_on", table, ["item_id", "checked_on"])
    make_files("lasting_check_file", "check_id", table)


def plan_checks() -> None:
    """What is kept up for ever already is looked at three months after its last change, as what begins now."""
    later = "date(changed_on, '+3 months')"
    if op.get_bind().dialect.name == "postgresql":
        later = "CAST(changed_on + INTERVAL '3 months' AS DATE)"
    is_long = "deadline_kind = 'long_term' AND state IN ('working', 'applied')"
    op.execute(f"UPDATE item SET next_check_on = {later} WHERE state = 'sustained' OR ({is_long})")
