"""Which items a report tells of, so that who may read it depends on their readers as they are now; who signed it"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_item",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_item_report_id_report")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_report_item_item_id_item")),
        sa.PrimaryKeyConstraint("report_id", "item_id", name=op.f("pk_report_item")),
    )
    link_items()
    op.create_index("ix_report_item_item_id", "report_item", ["item_id"])
    op.drop_column("report", "is_restricted")
    add_signer()


def link_items() -> None:
    """Link every report with the items of the facts that it keeps."""
    bind = op.get_bind()
    find = sa.text("SELECT facts FROM report WHERE id = :id")
    link = sa.text("INSERT INTO report_item (report_id, item_id) SELECT :report, id FROM item WHERE number = :number")
    for report_id in bind.scalars(sa.text("SELECT id FROM report ORDER BY id")).all():
        facts = json.loads(bind.scalar(find, {"id": report_id}) or "{}")
        numbers = {item["number"] for source in facts.get("sources", ()) for item in source["items"]}
        if numbers:
            bind.execute(link, [{"report": report_id, "number": number} for number in sorted(numbers)])


def add_signer() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "ALTER TABLE report ADD COLUMN signer VARCHAR(40) DEFAULT '' NOT NULL "
            "CONSTRAINT ck_report_signer_length CHECK (length(signer) <= 40)"
        )
        return
    op.add_column("report", sa.Column("signer", sa.String(length=40), nullable=False, server_default=""))
    op.alter_column("report", "signer", server_default=None)
    op.create_check_constraint(op.f("ck_report_signer_length"), "report", "length(signer) <= 40")
