"""Pages of a list: counted up to a cap, so that a count never costs more than a page needs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request, url_for
from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import Session

Row = TypeVar("Row")

PAGE_SIZE = 50
COUNT_CAP = 10_000


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows of one page. ``total`` counts at most COUNT_CAP rows; ``total_is_capped`` says that there are more."""

    rows: Sequence[Row]
    number: int
    size: int
    total: int
    total_is_capped: bool

    @property
    def pages(self) -> int:
        """The number of pages, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def has_previous(self) -> bool:
        """Whether a page comes before this one."""
        return self.number > 1

    @property
    def has_next(self) -> bool:
        """Whether a page comes after this one."""
        return self.number < self.pages

    def url(self, number: int) -> str:
        """The present address with another page number."""
        args: dict[str, Any] = {**(request.view_args or {}), **request.args.to_dict(flat=False), "page": number}
        return url_for(request.endpoint or "", **args)


def page_number() -> int:
    """The page asked for in the address; anything but a number from 1 on means 1."""
    asked = request.args.get("page", "1")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


def paginate(
    session: Session,
    query: Select[Any],
    *,
    number: int,
    rows: Callable[[Select[Any]], Sequence[Row]],
    size: int = PAGE_SIZE,
    counted: int | None = None,
) -> Page[Row]:
    """Count a query up to the cap and read one page of it; a number past the end means the last page.

    ``counted`` is how many rows there are, where the caller knows it and nothing need be asked.
    """
    if counted is None:
        counted = _count(session, query)
    total = min(counted, COUNT_CAP)
    number = min(number, max(1, -(-total // size)))
    return Page(rows(query.limit(size).offset((number - 1) * size)), number, size, total, counted > COUNT_CAP)


def _count(session: Session, query: Select[Any]) -> int:
    # Without a condition nothing else would name the table that is counted.
    counting = query.order_by(None).with_only_columns(literal(1), maintain_column_froms=True)
    capped = counting.limit(COUNT_CAP + 1).subquery()
    return session.scalar(select(func.count()).select_from(capped)) or 0
