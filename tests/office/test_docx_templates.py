"""Word templates of an office's own: what is wrong is told with its place, what is sound is filled, harm is refused."""

import io
import random
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from libreoffice import converted, needs_office

from tests.office.hostile import a_template, related, replaced, with_field, with_part
from tracker.core.errors import DomainError
from tracker.office import docx_templates
from tracker.office.docx_templates import Unfilled, check, fill, render
from tracker.office.docx_writing import Document
from tracker.office.text_templates import Record, Rows
from tracker.office.unreadable import UnreadableFile

SHAPE = {"title": None, "total": None, "tasks": Record({"total"}), "items": Rows({"number", "text"})}
VALUES = {
    "title": "整改 <报告> & “附件”",
    "total": 27,
    "tasks": {"total": 0},
    "items": [{"number": "督查1", "text": "学习不够"}, {"number": "督查2", "text": "{{ 7 * 7 }}"}],
}
NOON = datetime(2026, 12, 31, 4, 0, tzinfo=UTC)


def faults(content: bytes, required: tuple[str, ...] = ()) -> list[tuple[str, str, str]]:
    found = check(io.BytesIO(content), SHAPE, required)
    return [(str(fault.place), fault.quote, str(fault.message)) for fault in found]


def filled(content: bytes, **changed: Any) -> Any:
    return docx.Document(io.BytesIO(render(content, VALUES | changed, SHAPE, title="报告", made_at=NOON)))


def texts(content: bytes, **changed: Any) -> list[str]:
    return [paragraph.text for paragraph in filled(content, **changed).paragraphs]


def test_names_conditions_and_lists_are_filled_paragraph_by_paragraph() -> None:
    content = a_template(
        "{{ title }}",
        "{%p if total > 20 %}",
        "共{{ total }}个{% if tasks.total %}、任务{{ tasks.total }}项{% endif %}。",
        "{%p endif %}",
        "{%p for each in items %}",
        "{{ each.number }}：{{ each.text }}",
        "{%p endfor %}",
    )
    assert faults(content) == []
    assert texts(content) == ["整改 <报告> & “附件”", "共27个。", "督查1：学习不够", "督查2：{{ 7 * 7 }}"]


def test_a_mark_may_be_spread_over_runs_and_hold_curled_quotation_marks() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph()
    for piece, bold in (("共{", False), ("{ to", True), ("tal }", False), ("}个", True)):
        paragraph.add_run(piece).bold = bold
    document.add_paragraph("{% if title == “别的” %}是{% else %}否{% endif %}")
    stream = io.BytesIO()
    document.save(stream)
    assert faults(stream.getvalue()) == []
    assert texts(stream.getvalue()) == ["共27个", "否"]


def a_table(*rows: tuple[str, ...]) -> bytes:
    document = Document("{{ title }}", made_at=NOON)
    document.table(["编号", "内容"], rows)
    return document.to_bytes()


def test_rows_of_a_table_are_filled_and_header_and_footer_too() -> None:
    content = a_table(
        ("{%tr for each in items %}", ""), ("{{ each.number }}", "{{ each.text }}"), ("{%tr endfor %}", "")
    )
    document = docx.Document(io.BytesIO(content))
    document.sections[0].header.paragraphs[0].text = "截至 {{ total }}"
    stream = io.BytesIO()
    document.save(stream)
    assert faults(stream.getvalue()) == []
    written = filled(stream.getvalue())
    assert [cell.text for row in written.tables[0].rows for cell in row.cells] == [
        *("编号", "内容"),
        *("督查1", "学习不够"),
        *("督查2", "{{ 7 * 7 }}"),
    ]
    assert written.sections[0].header.paragraphs[0].text == "截至 27"
    assert (written.core_properties.title, written.core_properties.author) == ("报告", "")


