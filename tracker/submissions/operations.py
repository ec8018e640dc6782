"""Keeping a superior's form, filling it as of a day, and noting what was handed in."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from io import BytesIO
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from tracker.access.rules import Action, Actor, ensure_may, reach
from tracker.audit.operations import record
from tracker.core import clock, files
from tracker.core.db import db
from tracker.core.errors import Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.exports.queries import list_rows_on
from tracker.exports.rows import PrintRow
from tracker.figures.queries import tally
from tracker.figures.questions import Question
from tracker.figures.rules import Tally
from tracker.intake.operations.ledger import Table
from tracker.office.converting import convert
from tracker.office.docx_filling import fill_document
from tracker.office.filling import Cell, Space
from tracker.office.recognition import FileKind, recognise
from tracker.office.unreadable import DOCX, XLSX, Unreadable, UnreadableFile
from tracker.office.xlsx_filling import fill_workbook
from tracker.settings.queries import load
from tracker.sources.models import Source
from tracker.submissions import queries
from tracker.submissions.columns import BY_HEADING, number_column
from tracker.submissions.models import Submission, SubmissionForm
from tracker.submissions.rules import Facts, Told, blanks_of
from tracker.submissions.spaces import Place, propose

# More do not fit a form that somebody reads.
ROWS_MAX = 2_000


def draw_up(table: Table, source: Source, title: str, *, recipient: str, actor: Actor) -> SubmissionForm:
    """Keep a blank with what its columns seem to mean. Raises DomainError for one without a heading."""
    ensure_may(actor, Action.SUBMIT)
    proposal = propose(table.sheets)
    if proposal is None:
        raise DomainError(
            _l("没有认出表头，请确认表中有一行列名，如“序号、存在问题、责任单位、整改时限”。"), field="file"
        )
    form = SubmissionForm(
        source=source,
        title=title,
        recipient=recipient,
        file_name=table.file_name,
        file_sha256=table.file_sha256,
        sheet=proposal.sheet,
        first_row=proposal.first,
        last_row=proposal.last,
        columns=_as_data(proposal.places),
        drawn_up_at=clock.now(),
    )
    db.session.add(form)
    db.session.flush()
    record(actor, "submission_form.draw_up", source.number, title=title, file=table.file_name)
    return form


def places_of(form: SubmissionForm) -> list[Place]:
    """The columns of a form in order."""
    return [Place(**each) for each in json.loads(form.columns)]


def _as_data(places: Sequence[Place]) -> str:
    return json.dumps([asdict(place) for place in places], ensure_ascii=False)


def explain(
    form: SubmissionForm, prints: Mapping[int, str], rows: tuple[int, int], *, actor: Actor, version: int
) -> None:
    """Say what each column prints (``prints`` by its number) and from which row to which the form is filled.

    Raises DomainError when no column is printed or the rows are in the wrong order, Stale for an older ``version``.
    """
    ensure_may(actor, Action.SUBMIT)
    places = [replace(place, prints=prints.get(place.column, "")) for place in places_of(form)]
    after = {"columns": _as_data(places), "first_row": rows[0], "last_row": rows[1]}
    before = {name: getattr(form, name) for name in after}
    check_version(form, version, typed=after, stored=before)
    if not any(place.prints for place in places):
        raise DomainError(_l("请至少为一列选择要填的内容。"))
    if rows[1] < rows[0]:
        raise DomainError(_l("最后一行不能在第一行之前。"), field="last_row")
    for name, value in after.items():
        setattr(form, name, value)
    if before != after:
        record(actor, "submission_form.explain", form.source.number, title=form.title)


@dataclass(frozen=True)
class Filled:
    """A form as it was filled: the file's bytes and what stands in its rows."""

    content: bytes
    told: Told
    tally: Tally


def fill(session: Session, form: SubmissionForm, *, as_of: date, issue: int, actor: Actor) -> Filled:
    """Fill a form with the items of its source as they stood on a day; nothing is kept.

    Raises DomainError for a day in the future or a source without items then, UnreadableFile for a blank gone bad.
    """
    ensure_may(actor, Action.SUBMIT)
    if as_of > clock.today():
        raise DomainError(_l("统计截止日不能晚于今天。"), field="as_of")
    seen_by = reach(actor)
    rows = list_rows_on(session, form.source_id, as_of, seen_by=seen_by, limit=ROWS_MAX + 1)
    if not rows:
        raise DomainError(_l("这个来源在这一天还没有事项。"), field="as_of")
    if len(rows) > ROWS_MAX:
        raise DomainError(_l("超过 %(max)d 条，一张报表装不下。", max=ROWS_MAX), field="as_of")
    counted = tally(session, Question(as_of, source_ids=[form.source_id]), seen_by)
    figures = counted[0].tally if counted else Tally()
    settings = load(session)
    facts = Facts(
        organ=settings["organ.name"] or settings["organ.short_name"],
        as_of=as_of,
        issue=issue,
        total=figures.total,
        closed=figures.closed,
        rate=figures.closure_rate.printed(settings["rules.rate_decimals"]) or "",
    )
    printed = [place for place in places_of(form) if place.prints]
    # The reading ends here: writing a file holds no transaction.
    cells = [[_cell(place, row) for place in printed] for row in rows]
    return Filled(_written(form, printed, cells, facts), _told(printed, rows), figures)


