"""Papers made of frozen data: what they say is what was frozen, whatever that is."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from docx.shared import Mm
from flask import Flask
from hypothesis import given, settings
from libreoffice import needs_office

from tests.meetings.frozen_data import (
    AS_OF,
    CLOSED,
    DEFINITION,
    a_frozen,
    a_world,
    an_item,
    frozen_data,
    material_of,
)
from tests.meetings.papers_read import (
    pages_of,
    plot_on,
    read_docx,
    rows_of,
    slide_called,
    slides_of,
    table_of,
    words_of,
    words_on,
    workbook_of,
)
from tracker.core.i18n import force_locale
from tracker.figures.boards import Limits
from tracker.figures.rules import FigureName
from tracker.items.rules import OwnWord, State
from tracker.meetings.frozen import Frozen, FrozenDecision, FrozenWait, digest
from tracker.meetings.papers import wording
from tracker.meetings.papers.brief import write_brief
from tracker.meetings.papers.bulletin import Issue, chart, write_bulletin
from tracker.meetings.papers.material import Material
from tracker.meetings.papers.minutes import MinutesContent, MinutesDecision, MinutesPoint, write_minutes
from tracker.meetings.papers.outline import write_outline
from tracker.meetings.papers.slides import write_slides
from tracker.meetings.papers.tables import write_tables
from tracker.meetings.standings import tally_of
from tracker.office.drawing import draw_png

ISSUE = Issue("市直机关工委", AS_OF)
CONTENT = MinutesContent("党建工作整改调度会", "调度会", AS_OF)
LONG_NAME = "第{}机关事务综合保障服务中心联合党支部委员会"


def all_words(material: Material) -> dict[str, str]:
    """The words of every paper by its name."""
    book = workbook_of(write_tables(material))
    return {
        "brief": words_of(write_brief(material)),
        "outline": words_of(write_outline(material, material.standings)),
        "bulletin": words_of(write_bulletin(material, ISSUE)),
        "minutes": words_of(write_minutes(CONTENT, material)),
        "slides": "\n".join(words_on(slide) for slide in slides_of(write_slides(material))),
        "tables": "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row),
    }


def test_every_paper_says_when_of_what_and_how_it_was_counted_and_by_whom_it_was_taken() -> None:
    frozen = a_world(3, 18)
    material = material_of(frozen, taken="导出人：孙某　导出时间：2026-07-31 08:00")
    for name, words in all_words(material).items():
        assert "截至2026年7月31日" in words, name
        assert "取数时间：2026年7月30日 17:05:12" in words, name
        assert f"校验码：{digest(frozen.to_text())[:8]}" in words, name
        assert f"口径：{DEFINITION}" in words, name
        assert "导出人：孙某" in words, name


def test_papers_are_chinese_whatever_the_language_of_the_page(app: Flask) -> None:
    material = material_of(a_world(3, 18))
    with app.test_request_context(), force_locale("en"):
        in_english = all_words(material)
    assert in_english == all_words(material)


def test_what_was_narrowed_is_counted_from_what_is_left_and_says_so() -> None:
    whole = a_frozen(an_item(1), an_item(2, **CLOSED), an_item(3, unit_id=2, unit="宣传部"))
    narrowed = Material(whole.seen_by({1, 2}, {1}), digest(whole.to_text()))
    for name, words in all_words(narrowed).items():
        assert "宣传部" not in words, name
        assert "只列领取人可以查阅的事项" in words, name
        assert digest(whole.to_text())[:8] in words, name
    assert "反馈事项2个，已销号1个，未销号1个" in all_words(narrowed)["brief"]
    assert all("只列领取人" not in words for words in all_words(material_of(whole)).values())


def test_the_sentence_of_all_adds_up_and_names_no_state_that_nothing_is_in() -> None:
    material = material_of(
        a_frozen(
            an_item(1, **CLOSED),
            an_item(2, state=State.APPLIED, due_on=date(2026, 7, 30)),
            an_item(3, due_on=date(2026, 8, 2), own_word=OwnWord.COMPLETED),
            an_item(4, state=State.WITHDRAWN),
        )
    )
    assert wording.overall(material.tally, material) == (
        "反馈事项3个，已销号1个，未销号2个（整改中1个、申请销号1个），销号率33.3%。"
        "未销号事项中，逾期1个、7日内到期1个。单位申报完成1个，均未销号。另有核减1个，不计入总数。"
    )


@pytest.mark.parametrize(
    ("frozen", "sentence"),
    [
        (a_frozen(), "没有列入统计的事项。"),
        (a_frozen(an_item(1, **CLOSED)), "反馈事项1个，已全部销号，销号率100%。"),
        (a_frozen(an_item(1, state=State.WITHDRAWN)), "没有列入统计的事项。另有核减1个，不计入总数。"),
    ],
)
def test_nothing_and_all_closed_are_said_plainly(frozen: Frozen, sentence: str) -> None:
    words = all_words(material_of(frozen))
    assert all(sentence in words[name] for name in ("brief", "bulletin", "minutes"))


def test_999_of_1000_are_not_a_hundred_percent_in_any_paper() -> None:
    items = [an_item(id, **CLOSED) for id in range(1, 1000)]
    material = material_of(a_frozen(*items, an_item(1000), decimals=0))
    for write in (write_brief, write_slides, write_tables):
        write(material)
    assert "销号率99%" in words_of(write_brief(material))
    assert plot_on(slide_called(write_slides(material), "各单位销号率")) == {"组织部（999/1000）": 99}
    assert table_of(write_tables(material), "按单位")[1][-2] == 99


# The one-page paper


@needs_office
@pytest.mark.parametrize(
    "frozen",
    [
        a_frozen(),
        a_world(3, 18),
        a_world(12, 240, unit_name=LONG_NAME, title="全市机关党建工作责任制落实情况整改推进调度会" * 5),
        a_world(40, 600),
        replace(a_world(40, 600), definition="口径说明" * 200, scope="单位" * 300),
        a_frozen(*(an_item(id, unit_id=id, unit="单位" * 25, due_on=date(2026, 7, 1)) for id in range(1, 60))),
    ],
    ids=["empty", "small", "long names", "large", "long definition", "all late"],
)
def test_the_one_page_paper_is_one_page(frozen: Frozen, tmp_path: Path) -> None:
    material = material_of(frozen, taken="导出人：孙某　导出时间：2026-07-31 08:00　导出地址：192.168.1.20")
    assert pages_of(write_brief(material), tmp_path) == 1


def test_what_does_not_fit_the_page_is_counted_and_not_dropped() -> None:
    material = material_of(a_world(40, 600))
    written = read_docx(write_brief(material))
    *rows, rest, whole = rows_of(written.tables[0])[1:]
    notes = [paragraph.text for paragraph in written.paragraphs]
    assert rest[0] == f"其余{40 - len(rows)}个单位"
    assert [sum(int(row[column]) for row in [*rows, rest]) for column in range(1, 6)] == list(map(int, whole[1:6]))
    late = sum("，逾期" in note and note[0].isdigit() for note in notes)
    assert f"等60件逾期事项，其余{60 - late}件见会议清单。" in notes


# A unit's outline


def test_an_outline_leaves_room_where_the_unit_has_told_nothing() -> None:
    told = {"progress": "已核对", "progress_on": date(2026, 7, 25), "obstacle": "资料分散", "next_step": "补齐"}
    frozen = a_frozen(an_item(1, due_on=date(2026, 7, 1)), an_item(2, asked_until=date(2026, 9, 30), **told))
    words = words_of(write_outline(material_of(frozen), material_of(frozen).standings))
    first, second = words.split("具体问题")[1:3]
    assert first.count("（单位未填报）") == 3
    assert "1. 巡察2026-1-001（整改中，逾期30天）" in words
    assert "已核对（2026年7月25日填报）" in second
    assert "申请延期至2026年9月30日" in second
    assert "（单位未填报）" not in second


def test_an_outline_tells_what_the_last_meeting_decided_for_this_unit_alone() -> None:
    decisions = (
        FrozenDecision(1, "核对台账", 1, "组织部", date(2026, 7, 15), "会议2026-1-001", State.WORKING, "已过半"),
        FrozenDecision(2, "办别的事", 2, "宣传部", None),
    )
    material = material_of(a_frozen(an_item(1), last_decisions=decisions))
    words = words_of(write_outline(material, material.standings))
    assert "1. 核对台账（组织部，2026年7月15日前）——会议2026-1-001 整改中：已过半" in words
    assert "办别的事" not in words


def test_outlines_of_several_units_begin_on_pages_of_their_own() -> None:
    material = material_of(a_world(3, 18))
    written = read_docx(write_outline(material, material.standings))
    titles = [each.text for each in written.paragraphs if each.style.name == "Title"]
    assert titles == [f"{each.unit}\n整改工作发言提纲" for each in material.standings]
    assert len(written.sections) == 3


# The bulletin


def test_a_bulletin_without_a_number_has_no_line_for_it_and_no_boards_unless_ordered() -> None:
    material = material_of(a_world(3, 18))
    plain = words_of(write_bulletin(material, ISSUE))
    issued = words_of(write_bulletin(material, replace(ISSUE, number="2026年第3期（总第17期）", limits=Limits())))
    assert "期（总第" not in plain
    assert "进展较快" not in plain
    assert "2026年第3期（总第17期）\t2026年7月31日" in issued
    assert "第2机关党委100%（6/6）" in issued


def test_boards_count_exactly_and_not_what_is_printed() -> None:
    items = [
        an_item(id, unit_id=unit, unit=name, **(CLOSED if at < closed else {}))
        for unit, (name, closed, of) in enumerate([("甲", 9, 10), ("乙", 89, 100), ("丙", 17, 20), ("丁", 849, 1000)])
        for at in range(of)
        for id in [unit * 1000 + at]
    ]
    words = words_of(write_bulletin(material_of(a_frozen(*items, decimals=0)), replace(ISSUE, limits=Limits())))
    fast, behind = words.split("二、进展较快")[1].split("三、进展滞后")
    assert "甲90%（9/10）。" in fast
    assert "乙" not in fast
    assert "丁85%（849/1000）。" in behind.split("四、")[0]
    assert "丙" not in behind.split("四、")[0]


def test_a_unit_with_few_items_is_on_no_board_and_named_apart() -> None:
    items = [an_item(at, unit_id=1, unit="小处", **CLOSED) for at in range(1, 5)]
    items += [an_item(at, unit_id=2, unit="大处", **CLOSED) for at in range(10, 16)]
    words = words_of(write_bulletin(material_of(a_frozen(*items)), replace(ISSUE, limits=Limits())))
    assert "大处100%（6/6）。" in words
    assert "小处100%" not in words
    assert "事项不足5个的单位不列入以上两项：小处。" in words


def test_a_bulletin_shows_the_same_picture_as_the_page_with_words_for_who_cannot_see_it() -> None:
    material = material_of(a_world(3, 18))
    spec = chart(material)
    assert spec is not None
    names = [row["name"].partition(" ")[2] for row in spec["data"]["values"]]
    assert sorted(names) == sorted(each.unit for each in material.standings)
    picture = draw_png(spec)
    written = read_docx(write_bulletin(material, replace(ISSUE, picture=picture)))
    (shape,) = written.inline_shapes
    assert shape._inline.docPr.get("descr") == "各单位销号率"
    assert written.part.related_parts[shape._inline.graphic.graphicData.pic.blipFill.blip.embed].blob == picture


def test_a_bulletin_names_what_is_late_and_attaches_units_and_items_on_lying_paper() -> None:
    frozen = a_frozen(an_item(1, due_on=date(2026, 6, 30)), an_item(2), an_item(3, **CLOSED))
    data = write_bulletin(material_of(frozen), replace(ISSUE, demands="一要压实责任。\n二要加快进度。"))
    written = read_docx(data)
    assert "1. 组织部：巡察2026-1-001" in words_of(data)
    assert "（整改时限2026年6月30日，逾期31天）。" in words_of(data)
    assert "三、工作要求" in words_of(data)
    assert [round(section.page_width / Mm(1)) for section in written.sections] == [210, 297, 297]
    assert rows_of(written.tables[0])[1:] == [
        ["组织部", "3", "1", "2", "1", "0", "33.3%"],
        ["合计", "3", "1", "2", "1", "0", "33.3%"],
    ]
    assert [row[1] for row in rows_of(written.tables[1])[1:]] == ["巡察2026-1-001", "巡察2026-1-002"]


# Minutes


def test_minutes_tell_decisions_with_units_day_and_acceptance_and_say_when_there_is_no_day() -> None:
    decisions = (
        MinutesDecision(1, "补齐台账。", "组织部", ("办公室", "宣传部"), date(2026, 8, 20), acceptance="抽查无差错"),
        MinutesDecision(2, "研究办法", "宣传部"),
        MinutesDecision(4, "继续推进", "办公室", deadline_text="年底前"),
    )
    content = replace(
        CONTENT,
        number="市直工委纪要〔2026〕3号",
        host="张某",
        attendees="王某、李某",
        points=(MinutesPoint("逾期事项", "逐件研究。"), MinutesPoint("其他议题")),
        decisions=decisions,
    )
    words = words_of(write_minutes(content, material_of(a_frozen(an_item(1)))))
    assert (
        "1. 补齐台账。（牵头单位：组织部，配合单位：办公室、宣传部；完成时限：2026年8月20日；验收标准：抽查无差错。）"
        in words
    )
    assert "2. 研究办法。（牵头单位：宣传部；时限由牵头单位提出。）" in words
    assert "4. 继续推进。（牵头单位：办公室；完成时限：年底前。）" in words
    assert "（二）其他议题\n（无记录）" in words
    assert "主持人：张某" in words
    assert "反馈事项1个，已销号0个" in words


# Whatever was frozen


@settings(deadline=None, max_examples=15)
@given(frozen_data())
def test_the_numbers_of_every_paper_are_those_of_the_one_tally(frozen: Frozen) -> None:
    material = material_of(frozen)
    tally = tally_of(frozen)
    rate = tally.closure_rate.printed(frozen.decimals) or "—"
    figures = [str(each) for each in (tally.total, tally.closed, tally.open, tally.overdue, tally.due_soon)]
    if material.standings:
        assert rows_of(read_docx(write_brief(material)).tables[0])[-1] == ["合计", *figures, rate]
    assert rows_of(read_docx(write_bulletin(material, ISSUE)).tables[0])[-1] == ["合计", *figures, rate]
    slides = write_slides(material)
    if tally.total:
        assert sum(plot_on(slide_called(slides, "总体情况")).values()) == tally.total
    assert f"反馈总数{tally.total}个\n已销号{tally.closed}个，未销号{tally.open}个" in words_on(slides_of(slides)[1])
    whole = {row[0]: row[1] for row in table_of(write_tables(material), "总体")}
    assert all(whole[wording.label(name)] == getattr(tally, name.value) for name in FigureName if "rate" not in name)
    assert wording.overall(tally, material) in words_of(write_minutes(CONTENT, material))
    for standing in material.standings:
        told = words_of(write_outline(material, [standing]))
        assert wording.overall(standing.tally, material) in told
        assert all(each.number in told for each in standing.unfinished)


def test_a_request_is_told_with_what_it_asks_for() -> None:
    waits = (
        FrozenWait(1, date(2026, 7, 20), "孙某", "资料多", until=date(2026, 9, 30)),
        FrozenWait(2, date(2026, 7, 21), "李某", ""),
    )
    words = all_words(material_of(a_frozen(an_item(1), an_item(2, state=State.APPLIED), waits=waits)))
    assert "1. 组织部：巡察2026-1-001　申请延期至2026年9月30日（2026年7月20日由孙某提出）：资料多" in words["brief"]
    assert "2. 组织部：巡察2026-1-002　申请销号（2026年7月21日由李某提出）" in words["brief"]
    assert "提请会议研究：2件" in words["slides"]
