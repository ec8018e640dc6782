"""The table 应报/已报/未报 of one round, as it is handed round."""

from collections.abc import Mapping, Sequence

from tracker.exports.columns import note
from tracker.exports.files import FROZEN, Handing
from tracker.office.filling import Cell
from tracker.office.numerals import chinese_date
from tracker.office.xlsx_writing import Grid, write_workbook
from tracker.rounds.models import OwedReport, ReportingRound
from tracker.rounds.queries import Contact, UnitTally, total

TITLE = "整改进展填报情况"
HEADINGS = (
    *("序号", "单位", "应报", "已报", "未报", "其中退回", "待审"),
    *("配合应报", "配合已报", "配合未报", "未报事项", "联系人及电话"),
)
WIDTHS = (1, 3, 1, 1, 1, 1, 1, 1, 1, 1, 5, 4)
MISSING = "未报事项"
MISSING_HEADINGS = ("序号", "单位", "问题编号", "具体问题", "责任人", "联系电话", "经办人", "联系电话", "退回理由")
MISSING_WIDTHS = (1, 3, 3, 8, 2, 2, 2, 2, 4)


def to_round_table(
    round_: ReportingRound,
    tallies: Sequence[UnitTally],
    missing: Sequence[OwedReport],
    contacts: Mapping[int, Sequence[Contact]],
    handing: Handing,
) -> bytes:
    """A sheet by unit with its sum, and one with every report that is missing."""
    title = f"{round_.source.title}{TITLE}（{chinese_date(round_.due_on)}截止）"
    numbers: dict[int, list[str]] = {}
    for report in missing:
        numbers.setdefault(report.unit_id, []).append(report.item.number)
    rows = [
        _row(place, each, numbers.get(each.unit_id, ()), contacts.get(each.unit_id, ()))
        for place, each in enumerate(tallies, 1)
    ]
    lead, support = total(tallies, lead=True), total(tallies, lead=False)
    told = f"应报{lead.all}　已报{lead.reported}　未报{lead.unreported}（其中退回{lead.returned}）　待审{lead.waiting}"
    if support.all:
        told += f"　配合单位：应报{support.all}　已报{support.reported}　未报{support.unreported}"
    by_unit = Grid(
        name="按单位",
        title=title,
        note=note(handing.organ, handing.on),
        headings=HEADINGS,
        rows=rows,
        widths=WIDTHS,
        sum=("合计", told),
        frozen=FROZEN,
    )
    by_item = Grid(
        name=MISSING,
        title=f"{MISSING}（{chinese_date(round_.due_on)}截止）",
        headings=MISSING_HEADINGS,
        rows=[_missing(place, report) for place, report in enumerate(missing, 1)],
        widths=MISSING_WIDTHS,
        frozen=FROZEN,
    )
    return write_workbook([by_unit, by_item], made_at=handing.taken_at, footer=handing.footer)


def _row(place: int, tally: UnitTally, numbers: Sequence[str], contacts: Sequence[Contact]) -> list[Cell]:
    lead, support = tally.lead, tally.support
    counted = [lead.all, lead.reported, lead.unreported, lead.returned, lead.waiting]
    counted += [support.all, support.reported, support.unreported]
    people = "\n".join(f"{each.name} {each.phone}".strip() for each in contacts)
    return [place, tally.name, *counted, "、".join(dict.fromkeys(numbers)), people]


def _missing(place: int, report: OwedReport) -> list[Cell]:
    item, reason = report.item, report.entry.return_reason if report.entry else ""
    unit = report.unit.name if report.is_lead else f"{report.unit.name}（配合）"
    people = (item.owner, item.handler) if report.is_lead else (None, None)
    told = [text for person in people for text in ((person.name, person.phone) if person else ("", ""))]
    return [place, unit, item.number, item.finding, *told, reason]