def _cell(place: Place, row: PrintRow) -> Cell:
    column = BY_HEADING[place.prints]
    kept = column.kept(row)
    return column.value(row) if kept is None else kept


def _told(printed: Sequence[Place], rows: Sequence[PrintRow]) -> Told:
    number = number_column()
    return {number.value(row): {place.words: BY_HEADING[place.prints].value(row) for place in printed} for row in rows}


def _written(form: SubmissionForm, printed: Sequence[Place], cells: list[list[Cell]], facts: Facts) -> bytes:
    merged = [place.column for place in printed if BY_HEADING[place.prints].is_merged]
    space = Space(form.sheet, form.first_row, form.last_row, [place.column for place in printed], merged)
    with files.path_of(form.file_sha256).open("rb") as stream:
        blank = modern(stream)
        if recognise(blank) is FileKind.docx:
            texts = [["" if cell is None else _text(cell) for cell in row] for row in cells]
            return fill_document(blank, space, texts, lambda text: blanks_of(text, facts))
        return fill_workbook(blank, space, cells, lambda text: blanks_of(text, facts))


def _text(cell: Cell) -> str:
    return f"{cell.year}年{cell.month}月{cell.day}日" if isinstance(cell, date) else str(cell)


def modern(stream: BinaryIO) -> BinaryIO:
    """The file itself, or an old one in today's form. Raises UnreadableFile for one that is neither table nor text."""
    kind = recognise(stream)
    if kind in (FileKind.docx, FileKind.xlsx):
        return stream
    for wanted in (XLSX, DOCX):
        if kind is FileKind.ole and (converted := convert(stream, wanted)) is not None:
            return converted
    raise UnreadableFile(Unreadable.not_xlsx, field="file")


def suffix_of(content: bytes) -> str:
    """How the name of a filled form ends."""
    return ".docx" if recognise(BytesIO(content)) is FileKind.docx else ".xlsx"


def issue(
    form: SubmissionForm,
    filled: Filled,
    stored: files.StoredFile,
    *,
    as_of: date,
    number: int,
    due_on: date | None,
    actor: Actor,
) -> Submission:
    """Keep a filled form as issue ``number``. Raises Conflict when that one was made meanwhile, or for the same day."""
    ensure_may(actor, Action.SUBMIT)
    session = db.session()
    last = queries.find_issue(session, form.id, queries.last_issue(session, form.id))
    if (last.issue if last else 0) + 1 != number or (last and last.as_of == as_of):
        raise Conflict(
            _l("第 %(issue)d 期已经生成，请到那一期查看或重新填写。", issue=last.issue if last else 0), field="as_of"
        )
    made = Submission(form_id=form.id, issue=number, due_on=due_on, by_id=actor.person_id)
    _put(made, form, filled, stored, as_of=as_of)
    session.add(made)
    session.flush()
    record(actor, "submission.issue", form.source.number, title=form.title, issue=number, as_of=as_of)
    return made


def refill(made: Submission, filled: Filled, stored: files.StoredFile, *, as_of: date, actor: Actor) -> None:
    """Fill an issue anew that was not handed in yet. Raises Conflict for one that was."""
    ensure_may(actor, Action.SUBMIT)
    if made.handed_in_on is not None:
        raise Conflict(_l("第 %(issue)d 期已经报送，不能再改。请生成新的一期。", issue=made.issue))
    _put(made, made.form, filled, stored, as_of=as_of)
    record(actor, "submission.refill", made.form.source.number, title=made.form.title, issue=made.issue, as_of=as_of)


def _put(made: Submission, form: SubmissionForm, filled: Filled, stored: files.StoredFile, *, as_of: date) -> None:
    made.as_of, made.made_at = as_of, clock.now()
    made.rows = json.dumps(filled.told, ensure_ascii=False)
    made.total, made.closed = filled.tally.total, filled.tally.closed
    made.file_sha256 = stored.sha256
    made.file_name = f"{form.title}（第{made.issue}期）{suffix_of(filled.content)}"


def hand_in(made: Submission, *, actor: Actor, version: int, scan: tuple[str, str] | None, **told: Any) -> None:
    """Note who signed an issue, when it was handed in and whatever else there is to say; ``scan`` is name and hash.

    Raises DomainError for a day in the future, Stale for an older ``version``.
    """
    ensure_may(actor, Action.SUBMIT)
    stored = {name: getattr(made, name) for name in told}
    check_version(made, version, typed=told, stored=stored)
    if told["handed_in_on"] and told["handed_in_on"] > clock.today():
        raise DomainError(_l("报送日期不能晚于今天。"), field="handed_in_on")
    changed = {name: [stored[name], value] for name, value in told.items() if stored[name] != value}
    for name, value in told.items():
        setattr(made, name, value)
    if scan is not None and scan[1] != made.scan_sha256:
        made.scan_name, made.scan_sha256 = scan
        changed["scan"] = list(scan)
    if changed:
        record(actor, "submission.hand_in", made.form.source.number, issue=made.issue, changed=changed)


def told_of(made: Submission) -> Told:
    """What stands in the rows of an issue."""
    told: Told = json.loads(made.rows)
    return told
