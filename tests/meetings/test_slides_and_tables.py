"""Slides whose charts can be edited, and tables whose numbers are numbers."""

from datetime import date, datetime

from tests.meetings.frozen_data import (
    CLOSED,
    DEFINITION,
    a_frozen,
    a_world,
    an_item,
    material_of,
)
from tests.meetings.papers_read import (
    plot_on,
    slide_called,
    slides_of,
    table_of,
    title_of,
    words_on,
    workbook_of,
)
from tracker.items.rules import DeadlineKind, State
from tracker.meetings.papers.slides import write_slides
from tracker.meetings.papers.tables import write_tables

# Slides


def test_charts_hold_the_figures_as_numbers_and_units_come_by_rate() -> None:
    frozen = a_frozen(
        an_item(1, **CLOSED),
        an_item(2, **CLOSED),
        an_item(3, state=State.ISSUED),
        an_item(4, unit_id=2, unit="宣传部", **CLOSED),
    )
    data = write_slides(material_of(frozen))
    assert plot_on(slide_called(data, "总体情况")) == {
        "已销号": 3,
        "待下发": 0,
        "已下发": 1,
        "整改中": 0,
        "申请销号": 0,
        "持续整改": 0,
    }
    assert list(plot_on(slide_called(data, "各单位销号率")).items()) == [
        ("宣传部（1/1）", 100),
        ("组织部（2/3）", 66.7),
    ]


def test_slides_tell_the_change_against_the_meeting_before() -> None:
    before = a_frozen(an_item(1), an_item(2), title="六月调度会", as_of=date(2026, 6, 30))
    after = a_frozen(an_item(1, **CLOSED), an_item(2), an_item(3), an_item(4))
    slide = slide_called(write_slides(material_of(after), before), "与上次会议相比")
    rows = [[cell.text for cell in row.cells] for shape in slide.shapes if shape.has_table for row in shape.table.rows]
    assert rows == [
        ["指标", "六月调度会", "党建工作整改调度会"],
        ["截至", "2026年6月30日", "2026年7月31日"],
        ["反馈总数", "2", "4"],
        ["已销号", "0", "1"],
        ["销号率", "0%", "25%"],
        ["逾期", "0", "0"],
        ["新增", "", "2个"],
        ["新销号", "", "1个"],
    ]
    assert not any(title_of(slide).startswith("与上次") for slide in slides_of(write_slides(material_of(after))))


def test_hundreds_of_changes_are_counted_and_not_all_listed() -> None:
    after = a_frozen(*(an_item(id, **CLOSED) for id in range(1, 301)))
    data = write_slides(material_of(after), a_frozen())
    listed = [words_on(slide) for slide in slides_of(data) if title_of(slide).startswith("变动事项清单")]
    assert "其余270个" in listed[-1]
    assert "300个" in words_on(slide_called(data, "与上次会议相比"))


def test_the_worst_of_a_unit_are_told_one_by_one_and_the_rest_counted() -> None:
    material = material_of(a_frozen(*(an_item(id, due_on=date(2026, 7, 1)) for id in range(1, 101))))
    slides = slides_of(write_slides(material))
    words = "\n".join(words_on(slide) for slide in slides if title_of(slide).startswith("组织部"))
    late = "\n".join(words_on(slide) for slide in slides if title_of(slide).startswith("逾期事项：100个"))
    assert (words.count("巡察2026-1-"), late.count("巡察2026-1-")) == (30, 30)
    assert "其余70个见未销号事项清单。" in words
    assert "其余70个" in late


def test_slides_tell_what_became_of_what_the_last_meeting_decided() -> None:
    words = words_on(slide_called(write_slides(material_of(a_world(3, 18))), "六月调度会议定事项落实情况"))
    assert "组织部牵头核对党费台账" in words
    assert "已销号" in words
    assert "尚未立项" in words


def test_slides_say_plainly_when_there_is_nothing() -> None:
    words = {title_of(slide): words_on(slide) for slide in slides_of(write_slides(material_of(a_frozen())))}
    assert list(words)[1:] == ["总体情况", "逾期事项：0个", "提请会议研究：0件", "数据说明"]
    assert "反馈总数0个" in words["总体情况"]
    assert "没有。" in words["逾期事项：0个"]


def test_every_unfinished_item_is_on_a_slide_of_its_unit_and_what_was_cut_is_in_the_notes() -> None:
    long = "问题" * 200
    material = material_of(a_frozen(*(an_item(id) for id in range(1, 20)), an_item(20, finding=long)))
    mine = [slide for slide in slides_of(write_slides(material)) if title_of(slide).startswith("组织部：未销号20个")]
    words = "\n".join(words_on(slide) for slide in mine)
    assert all(item.number in words for item in material.unfinished)
    assert long not in words
    assert any(long in slide.notes_slide.notes_text_frame.text for slide in mine)
    assert all(DEFINITION in slide.notes_slide.notes_text_frame.text for slide in mine)


# Tables


def test_numbers_are_numbers_and_days_are_days_in_the_tables() -> None:
    frozen = a_frozen(
        an_item(1, due_on=date(2026, 6, 30)),
        an_item(2, deadline_kind=DeadlineKind.LONG_TERM, due_on=None),
        an_item(3, **CLOSED),
    )
    data = write_tables(material_of(frozen))
    assert workbook_of(data).sheetnames == ["总体", "按单位", "未销号事项", "已销号事项", "说明"]
    headings, first, second = table_of(data, "未销号事项")
    due, over = headings.index("整改时限"), headings.index("逾期天数")
    assert (first[due], first[over]) == (datetime(2026, 6, 30), 31)
    assert (second[due], second[over]) == ("长期坚持", None)
    assert table_of(data, "已销号事项")[1][-2] == datetime(2026, 7, 1)
    assert table_of(data, "按单位")[1][:4] == ["组织部", 3, 1, 2]


def test_sheets_keep_their_headings_in_view_and_print_on_lying_a4() -> None:
    for sheet in workbook_of(write_tables(material_of(a_world(3, 18)))).worksheets:
        assert sheet.freeze_panes is not None
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert sheet.print_title_rows


def test_due_soon_is_explained_with_the_days_of_the_meeting() -> None:
    rows = table_of(write_tables(material_of(a_frozen(an_item(1), near_days=30))), "总体")
    assert next(row[2] for row in rows if row[0] == "临近时限").startswith("距现行整改时限不超过30天")


def test_no_text_becomes_a_formula() -> None:
    words = "=HYPERLINK(1)"
    item = an_item(1, finding=words, unit=words, progress=words, obstacle="+1", next_step="@x", leader="-1")
    book = workbook_of(write_tables(material_of(a_frozen(item, title=words))))
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
