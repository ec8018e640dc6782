"""Outside channels: robots of work groups, gateways for short messages, and the messages that leave through them"""

import json

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import allow, rebuild

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

CHECK = "(channel IN ('sms', 'group')) = (outlet_id IS NOT NULL)"


def upgrade() -> None:
    op.create_table(
        "outlet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "wecom", "dingtalk", "feishu", "sms", name="kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("keeper_id", sa.Integer(), nullable=True),
        sa.Column("endpoint", sa.String(length=500), nullable=False),
        sa.Column("secret", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("tells_more", sa.Boolean(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(kind = 'sms') = (keeper_id IS NULL)", name=op.f("ck_outlet_robot_has_keeper")),
        sa.CheckConstraint("(kind = 'sms') = (unit_id IS NULL)", name=op.f("ck_outlet_robot_has_unit")),
        sa.CheckConstraint("length(endpoint) <= 500", name=op.f("ck_outlet_endpoint_length")),
        sa.CheckConstraint("length(name) <= 40", name=op.f("ck_outlet_name_length")),
        sa.CheckConstraint("length(secret) <= 200", name=op.f("ck_outlet_secret_length")),
        sa.ForeignKeyConstraint(["keeper_id"], ["person.id"], name=op.f("fk_outlet_keeper_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_outlet_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outlet")),
        sa.UniqueConstraint("key", name=op.f("uq_outlet_key")),
        sa.UniqueConstraint("name", name=op.f("uq_outlet_name")),
    )
    op.create_index(op.f("ix_outlet_keeper_id"), "outlet", ["keeper_id"], unique=False)
    op.create_index(op.f("ix_outlet_unit_id"), "outlet", ["unit_id"], unique=False)
    allow("message", "channel", after="mail", values=("sms", "group"))
    _add_outlet_to_messages()
    op.create_index(op.f("ix_message_outlet_id"), "message", ["outlet_id"], unique=False)
    _find_items_of_messages()


def _add_outlet_to_messages() -> None:
    foreign_key = op.f("fk_message_outlet_id_outlet")
    check = op.f("ck_message_outside_has_outlet")
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"ALTER TABLE message ADD COLUMN outlet_id INTEGER CONSTRAINT {foreign_key} REFERENCES outlet (id)")
        # A CHECK over two columns cannot be added to a table that stands.
        claimed = "CONSTRAINT ck_message_claimed_has_token"
        rebuild("message", (claimed, f"CONSTRAINT {check} CHECK ({CHECK}), {claimed}"))
        return
    op.add_column("message", sa.Column("outlet_id", sa.Integer(), nullable=True))
    op.create_foreign_key(foreign_key, "message", "outlet", ["outlet_id"], ["id"])
    op.create_check_constraint(check, "message", CHECK)


def _find_items_of_messages() -> None:
    """What was sent before this table was there is found by item as well."""
    table = op.create_table(
        "message_item",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_message_item_message_id_message")),
        sa.PrimaryKeyConstraint("message_id", "number", name=op.f("pk_message_item")),
    )
    op.create_index(op.f("ix_message_item_number"), "message_item", ["number"], unique=False)
    rendered = op.get_bind().execute(sa.text("SELECT id, item_numbers FROM message WHERE subject <> ''")).all()
    rows = [{"message_id": id_, "number": each} for id_, told in rendered for each in dict.fromkeys(json.loads(told))]
    if rows:
        op.bulk_insert(table, rows)
