"""``flask reports section --into``: the section in last year's report, all else as it was."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import canonicalize
from zipfile import ZipFile

import docx
import pytest
from click.testing import Result
from docx.shared import Pt
from flask import Flask
from own_files.papers import ABOUT, HEADING, LINES, REPORT, REST, a_report
from own_files.worlds import NEW_YEARS_EVE, at, close, the_round

from tests.office.documents import add_list, level, number
from tracker.office.docx_passages import DocxPassages

MAIN = "word/document.xml"
TRUE = "协助指导市直纪检监察工委抓好市纪委市监委内部督查反馈的3个方面9大类27个问题整改，已完成24个。"


@pytest.fixture(autouse=True)
def _new_years_eve() -> Iterator[None]:
    with at(NEW_YEARS_EVE):
        yield


def run(app: Flask, into: Path, out: Path) -> Result:
    arguments = [
        "reports",
        "section",
        "--year",
        "2026",
        "--as-of",
        "2026-12-31",
        "--into",
        str(into),
        "--out",
        str(out),
    ]
    return app.test_cli_runner().invoke(args=[*arguments, "--json"])


def told(result: Result) -> Any:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def a_file(folder: Path) -> Path:
    path = folder / "述职报告.docx"
    path.write_bytes(a_report().getvalue())
    return path


def paragraphs(path: Path) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(str(path)).paragraphs]


def xml_paragraphs(path: Path) -> tuple[list[str], str]:
    """The paragraphs of a document as they are written, and what is around them."""
    with ZipFile(path) as archive:
        xml = archive.read(MAIN).decode()
    return re.findall(r"<w:p>.*?</w:p>|<w:p .*?</w:p>", xml, re.DOTALL), re.sub(
        r"<w:p>.*?</w:p>|<w:p .*?</w:p>", "", xml, flags=re.DOTALL
    )


def test_in_the_offices_own_file_only_the_marked_sentences_and_the_blank_change(
    empty_app: Flask, tmp_path: Path
) -> None:
    the_round(empty_app)
    before, after = a_file(tmp_path), tmp_path / "新.docx"
    section = told(run(empty_app, before, after))
    old, new = paragraphs(before), paragraphs(after)
    assert len(new) == len(old)
    changed = [place for place, (one, two) in enumerate(zip(old, new, strict=True)) if one != two]
    assert [old[place][:3] for place in changed] == ["（五）", "（六）"]

    fifth, sixth = (new[place] for place in changed)
    assert TRUE in fifth
    assert fifth.replace(TRUE, "") == old[changed[0]].replace(
        "协助指导市直纪检监察工委完成市纪委市监委内部督查反馈的3个方面9大类XX个问题整改。", ""
    )
    lines = section["text"].split("\n")[1:]
    assert sixth.rstrip() == HEADING + "".join(lines) + REST
    assert ABOUT[len(HEADING) :] not in "\n".join(new)
    assert "已完成24个" in sixth

    (sentence,) = [each for each in section["refused"] if "纪检监察工委" in each["sentence"]]
    assert sentence["sentence"].endswith("9大类27个问题整改。")
    assert "已销号24个，不是27个" in sentence["why"]
    fed_back = [each for each in section["figures"] if each["name"].endswith("/fed_back")]
    assert [(each["value"], len(each["items"])) for each in fed_back] == [("27", 27)]


def test_everything_else_is_the_same_to_the_letter_and_to_the_format(empty_app: Flask, tmp_path: Path) -> None:
    the_round(empty_app)
    before, after = a_file(tmp_path), tmp_path / "新.docx"
    told(run(empty_app, before, after))
    with ZipFile(before) as old, ZipFile(after) as new:
        assert [entry.filename for entry in new.infolist()] == [entry.filename for entry in old.infolist()]
        others = [name for name in old.namelist() if name != MAIN]
        assert len(others) > 8
        assert [new.read(name) for name in others] == [old.read(name) for name in others]
    (old_paragraphs, old_frame), (new_paragraphs, new_frame) = xml_paragraphs(before), xml_paragraphs(after)
    assert new_frame == old_frame
    same = [one == two for one, two in zip(old_paragraphs, new_paragraphs, strict=True)]
    assert same.count(False) == 2
    for one, two in zip(old_paragraphs, new_paragraphs, strict=True):
        # In the two that changed every run keeps its place and its look; only words differ.
        assert _looks(one) == _looks(two)


def _looks(paragraph: str) -> list[str]:
    return re.findall(r"<w:pPr>.*?</w:pPr>|<w:rPr>.*?</w:rPr>", paragraph)


def test_the_new_words_look_like_the_first_they_stand_for(empty_app: Flask, tmp_path: Path) -> None:
    the_round(empty_app)
    after = tmp_path / "新.docx"
    told(run(empty_app, a_file(tmp_path), after))
    document = docx.Document(str(after))
    sixth = next(each for each in document.paragraphs if each.text.startswith("（六）"))
    heading, first, *_others = [run for run in sixth.runs if run.text]
    assert (heading.text, heading.font.name) == (HEADING, "楷体_GB2312")
    assert (first.text[:2], first.font.name) == ("一是", "仿宋_GB2312")
    with ZipFile(after) as archive:
        canonicalize(archive.read(MAIN).decode())


def test_with_all_27_closed_the_sentence_stands_as_it_was_written(empty_app: Flask, tmp_path: Path) -> None:
    the_round(empty_app, closed=27)
    after = tmp_path / "新.docx"
    section = told(run(empty_app, a_file(tmp_path), after))
    assert section["refused"] == []
    sentence = "协助指导市直纪检监察工委完成市纪委市监委内部督查反馈的3个方面9大类27个问题整改。"
    assert sentence in "\n".join(paragraphs(after))


def test_under_an_automatic_number_paragraphs_are_replaced_by_paragraphs_of_the_same_form(
    empty_app: Flask, tmp_path: Path
) -> None:
    the_round(empty_app)
    document = docx.Document()
    add_list(document, 90, [level(0, "chineseCounting", "%1、")])
    number(document.add_paragraph("履行职责情况"), 90)
    number(document.add_paragraph("狠抓整改落实"), 90)
    for words in ("坚持逐项整改。", "全部问题整改到位。", "开展文明创建。"):
        document.add_paragraph(words).paragraph_format.first_line_indent = Pt(32)
    number(document.add_paragraph("下步打算"), 90)
    before, after = tmp_path / "报告.docx", tmp_path / "新.docx"
    document.save(str(before))
    lines = told(run(empty_app, before, after))["text"].split("\n")[1:]
    new = docx.Document(str(after))
    assert [each.text for each in new.paragraphs] == [
        "履行职责情况",
        "狠抓整改落实",
        *lines,
        "开展文明创建。",
        "下步打算",
    ]
    assert {each.paragraph_format.first_line_indent for each in new.paragraphs[2:-1]} == {Pt(32)}
    with after.open("rb") as stream:
        printed = [each.number for each in DocxPassages(stream).passages if each.number]
    assert printed == ["一、", "二、", "三、"]


def test_a_plain_text_stays_one_in_its_own_encoding(empty_app: Flask, tmp_path: Path) -> None:
    the_round(empty_app)
    before, after = tmp_path / "报告.txt", tmp_path / "新.txt"
    before.write_bytes(REPORT.read_text(encoding="utf-8").encode("gb18030"))
    told(run(empty_app, before, after))
    old, new = before.read_bytes().decode("gb18030"), after.read_bytes().decode("gb18030")
    assert [two for one, two in zip(old.split("\n"), new.split("\n"), strict=True) if one == two]
    assert TRUE in new
    assert REST in new


def test_what_is_left_to_a_person_is_said(empty_app: Flask, tmp_path: Path) -> None:
    the_round(empty_app)
    said = run(empty_app, a_file(tmp_path), tmp_path / "新.docx").stderr
    assert "year to look at: 2021：2021年，市直机关工委党支部将" in said
    assert "blanks left: 94" in said


def test_when_more_are_closed_the_same_command_writes_the_new_figures(empty_app: Flask, tmp_path: Path) -> None:
    the_round(empty_app, closed=23)
    before, after = a_file(tmp_path), tmp_path / "新.docx"
    told(run(empty_app, before, after))
    assert "27个问题整改，已完成23个" in "\n".join(paragraphs(after))
    close(empty_app, 1)
    told(run(empty_app, before, after))
    assert TRUE in "\n".join(paragraphs(after))


def a_word_file(folder: Path, *lines: str) -> Path:
    path = folder / "报告.docx"
    path.write_bytes(a_report(lines).getvalue())
    return path


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (LINES[:6], "没有找到整改部分的标题"),
        (
            ("一、巡察整改落实", "整改。", "二、督查整改落实", "整改。"),
            "有几个标题都像整改部分：“巡察整改落实”、“督查整改落实”",
        ),
        (("一、整改落实", "开展文明创建。"), "下没有讲整改的句子"),
    ],
)
def test_where_the_section_is_not_plain_nothing_is_written(
    empty_app: Flask, tmp_path: Path, lines: tuple[str, ...], why: str
) -> None:
    out = tmp_path / "新.docx"
    refused = run(empty_app, a_word_file(tmp_path, *lines), out)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert why in refused.stderr
    assert not out.exists()


def test_a_file_that_is_none_is_refused(empty_app: Flask, tmp_path: Path) -> None:
    wrong, out = tmp_path / "报告.docx", tmp_path / "新.docx"
    wrong.write_bytes(io.BytesIO(b"%PDF-1.4").getvalue())
    assert "PDF" in run(empty_app, wrong, out).stderr
    assert run(empty_app, tmp_path / "无.docx", out).exit_code == 2
