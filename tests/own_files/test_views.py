"""The pages of last year's report, from the upload to the new file in the trail."""

import io
import json
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import pytest
from desk.reading import a_reader, counted_queries, text_of
from flask import Flask
from flask.testing import FlaskClient
from own_files.papers import ABOUT, HEADING, LINES, REPORT, REST, a_report
from own_files.taking import START, fields, here, lines, sent, take_in
from own_files.worlds import NEW_YEARS_EVE, at, close, the_round

from tracker.access.rules import Role
from tracker.audit.models import AuditEntry
from tracker.core.db import db, writing
from tracker.own_files.models import OwnFile
from tracker.own_files.rules.marks import Marks

SENTENCE = "协助指导市直纪检监察工委{}市纪委市监委内部督查反馈的3个方面9大类{}个问题整改{}。"
TRUE = SENTENCE.format("抓好", "27", "，已完成24个")


@pytest.fixture(autouse=True)
def _new_years_eve() -> Iterator[None]:
    with at(NEW_YEARS_EVE):
        yield


@pytest.fixture
def office(empty_app: Flask, furnish: Callable[..., None]) -> FlaskClient:
    furnish(the_round)
    return a_reader(empty_app, "陈静", Role.OFFICE)


def marks(app: Flask) -> Marks:
    with app.app_context():
        return Marks.read(db.session.query(OwnFile.marks).scalar())


def key_of(page: str, words: str) -> str:
    """The key of the sentence with these words."""
    part = next(each for each in page.split('<fieldset class="field blank">') if words in re.sub("<[^>]+>", "", each))
    match = re.search(r'name="way-([\d-]+)"', part)
    assert match
    return match[1]


def test_a_report_is_taken_in_marked_by_itself_and_handed_out_anew(empty_app: Flask, office: FlaskClient) -> None:
    assert "还没有上传往年报告" in text_of(office, START)
    assert take_in(office).location == here(empty_app)
    page = text_of(office, here(empty_app))
    assert "标出 131 字（含标题），其余 347 字保持不变" in page
    assert "标题不变" in page
    assert marks(empty_app).stretch == (0, 1)
    new = lines(office, here(empty_app))
    sixth = next(each for each in new if each.startswith("（六）"))
    assert sixth.startswith(HEADING + "一是")
    assert sixth.rstrip().endswith(REST)
    assert ABOUT[30:] not in sixth
    assert "已标出" in text_of(office, START)


def test_a_double_click_keeps_one_report(empty_app: Flask, office: FlaskClient) -> None:
    take_in(office)
    again = take_in(office)
    assert (again.status_code, again.location) == (303, START)
    assert "这份文件已经上传过" in text_of(office, START)
    with empty_app.app_context():
        assert db.session.query(OwnFile).count() == 1
    assert take_in(office, year="2025").status_code == 303


def test_other_sentences_can_be_marked_and_what_is_overlooked_is_said(empty_app: Flask, office: FlaskClient) -> None:
    take_in(office)
    assert sent(office, here(empty_app), first="0", last="0").status_code == 303
    assert marks(empty_app).stretch == (0, 0)
    assert "也提到整改，但不替换" in text_of(office, here(empty_app))
    sixth = next(each for each in lines(office, here(empty_app)) if each.startswith("（六）"))
    assert ABOUT[30:] in sixth
    wrong = sent(office, here(empty_app), first="3", last="1")
    assert (wrong.status_code, "止句不能在起句之前" in wrong.text) == (422, True)
    assert sent(office, here(empty_app), first="0", last="99").status_code == 422
    assert marks(empty_app).stretch == (0, 0)


def test_27_is_refused_while_24_are_closed_and_the_true_sentence_taken(empty_app: Flask, office: FlaskClient) -> None:
    take_in(office)
    address = f"{here(empty_app)}/blanks"
    page = office.get(address).text
    assert "不能这样写" in page
    assert "已销号24个，不是27个" in page
    assert TRUE in page
    assert sent(office, address).status_code == 303
    assert TRUE in "\n".join(lines(office, here(empty_app)))


