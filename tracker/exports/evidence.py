"""All evidence of a source or an item in one ZIP: a folder for each item, and a workbook that says what lies where."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tracker.core import clock, files
from tracker.core.errors import NotFound
from tracker.core.i18n import force_locale
from tracker.core.zipping import Member, part_of_path, zipped
from tracker.exports.columns import note
from tracker.exports.files import FROZEN, Handing
from tracker.office.filling import Cell
from tracker.office.xlsx_writing import Grid, write_workbook
from tracker.progress.models import Evidence

TITLE = "佐证材料目录"
INDEX = f"{TITLE}.xlsx"
HEADINGS = (
    *("序号", "问题编号", "具体问题", "牵头单位", "佐证编号", "文件名称", "所在位置"),
    *("类型", "大小（字节）", "上传人", "上传日期", "备注", "校验码（SHA-256）"),
)
WIDTHS = (1, 3, 8, 3, 1, 5, 6, 2, 2, 2, 2, 2, 5)
FOR_OTHERS, MISSING = "代录", "文件缺失，请联系系统管理员"


@dataclass(frozen=True)
class Filed:
    """A file and its place in the ZIP; ``path`` None when the store has lost its bytes."""

    evidence: Evidence
    place: str
    path: Path | None


def file_all(evidence: Sequence[Evidence]) -> list[Filed]:
    """Where each file lies in the ZIP: the number within the item stands before its name, so no two are the same."""
    return [
        Filed(each, f"{part_of_path(each.item.number)}/{each.serial:02d}_{part_of_path(each.name)}", _path_of(each))
        for each in evidence
    ]


def to_archive(title: str, filed: Sequence[Filed], handing: Handing) -> Iterator[bytes]:
    """The parts of the ZIP, the index first."""
    return zipped(_members(to_index(title, filed, handing), filed), made_at=handing.taken_at)


def to_index(title: str, filed: Sequence[Filed], handing: Handing) -> bytes:
    """The workbook with a row for each file, in Chinese."""
    with force_locale("zh"):
        rows = [_row(place, each) for place, each in enumerate(filed, 1)]
    grid = Grid(
        name=TITLE,
        title=f"{title}{TITLE}",
        note=note(handing.organ, handing.on),
        headings=HEADINGS,
        rows=rows,
        widths=WIDTHS,
        merged=(1, 2, 3),
        sum=("合计", f"佐证材料{len(filed)}份，涉及问题{len({each.evidence.item_id for each in filed})}个"),
        frozen=FROZEN,
    )
    return write_workbook([grid], made_at=handing.taken_at, footer=handing.footer)


def _row(place: int, filed: Filed) -> list[Cell]:
    evidence, item = filed.evidence, filed.evidence.item
    marks = [FOR_OTHERS] * evidence.is_for_others + [MISSING] * (filed.path is None)
    return [
        *(place, item.number, item.finding, item.lead_unit.name if item.lead_unit else "", evidence.serial),
        *(evidence.name, filed.place if filed.path else "", str(evidence.type.label), evidence.size_bytes),
        *(evidence.by.name, clock.local(evidence.added_at).date(), "；".join(marks), evidence.sha256),
    ]


def _members(index: bytes, filed: Sequence[Filed]) -> Iterator[Member]:
    yield INDEX, index
    for each in filed:
        if each.path is not None:
            yield each.place, each.path


def _path_of(evidence: Evidence) -> Path | None:
    try:
        return files.path_of(evidence.sha256)
    except NotFound:
        return None