def test_every_unknown_name_is_told_with_its_paragraph_and_every_missing_one() -> None:
    document = docx.Document(io.BytesIO(a_template("", "题目", "共{{ totl }}个，{{ tasks.done }}项")))
    document.add_table(rows=2, cols=1).rows[1].cells[0].text = "{{ item.number }}"
    document.sections[0].footer.paragraphs[0].text = "{{ page }}"
    stream = io.BytesIO()
    document.save(stream)
    assert faults(stream.getvalue(), required=("title", "total")) == [
        ("正文第2段", "共{{ totl }}个，{{ tasks.done }}项", "没有“totl”这个名称。"),
        ("正文第2段", "共{{ totl }}个，{{ tasks.done }}项", "没有“tasks.done”这个名称。"),
        ("表格1第2行", "{{ item.number }}", "没有“item.number”这个名称。"),
        ("页脚第1段", "{{ page }}", "没有“page”这个名称。"),
        ("", "", "缺少必需的名称“title”。"),
        ("", "", "缺少必需的名称“total”。"),
    ]


def test_names_in_text_boxes_are_looked_at_once() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>{{ nobody }}</w:t></w:r></w:p></w:txbxContent>"
    xml = f"<w:r {nsdecls('w')}><w:pict>{box}{box}</w:pict></w:r>"
    document = docx.Document()
    document.add_paragraph("图").runs[0]._r.addnext(parse_xml(xml))
    stream = io.BytesIO()
    document.save(stream)
    assert faults(stream.getvalue()) == [("正文文本框", "{{ nobody }}", "没有“nobody”这个名称。")]


TORN = (
    ("{{ total", "标记没有写完"),
    ("total }}", "标记没有写完"),
    ("{% if total %}有", "“if”没有写结尾（endif）"),
    ("{% for a in items %}", "“for”没有写结尾（endfor）"),
    ("有{% endif %}", "“endif”没有对应的开头"),
    ("{% if total %}有{% else", "标记没有写完"),
    ("{{ total | }}", "括号或条件标记不完整"),
    ("{% if total == " + "9" * 5000 + " %}{% endif %}", "数字太长"),
    ("{%p if total %}有{%p endif %}", "要独占一段"),
    ("{%tr for each in items %}", "只能写在表格的行里"),
    ("{%tc for each in items %}", "不支持标记“tc”"),
    ("{{r title }}", "不支持标记“r”"),
    ("{% vm %}", "不支持标记“vm”"),
)


@pytest.mark.parametrize(("text", "told"), TORN)
def test_a_torn_mark_is_told_and_the_names_after_it_all_the_same(text: str, told: str) -> None:
    found = faults(a_template(text, "{{ nobody }}", "{{ title }}"), required=("title",))
    assert told in found[0][2]
    assert found[-1] == ("正文第2段", "{{ nobody }}", "没有“nobody”这个名称。")


def test_faults_are_told_in_the_order_of_the_paragraphs() -> None:
    found = faults(a_template("{{ nobody }}", "{{ total", "{{ noone }}", "{%p if total %}x", "{%p endif %}"))
    assert [place for place, _quote, _message in found] == ["正文第1段", "正文第2段", "正文第3段", "正文第4段"]


@pytest.mark.parametrize("text", ["{{" * 90_000, "{% " * 60_000, "{{ nobody }}" * 15_000, "{{ " + "(" * 90_000 + " }}"])
def test_a_text_of_nothing_but_marks_is_told_in_short(text: str) -> None:
    assert 0 < len(faults(a_template(text))) <= 201


def test_a_row_mark_beside_other_text_of_its_row_is_told() -> None:
    content = a_table(("{%tr for each in items %}", "{{ each.text }}"), ("{%tr endfor %}", ""))
    assert [message for _place, _quote, message in faults(content)] == ["{%tr %} 要独占表格的一行，同行的文字会丢失。"]


@pytest.mark.parametrize("condition", ["total", "not total"])
def test_a_condition_that_tears_the_document_is_told_whether_it_holds_or_not(condition: str) -> None:
    document = docx.Document(io.BytesIO(a_template(f"前{{% if {condition} %}}文")))
    document.add_table(rows=1, cols=1).rows[0].cells[0].text = "后{% endif %}文"
    stream = io.BytesIO()
    document.save(stream)
    [(_place, _quote, message)] = faults(stream.getvalue())
    assert message.startswith("填写后文档结构不完整")


