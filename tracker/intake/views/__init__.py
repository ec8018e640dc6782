"""The pages of intake."""

from tracker.intake.views import ledgers, outline, roster, texts
from tracker.intake.views.blueprint import blueprint

__all__ = ["blueprint", "ledgers", "outline", "roster", "texts"]
