"""Chains with meetings, superiors and named deciders; decisions on paper; recusal; declarations that are accepted"""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import allow

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

STEPS = "unit_head office leader collective superior"
ROUTES = "leader discipline collective superior"


def codes(words: str, name: str) -> sa.Enum:
    return sa.Enum(*words.split(), name=name, native_enum=False, create_constraint=True, length=40)


def instant(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def reference(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def length(table: str, column: str, limit: int) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"length({column}) <= {limit}", name=op.f(f"ck_{table}_{column}_length"))


def upgrade() -> None:
    for table in ("closing_step", "review"):
        allow(table, "kind", after="leader", values=("collective", "superior"))
    allow("item_change", "event", after="close", values=("confirm",))
    create_paper()
    # The same words on both databases: SQLite adds a column with its constraint, but no constraint by itself.
    for table, column, to in (
        ("closing_step", "named_id", "person"),
        ("review", "named_id", "person"),
        ("review", "paper_id", "paper"),
    ):
        key = f"fk_{table}_{column}_{to}"
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} INTEGER CONSTRAINT {key} REFERENCES {to} (id)")
    listed = ", ".join(f"'{route}'" for route in ROUTES.split())
    op.execute(
        f"ALTER TABLE review ADD COLUMN route VARCHAR(40) CONSTRAINT ck_review_route CHECK (route IN ({listed}))"
    )
    op.execute("ALTER TABLE review ADD COLUMN decided_on DATE")
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    day = "date(decided_at, '+8 hours')" if is_sqlite else "CAST(decided_at AT TIME ZONE 'Asia/Shanghai' AS DATE)"
    op.execute(f"UPDATE review SET decided_on = {day} WHERE decided_at IS NOT NULL")
    for column in ("named_id", "paper_id"):
        op.create_index(op.f(f"ix_review_{column}"), "review", [column], unique=False)
    create_recusal()
    create_declaration()


def create_paper() -> None:
    op.create_table(
        "paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("document_number", sa.String(length=80), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("entered_for_id", sa.Integer(), nullable=True),
        instant("entered_at", nullable=False),
        length("paper", "body", 80),
        length("paper", "title", 200),
        length("paper", "document_number", 80),
        length("paper", "file_name", 255),
        reference("paper", "entered_by_id", "person"),
        reference("paper", "entered_for_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
    )


def create_recusal() -> None:
    op.create_table(
        "recusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("step", codes(STEPS, "step"), nullable=False),
        sa.Column("route", codes(ROUTES, "route"), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        instant("set_at", nullable=False),
        sa.CheckConstraint("(source_id IS NULL) <> (item_id IS NULL)", name=op.f("ck_recusal_one_subject")),
        length("recusal", "reason", 400),
        reference("recusal", "source_id", "source"),
        reference("recusal", "item_id", "item"),
        reference("recusal", "person_id", "person"),
        reference("recusal", "set_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusal")),
        sa.UniqueConstraint("source_id", "step", name=op.f("uq_recusal_source_id_step")),
        sa.UniqueConstraint("item_id", "step", name=op.f("uq_recusal_item_id_step")),
    )


def create_declaration() -> None:
    op.create_table(
        "declaration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("declared_on", sa.Date(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("declared_by_id", sa.Integer(), nullable=False),
        sa.Column("declared_for_id", sa.Integer(), nullable=True),
        instant("declared_at", nullable=False),
        sa.Column("is_accepted", sa.Boolean(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_for_id", sa.Integer(), nullable=True),
        instant("decided_at"),
        sa.Column("answer", sa.Text(), nullable=False),
        length("declaration", "statement", 2000),
        length("declaration", "answer", 1000),
        reference("declaration", "item_id", "item"),
        *(
            reference("declaration", f"{column}_id", "person")
            for column in ("declared_by", "declared_for", "decided_by", "decided_for")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
    )
    op.create_index(op.f("ix_declaration_item_id"), "declaration", ["item_id"], unique=False)
    op.create_index(
        "ix_declaration_open",
        "declaration",
        ["item_id"],
        unique=True,
        postgresql_where=sa.text("is_accepted IS NULL"),
        sqlite_where=sa.text("is_accepted IS NULL"),
    )
