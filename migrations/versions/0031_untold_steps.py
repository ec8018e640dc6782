"""What nobody was told of yet is found without what was told over the years"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    untold = sa.text("told_at IS NULL")
    op.create_index("ix_occurrence_untold", "occurrence", ["item_id"], sqlite_where=untold, postgresql_where=untold)
