"""The papers made for an archive: what was found, who answers and how, what was reported; covers and lists of files.

Their words are always Chinese.
"""

from collections.abc import Sequence
from datetime import date, datetime

from tracker.amendments.rules import AMENDED_LABELS
from tracker.archives.models import Archive
from tracker.archives.queries import Material
from tracker.archives.rules import MATERIAL_FOLDER, Placed
from tracker.core import clock
from tracker.exports.columns import ASPECT, CATEGORY, CLOSURE, LEAD_UNIT, LEADER, OUTCOMES, OWNER, SUPERVISOR
from tracker.exports.columns import DEADLINE as DEADLINE_COLUMN
from tracker.exports.columns import SUPPORTING as SUPPORTING_COLUMN
from tracker.exports.rows import PrintRow
from tracker.extensions.rules import EXTENSION_LABELS
from tracker.items.models import Item
from tracker.office.docx_forms import FormField
from tracker.office.docx_writing import Document
from tracker.office.filling import Cell
from tracker.office.numerals import chinese_date
from tracker.office.xlsx_writing import Grid, write_workbook
from tracker.requests.rules import STATE_LABELS as REQUEST_LABELS

LIST_TITLE, COVER_TITLE, FOLDER_LIST_TITLE = "归档文件目录", "整改档案", "卷内目录"
HEADINGS = ("序号", "档号", "文号", "责任者", "题名", "日期", "密级", "页数", "备注")
PLACE, PLACE_WIDTH = "所在文件夹", 5
WIDTHS = (1, 3.2, 2, 2.4, 6, 2.2, 1, 1, 3)
ABOUT_PAGES = "页数只填能从文件读出的（PDF）；其余以及密级由立卷人核定后填写。"
MISSING = "文件缺失，请联系系统管理员"
FEEDBACK_TITLE, PLAN_TITLE, PROGRESS_TITLE = "反馈问题", "整改方案和责任", "整改进展"


def about_feedback(row: PrintRow, material: Material, made_at: datetime) -> bytes:
    """What was found, word for word, and the paragraph it stood in."""
    item, source = row.item, material.source
    paragraph = material.paragraphs.get(item.paragraph) if item.paragraph is not None else None
    document = Document(FEEDBACK_TITLE, made_at=made_at)
    document.form(
        [
            [FormField("编号", item.number), FormField("原文编号", item.original_number or "—")],
            [FormField("来源", source.title)],
            [
                FormField("反馈单位", source.issuing_body or "—"),
                FormField("反馈日期", chinese_date(source.received_on)),
            ],
            [FormField("方面", ASPECT.value(row) or "—"), FormField("类别", CATEGORY.value(row) or "—")],
            [FormField("具体问题", item.finding)],
            [FormField("原文段落", paragraph.text if paragraph and not item.is_secret else "—")],
            [FormField("产生原因", item.cause or "—")],
        ]
    )
    return document.to_bytes()


def about_plan(row: PrintRow, material: Material, made_at: datetime) -> bytes:
    """Who answers, by when, the measures, and what was moved or changed since."""
    item = row.item
    document = Document(PLAN_TITLE, made_at=made_at)
    columns = (LEADER, SUPERVISOR, LEAD_UNIT, SUPPORTING_COLUMN, OWNER, DEADLINE_COLUMN)
    told = [FormField(column.heading, column.value(row) or "—") for column in columns]
    document.form(
        [
            [FormField("编号", item.number), FormField("状态", CLOSURE.value(row) or "—")],
            [FormField("具体问题", item.finding)],
            [FormField("整改目标", item.goal or "—")],
            *([one, other] for one, other in zip(told[::2], told[1::2], strict=True)),
        ]
    )
    if row.measures:
        document.heading(1, "整改措施")
        lines = [[str(n), each.text, _day(each.due_on), _day(each.done_on)] for n, each in enumerate(row.measures, 1)]
        document.table(["序号", "措施", "时限", "完成日期"], lines)
    _tell(document, "时限延期", _extensions(item, material))
    _tell(document, "事项变更", _amendments(item, material))
    return document.to_bytes()


def _tell(document: Document, heading: str, lines: Sequence[str]) -> None:
    if lines:
        document.heading(1, heading)
        for each in lines:
            document.paragraph(each)


def _extensions(item: Item, material: Material) -> list[str]:
    return [
        f"第{each.nth}次：{chinese_date(_local(each.asked_at))}{each.asked_by.name}申请由{chinese_date(each.due_on)}"
        f"延至{chinese_date(each.asked_until)}，理由：{each.reason}。{EXTENSION_LABELS[each.state]}"
        f"{f'，批准延至{chinese_date(each.granted_until)}' if each.granted_until else ''}。"
        for each in material.extensions.get(item.id, ())
    ]


