"""The section as a Word file."""

from datetime import date
from io import BytesIO
from typing import Any

import docx
import pytest
from flask import Flask
from flask_babel import Babel, LazyString, get_locale

from tests.reports.worlds import F, a_source, an_item, facts_of, three_of_27_open
from tracker.figures.definitions import Definition
from tracker.figures.rules import FigureName
from tracker.reports import writing
from tracker.reports.rules import Facts
from tracker.reports.wording import write_section


def written(facts: Facts) -> Any:
    stream = BytesIO()
    writing.write_docx(write_section(facts), facts, stream)
    return docx.Document(BytesIO(stream.getvalue()))


def test_the_file_holds_the_whole_text_of_the_section() -> None:
    facts = facts_of(three_of_27_open())
    lines = [paragraph.text for paragraph in written(facts).paragraphs]
    assert lines[0] == "2026年度履行抓党建工作责任情况报告\n（整改落实部分）"
    assert "\n".join(lines[1:]).startswith(write_section(facts).text)


def test_the_note_says_of_which_day_and_when_the_figures_were_taken() -> None:
    lines = [paragraph.text for paragraph in written(facts_of(three_of_27_open())).paragraphs]
    note = lines[lines.index("附：数据口径") :]
    assert note[1:3] == ["1. 统计截止日：2026年12月31日。", "2. 取数时间：2026年12月31日 09:12:33。"]
    assert any("销号率 = 已销号 ÷ 反馈总数" in line for line in note)


def test_the_note_is_chinese_also_for_a_reader_of_english_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    english = Flask(__name__)
    Babel(english, locale_selector=lambda: "en")
    told = Definition("语言", LazyString(lambda: str(get_locale())))
    monkeypatch.setattr(writing, "DEFINITIONS", dict.fromkeys(FigureName, told))
    with english.test_request_context():
        assert str(told.sentence) == "en"
        assert writing.notes(facts_of())[-1].endswith("语言：zh")


def test_every_source_has_a_table_across_the_page_with_a_row_for_each_item() -> None:
    closed = an_item(
        1, F.CLOSED, aspect="甲", category="子", leader="李强", state="已销号", closed_on=date(2026, 6, 29)
    )
    other = a_source([closed, an_item(2, F.WITHDRAWN, state="已核减")], title="机关党支部自查")
    document = written(facts_of(three_of_27_open(), other))
    first, second = document.tables
    assert len(first.rows) == 28
    assert [cell.text for cell in second.rows[1].cells] == [
        "1",
        "督查2026-1-001",
        "甲",
        "子",
        closed.text,
        "李强",
        "办公室",
        "2026年6月30日",
        "已销号",
        "2026.6.29",
    ]
    assert [paragraph.text for paragraph in document.paragraphs if paragraph.text.startswith("附表")] == [
        "附表1　市纪委市监委内部督查反馈整改情况",
        "附表2　机关党支部自查整改情况",
    ]
    assert document.sections[-1].page_width > document.sections[-1].page_height


def test_a_year_without_sources_makes_a_file_without_tables_on_upright_pages() -> None:
    document = written(facts_of())
    assert not document.tables
    assert len(document.sections) == 1
