"""Filling a superior's form in as of a day: first all that is read, then the file, without a transaction."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import BinaryIO

from sqlalchemy.orm import Session

from tracker.access.rules import Action, Actor, ensure_may, reach
from tracker.core import clock, files
from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.exports.columns import NUMBER
from tracker.exports.queries import list_rows_on
from tracker.exports.rows import PrintRow
from tracker.figures.queries import tally
from tracker.figures.questions import Question
from tracker.figures.rules import Tally
from tracker.office.converting import convert
from tracker.office.docx_filling import fill_document
from tracker.office.docx_reading import kind_of_ole
from tracker.office.filling import Cell, Change, Space
from tracker.office.numerals import chinese_date
from tracker.office.recognition import FileKind, recognise
from tracker.office.sheets import letters
from tracker.office.unreadable import DOCX, XLSX, Unreadable, UnreadableFile
from tracker.settings.queries import load
from tracker.sources.queries import find_counting
from tracker.submissions.columns import BY_HEADING
from tracker.submissions.models import SubmissionForm
from tracker.submissions.operations.forms import places_of
from tracker.submissions.rules import Facts, Told, blanks_of
from tracker.submissions.spaces import Place

# More do not fit a form that somebody reads.
ROWS_MAX = 2_000


@dataclass(frozen=True)
class Gathered:
    """All that a form is filled with; ``told`` is what stands in its rows."""

    blank_sha256: str
    space: Space
    cells: Sequence[Sequence[Cell]]
    told: Told
    facts: Facts


def gather(session: Session, form: SubmissionForm, *, as_of: date, issue: int, actor: Actor) -> Gathered:
    """Read what a form says of its source's items as they stood on a day.

    Raises DomainError for a day in the future or a source without items then.
    """
    ensure_may(actor, Action.SUBMIT)
    if as_of > clock.today():
        raise DomainError(_l("统计截止日不能晚于今天。"), field="as_of")
    rows = list_rows_on(session, form.source_id, as_of, seen_by=reach(actor), limit=ROWS_MAX + 1)
    if not rows:
        raise DomainError(_l("这个来源在这一天还没有事项。"), field="as_of")
    if len(rows) > ROWS_MAX:
        raise DomainError(_l("超过 %(max)d 条，一张报表装不下。", max=ROWS_MAX), field="as_of")
    printed = [place for place in places_of(form) if place.prints]
    merged = [place.column for place in printed if BY_HEADING[place.prints].is_merged]
    return Gathered(
        blank_sha256=form.file_sha256,
        space=Space(form.sheet, form.first_row, form.last_row, [place.column for place in printed], merged),
        cells=[[_cell(place, row) for place in printed] for row in rows],
        told=_told(printed, rows),
        facts=_facts(session, form, as_of=as_of, issue=issue, actor=actor),
    )


def _cell(place: Place, row: PrintRow) -> Cell:
    column = BY_HEADING[place.prints]
    kept = column.kept(row)
    return column.value(row) if kept is None else kept


def _told(printed: Sequence[Place], rows: Sequence[PrintRow]) -> Told:
    """The words of each row by item and heading; headings that stand twice are told apart by their column."""
    borne = Counter(place.words for place in printed)
    names = [place.words + (f"（{letters(place.column)}）" if borne[place.words] > 1 else "") for place in printed]
    values = [BY_HEADING[place.prints].value for place in printed]
    return {NUMBER.value(row): {name: value(row) for name, value in zip(names, values, strict=True)} for row in rows}


def _facts(session: Session, form: SubmissionForm, *, as_of: date, issue: int, actor: Actor) -> Facts:
    ids = [form.source_id]
    question = Question(as_of, source_ids=ids, counting=find_counting(session, ids))
    counted = tally(session, question, reach(actor))
    figures = counted[0].tally if counted else Tally()
    settings = load(session)
    return Facts(
        organ=settings["organ.name"] or settings["organ.short_name"],
        as_of=as_of,
        issue=issue,
        total=figures.total,
        closed=figures.closed,
        rate=figures.closure_rate.printed(settings["rules.rate_decimals"]) or "",
        left_out=figures.left_out,
    )


def fill(gathered: Gathered) -> bytes:
    """The form filled in; nothing is read of the database. Raises UnreadableFile for a blank gone bad."""
    from tracker.office.xlsx_filling import fill_workbook

    def words(text: str) -> Sequence[Change]:
        return blanks_of(text, gathered.facts)

    with files.path_of(gathered.blank_sha256).open("rb") as stream:
        blank = _modern(stream)
        if recognise(blank) is FileKind.docx:
            texts = [["" if cell is None else _text(cell) for cell in row] for row in gathered.cells]
            return fill_document(blank, gathered.space, texts, words)
        return fill_workbook(blank, gathered.space, gathered.cells, words)


def _text(cell: Cell) -> str:
    return chinese_date(cell) if isinstance(cell, date) else str(cell)


def _modern(stream: BinaryIO) -> BinaryIO:
    """The file itself, or an old one in today's form. Raises UnreadableFile for one that is neither table nor text."""
    if recognise(stream) is not FileKind.ole:
        return stream
    old = kind_of_ole(stream.read())
    converted = convert(stream, XLSX if old is Unreadable.old_workbook else DOCX)
    if converted is None:
        raise UnreadableFile(old, field="file")
    return converted


@dataclass(frozen=True)
class Made:
    """A filled form whose file is kept, before it becomes an issue."""

    gathered: Gathered
    stored: files.StoredFile
    suffix: str


def keep(gathered: Gathered) -> Made:
    """Fill the form in and keep its file; holds no transaction."""
    content = fill(gathered)
    suffix = ".docx" if recognise(BytesIO(content)) is FileKind.docx else ".xlsx"
    return Made(gathered, files.store(BytesIO(content), limit_bytes=len(content)), suffix)