def test_a_number_that_the_ledger_does_not_bear_is_refused_and_stays_in_its_field(
    empty_app: Flask, office: FlaskClient
) -> None:
    take_in(office)
    address = f"{here(empty_app)}/blanks"
    page = office.get(address).text
    key = key_of(page, "纪检监察工委")
    start = page.index(f'name="way-{key}"')
    value = re.search(r'name="(value-[\d-]+)"', page[start:])
    assert value
    refused = sent(office, address, **{f"way-{key}": "own", value[1]: "27"})
    assert refused.status_code == 422
    assert "与台账不符：已销号24个，不是27个" in refused.text
    assert re.search(rf'name="{value[1]}" value="27"', refused.text)
    assert marks(empty_app).answers == {}
    close(empty_app, 3)
    assert sent(office, address, **{f"way-{key}": "own", value[1]: "27"}).status_code == 303
    assert SENTENCE.format("完成", "27", "") in "\n".join(lines(office, here(empty_app)))


def test_blanks_are_filled_left_and_kept_whatever_becomes_of_the_section(empty_app: Flask, office: FlaskClient) -> None:
    take_in(office)
    address = f"{here(empty_app)}/blanks"
    page = office.get(address).text
    lecture, members = key_of(page, "本人到基层上主题党课"), key_of(page, "发展新党员")
    value = re.search(r'name="(value-[\d-]+)"', page[page.index(f'name="way-{lecture}"') :])
    assert value
    assert sent(office, address, **{value[1]: "12", f"way-{members}": "left"}).status_code == 303
    told = "\n".join(lines(office, here(empty_app)))
    assert "本人到基层上主题党课12次。" in told
    assert "发展新党员X名。" in told
    assert "还有 92 处没有作答" in text_of(office, address)
    sent(office, here(empty_app), first="0", last="0")
    assert {answer.way for key, answer in marks(empty_app).answers.items() if key in {lecture, members}} == {
        "own",
        "left",
    }


def test_years_that_do_not_fit_are_proposed_and_changed(empty_app: Flask, office: FlaskClient) -> None:
    take_in(office)
    address = f"{here(empty_app)}/blanks"
    page = text_of(office, address)
    assert "可能是名称或荣誉的年份" in page
    assert "写的是下一步打算" in page
    wrong = sent(
        office, address, **{next(name for name in fields(office.get(address).text) if "year-" in name): "明年"}
    )
    assert (wrong.status_code, "不是年份" in wrong.text) == (422, True)
    assert sent(office, address).status_code == 303
    told = "\n".join(lines(office, here(empty_app)))
    assert "现就2026年履行抓党建工作职责情况" in told
    assert "2027年，市直机关工委党支部将" in told
    assert "获2021年全国民族团结" in told


def test_a_section_that_is_not_plain_is_chosen_by_hand(empty_app: Flask, office: FlaskClient) -> None:
    two = a_report(("一、巡察整改落实情况", "逐项整改。", "二、督查整改落实情况", "逐项整改到位。", "三、其他"))
    take_in(office, two.getvalue())
    assert "像的不止一个" in text_of(office, here(empty_app))
    assert marks(empty_app).paragraph is None
    assert "逐项整改到位。" in lines(office, here(empty_app))
    assert sent(office, f"{here(empty_app)}/heading").status_code == 422
    assert sent(office, f"{here(empty_app)}/heading", paragraph="99").status_code == 422
    assert sent(office, f"{here(empty_app)}/heading", paragraph="3").status_code == 303
    told = lines(office, here(empty_app))
    assert "逐项整改。" in told
    assert "逐项整改到位。" not in told
    assert told.index("三、其他") > told.index("二、督查整改落实情况") + 2


def test_a_second_person_is_shown_both_and_nothing_is_overwritten(empty_app: Flask, office: FlaskClient) -> None:
    take_in(office)
    address = here(empty_app)
    old = fields(office.get(address).text)
    sent(office, address, first="0", last="0")
    late = office.post(address, data={**old, "first": "1", "last": "2"})
    assert late.status_code == 409
    assert marks(empty_app).stretch == (0, 0)
    stale = office.post(f"{address}/blanks", data={"version": "0"})
    assert stale.status_code == 409
    about = office.post(
        f"{address}/about", data={"version": "0", "year": "2026", "as_of": "2026-12-31", "decimals": "1"}
    )
    assert about.status_code == 409


