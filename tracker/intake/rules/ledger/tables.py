"""Which tables of a file are ledgers, and what stands over those in a text."""

import re
from collections.abc import Iterator, Sequence

from tracker.intake.rules.ledger.body import beneath, title_of
from tracker.intake.rules.ledger.columns import Heading
from tracker.intake.rules.ledger.headings import Mapped, continued, find_heading
from tracker.intake.rules.ledger.rows import Title
from tracker.intake.rules.purposes import names_a_field_only, purpose_of_heading
from tracker.items.headings import Field
from tracker.office.sheets import Sheet

# What only a ledger asks of an item: who, by when, how far. A list of problems asks for none of it.
WORK = frozenset(
    {
        Field.MEASURES,
        Field.LEADER,
        Field.SUPERVISOR,
        Field.LEAD_UNIT,
        Field.SUPPORTING_UNITS,
        Field.OWNER,
        Field.DEADLINE,
        Field.OWN_WORD,
        Field.CLOSURE,
    }
)
CAPTION_LENGTH = 60
_PROSE = re.compile(r"[。；;！？]\s*$")
_APART = re.compile(r"附\s*(?:件|表|录)")


def headed(sheets: Sequence[Sheet], mapped: Mapped) -> list[tuple[Sheet, Heading]]:
    """The tables that have the heading of a ledger, or go on right below one that has it."""
    found: list[tuple[Sheet, Heading]] = []
    before: Sheet | None = None
    for sheet in sheets:
        if not sheet.rows or sheet.is_hidden:
            continue
        heading = find_heading(sheet, mapped)
        if heading is None and found and found[-1][0] is before:
            heading = continued(sheet, found[-1][0], found[-1][1])
        if heading is not None:
            found.append((sheet, heading))
        before = sheet
    return found


def is_ledger(sheet: Sheet) -> bool:
    """Whether a table in a text is a ledger: it says what is wrong or to be done, and who answers for it or by when.

    In a form labels stand beside their values, so that no more than half of its cells are known.
    """
    heading = find_heading(sheet, {})
    if heading is None or not heading.columns_of(Field.FINDING):
        return False
    known = [column for column in heading.columns if column.field is not None]
    told = [column for column in heading.columns if column.words]
    has_work = any(column.field in WORK for column in known)
    return has_work and 2 * len(known) > len(told) and sheet.rows[-1].number > heading.last_row


def captions(sheets: Sequence[Sheet]) -> list[Sequence[Title]]:
    """The headings that stand over each table in a text, numbered ones or such as end in 方面.

    They count when they part the tables; one over all of them is no section.
    """
    found: list[Sequence[Title]] = []
    titles: list[Title] = []
    for sheet in sheets:
        for title in _headings(sheet.above or ()):
            titles = beneath(titles, title) if title is not None else []
        found.append(titles)
    different = {tuple(each) for each in found}
    return found if len(different) > 1 else [() for _sheet in sheets]


def _headings(lines: Sequence[str]) -> Iterator[Title | None]:
    """Each heading among the lines; None where running text or a heading of another kind ends what stood before."""
    for line in lines:
        title = title_of(line)
        if len(line) > CAPTION_LENGTH or _PROSE.search(line) or _APART.match(line):
            yield None
        elif title.number or names_a_field_only(line):
            yield title if purpose_of_heading(title.words) is None else None
