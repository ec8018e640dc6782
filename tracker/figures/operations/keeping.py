"""Keeping figures of past days."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from tracker.core import clock
from tracker.core.sql import insert_or_renew
from tracker.figures.models import FigureDay
from tracker.figures.queries import Trend

KEPT_DAYS = 90


def keep_days(session: Session, trend: Trend) -> None:
    """Write down what was counted, for whoever asks the same again; drop what nobody wrote down anew for long.

    Nothing of it is noted in the trail: it says no more than the changes do.
    """
    today = clock.today()
    session.execute(delete(FigureDay).where(FigureDay.kept_on < today - timedelta(days=KEPT_DAYS)))
    if not trend.to_keep or trend.known_at is None:
        return
    same = {"key": trend.key, "beside": trend.beside, "known_at": trend.known_at, "kept_on": today}
    rows = [
        same | {"day": point.day, "total": point.total, "closed": point.closed, "left_out": point.left_out}
        for point in trend.to_keep
    ]
    session.execute(
        insert_or_renew(session, FigureDay, "beside", "known_at", "total", "closed", "left_out", "kept_on"), rows
    )