def test_year_and_day_can_be_said_anew(empty_app: Flask, office: FlaskClient) -> None:
    take_in(office)
    assert sent(office, f"{here(empty_app)}/about", as_of="2026-06-01", decimals="0").status_code == 303
    assert "截至2026年6月1日" in "\n".join(lines(office, here(empty_app)))
    assert sent(office, f"{here(empty_app)}/about", as_of="2027-01-01").status_code == 422
    assert sent(office, f"{here(empty_app)}/about", year="2027").status_code == 422


def test_a_plain_text_comes_back_as_one(empty_app: Flask, office: FlaskClient) -> None:
    assert take_in(office, REPORT.read_bytes(), "报告.txt").status_code == 303
    answer = office.get(f"{here(empty_app)}/file")
    assert "报告（2026年度）.txt" in unquote(answer.headers["Content-Disposition"])
    assert REST in answer.data.decode()


@pytest.mark.parametrize("name", ["述职报告.wps", "述职报告.txt", "述职报告"])
def test_the_new_file_is_named_after_what_it_is(empty_app: Flask, office: FlaskClient, name: str) -> None:
    take_in(office, name=name)
    answer = office.get(f"{here(empty_app)}/file")
    assert "述职报告（2026年度）.docx" in unquote(answer.headers["Content-Disposition"])


def test_everything_is_told_to_the_trail(empty_app: Flask, office: FlaskClient) -> None:
    take_in(office)
    address = here(empty_app)
    sent(office, address, first="0", last="2")
    sent(office, f"{address}/blanks")
    sent(office, f"{address}/about", decimals="2")
    kept = docx.Document(io.BytesIO(office.get(f"{address}/original").data))
    assert kept.paragraphs[1].text == LINES[0]
    office.get(f"{address}/file")
    assert office.post(f"{address}/drop").location == START
    assert office.get(address).status_code == 404
    with empty_app.app_context():
        found = db.session.query(AuditEntry).filter(AuditEntry.action.like("own_file.%")).order_by(AuditEntry.id).all()
        acts = [entry.action.removeprefix("own_file.") for entry in found]
        filled = json.loads(found[2].details)
    assert acts == ["take_in", "mark", "fill", "settle", "original", "download", "drop"]
    assert any(TRUE in answer for answer in filled["answers"])
    assert any(year.startswith("2021→2026") for year in filled["years"])


def packed(name: str, data: bytes) -> bytes:
    """The report with one part replaced or added, packed tightly."""
    found = io.BytesIO()
    with ZipFile(a_report()) as old, ZipFile(found, "w", ZIP_DEFLATED) as new:
        for each in old.namelist():
            if each != name:
                new.writestr(each, old.read(each))
        new.writestr(name, data)
    return found.getvalue()


MAIN = "word/document.xml"


@pytest.mark.parametrize(
    ("content", "why", "status"),
    [
        (packed(MAIN, b"<a>" + b" " * (50 << 20) + b"</a>"), "解压后过大", 422),
        (packed("word/vbaProject.bin", b"x"), "带有宏", 422),
        (
            packed(MAIN, b"<!DOCTYPE a [<!ENTITY x 'y'>]><a/>"),
            "外部引用",
            422,
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "已加密", 422),
        (b"%PDF-1.4", "PDF", 422),
        (b"PK\x03\x04 not a zip", "已损坏", 422),
        (b"{\\rtf1 x}", "RTF", 422),
        (b"", "文件是空的", 422),
        (" \n　".encode(), "文件里没有文字", 422),
        (b"x" * (50 << 20), "超过 10 MB", 413),
    ],
    ids=["bomb", "macros", "entities", "encrypted", "pdf", "broken", "rtf", "empty", "blank", "50-mb"],
)
def test_a_hostile_or_wrong_file_is_refused_in_words_and_the_rest_of_the_form_is_kept(
    empty_app: Flask, office: FlaskClient, content: bytes, why: str, status: int
) -> None:
    answer = take_in(office, content, year="2025")
    assert (answer.status_code, why in answer.text) == (status, True), answer.text
    assert 'value="2025"' in answer.text
    with empty_app.app_context():
        assert db.session.query(OwnFile).count() == 0


