"""Applications tell measure by measure, pledge, keep what stood when they were filed; drafts of applications"""

import json
from decimal import Decimal

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TEXTS = ("similar_checked", "similar_found", "mechanism", "explanation")


def upgrade() -> None:
    # Written out, because SQLite takes a CHECK with a new column but not after it.
    for name in TEXTS:
        op.execute(
            f"ALTER TABLE application ADD COLUMN {name} TEXT DEFAULT '' NOT NULL "
            f"CONSTRAINT ck_application_{name}_length CHECK (length({name}) <= 2000)"
        )
    op.add_column("application", sa.Column("is_pledged", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("application", sa.Column("snapshot", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "application_draft",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("telling", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_application_draft_by_id_person")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_application_draft_item_id_item")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_application_draft_unit_id_unit")),
        sa.PrimaryKeyConstraint("item_id", "unit_id", name=op.f("pk_application_draft")),
    )
    keep_what_stands()


def keep_what_stands() -> None:
    """Let what waits for a decision carry the measures, files and results that stand now."""
    connection = op.get_bind()
    pending = "item_id IN (SELECT item_id FROM application WHERE state = 'pending')"
    measures, evidence, outcomes = (
        by_item(connection.execute(sa.text(query.format(pending=pending))))
        for query in (
            "SELECT m.item_id, m.id, m.text, coalesce(p.name, '') AS owner, m.due_on, m.done_on, '' AS told "
            "FROM measure m LEFT JOIN person p ON p.id = m.owner_id WHERE m.{pending} ORDER BY m.position, m.id",
            "SELECT e.item_id, e.serial, e.name, e.size_bytes, e.sha256, p.name AS by, e.is_for_others, "
            "e.added_at AS added_on, e.media_type FROM evidence e JOIN person p ON p.id = e.by_id "
            "WHERE e.removed_at IS NULL AND e.{pending} ORDER BY e.serial",
            "SELECT item_id, kind, amount, note, counted_on FROM outcome WHERE {pending} ORDER BY id",
        )
    )
    waiting = connection.execute(sa.text("SELECT id, item_id FROM application WHERE state = 'pending'")).all()
    for application_id, item_id in waiting:
        filed = {"measures": measures, "evidence": evidence, "outcomes": outcomes}
        snapshot = json.dumps({name: rows.get(item_id, []) for name, rows in filed.items()}, ensure_ascii=False)
        connection.execute(
            sa.text("UPDATE application SET snapshot = :snapshot WHERE id = :id"),
            {"snapshot": snapshot, "id": application_id},
        )


def by_item(rows: sa.CursorResult) -> dict[int, list[dict[str, object]]]:
    found: dict[int, list[dict[str, object]]] = {}
    for row in rows.mappings():
        values = {name: kept(name, value) for name, value in row.items() if name != "item_id"}
        found.setdefault(row["item_id"], []).append(values)
    return found


def kept(name: str, value: object) -> object:
    """Days as 2026-06-30 (text on SQLite, dates on PostgreSQL), amounts as printed."""
    if name == "amount":
        text = f"{Decimal(str(value)):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)[:10] if name.endswith("_on") and value is not None else value
