"""Superiors' forms with their issues, and papers filed beside a source"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "submission_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("recipient", sa.String(length=200), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("sheet", sa.String(length=100), nullable=False),
        sa.Column("first_row", sa.Integer(), nullable=False),
        sa.Column("last_row", sa.Integer(), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("drawn_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("first_row > 0 AND last_row >= first_row", name=op.f("ck_submission_form_rows_in_order")),
        sa.CheckConstraint("length(file_name) <= 255", name=op.f("ck_submission_form_file_name_length")),
        sa.CheckConstraint("length(recipient) <= 200", name=op.f("ck_submission_form_recipient_length")),
        sa.CheckConstraint("length(title) <= 200", name=op.f("ck_submission_form_title_length")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_submission_form_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_form")),
    )
    op.create_index(op.f("ix_submission_form_source_id"), "submission_form", ["source_id"], unique=False)

    op.create_table(
        "source_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(file_name) <= 255", name=op.f("ck_source_document_file_name_length")),
        sa.CheckConstraint("length(title) <= 200", name=op.f("ck_source_document_title_length")),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_source_document_not_empty")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_source_document_by_id_person")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_source_document_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_document")),
    )
    op.create_index(op.f("ix_source_document_source_id"), "source_document", ["source_id"], unique=False)

    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by", sa.String(length=100), nullable=False),
        sa.Column("handed_in_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("scan_name", sa.String(length=255), nullable=False),
        sa.Column("scan_sha256", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("closed <= total", name=op.f("ck_submission_closed_of_total")),
        sa.CheckConstraint("length(file_name) <= 255", name=op.f("ck_submission_file_name_length")),
        sa.CheckConstraint("length(note) <= 1000", name=op.f("ck_submission_note_length")),
        sa.CheckConstraint("length(signed_by) <= 100", name=op.f("ck_submission_signed_by_length")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_submission_by_id_person")),
        sa.ForeignKeyConstraint(
            ["form_id"], ["submission_form.id"], name=op.f("fk_submission_form_id_submission_form")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("form_id", "issue", name=op.f("uq_submission_form_id_issue")),
    )
