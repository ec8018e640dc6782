"""The ZIP of evidence: whole, with an index, Chinese names intact, within reach, and in the trail."""

import io
import zipfile
from collections.abc import Sequence

import pytest
from desk.reading import a_reader
from factories import a_source, a_unit, a_working_item, actor_of, an_account
from flask import Flask
from openpyxl import load_workbook

from tests.core.test_filetypes import PDF, PNG
from tracker.access.rules import Role
from tracker.audit.queries import select_entries
from tracker.core import files
from tracker.core.db import db, writing
from tracker.core.zipping import part_of_path
from tracker.exports.evidence import HEADINGS
from tracker.items.models import Item
from tracker.org.models import Person
from tracker.progress import operations
from tracker.progress.queries import get_evidence

Content = tuple[bytes, str]


def proved(item: Item, person: Person, contents: Sequence[Content]) -> None:
    for content, name in contents:
        stored = files.store(io.BytesIO(content), limit_bytes=1 << 20)
        operations.add_evidence(item, stored, name, actor=actor_of(person))


@pytest.fixture
def source_id(empty_app: Flask) -> int:
    """Two items of two units with evidence, one file of which was removed."""
    with empty_app.app_context(), writing():
        source = a_source("市委第二巡察组反馈")
        for name, contents in (
            ("组织部", [(PNG, "签到表.png"), (PDF, "办法：“终稿”.pdf"), (b"gone", "误传.txt"), (PDF, "签到表.png")]),
            ("宣传部", [(PDF, "办法.pdf")]),
        ):
            unit = a_unit(name)
            liaison = an_account(f"{name}联络员", Role.LIAISON, unit)
            item = a_working_item(liaison, source=source, lead_unit=unit)
            proved(item, liaison, contents)
            if name == "组织部":
                operations.remove_evidence(get_evidence(db.session(), item.id, 3), actor=actor_of(liaison))
        return source.id


def rows_of(archive: zipfile.ZipFile) -> list[dict[str, object]]:
    sheet = load_workbook(io.BytesIO(archive.read("佐证材料目录.xlsx"))).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    at = next(number for number, row in enumerate(rows) if row[0] == HEADINGS[0])
    return [dict(zip(HEADINGS, row, strict=True)) for row in rows[at + 1 :] if isinstance(row[0], int)]


def test_all_files_of_a_source_come_in_one_zip_with_an_index(empty_app: Flask, source_id: int) -> None:
    office = a_reader(empty_app, "陈静", Role.OFFICE)
    answer = office.get(f"/sources/{source_id}/evidence.zip")
    assert answer.mimetype == "application/zip"
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    assert archive.testzip() is None
    assert archive.namelist() == [
        "佐证材料目录.xlsx",
        "巡察2026-1-001/01_签到表.png",
        "巡察2026-1-001/02_办法：“终稿”.pdf",
        "巡察2026-1-001/04_签到表.png",
        "巡察2026-1-002/01_办法.pdf",
    ]
    assert all(each.flag_bits & 0x800 for each in archive.infolist())
    assert archive.read("巡察2026-1-001/01_签到表.png") == PNG
    told = rows_of(archive)
    assert [row["所在位置"] for row in told] == archive.namelist()[1:]
    assert [row["类型"] for row in told] == ["图片", "PDF", "PDF", "PDF"]
    assert told[0]["文件名称"] == "签到表.png"
    with empty_app.app_context():
        (taken,) = db.session.scalars(select_entries(action="evidence.archive")).all()
        assert taken.actor_name == "陈静"


def test_a_zip_holds_only_what_lies_within_reach(empty_app: Flask, source_id: int) -> None:
    liaison = a_reader(empty_app, "王敏", Role.LIAISON, "宣传部")
    assert liaison.get(f"/sources/{source_id}/evidence.zip").status_code == 403
    assert liaison.get("/items/巡察2026-1-001/evidence.zip").status_code == 404
    own = zipfile.ZipFile(io.BytesIO(liaison.get("/items/巡察2026-1-002/evidence.zip").data))
    assert own.namelist()[1:] == ["巡察2026-1-002/01_办法.pdf"]


def test_a_file_that_the_store_has_lost_is_told_in_the_index(empty_app: Flask, source_id: int) -> None:
    office = a_reader(empty_app, "陈静", Role.OFFICE)
    with empty_app.app_context():
        lost = files.store(io.BytesIO(PNG), limit_bytes=1 << 20)
        files.path_of(lost.sha256).unlink()
    archive = zipfile.ZipFile(io.BytesIO(office.get(f"/sources/{source_id}/evidence.zip").data))
    first = rows_of(archive)[0]
    assert (first["所在位置"], first["备注"]) == (None, "文件缺失，请联系系统管理员")
    assert len(archive.namelist()) == 4


def test_a_source_without_evidence_says_so(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        source_id = a_source("没有佐证").id
    answer = a_reader(empty_app, "陈静", Role.OFFICE).get(f"/sources/{source_id}/evidence.zip")
    assert answer.status_code == 422
    assert "还没有您可以查看的佐证材料" in answer.text


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("办法.docx", "办法.docx"),
        ("a/b\\c:d*.pdf", "a_b_c_d_.pdf"),
        (" .. ", "_"),
        ("尾巴. ", "尾巴"),
        ("x\r\ny.txt", "xy.txt"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
    ],
)
def test_names_are_fit_for_any_system(text: str, part: str) -> None:
    assert part_of_path(text) == part
