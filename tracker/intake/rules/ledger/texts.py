"""Word files whose tables are the ledger."""

from collections.abc import Sequence

from tracker.intake.rules.ledger.reading import read_ledger
from tracker.intake.rules.ledger.tables import is_ledger
from tracker.intake.rules.reading import read_outline
from tracker.office.paragraphs import Paragraph
from tracker.office.sheets import Sheet


def is_ledger_text(sheets: Sequence[Sheet], paragraphs: Sequence[Paragraph]) -> bool:
    """Whether the tables of a text are what it is about: they hold at least as many items as the words around them.

    ``sheets`` are all tables of the text, in the order in which the cells of ``paragraphs`` count them.
    """
    ledgers = {place for place, sheet in enumerate(sheets) if sheet.rows and is_ledger(sheet)}
    if not ledgers:
        return False
    items = read_ledger([sheets[place] for place in sorted(ledgers)], received_on=None).items
    around = [paragraph for paragraph in paragraphs if paragraph.cell is None or paragraph.cell.table not in ledgers]
    return len(items) >= (read_outline(around).counted.problems or 0)
