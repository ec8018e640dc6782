"""Change requests: a deadline that the office itself moves"""

from migrations.rebuilding import allow

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    allow("amendment_line", "field", after="goal", values=("deadline",))
