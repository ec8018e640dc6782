"""Rules in sets with light, slip, channels and escalation; dates of anything remind; milestones"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TRIGGERS = "before_due on_due overdue_by overdue_every not_accepted review_pending unchecked"
RECIPIENTS = "owner handler liaison unit_head supporting upper_head supervisor leader decider office person"
SUBJECTS = "item review milestone measure source_milestone"
BASES = "deadline acceptance review check"
OLD = ("occurrence", "rule_recipient", "reminder_rule")
DEFAULT = "(SELECT id FROM rule_set WHERE key = 'plain')"
# What the rules that are there have always said, now written down.
LIGHT = "CASE WHEN trigger = 'overdue_every' THEN 'red' WHEN key = 'before-20' THEN 'green' ELSE 'yellow' END"


def codes(words: str, name: str) -> sa.Enum:
    return sa.Enum(*words.split(), name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    # Made anew instead of altered: CHECKs are widened, columns are added that may not be empty, a key is another.
    for table in OLD:
        op.execute(f"CREATE TABLE old_{table} AS SELECT * FROM {table}")
        op.drop_table(table)
    create_rules()
    create_consequences()
    op.execute(
        "INSERT INTO rule_set (key, name, is_shipped) SELECT 'plain', '通用规则', true "
        "WHERE EXISTS (SELECT id FROM old_reminder_rule)"
    )
    op.execute(
        "INSERT INTO reminder_rule (id, key, rule_set_id, trigger, days, counts, light, label, slip, drafts_notice, "
        f"is_active, active_from, version) SELECT id, key, {DEFAULT}, trigger, days, counts, {LIGHT}, '', '', "
        "trigger = 'overdue_every', is_active, active_from, version FROM old_reminder_rule"
    )
    op.execute(
        "INSERT INTO rule_recipient (rule_id, recipient, begins_at) SELECT rule_id, recipient, 0 FROM old_rule_recipient"
    )
    for channel in ("inbox", "mail", "sms"):
        op.execute(f"INSERT INTO rule_channel (rule_id, channel) SELECT id, '{channel}' FROM old_reminder_rule")
    op.execute(
        "INSERT INTO occurrence (id, subject, subject_id, item_id, rule_id, basis, repetition, deadline, person_id, "
        "reached_on, covers, covers_from, digest, queued_at) SELECT o.id, 'item', o.item_id, o.item_id, o.rule_id, "
        "CASE WHEN r.trigger = 'not_accepted' THEN 'acceptance' ELSE 'deadline' END, o.repetition, o.deadline, "
        "o.person_id, o.reached_on, o.rule_id || '\\:0', o.reached_on, o.digest, o.queued_at "
        "FROM old_occurrence o JOIN old_reminder_rule r ON r.id = o.rule_id"
    )
    op.execute(
        "UPDATE occurrence SET told_at = queued_at WHERE EXISTS (SELECT id FROM message m WHERE m.kind = "
        "'reminder_digest' AND m.channel = 'inbox' AND m.state = 'sent' AND m.person_id = occurrence.person_id "
        "AND m.slot = occurrence.digest)"
    )
    for table in OLD:
        op.drop_table(f"old_{table}")
    if op.get_bind().dialect.name == "postgresql":
        for table in ("reminder_rule", "occurrence"):
            op.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM {table}), false)"
            )

    create_milestones()


def create_milestones() -> None:
    handed_in = (
        ("handed_in_on", sa.Date(), True),
        ("document_number", sa.String(length=80), False),
        ("file_name", sa.String(length=255), False),
        ("file_sha256", sa.String(length=64), False),
    )
    op.create_table(
        "milestone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.Column(name, kind, nullable=nullable) for name, kind, nullable in handed_in),
        sa.CheckConstraint("length(title) <= 200", name=op.f("ck_milestone_title_length")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_milestone_item_id_item")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_milestone_owner_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
        sa.UniqueConstraint("item_id", "title", name=op.f("uq_milestone_item_id_title")),
    )
    op.create_index(op.f("ix_milestone_due_on"), "milestone", ["due_on"], unique=False)
    op.create_table(
        "source_milestone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("kind", codes("plan rectification_ends progress_report head_report other", "kind"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.Column(name, kind, nullable=nullable) for name, kind, nullable in handed_in),
        sa.CheckConstraint("length(title) <= 200", name=op.f("ck_source_milestone_title_length")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_source_milestone_owner_id_person")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_source_milestone_source_id_source")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_source_milestone_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_milestone")),
        sa.UniqueConstraint("source_id", "kind", "title", name=op.f("uq_source_milestone_source_id_kind_title")),
    )
    op.create_index(op.f("ix_source_milestone_due_on"), "source_milestone", ["due_on"], unique=False)
    op.add_column("measure", sa.Column("dated_on", sa.Date(), nullable=True))
    op.create_index(op.f("ix_measure_due_on"), "measure", ["due_on"], unique=False)
    # Measures were not reminded of until now: of what has passed by today nothing is told.
    op.execute("UPDATE measure SET dated_on = CURRENT_DATE WHERE due_on IS NOT NULL")


def create_rules() -> None:
    op.create_table(
        "rule_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("is_shipped", sa.Boolean(), nullable=False),
        sa.CheckConstraint("length(name) <= 40", name=op.f("ck_rule_set_name_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_set")),
        sa.UniqueConstraint("key", name=op.f("uq_rule_set_key")),
        sa.UniqueConstraint("name", name=op.f("uq_rule_set_name")),
    )
    op.create_table(
        "source_rule_set",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("rule_set_id", sa.Integer(), nullable=False),
        sa.Column("chosen_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["rule_set_id"], ["rule_set.id"], name=op.f("fk_source_rule_set_rule_set_id_rule_set")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_source_rule_set_source_id_source")),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_source_rule_set")),
    )
    op.create_index(op.f("ix_source_rule_set_rule_set_id"), "source_rule_set", ["rule_set_id"], unique=False)
    op.create_table(
        "reminder_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("rule_set_id", sa.Integer(), nullable=False),
        sa.Column("trigger", codes(TRIGGERS, "trigger"), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("counts", codes("natural working", "counts"), nullable=False),
        sa.Column("light", codes("green yellow red", "light"), nullable=False),
        sa.Column("label", sa.String(length=20), nullable=False),
        sa.Column("slip", sa.String(length=20), nullable=False),
        sa.Column("drafts_notice", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("active_from", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "days > 0 OR trigger NOT IN ('overdue_every', 'unchecked')",
            name=op.f("ck_reminder_rule_repeats_after_days"),
        ),
        sa.CheckConstraint("days >= 0", name=op.f("ck_reminder_rule_days_not_negative")),
        sa.CheckConstraint("length(label) <= 20", name=op.f("ck_reminder_rule_label_length")),
        sa.CheckConstraint("length(slip) <= 20", name=op.f("ck_reminder_rule_slip_length")),
        sa.ForeignKeyConstraint(["rule_set_id"], ["rule_set.id"], name=op.f("fk_reminder_rule_rule_set_id_rule_set")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_rule")),
        sa.UniqueConstraint("key", name=op.f("uq_reminder_rule_key")),
    )
    op.create_index(op.f("ix_reminder_rule_rule_set_id"), "reminder_rule", ["rule_set_id"], unique=False)
    of_rule = ["rule_id"], ["reminder_rule.id"]
    op.create_table(
        "rule_recipient",
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("recipient", codes(RECIPIENTS, "recipient"), nullable=False),
        sa.Column("begins_at", sa.Integer(), nullable=False),
        sa.CheckConstraint("begins_at >= 0", name=op.f("ck_rule_recipient_begins_at_not_negative")),
        sa.ForeignKeyConstraint(*of_rule, name=op.f("fk_rule_recipient_rule_id_reminder_rule")),
        sa.PrimaryKeyConstraint("rule_id", "recipient", name=op.f("pk_rule_recipient")),
    )
    op.create_table(
        "rule_person",
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_rule_person_person_id_person")),
        sa.ForeignKeyConstraint(*of_rule, name=op.f("fk_rule_person_rule_id_reminder_rule")),
        sa.PrimaryKeyConstraint("rule_id", "person_id", name=op.f("pk_rule_person")),
    )
    op.create_table(
        "rule_channel",
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("channel", codes("inbox mail sms group", "channel"), nullable=False),
        sa.ForeignKeyConstraint(*of_rule, name=op.f("fk_rule_channel_rule_id_reminder_rule")),
        sa.PrimaryKeyConstraint("rule_id", "channel", name=op.f("pk_rule_channel")),
    )


def create_consequences() -> None:
    op.create_table(
        "occurrence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", codes(SUBJECTS, "subject"), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("basis", codes(BASES, "basis"), nullable=False),
        sa.Column("repetition", sa.Integer(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reached_on", sa.Date(), nullable=False),
        sa.Column("covers", sa.Text(), nullable=False),
        sa.Column("covers_from", sa.Date(), nullable=False),
        sa.Column("digest", sa.String(length=20), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_occurrence_item_id_item")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_occurrence_person_id_person")),
        sa.ForeignKeyConstraint(["rule_id"], ["reminder_rule.id"], name=op.f("fk_occurrence_rule_id_reminder_rule")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrence")),
        sa.UniqueConstraint(
            "subject", "subject_id", "rule_id", "repetition", "deadline", "person_id", name=op.f("uq_occurrence")
        ),
    )
    op.create_index(op.f("ix_occurrence_item_id"), "occurrence", ["item_id"], unique=False)
    op.create_index(op.f("ix_occurrence_person_id_digest"), "occurrence", ["person_id", "digest"], unique=False)
    op.create_table(
        "notice_drafted",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("repetition", sa.Integer(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_notice_drafted_item_id_item")),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["reminder_rule.id"], name=op.f("fk_notice_drafted_rule_id_reminder_rule")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_drafted")),
        sa.UniqueConstraint("item_id", "rule_id", "repetition", "deadline", name=op.f("uq_notice_drafted")),
    )
