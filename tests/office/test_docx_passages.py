"""Words of a Word file replaced, everything else the same to the byte."""

import io
import re
from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import canonicalize, fromstring, tostring
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml import parse_xml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.office.documents import W, add_list, level, number, repacked, stream_of
from tracker.office.docx_passages import DocxPassages
from tracker.office.passages import Edit, Unreplaceable, new_words
from tracker.office.unreadable import Unreadable, UnreadableFile

MAIN = "word/document.xml"


def a_paragraph(*runs: str) -> Any:
    """A document of one paragraph with these pieces of XML in it, and another below it."""
    document = Document()
    document.add_paragraph()._p.extend(list(parse_xml(f"<w:x {W}>{''.join(runs)}</w:x>")))
    document.add_paragraph("后面一段")
    return document


def run(text: str, look: str = "") -> str:
    return f'<w:r>{f"<w:rPr>{look}</w:rPr>" if look else ""}<w:t xml:space="preserve">{text}</w:t></w:r>'


def opened(document: Any) -> DocxPassages:
    return DocxPassages(stream_of(document))


def edited(document: Any, *edits: Edit) -> DocxPassages:
    return DocxPassages(io.BytesIO(opened(document).replaced(edits)))


def xml_of(content: bytes) -> bytes:
    with ZipFile(io.BytesIO(content)) as archive:
        return archive.read(MAIN)


def texts(passages: DocxPassages) -> list[str]:
    return [passage.text for passage in passages.passages]


def runs_of(content: bytes) -> list[tuple[str, str]]:
    """Each run that has words: its look and its words."""
    found = []
    for each in re.findall(rb"<w:r>.*?</w:r>", xml_of(content)):
        look = re.search(rb"<w:rPr>.*?</w:rPr>", each)
        words = "".join(part.decode() for part in re.findall(rb"<w:t[^>]*>([^<]*)</w:t>", each))
        if words:
            found.append((look[0].decode() if look else "", words))
    return found


def test_a_blank_split_over_runs_is_filled_in_the_look_of_its_first_sign() -> None:
    document = a_paragraph(run("9大类X", "<w:b/>"), run("X个", "<w:i/>"), run("问题整改。"))
    content = opened(document).replaced([Edit(0, 3, 5, ("27",))])
    assert runs_of(content)[:3] == [
        ("<w:rPr><w:b/></w:rPr>", "9大类27"),
        ("<w:rPr><w:i/></w:rPr>", "个"),
        ("", "问题整改。"),
    ]


def test_without_edits_the_file_is_the_same_to_the_byte() -> None:
    document = a_paragraph(run("一"), run("二"))
    content = opened(document).replaced([])
    with ZipFile(stream_of(document)) as old, ZipFile(io.BytesIO(content)) as new:
        assert new.namelist() == old.namelist()
        assert [new.read(name) for name in new.namelist()] == [old.read(name) for name in old.namelist()]


def test_bytes_around_a_change_stay_however_they_are_written() -> None:
    stream = stream_of(a_paragraph(run("甲乙")))
    odd = (
        f"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\r\n<w:document {W} xmlns:z = 'urn:z'  z:a='1>2'>"
        "<w:body><!-- 说明 --><w:p ><w:r><w:t>A &amp; &#x42;</w:t><w:tab /><w:t/><w:t\n>丙</w:t></w:r></w:p>"
        "<w:p/><w:sectPr></w:sectPr></w:body></w:document>\n"
    ).encode()
    passages = DocxPassages(repacked(stream, {MAIN: odd}))
    assert texts(passages) == ["A & B\t丙", ""]
    wanted = odd.replace("<w:t\n>丙".encode(), '<w:t\n xml:space="preserve">&lt;丁&gt;'.encode())
    assert xml_of(passages.replaced([Edit(0, 6, 7, ("<丁>",))])) == wanted


def test_further_lines_are_paragraphs_like_the_first_without_number_and_section_break() -> None:
    document = Document()
    add_list(document, 90, [level(0, "decimal", "%1.")])
    paragraph = number(document.add_paragraph(), 90)
    paragraph.paragraph_format.first_line_indent = 400000
    paragraph.add_run("旧的").bold = True
    number(document.add_paragraph("下一条"), 90)
    made = edited(document, Edit(0, 0, 2, ("一是新的。", "二是新的。", "三是新的。")))
    assert [(each.number, each.text) for each in made.passages] == [
        ("1.", "一是新的。"),
        ("", "二是新的。"),
        ("", "三是新的。"),
        ("2.", "下一条"),
    ]
    xml = xml_of(opened(document).replaced([Edit(0, 0, 2, ("一", "二"))])).decode()
    assert xml.count("w:firstLine=") == 2
    assert xml.count("<w:b/>") == 2


