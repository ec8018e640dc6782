"""Sources that leave what is sustained out of denominators, and how many that were in a superior's form"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, column, type_, default in (
        ("source", "leaves_out_sustained", sa.Boolean(), sa.false()),
        ("submission", "left_out", sa.Integer(), "0"),
    ):
        op.add_column(table, sa.Column(column, type_, server_default=default, nullable=False))
        if op.get_bind().dialect.name == "postgresql":
            op.alter_column(table, column, server_default=None)
