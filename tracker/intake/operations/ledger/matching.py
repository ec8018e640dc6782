"""Which item a row of a ledger means: by its number, else by headings and text."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy.orm import Session

from tracker.access.rules import Actor, reach
from tracker.intake.rules.ledger import LedgerItem
from tracker.intake.rules.ledger.cells import on_one_line
from tracker.items import queries as items
from tracker.items.headings import Field
from tracker.items.models import Item
from tracker.sources.models import Section, Source

Path = tuple[str, ...]


class Matcher:
    """Knows the items that the rows may mean, read in a few queries; each is given to one row only."""

    def __init__(
        self, session: Session, rows: Sequence[LedgerItem], source: Source | None, *, actor: Actor, lock: bool
    ) -> None:
        numbers = {number for row in rows if (number := row.words(Field.NUMBER))}
        found = items.list_for_import(session, numbers, source.id if source else None, reach(actor), lock=lock)
        self.by_number = {item.number: item for item in found}
        self.source_number = source.number if source and source.id else ""
        self._by_text: defaultdict[str, list[Item]] = defaultdict(list)
        for item in found:
            if source is not None and item.source_id == source.id and item.parent_id is None:
                self._by_text[on_one_line(item.finding)].append(item)
        self._taken: set[int] = set()

    def items(self) -> list[Item]:
        """All that may be meant."""
        return list(self.by_number.values())

    def find(self, row: LedgerItem) -> Item | None:
        """The item a row means; None for a new one."""
        number = row.words(Field.NUMBER)
        short = f"{self.source_number}-{number.zfill(3)}" if number.isdigit() and self.source_number else ""
        item = self.by_number.get(number) or self.by_number.get(short) or self._alike(row)
        if item is None or item.id in self._taken:
            return None
        self._taken.add(item.id)
        return item

    def _alike(self, row: LedgerItem) -> Item | None:
        """Of the items with this text the one below the same headings; a ledger without headings means any of them."""
        alike = [item for item in self._by_text.get(on_one_line(row.finding), ()) if item.id not in self._taken]
        same = [item for item in alike if not row.path or path_of(item.section) == row.path]
        return same[0] if same else None


def path_of(section: Section | None) -> Path:
    """The titles above an item, a missing level left out."""
    return () if section is None else (*path_of(section.parent), section.title)