@pytest.mark.parametrize("wrong", ["9" * 5000, "-1", "a\x00b", "²", "2147483648", "\ud800", "x\r\ny", "中" * 300])
def test_whatever_is_typed_is_a_refusal_and_never_a_fault(empty_app: Flask, office: FlaskClient, wrong: str) -> None:
    take_in(office)
    wrong = wrong.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    address = here(empty_app)
    asked = fields(office.get(f"{address}/blanks").text)
    value, year = (next(name for name in asked if name.startswith(part)) for part in ("value-", "year-"))
    for page, names in (
        ("", ("first", "version")),
        ("/heading", ("paragraph",)),
        ("/about", ("year", "decimals", "as_of")),
    ):
        for name in names:
            assert sent(office, address + page, **{name: wrong}).status_code in {409, 422}, (page, name)
    assert sent(office, f"{address}/blanks", **{year: wrong}).status_code == 422
    for name in (value, next(name for name in asked if name.startswith("way-"))):
        assert sent(office, f"{address}/blanks", **{name: wrong}).status_code in {303, 422}, name
    assert office.get(f"{address}/file").status_code == 200


def test_what_would_break_the_file_is_said_when_it_is_to_be_made(empty_app: Flask, office: FlaskClient) -> None:
    document = docx.Document(a_report())
    sixth = next(each for each in document.paragraphs if each.text.startswith("（六）"))
    sixth.runs[2]._r.append(
        docx.oxml.parse_xml(docx.oxml.ns.nsdecls("w").join(("<w:footnoteReference ", ' w:id="2"/>')))
    )
    stream = io.BytesIO()
    document.save(stream)
    take_in(office, stream.getvalue())
    refused = office.get(f"{here(empty_app)}/file")
    assert (refused.status_code, "脚注或尾注" in refused.text) == (422, True)


PAGES = ("", "/blanks", "/heading", "/about", "/file", "/original")


@pytest.mark.parametrize("role", [Role.LEADER, Role.UNIT_HEAD, Role.LIAISON, Role.VIEWER, Role.ADMINISTRATOR])
def test_only_the_office_writes_reports(empty_app: Flask, office: FlaskClient, role: Role) -> None:
    take_in(office)
    other = a_reader(empty_app, "王敏", role)
    addresses = [START, f"{START}/new", *(f"{here(empty_app)}{page}" for page in PAGES)]
    assert {other.get(address).status_code for address in addresses} == {403}
    assert take_in(other).status_code == 403
    assert other.post(f"{here(empty_app)}/drop").status_code == 403


def test_the_office_of_a_single_unit_sees_its_own_reports_only(empty_app: Flask, office: FlaskClient) -> None:
    take_in(office)
    other = a_reader(empty_app, "何芳", Role.OFFICE, "宣传部")
    assert "还没有上传往年报告" in text_of(other, START)
    assert {other.get(f"{here(empty_app)}{page}").status_code for page in PAGES} == {404}


def test_a_hundred_reports_are_paged_and_the_hundredth_costs_no_further_query(
    empty_app: Flask, office: FlaskClient
) -> None:
    take_in(office)
    with counted_queries(empty_app) as one:
        office.get(START)
    with empty_app.app_context(), writing():
        first = db.session.query(OwnFile).one()
        kept = {
            name: getattr(first, name)
            for name in ("file_sha256", "year", "as_of", "decimals", "marks", "by_id", "taken_in_at")
        }
        db.session.add_all(OwnFile(file_name=f"报告{number}.docx", **kept) for number in range(99))
    with counted_queries(empty_app) as hundred:
        page = office.get(START).text
    assert page.count('class="row-link"') == 50
    assert "报告98.docx" in page
    assert f'href="{START}?page=2"' in page
    assert "2021年述职报告.docx" in text_of(office, f"{START}?page=2")
    assert len(hundred) == len(one) <= 8


def test_a_report_without_blanks_says_so(empty_app: Flask, office: FlaskClient) -> None:
    take_in(office, a_report(("一、整改落实", "逐项整改。")).getvalue())
    # The table of the sample has one blank of its own.
    assert "空白 1 处" in text_of(office, f"{here(empty_app)}/blanks")
    take_in(office, "一、整改落实\n逐项整改。".encode(), "报告.txt")
    with empty_app.app_context():
        last = db.session.query(OwnFile.id).order_by(OwnFile.id.desc()).first()
    assert last
    assert "没有空白" in text_of(office, f"{START}/{last[0]}/blanks")
    assert len(LINES) > 10
