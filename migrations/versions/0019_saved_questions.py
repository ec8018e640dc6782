"""Questions of figures kept under a name"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(name) <= 40", name=op.f("ck_saved_question_name_length")),
        sa.CheckConstraint("length(conditions) <= 1000", name=op.f("ck_saved_question_conditions_length")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_saved_question_owner_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_question")),
        sa.UniqueConstraint("owner_id", "name", name=op.f("uq_saved_question_owner_id_name")),
    )
    op.create_index("ix_saved_question_is_shared", "saved_question", ["is_shared"])
