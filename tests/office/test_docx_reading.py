import io
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx import Document

from tests.office.documents import W, read, repacked, stream_of, texts
from tracker.core.errors import DomainError
from tracker.office.docx_reading import read_docx
from tracker.office.paragraphs import Cell
from tracker.office.unreadable import ADVICE, Unreadable, UnreadableFile

DOCUMENT = "word/document.xml"


def a_document(*words: str) -> io.BytesIO:
    document = Document()
    for text in words or ("正文",):
        document.add_paragraph(text)
    return stream_of(document)


def with_body(xml: str) -> io.BytesIO:
    return repacked(a_document(), {DOCUMENT: f"<w:document {W}><w:body>{xml}</w:body></w:document>".encode()})


def test_paragraphs_and_cells_come_in_document_order() -> None:
    document = Document()
    document.add_paragraph("前")
    table = document.add_table(2, 2)
    for number, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = f"格{number}"
    document.add_paragraph("后")

    found = read(document)

    assert [paragraph.text for paragraph in found] == ["前", "格0", "格1", "格2", "格3", "后"]
    assert [paragraph.in_table for paragraph in found] == [False, True, True, True, True, False]
    assert [paragraph.cell for paragraph in found][1:5] == [
        Cell(0, 0, 0),
        Cell(0, 0, 1),
        Cell(0, 1, 0),
        Cell(0, 1, 1),
    ]
    assert [paragraph.index for paragraph in found] == list(range(6))


def test_a_merged_cell_is_read_once_and_the_columns_stay_in_place() -> None:
    document = Document()
    table = document.add_table(3, 3)
    table.cell(0, 0).merge(table.cell(2, 0)).text = "方面"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "横并"
    for row in (1, 2):
        table.cell(row, 1).text = f"类{row}"
        table.cell(row, 2).text = f"题{row}"

    assert [(paragraph.text, paragraph.cell) for paragraph in read(document)] == [
        ("方面", Cell(0, 0, 0)),
        ("横并", Cell(0, 0, 1)),
        ("类1", Cell(0, 1, 1)),
        ("题1", Cell(0, 1, 2)),
        ("类2", Cell(0, 2, 1)),
        ("题2", Cell(0, 2, 2)),
    ]


def test_a_table_within_a_cell_is_a_table_of_its_own() -> None:
    document = Document()
    inner = document.add_table(1, 1).cell(0, 0).add_table(1, 1)
    inner.cell(0, 0).text = "内"

    assert [(paragraph.text, paragraph.cell) for paragraph in read(document)] == [("内", Cell(1, 0, 0))]


def test_inserted_words_stand_and_deleted_and_hidden_ones_do_not() -> None:
    body = (
        "<w:p><w:r><w:t>学习</w:t></w:r><w:ins><w:r><w:t>不够</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>很</w:delText></w:r></w:del>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>暗</w:t></w:r><w:r><w:t>深入</w:t></w:r></w:p>"
    )

    assert [paragraph.text for paragraph in read_docx(with_body(body))] == ["学习不够深入"]


def test_words_in_links_controls_and_text_boxes_are_read() -> None:
    body = (
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>控件</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        "<w:p><w:hyperlink><w:r><w:t>链接</w:t></w:r></w:hyperlink>"
        "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>文本框</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"
    )

    assert [paragraph.text for paragraph in read_docx(with_body(body))] == ["控件", "链接", "文本框"]


def test_a_line_break_stays_in_the_paragraph() -> None:
    document = Document()
    document.add_paragraph("第一行").add_run().add_break()
    document.paragraphs[0].add_run("第二行")

    assert texts(document) == ["第一行\n第二行"]


def test_a_document_without_styles_and_numbering_is_read() -> None:
    stream = io.BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr(
            DOCUMENT, f"<w:document {W}><w:body><w:p><w:r><w:t>正文</w:t></w:r></w:p></w:body></w:document>"
        )

    assert [paragraph.text for paragraph in read_docx(stream)] == ["正文"]


def test_the_strict_form_of_the_format_is_read() -> None:
    body = b'<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body><w:p><w:r><w:t>x</w:t></w:r></w:p></w:body></w:document>'

    assert [paragraph.text for paragraph in read_docx(repacked(a_document(), {DOCUMENT: body}))] == ["x"]


def ole(stream_name: str) -> io.BytesIO:
    return io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + stream_name.encode("utf-16-le") + bytes(600))


def a_bomb() -> io.BytesIO:
    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        archive.writestr(DOCUMENT, bytes(30_000_000))
    return stream


def an_encrypted_zip() -> io.BytesIO:
    data = bytearray(a_document().getvalue())
    place = 0
    while (place := data.find(b"PK\x01\x02", place)) >= 0:
        data[place + 8] |= 1
        place += 4
    return io.BytesIO(bytes(data))


def cut_off() -> io.BytesIO:
    return io.BytesIO(a_document().getvalue()[:-100])


def an_entity() -> io.BytesIO:
    entity = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return repacked(a_document(), {DOCUMENT: f"{entity}<w:document {W}><w:body/></w:document>".encode()})


@pytest.mark.parametrize(
    ("stream", "code"),
    [
        (io.BytesIO(), Unreadable.empty),
        (ole("EncryptedPackage"), Unreadable.encrypted),
        (an_encrypted_zip(), Unreadable.encrypted),
        (ole("WordDocument"), Unreadable.old_word),
        (ole("Workbook"), Unreadable.old_workbook),
        (io.BytesIO(b"%PDF-1.7 ..."), Unreadable.pdf),
        (io.BytesIO(b"\x89PNG\r\n\x1a\n" + bytes(20)), Unreadable.image),
        (io.BytesIO("这是文本".encode()), Unreadable.not_docx),
        (repacked(a_document(), {"word/vbaProject.bin": b"x"}), Unreadable.macros),
        (a_bomb(), Unreadable.bomb),
        (an_entity(), Unreadable.entities),
        (cut_off(), Unreadable.broken),
        (repacked(a_document(), {DOCUMENT: b"<w:document"}), Unreadable.broken),
        (repacked(a_document(), {DOCUMENT: b"<nothing/>"}), Unreadable.broken),
        (repacked(a_document(), {DOCUMENT: b"<a>" * 100_000 + b"</a>" * 100_000}), Unreadable.broken),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(stream: io.BytesIO, code: Unreadable) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read_docx(stream)

    assert refusal.value.code is code
    assert isinstance(refusal.value, DomainError)
    assert refusal.value.status == 422
    assert "请" in str(refusal.value)


def test_a_workbook_renamed_to_docx_is_refused() -> None:
    stream = io.BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")

    with pytest.raises(UnreadableFile) as refusal:
        read_docx(stream)
    assert refusal.value.code is Unreadable.workbook


def test_every_refusal_has_words_that_say_what_to_do() -> None:
    assert set(ADVICE) == set(Unreadable)
    assert all("请" in str(words) for words in ADVICE.values())


def test_deep_nesting_of_real_tags_is_refused_and_not_a_crash() -> None:
    deep = "<w:r>" * 20_000 + "<w:t>x</w:t>" + "</w:r>" * 20_000
    with pytest.raises(UnreadableFile):
        read_docx(with_body(f"<w:p>{deep}</w:p>"))
