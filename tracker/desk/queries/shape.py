"""The shape of a piece in SQL: every part of the one query has these columns."""

from typing import Any

from sqlalchemy import Boolean, Date, Integer, Numeric, Select, String, cast, literal, null, select, type_coerce
from sqlalchemy.orm import aliased

from tracker.core.db import Instant
from tracker.desk.rules.piece import What
from tracker.org.models import Person

# The columns of Piece with their types. PostgreSQL wants a type on every NULL of a UNION.
COLUMNS: dict[str, Any] = {
    "what": String(),
    "id": Integer(),
    "of": Integer(),
    "number": Integer(),
    "code": String(),
    "state": String(),
    "at": Instant(),
    "other_at": Instant(),
    "day": Date(),
    "other_day": Date(),
    "by_id": Integer(),
    "by": String(),
    "for_id": Integer(),
    "for_name": String(),
    "other": String(),
    "unit_id": Integer(),
    "unit": String(),
    "text": String(),
    "note": String(),
    "aside": String(),
    "amount": Numeric(14, 2),
    "flag": Boolean(),
    "is_undone": Boolean(),
}

By, For, Other, Named = aliased(Person), aliased(Person), aliased(Person), aliased(Person)


def part_of(what: What, **columns: Any) -> Select[Any]:
    """A part with these columns, and NULL in all others."""
    given = {"what": literal(what.value), **columns}
    return select(
        *(
            (type_coerce(given[name], kind) if name in given else cast(null(), kind)).label(f"piece_{name}")
            for name, kind in COLUMNS.items()
        )
    )


def for_whom(column: Any) -> dict[str, Any]:
    """Whom it was done for, by a substitute; the part joins ``For``."""
    return {"for_id": column, "for_name": For.name}
