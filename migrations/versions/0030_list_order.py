"""The index of the lists has their order: the newest source first"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_item_list", "item")
    op.create_index("ix_item_list", "item", [sa.text("source_id DESC"), "number"])
