"""The bare statements that ``make bench`` measures beside: no more than the page or the figures need."""

from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from tracker.core.db import Instant

_NAMES = """
    SELECT i.number, i.finding, i.state, i.due_on, s.title, u.name, l.name, o.name
    FROM item i JOIN source s ON s.id = i.source_id
    LEFT JOIN unit u ON u.id = i.lead_unit_id
    LEFT JOIN person l ON l.id = i.leader_id
    LEFT JOIN person o ON o.id = i.owner_id
    WHERE i.kind = 'problem' AND i.state <> 'void' {more}
    ORDER BY i.source_id, i.number LIMIT 50 OFFSET {offset}
"""
_COUNT = "SELECT count(*) FROM item i WHERE i.kind = 'problem' AND i.state <> 'void' {more}"
_MINE = "AND (i.owner_id = :owner OR i.handler_id = :owner OR i.leader_id = :owner OR i.supervisor_id = :owner)"

LIST = (_COUNT.format(more=""), _NAMES.format(more="", offset=0))
FAR_LIST = (_COUNT.format(more=""), _NAMES.format(more="", offset=49_950))
OWNED_LIST = (_COUNT.format(more=_MINE), _NAMES.format(more=_MINE, offset=0))

_COUNTS = """
    SELECT c.lead_unit_id, count(*), count(*) FILTER (WHERE c.state = 'closed'),
           count(*) FILTER (WHERE c.state IN ('issued', 'working', 'applied') AND c.due_on < :day)
    FROM item_change c WHERE c.effective_on <= :day AND {held} GROUP BY c.lead_unit_id
"""
TODAY = DAY = (_COUNTS.format(held="c.until > :day"),)
KNOWN = (_COUNTS.format(held="c.recorded_at <= :known AND (c.until > :day OR c.superseded_at > :known)"),)
OWNED = (
    _COUNTS.format(
        held="c.until > :day AND (c.owner_id = :owner OR c.handler_id = :owner"
        " OR c.leader_id = :owner OR c.supervisor_id = :owner)"
    ),
)

_MOVED = """
    SELECT {day}, {sign} * count(*), {sign} * count(*) FILTER (WHERE c.state = 'closed')
    FROM item_change c WHERE c.effective_on <= :last AND c.until > :first AND c.parent_id IS NULL AND {more}
    AND c.state IN ('draft', 'issued', 'working', 'applied', 'sustained', 'closed') GROUP BY 1
"""
_STARTS = _MOVED.format(
    day="CASE WHEN c.effective_on <= :first THEN NULL ELSE c.effective_on END", sign="", more="TRUE"
).replace(" * count", "count")
_ENDS = _MOVED.format(day="c.until", sign="-1", more="c.until <= :last")
# Each change adds an item on its day and takes it away on that of the next: no day is counted by itself.
TREND = (f"{_STARTS} UNION ALL {_ENDS}",)


def execute(session: Session, statement: str, values: dict[str, Any]) -> Any:
    """Run one statement with typed values and read all its rows."""
    typed = [bindparam("known", type_=Instant())] if "known" in values else []
    return session.execute(text(statement).bindparams(*typed), values).all()