HOSTILE = (
    "{{ ''.__class__.__mro__ }}",
    "{{ title.__class__ }}",
    "{{ title['__class__'] }}",
    "{{ total.__init__.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ cycler.__init__.__globals__.os.system('id') }}",
    "{{ lipsum.__globals__ }}",
    "{{ title.format(total) }}",
    "{{ 'x' * 1000000000 }}",
    "{{ 2 ** 100000000 }}",
    "{{ title | attr('__class__') }}",
    "{{ title ~ title }}",
    "{{ [1, 2] }}",
    "{% for a in range(1000000000) %}{{ a }}{% endfor %}",
    "{% for a in items %}{% for b in items %}x{% endfor %}{% endfor %}",
    "{% for a in items recursive %}{{ loop(items) }}{% endfor %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% extends 'base.html' %}",
    "{% set x = title %}",
    "{% block a %}{{ self.a() }}{% endblock %}",
    "{% call title() %}{% endcall %}",
    "{% filter upper %}x{% endfilter %}",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_no_name_condition_or_list_is_refused_with_its_paragraph(text: str) -> None:
    found = faults(a_template("无害", text))
    assert found[0][:2] == ("正文第2段", text[:80] + "…" * (len(text) > 80)), found


@pytest.mark.parametrize("text", HOSTILE)
def test_the_process_refuses_the_same_though_nobody_looked_before(text: str) -> None:
    with pytest.raises(Unfilled) as refusal:
        fill(a_template(text), VALUES, title="", made_at=NOON)
    assert refusal.value.status == 422


def test_marks_hidden_where_nobody_reads_are_refused_by_the_process() -> None:
    mark = '<w:body w:x="{{ title.__class__ }}">'
    hidden = replaced(a_template("{{ title }}"), "word/document.xml", "<w:body>", mark)
    assert faults(hidden) == [("", "", "模板里有不允许的写法：只能写名称、条件（if）和列表（for）。")]


def test_a_mark_in_the_properties_of_the_file_stays_what_it_is() -> None:
    document = docx.Document(io.BytesIO(a_template("{{ title }}")))
    document.core_properties.subject = "{{ ''.__class__ }}"
    stream = io.BytesIO()
    document.save(stream)
    assert filled(stream.getvalue()).core_properties.subject == "{{ ''.__class__ }}"


SOUND = a_template("{{ title }}")
HARM = (
    (related(SOUND, "attachedTemplate", "http://10.0.0.1/evil.dotm", external=True), "外部内容“http://10.0.0.1"),
    (related(SOUND, "image", "file://server/share/a.png", external=True), "外部内容"),
    (related(SOUND, "image", r"\\server\share\a.png", external=True), "外部内容"),
    (related(SOUND, "frame", "http://10.0.0.1/", external=True), "外部内容"),
    (related(SOUND, "hyperlink", "file:///etc/passwd", external=True), "不是网址"),
    (related(SOUND, "oleObject", "embeddings/oleObject1.bin"), "嵌入了对象"),
    (related(SOUND, "aFChunk", "afchunk.mht"), "嵌入了对象"),
    (related(SOUND, "control", "activeX/activeX1.xml"), "嵌入了对象"),
    (with_part(SOUND, "word/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0"), "嵌入了对象"),
    (with_field(SOUND, "DDE", "AUTO c:\\\\windows\\\\system32\\\\cmd.exe"), "域代码 DDEAUTO"),
    (with_field(SOUND, 'INCLUDEPICTURE "http://10.0.0.1/a.png"'), "域代码 INCLUDEPICTURE"),
    (with_field(SOUND, "MACROBUTTON Run x"), "域代码 MACROBUTTON"),
)


@pytest.mark.parametrize(("content", "told"), HARM)
def test_what_fetches_starts_or_hides_something_is_refused(content: bytes, told: str) -> None:
    assert any(told in message for _place, _quote, message in faults(content))
    with pytest.raises(Unfilled, match=told.partition("“")[0]):
        render(content, VALUES, SHAPE, title="", made_at=NOON)


def test_links_that_only_a_click_follows_and_page_numbers_are_no_harm() -> None:
    assert faults(related(SOUND, "hyperlink", "https://example.org/", external=True)) == []
    assert faults(with_field(SOUND, " PA", "GE ")) == []


LAUGHS = '<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]>'
REFUSED = (
    (with_part(SOUND, "word/vbaProject.bin", b"x"), "带有宏"),
    (with_part(SOUND, "word/theme/theme9.xml", f"{LAUGHS}<a>&c;</a>".encode()), "外部引用"),
    (with_part(SOUND, "word/media/a.bin", random.Random(1).randbytes(50 << 20), stored=True), "解压后有 51 MB"),
    (with_part(SOUND, "word/media/a.bin", bytes(50 << 20)), "解压后过大"),
    (bytes(21 << 20) + SOUND, "不是 Word"),
    (b"PK\x03\x04" + bytes(21 << 20) + SOUND, "文件有 22 MB"),
    (
        with_part(SOUND, "word/more.xml", b"<a>" + random.Random(1).randbytes(2 << 20).hex().encode() * 2 + b"</a>"),
        "MB",
    ),
    (b"PK\x03\x04 broken", "已损坏"),
    (b"%PDF-1.7", "PDF"),
    (b"", "空的"),
)


@pytest.mark.parametrize(("content", "told"), REFUSED)
def test_a_file_that_is_a_weapon_or_none_of_ours_is_refused_with_a_clear_message(content: bytes, told: str) -> None:
    with pytest.raises((DomainError, UnreadableFile), match=told):
        check(io.BytesIO(content), SHAPE)


def a_program(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Let another program stand for the process that fills."""
    (folder / "child.py").write_text(text)
    monkeypatch.setattr(docx_templates, "CHILD", folder / "child.py")


def left_running(folder: Path) -> bool:
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return str(folder) in listed


def test_a_process_that_does_not_end_is_ended_and_the_message_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_program(tmp_path, monkeypatch, "while True: pass")
    monkeypatch.setattr(docx_templates, "SECONDS", 1)
    with pytest.raises(Unfilled, match="填了1秒还没有填完，已停止"):
        fill(SOUND, VALUES, title="", made_at=NOON)
    assert not left_running(tmp_path)


def test_a_process_that_is_killed_is_told_in_plain_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_program(tmp_path, monkeypatch, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    with pytest.raises(Unfilled, match="超过上限，已停止，数据没有改动"):
        fill(SOUND, VALUES, title="", made_at=NOON)


def test_a_process_that_says_nothing_is_ours_to_mend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_program(tmp_path, monkeypatch, "import sys; sys.exit(3)")
    with pytest.raises(Unfilled, match="系统管理员") as refusal:
        fill(SOUND, VALUES, title="", made_at=NOON)
    assert refusal.value.status == 503


def test_work_and_memory_and_output_are_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    table = a_table(("{%tr for each in items %}", ""), ("{{ each.number }}", "{{ each.text }}"), ("{%tr endfor %}", ""))
    many = VALUES | {"items": [{"number": str(n), "text": "x" * 300} for n in range(20_000)]}
    for name, most, told in (
        ("SECONDS_OF_WORK", 1, "超过上限，已停止"),
        ("MEMORY_BYTES", 150 << 20, "太大，已停止|超过上限，已停止"),
        ("OUTPUT_BYTES", 10_000, "太大，已停止"),
    ):
        with monkeypatch.context() as bound:
            bound.setattr(docx_templates, name, most)
            with pytest.raises(Unfilled, match=told):
                fill(table, many, title="", made_at=NOON)


def test_a_table_of_2000_rows_is_filled() -> None:
    table = a_table(("{%tr for each in items %}", ""), ("{{ each.number }}", "{{ each.text }}"), ("{%tr endfor %}", ""))
    rows = [{"number": str(n), "text": "对照检查不深入"} for n in range(2_000)]
    assert len(filled(table, items=rows).tables[0].rows) == 2_001


@needs_office
def test_a_filled_file_opens_in_libreoffice(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(render(SOUND, VALUES, SHAPE, title="报告", made_at=NOON))
    told = converted(tmp_path / "a.docx", "txt:Text", tmp_path).read_text(encoding="utf-8")
    assert "整改 <报告> & “附件”" in told