def test_a_paragraph_that_ends_a_section_keeps_all_lines() -> None:
    document = a_paragraph(run("旧"))
    document.paragraphs[0]._p.get_or_add_pPr().append(parse_xml(f"<w:sectPr {W}/>"))
    assert texts(edited(document, Edit(0, 0, 1, ("一。", "二。")))) == ["一。二。", "后面一段"]


def test_a_paragraph_without_words_left_goes_unless_something_hangs_on_it() -> None:
    assert texts(edited(a_paragraph(run("旧")), Edit(0, 0, 1, ()))) == ["后面一段"]
    kept = a_paragraph('<w:bookmarkStart w:id="0" w:name="a"/>', run("旧"), '<w:bookmarkEnd w:id="0"/>')
    assert texts(edited(kept, Edit(0, 0, 1, ()))) == ["", "后面一段"]
    table = Document()
    table.add_table(rows=1, cols=1).rows[0].cells[0].text = "旧"
    assert texts(edited(table, Edit(0, 0, 1, ()))) == [""]


def test_cells_of_tables_and_text_boxes_are_paragraphs_too() -> None:
    document = a_paragraph(
        run("正文"),
        "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>框内X次</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>",
    )
    document.add_table(rows=1, cols=1).rows[0].cells[0].text = "表内X次"
    made = edited(document, Edit(1, 2, 3, ("5",)), Edit(3, 2, 3, ("6",)))
    assert [(each.text, each.in_table) for each in made.passages] == [
        ("正文", False),
        ("框内5次", False),
        ("后面一段", False),
        ("表内6次", True),
    ]


FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
DATE = FIELD.format("begin") + "<w:r><w:instrText>DATE</w:instrText></w:r>" + FIELD.format("separate")


@pytest.mark.parametrize(
    ("inside", "what"),
    [
        (DATE + run("今天") + FIELD.format("end"), "域"),
        (f'<w:fldSimple w:instr="DATE">{run("今天")}</w:fldSimple>', "域"),
        (f'<w:hyperlink w:anchor="a">{run("看这里")}</w:hyperlink>', "超链接"),
        (f'<w:ins w:id="1" w:author="王敏">{run("新增")}</w:ins>', "修订"),
        ('<w:del w:id="1" w:author="王敏"><w:r><w:delText>删去</w:delText></w:r></w:del>', "修订"),
        ('<w:r><w:footnoteReference w:id="2"/></w:r>', "脚注"),
        ("<w:r><w:drawing/></w:r>", "图片"),
        (run("暗", "<w:vanish/>"), "隐藏"),
        ('<w:r><w:br w:type="page"/></w:r>', "分页符"),
        ('<w:r><w:sym w:char="F0FE"/></w:r>', "符号"),
    ],
)
def test_what_a_replacement_would_break_is_refused_in_words_and_left_alone_elsewhere(inside: str, what: str) -> None:
    document = a_paragraph(run("前文"), inside, run("后文"))
    whole = texts(opened(document))[0]
    with pytest.raises(Unreplaceable, match=what):
        opened(document).replaced([Edit(0, 1, len(whole) - 1, ("新",))])
    made = edited(document, Edit(0, 0, 2, ("新",)), Edit(0, len(whole) - 2, len(whole), ("文",)))
    assert texts(made)[0] == "新" + whole[2:-2] + "文"


def test_a_blank_within_a_tracked_insertion_is_filled_and_stays_an_insertion() -> None:
    document = a_paragraph(f'<w:ins w:id="1" w:author="王敏">{run("召开XX次")}</w:ins>')
    content = opened(document).replaced([Edit(0, 2, 4, ("5",))])
    assert "<w:ins " in xml_of(content).decode()
    assert texts(DocxPassages(io.BytesIO(content)))[0] == "召开5次"


def test_words_put_in_behind_a_link_do_not_become_part_of_it() -> None:
    document = a_paragraph(f'<w:hyperlink w:anchor="a">{run("看这里")}</w:hyperlink>', run("。"))
    xml = xml_of(opened(document).replaced([Edit(0, 3, 3, ("，已完成",))])).decode()
    assert "看这里</w:t></w:r></w:hyperlink>" in xml
    assert "，已完成。</w:t>" in xml


