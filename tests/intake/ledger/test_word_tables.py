"""Ledgers kept as tables of a Word document."""

import io
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.document import Document as DocxDocument
from flask import Flask
from flask.testing import FlaskClient

from tests.intake.ledger.test_pages import count, press, upload
from tests.office.documents import read as paragraphs_of
from tests.office.documents import stream_of
from tests.office.word_tables import a_table, sheets_of
from tracker.intake.rules.ledger import LedgerReading, is_ledger_text, read_ledger
from tracker.items.headings import Field

HEAD = ["序号", "具体问题", "整改措施", "牵头单位", "整改时限"]


def a_row(place: int, finding: str) -> list[str]:
    return [str(place), finding, "1.定计划\n2.抓检查", "组织部", "2026年6月底前"]


def read(document: DocxDocument) -> LedgerReading:
    return read_ledger(sheets_of(document), received_on=date(2026, 3, 16))


def is_ledger(document: DocxDocument) -> bool:
    return is_ledger_text(sheets_of(document), paragraphs_of(document))


def a_document(*rows: Sequence[str]) -> DocxDocument:
    document = Document()
    document.add_paragraph("巡察反馈问题整改台账")
    a_table(document, [HEAD, *rows])
    return document


def test_a_word_table_is_read_like_a_sheet() -> None:
    document = Document()
    document.add_paragraph("巡察反馈问题整改台账")
    head = ["序号", "方面", "具体问题", "整改措施", "责任领导", "责任单位", "整改时限"]
    a_table(
        document,
        [
            ["填报单位：市直机关工委", *[""] * 6],
            head,
            ["1", "政治建设", "学习少", "1.定计划；2.抓检查", "张三", "组织部、办公室", "2026年6月底前"],
            head,
            ["2", "", "研讨少", "多研讨", "", "", "立行立改"],
            ["合计", "", "2个", "", "", "", ""],
        ],
        (0, 0, 0, 6),
        (2, 1, 4, 1),
        (2, 4, 4, 4),
    )

    reading = read(document)

    assert is_ledger(document)
    assert [(item.number, item.path, item.finding, item.words(Field.LEADER), item.row) for item in reading.items] == [
        ("1", ("政治建设",), "学习少", "张三", 3),
        ("2", ("政治建设",), "研讨少", "张三", 5),
    ]
    assert reading.items[0].measures == ["定计划", "抓检查"]
    assert [str(row.why) for row in reading.skipped] == ["重复的表头", "合计行"]
    assert reading.faults == []


def test_headings_between_several_tables_are_the_sections_of_what_is_below_them() -> None:
    document = Document()
    document.add_paragraph("整改台账")
    document.add_paragraph("根据巡察反馈意见，制定本台账。")
    for heading, finding in (("一、政治建设", "学习少"), ("（二）作风建设", "调研少"), ("二、组织建设", "换届迟")):
        document.add_paragraph(heading)
        a_table(document, [HEAD, a_row(1, finding)])

    assert [item.path for item in read(document).items] == [
        ("政治建设",),
        ("政治建设", "作风建设"),
        ("组织建设",),
    ]


def test_one_heading_over_all_tables_is_no_section() -> None:
    document = Document()
    document.add_paragraph("一、总体要求")
    document.add_paragraph("坚持问题导向，逐项整改。")
    document.add_paragraph("二、整改内容")
    a_table(document, [HEAD, a_row(1, "学习少")])

    assert [item.path for item in read(document).items] == [()]


def test_a_table_parted_by_nothing_goes_on_below_the_heading_of_the_one_before() -> None:
    document = a_document(a_row(1, "学习少"))
    document.add_paragraph("")
    a_table(document, [a_row(2, "研讨少"), a_row(3, "走访少")])
    document.add_paragraph("附：联系表")
    a_table(document, [["王五", "办公室", "电话", "8888", "手机"]])

    reading = read(document)

    assert [item.number for item in reading.items] == ["1", "2", "3"]
    assert [str(warning) for warning in reading.warnings] == ["工作表“表3”没有台账的表头，没有读取。"]


