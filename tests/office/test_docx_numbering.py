import pytest
from docx import Document
from docx.oxml import parse_xml

from tests.office.documents import W, add_list, add_number, level, number, numbered, numbers, read


@pytest.mark.parametrize(
    ("number_format", "text", "printed"),
    [
        ("chineseCounting", "%1、", ["一、", "二、", "十、", "十一、", "二十、", "二十一、"]),
        ("chineseCountingThousand", "（%1）", ["（一）", "（二）", "（十）", "（十一）", "（二十）", "（二十一）"]),
        ("japaneseCounting", "第%1", ["第一", "第二", "第十", "第十一", "第二十", "第二十一"]),
        ("taiwaneseCountingThousand", "%1.", ["一.", "二.", "十.", "十一.", "二十.", "二十一."]),
        ("ideographDigital", "%1", ["一", "二", "一〇", "一一", "二〇", "二一"]),
        ("ideographTraditional", "%1、", ["甲、", "乙、", "癸、", "11、", "20、", "21、"]),
        ("ideographZodiac", "%1", ["子", "丑", "酉", "戌", "20", "21"]),
        ("chineseLegalSimplified", "%1", ["壹", "贰", "壹拾", "壹拾壹", "贰拾", "贰拾壹"]),
        ("decimalEnclosedCircle", "%1", ["①", "②", "⑩", "⑪", "⑳", "㉑"]),
        ("decimalEnclosedCircleChinese", "%1", ["①", "②", "⑩", "⑪", "⑳", "㉑"]),
        ("decimalEnclosedParen", "%1", ["⑴", "⑵", "⑽", "⑾", "⒇", "(21)"]),
        ("decimalEnclosedFullstop", "%1", ["⒈", "⒉", "⒑", "⒒", "⒛", "21."]),
        ("decimal", "%1．", ["1．", "2．", "10．", "11．", "20．", "21．"]),
        ("decimalZero", "%1", ["01", "02", "10", "11", "20", "21"]),
        ("decimalFullWidth", "（%1）", ["（１）", "（２）", "（１０）", "（１１）", "（２０）", "（２１）"]),
        ("upperRoman", "%1.", ["I.", "II.", "X.", "XI.", "XX.", "XXI."]),
        ("lowerLetter", "%1)", ["a)", "b)", "j)", "k)", "t)", "u)"]),
        ("upperLetter", "%1", ["A", "B", "J", "K", "T", "U"]),
        ("none", "", ["", "", "", "", "", ""]),
        ("somethingNew", "%1.", ["1.", "2.", "10.", "11.", "20.", "21."]),
    ],
)
def test_a_number_is_printed_in_its_format(number_format: str, text: str, printed: list[str]) -> None:
    document = numbered([level(0, number_format, text)], [(0, "问题")] * 21)

    found = numbers(document)

    assert [found[place] for place in (0, 1, 9, 10, 19, 20)] == printed


def test_a_deeper_level_begins_again_under_the_next_higher_number() -> None:
    levels = [level(0, "chineseCounting", "%1、"), level(1, "chineseCounting", "（%2）"), level(2, "decimal", "%3.")]
    document = numbered(levels, [(place, "题") for place in (0, 1, 2, 2, 1, 2, 0, 1, 2)])

    assert numbers(document) == ["一、", "（一）", "1.", "2.", "（二）", "1.", "二、", "（一）", "1."]


def test_a_number_may_hold_the_numbers_above_it() -> None:
    document = numbered([level(0, "decimal", "%1"), level(1, "decimal", "%1.%2")], [(0, "题"), (1, "题"), (1, "题")])

    assert numbers(document) == ["1", "1.1", "1.2"]


def test_a_legal_level_prints_chinese_numbers_above_it_in_figures() -> None:
    levels = [level(0, "chineseCounting", "%1、"), level(1, "decimal", "%1.%2", more="<w:isLgl/>")]

    assert numbers(numbered(levels, [(0, "题"), (1, "题")])) == ["一、", "1.1"]


def test_a_level_that_never_restarts_counts_on() -> None:
    levels = [level(0, "decimal", "%1."), level(1, "decimal", "（%2）", more='<w:lvlRestart w:val="0"/>')]
    document = numbered(levels, [(0, "题"), (1, "题"), (0, "题"), (1, "题")])

    assert numbers(document) == ["1.", "（1）", "2.", "（2）"]


def test_a_list_begins_at_its_start() -> None:
    assert numbers(numbered([level(0, "decimal", "%1.", start=4)], [(0, "题"), (0, "题")])) == ["4.", "5."]


def test_another_use_of_a_list_counts_on_unless_it_overrides_the_start() -> None:
    document = numbered([level(0, "decimal", "%1.")], [(0, "题"), (0, "题")])
    add_number(document, 91, 90)
    add_number(document, 92, 90, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>')
    for number_id in (91, 92, 92):
        number(document.add_paragraph("题"), number_id)

    assert numbers(document) == ["1.", "2.", "3.", "1.", "2."]


def test_another_use_of_a_list_may_print_a_level_differently() -> None:
    document = numbered([level(0, "decimal", "%1.")], [(0, "题")])
    add_number(document, 91, 90, f'<w:lvlOverride w:ilvl="0">{level(0, "chineseCounting", "%1、")}</w:lvlOverride>')
    number(document.add_paragraph("题"), 91)

    assert numbers(document) == ["1.", "二、"]


def test_a_style_gives_its_number_to_paragraphs_and_to_styles_based_on_it() -> None:
    document = Document()
    add_list(
        document, 90, [level(0, "chineseCounting", "%1、"), level(1, "decimal", "%2.", more='<w:pStyle w:val="Item"/>')]
    )
    for key, based_on, numbering in (
        ("Part", "Normal", '<w:numPr><w:numId w:val="90"/></w:numPr>'),
        ("Item", "Normal", '<w:numPr><w:numId w:val="90"/></w:numPr>'),
        ("Like", "Item", ""),
    ):
        document.styles.element.append(
            parse_xml(
                f'<w:style {W} w:type="paragraph" w:styleId="{key}"><w:name w:val="{key}"/>'
                f'<w:basedOn w:val="{based_on}"/><w:pPr>{numbering}</w:pPr></w:style>'
            )
        )
    for key in ("Part", "Item", "Like"):
        document.add_paragraph(key, style=key)

    assert numbers(document) == ["一、", "1.", "2."]


def test_number_zero_takes_a_paragraph_out_of_the_list_of_its_style() -> None:
    document = Document()
    document.add_paragraph("问题", style="List Number")
    number(document.add_paragraph("说明", style="List Number"), 0)
    document.add_paragraph("问题", style="List Number")

    assert numbers(document) == ["1.", "", "2."]


def test_an_empty_numbered_paragraph_counts_although_it_is_not_read() -> None:
    document = numbered([level(0, "decimal", "%1.")], [(0, "题"), (0, ""), (0, "题")])

    assert numbers(document) == ["1.", "3."]


def test_a_bullet_is_a_bullet_whatever_its_font() -> None:
    assert numbers(numbered([level(0, "bullet", "\uf0b7")], [(0, "题")])) == ["•"]


def test_a_number_of_a_list_that_is_not_defined_is_no_number() -> None:
    document = Document()
    number(document.add_paragraph("题"), 777)

    assert numbers(document) == [""]


def test_headings_carry_their_level() -> None:
    document = Document()
    document.add_heading("一级", 1)
    document.add_heading("三级", 3)
    document.add_paragraph("正文")

    assert [paragraph.heading_level for paragraph in read(document)] == [1, 3, None]