def test_bookmarks_and_comments_around_and_inside_stay() -> None:
    inner = '<w:commentRangeStart w:id="3"/><w:bookmarkStart w:id="1" w:name="b"/>'
    document = a_paragraph(run("旧"), inner, run("文"), '<w:bookmarkEnd w:id="1"/><w:commentRangeEnd w:id="3"/>')
    content = opened(document).replaced([Edit(0, 0, 2, ("新文",))])
    assert all(tag in xml_of(content).decode() for tag in ("bookmarkStart", "bookmarkEnd", "commentRangeEnd"))
    assert texts(DocxPassages(io.BytesIO(content)))[0] == "新文"


def test_underlined_blanks_are_gaps() -> None:
    line = '<w:u w:val="single"/>'
    document = a_paragraph(run("召开"), run("  ", line), run("　", line), run("次 "), run(" ", line), run("人"))
    assert opened(document).passages[0].gaps == ((2, 5),)


def a_signed_mess(encoding: str) -> bytes:
    return f'<?xml version="1.0" encoding="{encoding}"?><w:document {W}><w:body/></w:document>'.encode(encoding)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"word/vbaProject.bin": b"x"}, Unreadable.macros),
        ({MAIN: b"<not xml"}, Unreadable.broken),
        ({MAIN: b"<a/>"}, Unreadable.broken),
        ({MAIN: a_signed_mess("utf-16")}, Unreadable.broken),
        ({MAIN: b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'}, Unreadable.entities),
        ({MAIN: b"<a>" + bytes(range(256)) * 90_000 + b"</a>"}, Unreadable.bomb),
    ],
)
def test_a_hostile_file_is_refused_in_words(changes: dict[str, bytes], code: Unreadable) -> None:
    with pytest.raises(UnreadableFile) as refused:
        DocxPassages(repacked(stream_of(Document()), changes))
    assert refused.value.code is code


WORDS = st.text("整改X个问题<&\t“”", max_size=6)
LOOKS = st.sampled_from(["", "<w:b/>", "<w:i/>", '<w:color w:val="FF0000"/>'])


@st.composite
def cuts(draw: st.DrawFn) -> tuple[list[tuple[str, str]], list[Edit]]:
    """A paragraph in runs of any length, and edits that lie apart in it."""
    pieces = draw(st.lists(st.tuples(WORDS, LOOKS), min_size=1, max_size=6))
    length = sum(len(words) for words, _look in pieces)
    marks = sorted(draw(st.lists(st.integers(0, length), max_size=6, unique=True)))
    spans = list(zip(marks[::2], marks[1::2], strict=False))
    new = draw(st.lists(st.text("新文27&<", max_size=4), min_size=len(spans), max_size=len(spans)))
    return pieces, [Edit(0, start, end, (words,)) for (start, end), words in zip(spans, new, strict=True)]


@settings(deadline=None)
@given(cuts())
def test_whatever_the_runs_the_words_change_as_asked_and_no_look_changes(
    drawn: tuple[list[tuple[str, str]], list[Edit]],
) -> None:
    pieces, edits = drawn
    document = a_paragraph(*(_marked(words, look) for words, look in pieces))
    before = opened(document)
    content = before.replaced(edits)
    after = DocxPassages(io.BytesIO(content))
    assert [each.text for each in after.passages] == [*new_words(before.passages[0].text, edits), "后面一段"]
    assert _signs(after.passages[0].text, content, edits, pieces)
    old = fromstring(xml_of(stream_of(document).getvalue()))
    new = fromstring(xml_of(content))
    assert _without_words(new) == _without_words(old)


def _marked(words: str, look: str) -> str:
    """A run of words, tabs as the elements that Word makes of them."""
    escaped = words.replace("&", "&amp;").replace("<", "&lt;")
    inner = '</w:t><w:tab/><w:t xml:space="preserve">'.join(escaped.split("\t"))
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{inner}</w:t></w:r>'


def _signs(text: str, content: bytes, edits: Sequence[Edit], pieces: Sequence[tuple[str, str]]) -> bool:
    """Every sign that was kept still has its look."""
    looks = [look for words, look in pieces for _sign in words]
    for edit in sorted(edits, reverse=True):
        first = looks[edit.start]
        looks[edit.start : edit.end] = [first] * len(edit.lines[0])
    found: list[str] = []
    for each in re.findall(r"<w:r>.*?</w:r>", xml_of(content).decode()):
        look = re.search(r"<w:rPr>(.*?)</w:rPr>", each)
        words = re.sub(r"&\w+;", "&", re.sub(r"<[^>]+>", "", each.replace("<w:tab/>", "\t")))
        found += [look[1] if look else ""] * len(words)
    return found[: len(text)] == looks


def _without_words(root: Any) -> str:
    """A document without its words, and without the elements that only held them."""
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag.endswith(("}t", "}tab")) and parent.tag.endswith("}r"):
                parent.remove(child)
    return canonicalize(tostring(root))
