"""Tables of problems in Word documents."""

from collections.abc import Sequence

from docx import Document
from docx.document import Document as DocxDocument
from docx.table import Table

from tests.intake.texts import reasons_of, rows_of
from tests.office.documents import level, number, numbered, read
from tracker.intake.rules import Counts, Reading, read_outline


def a_table(document: DocxDocument, rows: Sequence[Sequence[str]]) -> Table:
    table = document.add_table(len(rows), len(rows[0]))
    for cells, row in zip(table.rows, rows, strict=True):
        for cell, words in zip(cells.cells, row, strict=True):
            cell.text = words
    return table


def read_table(rows: Sequence[Sequence[str]]) -> Reading:
    document = Document()
    a_table(document, rows)
    return read_outline(read(document))


def test_a_list_with_merged_sections_gives_each_problem_its_path() -> None:
    document = Document()
    document.add_paragraph("巡察反馈问题清单")
    table = a_table(
        document,
        [
            ["序号", "方面", "类别", "具体问题", "责任单位"],
            ["1", "政治建设", "理论学习", "学习不深入。", "办公室"],
            ["2", "", "", "研讨不充分。", "办公室"],
            ["3", "", "意识形态", "阵地管理不严。", "宣传科"],
            ["4", "组织建设", "支部建设", "换届不及时。", "组织科"],
            ["合计", "", "", "4", ""],
        ],
    )
    table.cell(1, 1).merge(table.cell(3, 1))
    table.cell(1, 2).merge(table.cell(2, 2))

    reading = read_outline(read(document))

    assert rows_of(reading) == [
        ["政治建设", "理论学习", "1", "学习不深入"],
        ["政治建设", "理论学习", "2", "研讨不充分"],
        ["政治建设", "意识形态", "3", "阵地管理不严"],
        ["组织建设", "支部建设", "4", "换届不及时"],
    ]
    assert reading.counted == Counts(2, 3, 4)
    assert reasons_of(reading)["合计｜4"] == "这是表格的合计行"


def test_sections_repeated_in_every_row_are_counted_once() -> None:
    reading = read_table(
        [
            ["一级标题", "二级标题", "问题表述"],
            ["一、政治建设方面", "（一）学习", "1.学习不深入"],
            ["一、政治建设方面", "（一）学习", "2.研讨不充分"],
            ["二、组织建设方面", "（一）学习", "1.党课质量不高"],
        ]
    )

    assert reading.counted == Counts(2, 2, 3)
    assert rows_of(reading)[2] == ["组织建设方面", "学习", "1.", "党课质量不高"]


def test_numbered_paragraphs_in_one_cell_are_problems_of_their_own() -> None:
    reading = read_table(
        [["类别", "存在问题"], ["学习", "1.学习不深入；\n2.研讨不充分。"], ["作风", "调研不深入，\n走访偏少。"]]
    )

    assert [row[-1] for row in rows_of(reading)] == ["学习不深入", "研讨不充分", "调研不深入，走访偏少"]


def test_a_table_below_a_heading_belongs_to_it() -> None:
    document = Document()
    for heading, rows in (("一、政治建设方面", ["学习不深入", "研讨不充分"]), ("二、组织建设方面", ["换届不及时"])):
        document.add_paragraph(heading)
        a_table(document, [["序号", "问题"], *([str(place), words] for place, words in enumerate(rows, 1))])

    assert rows_of(read_outline(read(document))) == [
        ["政治建设方面", "1", "学习不深入"],
        ["政治建设方面", "2", "研讨不充分"],
        ["组织建设方面", "1", "换届不及时"],
    ]


def test_a_form_with_labels_gives_its_problem_and_leaves_the_rest_out() -> None:
    document = Document()
    for words in ("学习不深入", "制度不健全"):
        a_table(document, [["反馈问题", words], ["整改措施", "1.加强学习。2.完善制度。"], ["责任单位", "办公室"]])
        document.add_paragraph()

    reading = read_outline(read(document))

    assert [row[-1] for row in rows_of(reading)] == ["学习不深入", "制度不健全"]
    assert reasons_of(reading)["责任单位｜办公室"] == "这是责任分工或时限，不是问题"


def test_a_table_without_headings_is_read_like_text() -> None:
    reading = read_table([["一、政治建设方面"], ["1.学习不深入"], ["2.研讨不充分"]])

    assert rows_of(reading) == [["政治建设方面", "1.", "学习不深入"], ["政治建设方面", "2.", "研讨不充分"]]


def test_measures_beside_problems_are_not_problems() -> None:
    reading = read_table(
        [["问题", "整改措施", "整改时限"], ["学习不深入", "制定计划，解决学习不深入的问题", "2026年6月底前"]]
    )

    assert [row[-1] for row in rows_of(reading)] == ["学习不深入"]


def test_a_table_in_the_part_on_work_done_is_left_out() -> None:
    document = Document()
    document.add_paragraph("一、整改进展情况")
    a_table(document, [["序号", "问题"], ["1", "旧问题未解决"]])
    document.add_paragraph("二、存在问题")
    document.add_paragraph("1.学习不深入")

    assert [row[-1] for row in rows_of(read_outline(read(document)))] == ["学习不深入"]


def test_automatic_numbers_of_any_format_nest_like_typed_ones() -> None:
    levels = [
        level(0, "chineseCountingThousand", "第%1部分"),
        level(1, "decimalFullWidth", "%2．"),
        level(2, "decimalEnclosedCircle", "%3"),
    ]
    entries = [(0, "政治建设方面"), (1, "学习不深入"), (2, "计划未落实"), (2, "记录不全"), (0, "组织建设方面")]

    reading = read_outline(read(numbered(levels, [*entries, (1, "换届不规范"), (2, "换届超期")])))

    assert rows_of(reading) == [
        ["政治建设方面", "学习不深入", "①", "计划未落实"],
        ["政治建设方面", "学习不深入", "②", "记录不全"],
        ["组织建设方面", "换届不规范", "①", "换届超期"],
    ]


def test_typed_and_automatic_numbers_mix() -> None:
    document = numbered([level(0, "decimal", "%1.")], [])
    document.add_paragraph("（一）政治建设方面")
    number(document.add_paragraph("学习不深入"), 90)
    number(document.add_paragraph("研讨不充分"), 90)
    document.add_paragraph("（二）组织建设方面")
    document.add_paragraph("1.换届不及时")

    assert rows_of(read_outline(read(document))) == [
        ["政治建设方面", "1.", "学习不深入"],
        ["政治建设方面", "2.", "研讨不充分"],
        ["组织建设方面", "1.", "换届不及时"],
    ]


def test_headings_without_numbers_nest_by_their_styles() -> None:
    document = Document()
    document.add_heading("关于巡察情况的反馈意见", 0)
    for heading in ("政治建设方面", "组织建设方面"):
        document.add_heading(heading, 1)
        document.add_heading("责任落实不到位", 2)
        document.add_paragraph("研究部署不够。", style="List Bullet")
        document.add_paragraph("督促检查不严。", style="List Bullet")

    reading = read_outline(read(document))

    assert reading.counted == Counts(2, 2, 4)
    assert rows_of(reading)[0] == ["政治建设方面", "责任落实不到位", "", "研究部署不够"]