def _amendments(item: Item, material: Material) -> list[str]:
    return [
        f"{chinese_date(_local(each.asked_at))}申请变更{AMENDED_LABELS[line.field]}：原为“{line.before}”，"
        f"改为“{line.after}”，理由：{each.reason}。{REQUEST_LABELS[each.state]}。"
        for each in material.amendments.get(item.id, ())
        for line in each.lines
    ]


def about_progress(row: PrintRow, material: Material, made_at: datetime) -> bytes | None:
    """All that was reported, the first first, and the counted results; None where there is nothing to tell."""
    entries, outcomes = material.entries.get(row.item.id, ()), OUTCOMES.value(row)
    if not entries and not outcomes:
        return None
    document = Document(PROGRESS_TITLE, made_at=made_at)
    document.line(f"编号：{row.item.number}")
    if entries:
        lines = [
            [_day(_local(each.made_at)), _unit(material, each.unit_id), each.by.name if each.by else "导入", each.text]
            for each in entries
        ]
        document.table(["日期", "填报单位", "填报人", "内容"], lines)
    _tell(document, "整改成效", [outcomes] if outcomes else [])
    return document.to_bytes()


def about_text(material: Material, made_at: datetime) -> bytes:
    """The feedback text, paragraph by paragraph."""
    document = Document(f"{material.source.title}\n（原文）", made_at=made_at)
    for each in material.paragraphs.values():
        document.paragraph(each.text)
    return document.to_bytes()


def cover(archive: Archive, organ: str, *, folders: int, files: int, made_at: datetime) -> bytes:
    """The cover of the archive."""
    source = archive.source
    document = Document(f"{organ}\n{COVER_TITLE}", made_at=made_at)
    document.form(
        [
            [FormField("档号", archive.number)],
            [FormField("题名", source.title)],
            [FormField("来源编号", source.number), FormField("文号", source.document_number or "—")],
            [
                FormField("反馈单位", source.issuing_body or "—"),
                FormField("反馈日期", chinese_date(source.received_on)),
            ],
            [FormField("整改责任主体", source.accountable_body or organ)],
            [FormField("卷数", f"{folders}卷（一个事项一卷）"), FormField("件数", f"{files}件")],
            [FormField("归档日期", chinese_date(archive.archived_on)), FormField("立卷人", archive.by_name)],
            [FormField("说明", f"{ABOUT_PAGES}归档时操作日志链首：{archive.chain_head[:16]}")],
        ]
    )
    return document.to_bytes()


def list_of_files(title: str, subject: str, placed: Sequence[Placed], made_at: datetime) -> bytes:
    """The files of the archive, or of one folder (卷内目录), as a Word file on lying paper."""
    document = Document(title, made_at=made_at, is_lying=True)
    document.line(subject)
    document.table(HEADINGS, [[_printed(cell) for cell in _cells(n, each)] for n, each in enumerate(placed, 1)])
    document.note(ABOUT_PAGES)
    return document.to_bytes()


def workbook(archive: Archive, organ: str, placed: Sequence[Placed], *, footer: str, made_at: datetime) -> bytes:
    """The list of files as a workbook: each title leads to its file, each folder to the folder."""
    rows: list[list[Cell]] = [[*_cells(each.position, each), each.folder] for each in placed]
    links = {(at, HEADINGS.index("题名")): each.path for at, each in enumerate(placed) if each.piece.remark != MISSING}
    links |= {(at, len(HEADINGS)): each.folder for at, each in enumerate(placed)}
    folders = len({each.folder for each in placed} - {MATERIAL_FOLDER})
    grid = Grid(
        LIST_TITLE,
        [*HEADINGS, PLACE],
        rows,
        [*WIDTHS, PLACE_WIDTH],
        title=f"{organ}{LIST_TITLE}",
        note=f"档号：{archive.number}　来源：{archive.source.title}　归档日期：{chinese_date(archive.archived_on)}",
        sum=("合计", f"{folders}卷，{len(placed)}件。{ABOUT_PAGES}"),
        frozen=2,
        links=links,
    )
    return write_workbook([grid], made_at=made_at, footer=footer)


def _cells(place: int, placed: Placed) -> list[Cell]:
    """What a row of the list holds; nobody has told the program how secret a file is, so that stays empty."""
    piece = placed.piece
    told: list[Cell] = [place, placed.code, piece.document_number, piece.author, piece.title]
    return [*told, piece.dated_on, "", piece.pages, piece.remark]


def _printed(cell: Cell) -> str:
    return _day(cell) if isinstance(cell, date) else str(cell if cell is not None else "")


def _day(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else "—"


def _local(instant: datetime) -> date:
    return clock.local(instant).date()


def _unit(material: Material, unit_id: int | None) -> str:
    return material.units.get(unit_id, "—") if unit_id is not None else "—"
