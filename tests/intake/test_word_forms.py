"""Forms that only Word has: numbers that are not in the text, styles, tracked changes, lines in a paragraph."""

from docx import Document
from docx.oxml import parse_xml

from tests.intake.texts import rows_of
from tests.office.documents import W, add_list, add_number, level, number, numbered, read
from tracker.intake.rules import Counts, read_outline

OFFICIAL = [
    level(0, "chineseCounting", "%1、"),
    level(1, "chineseCounting", "（%2）"),
    level(2, "decimal", "%3."),
    level(3, "decimalEnclosedCircle", "%4"),
]


def test_a_paper_with_automatic_numbers_of_three_levels_keeps_its_declared_counts() -> None:
    document = numbered(OFFICIAL, [])
    document.add_paragraph("市委督查室对你单位开展了督查，发现2个方面3大类4个问题，现反馈如下：")
    for place, words in (
        (0, "政治建设方面"),
        (1, "学习教育不深入"),
        (2, "中心组学习计划性不强"),
        (2, "学习成果转化不足"),
        (1, "责任落实不到位"),
        (2, "述职评议走过场"),
        (0, "组织建设方面"),
        (1, "组织生活不规范"),
        (2, "主题党日形式单一"),
    ):
        number(document.add_paragraph(words), 90, place)
    document.add_paragraph("市委督查室")

    reading = read_outline(read(document))

    assert reading.declared == reading.counted == Counts(2, 3, 4)
    assert reading.warnings == ()
    assert rows_of(reading)[-1] == ["组织建设方面", "组织生活不规范", "1.", "主题党日形式单一"]


def test_headings_numbered_by_their_styles_nest_with_the_words_below_them() -> None:
    document = Document()
    formats = (("ideographDigital", "%1、"), ("ideographDigital", "（%2）"), ("decimalFullWidth", "%3．"))
    levels = [
        level(place, name, text, more=f'<w:pStyle w:val="Heading{place + 1}"/>')
        for place, (name, text) in enumerate(formats)
    ]
    add_list(document, 81, levels)
    for place in (1, 2, 3):
        properties = document.styles[f"Heading {place}"].element.get_or_add_pPr()
        properties.append(parse_xml(f'<w:numPr {W}><w:numId w:val="81"/></w:numPr>'))
    for place, words in ((1, "党的建设缺失"), (2, "支部建设不规范"), (3, "换届选举超期"), (3, "台账缺失")):
        document.add_heading(words, place)
    document.add_paragraph("督导组查阅资料发现，台账没有建立。")

    assert rows_of(read_outline(read(document))) == [
        ["党的建设缺失", "支部建设不规范", "１．", "换届选举超期"],
        ["党的建设缺失", "支部建设不规范", "２．", "台账缺失。督导组查阅资料发现，台账没有建立"],
    ]


def test_circled_numbers_begin_again_in_every_section() -> None:
    document = Document()
    add_list(document, 82, [level(0, "decimalEnclosedCircle", "%1")])
    add_number(document, 83, 82, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>')
    for key, heading, faults in (
        (82, "一、领导班子查摆的问题", ["理论学习系统性不强", "调研深入基层少"]),
        (83, "二、班子成员查摆的问题", ["抓分管领域党建不够主动"]),
    ):
        document.add_paragraph(heading)
        for words in faults:
            number(document.add_paragraph(words), key)

    assert [row[1:] for row in rows_of(read_outline(read(document)))] == [
        ["①", "理论学习系统性不强"],
        ["②", "调研深入基层少"],
        ["①", "抓分管领域党建不够主动"],
    ]


def test_a_paper_is_read_as_its_tracked_changes_leave_it() -> None:
    document = Document()
    document.add_paragraph("一、学习方面")
    paragraph = document.add_paragraph("1.学习计划不")._p
    paragraph.append(parse_xml(f'<w:ins {W} w:id="1" w:author="x"><w:r><w:t>够具体</w:t></w:r></w:ins>'))
    paragraph.append(parse_xml(f'<w:del {W} w:id="2" w:author="x"><w:r><w:delText>细</w:delText></w:r></w:del>'))
    gone = document.add_paragraph()._p
    gone.append(parse_xml(f'<w:del {W} w:id="3" w:author="x"><w:r><w:delText>2.记录缺失</w:delText></w:r></w:del>'))
    document.add_paragraph("2.研讨发言质量不高")

    assert [row[1:] for row in rows_of(read_outline(read(document)))] == [
        ["1.", "学习计划不够具体"],
        ["2.", "研讨发言质量不高"],
    ]


def test_lines_within_one_paragraph_are_lines_of_their_own() -> None:
    document = Document()
    for lines in (
        ["一、存在问题", "（一）思想认识有偏差。部分书记认为党建是软指标。", "（二）阵地建设滞后。"],
        ["二、工作要求", "（一）提高认识。", "（二）严格落实。"],
    ):
        run = document.add_paragraph(lines[0]).add_run()
        for words in lines[1:]:
            run.add_break()
            run.add_text(words)

    assert rows_of(read_outline(read(document))) == [
        ["（一）", "思想认识有偏差。部分书记认为党建是软指标"],
        ["（二）", "阵地建设滞后"],
    ]