@pytest.mark.parametrize(
    ("rows", "is_one"),
    [
        ([["序号", "问题", "责任单位"], ["1", "学习少", "组织部"]], True),
        ([["序号", "议定事项", "责任单位", "完成时限"], ["1", "开展调研", "办公室", "5月底前"]], True),
        ([["序号", "方面", "类别", "具体问题"], ["1", "政治", "学习", "学习少"]], False),
        ([["问题", "学习少", "责任单位", "组织部"], ["措施", "定计划", "时限", "6月底前"]], False),
        ([["责任单位", "责任人", "时限"], ["组织部", "张三", "6月底前"]], False),
        ([["序号", "问题", "责任单位"]], False),
    ],
)
def test_a_table_is_a_ledger_when_it_says_what_and_by_whom_or_when(rows: list[list[str]], is_one: bool) -> None:
    document = Document()
    a_table(document, rows)

    assert is_ledger(document) is is_one


def test_a_small_table_in_a_paper_full_of_problems_does_not_make_it_a_ledger() -> None:
    document = Document()
    document.add_paragraph("一、政治建设方面")
    for place, words in enumerate(("学习不深入", "研讨不充分", "走访偏少"), start=1):
        document.add_paragraph(f"{place}.{words}")
    document.add_paragraph("二、报送要求")
    a_table(document, [["任务", "责任单位", "完成时限"], ["报送整改方案", "办公室", "4月底前"]])

    assert not is_ledger(document)


def run(app: Flask, *arguments: str) -> Any:
    return app.test_cli_runner().invoke(args=["intake", *arguments])


def test_the_command_reads_and_loads_a_word_ledger_like_a_workbook(empty_app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "台账.docx"
    path.write_bytes(stream_of(a_document(a_row(1, "学习少"), a_row(2, "研讨少"))).getvalue())

    told = json.loads(run(empty_app, "read", str(path), "--json").stdout)
    assert [(item["number"], item["text"], item["lead_unit"]) for item in told["items"]] == [
        ("1", "学习少", "组织部"),
        ("2", "研讨少", "组织部"),
    ]
    assert told["items"][0]["deadline"]["due_on"] == "2026-06-30"

    load = ["--kind", "inspection", "--title", "巡察", "--received", "2026-03-16", "--create-missing", "--json"]
    assert json.loads(run(empty_app, "load", str(path), *load).stdout)["counts"]["new"] == 2
    assert json.loads(run(empty_app, "load", str(path), *load).stdout)["added"] == []


def test_a_word_ledger_goes_in_by_the_page_and_its_faults_come_back_as_a_workbook(
    empty_app: Flask, office: FlaskClient
) -> None:
    document = a_document(a_row(1, "学习少"), [*a_row(2, "研讨少")[:4], "某日"])
    answer = upload(office, stream_of(document).getvalue(), name="台账.docx")
    address = answer.headers["Location"]

    assert "某日" in office.get(address).text
    assert office.get(f"{address}/errors.xlsx").status_code == 200
    assert press(office, empty_app, address, creates_missing="y", only_good="y").status_code == 303
    assert count(empty_app) == 1


def test_a_word_file_without_a_table_is_no_ledger(office: FlaskClient) -> None:
    document = Document()
    document.add_paragraph("一、学习不深入")

    answer = upload(office, stream_of(document).getvalue(), name="反馈.docx")

    assert answer.status_code == 422
    assert "没有表格" in answer.text


def test_a_word_ledger_taken_in_as_a_text_says_where_it_belongs(office: FlaskClient) -> None:
    data = stream_of(a_document(a_row(1, "学习不深入"))).getvalue()
    given = {"kind": "inspection", "title": "巡察反馈", "received_on": "20260316"}

    answer = office.post("/intake", data={**given, "file": (io.BytesIO(data), "台账.docx")})

    assert "请用“导入台账”" in office.get(answer.headers["Location"]).text
