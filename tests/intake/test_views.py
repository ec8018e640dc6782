"""The pages of intake: from a text to numbered items, and every refusal on the way."""

import io
import zipfile
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.intake.conftest import Browser
from tests.intake.pages import DATA, a_draft, fields_of, take_in
from tracker.access.rules import SYSTEM
from tracker.audit.models import AuditEntry
from tracker.core.db import db, writing
from tracker.intake.models import IntakeDraft
from tracker.items.models import Item
from tracker.settings.operations import put
from tracker.sources.models import Section, Source


def count(app: Flask, table: Any) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_typed_feedback_becomes_27_numbered_items_under_3_aspects_and_9_categories(
    empty_app: Flask, office: FlaskClient
) -> None:
    address, fields = a_draft(office)
    assert count(empty_app, Item) == count(empty_app, Source) == 0
    answer = office.post(f"{address}/confirm", data=fields)
    assert answer.status_code == 303
    with empty_app.app_context():
        items = db.session.scalars(select(Item).order_by(Item.number)).all()
        assert [item.number for item in items] == [f"巡察2026-1-{serial:03d}" for serial in range(1, 28)]
        assert [item.original_number for item in items[:4]] == ["（一）1", "（一）2", "（一）3", "（二）1"]
        levels = db.session.scalars(select(Section.level).order_by(Section.position)).all()
        assert (levels.count("aspect"), levels.count("category")) == (3, 9)
        section = items[3].section
        assert section is not None
        assert section.parent is not None
        assert (section.title, section.parent.number) == ("服务中心大局作用发挥不充分", "一、")
        source = db.session.scalars(select(Source)).one()
        assert (source.declared_problems, source.file_name) == (27, "feedback-typed.docx")
    page = office.get(answer.headers["Location"])
    assert "第一议题制度坚持不够经常" in page.text


def test_an_inline_text_is_pasted_and_its_demands_are_named_as_ignored(empty_app: Flask, office: FlaskClient) -> None:
    content = (DATA / "feedback-inline.txt").read_text()
    address, fields = a_draft(office, content=content)
    page = office.get(address).text
    assert "这是提出的要求或建议，不是问题" in page
    office.post(f"{address}/confirm", data=fields)
    with empty_app.app_context():
        numbers = db.session.scalars(select(Item.original_number).order_by(Item.number)).all()
    assert numbers == ["一是", "二是", "三是", "四是"]


def test_a_report_with_other_declared_counts_is_confirmed_only_when_checked(
    empty_app: Flask, office: FlaskClient
) -> None:
    address, fields = a_draft(office, "report-2021.txt", kind="self_check")
    refused = office.post(f"{address}/confirm", data=fields)
    assert refused.status_code == 422
    assert "已核对，按读取结果录入" in refused.text
    assert count(empty_app, Source) == 0
    fields = fields_of(refused.text)
    assert office.post(f"{address}/confirm", data={**fields, "is_checked": "y"}).status_code == 303
    assert count(empty_app, Item) == 3


def test_an_act_on_a_row_saves_all_that_was_typed_and_leads_back_to_the_row(
    empty_app: Flask, office: FlaskClient
) -> None:
    address, fields = a_draft(office)
    fields["text"][5] = "第一议题制度坚持不经常\n两个月未组织集中学习"
    answer = office.post(address, data={**fields, "action": "split:5"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{address}#line-6")
    stored = fields_of(office.get(address).text)
    assert stored["text"][5:7] == ["第一议题制度坚持不经常", "两个月未组织集中学习"]
    assert stored["number"][5:7] == ["1.", ""]
    assert count(empty_app, Item) == 0


def test_an_act_without_sense_says_so_and_keeps_the_corrections(office: FlaskClient) -> None:
    address, fields = a_draft(office)
    fields["text"][5] = "改过的文字"
    refused = office.post(address, data={**fields, "action": "split:5"})
    assert refused.status_code == 422
    assert "按回车换行" in refused.text
    assert fields_of(office.get(address).text)["text"][5] == "改过的文字"


def test_a_line_without_words_is_refused_at_its_row_and_every_correction_is_kept(
    empty_app: Flask, office: FlaskClient
) -> None:
    address, fields = a_draft(office)
    fields["text"][5], fields["text"][6] = "", "改过的文字"
    refused = office.post(f"{address}/confirm", data=fields)
    assert refused.status_code == 422
    assert 'id="fault-6"' in refused.text
    assert fields_of(office.get(address).text)["text"][5:7] == ["", "改过的文字"]
    assert count(empty_app, Source) == count(empty_app, Item) == 0


def test_two_windows_saving_the_same_draft_lose_nothing_typed(browser: Browser) -> None:
    mine, yours = browser("陈静"), browser("林琳")
    address, fields = a_draft(mine)
    yours.post(address, data={**fields, "action": "drop:5"})
    fields["text"][6] = "我改的文字"
    refused = mine.post(address, data={**fields, "action": "save"})
    assert refused.status_code == 409
    typed = fields_of(refused.text)
    assert typed["text"][6] == "我改的文字"
    assert fields_of(mine.get(address).text)["text"][6] != "我改的文字"
    assert mine.post(address, data={**typed, "action": "save"}).status_code == 303


def test_a_second_press_of_confirm_leads_to_the_same_source(empty_app: Flask, office: FlaskClient) -> None:
    address, fields = a_draft(office)
    first, second = (office.post(f"{address}/confirm", data=fields) for _press in range(2))
    assert (second.status_code, second.headers["Location"]) == (303, first.headers["Location"])
    assert (count(empty_app, Source), count(empty_app, Item)) == (1, 27)
    assert office.get(address).headers["Location"] == first.headers["Location"]


def test_a_text_without_any_problem_is_said_and_its_lines_may_be_marked_by_hand(
    empty_app: Flask, office: FlaskClient
) -> None:
    address, fields = a_draft(office, content="会议强调，要抓好整改落实：一要提高认识；二要压实责任。")
    assert "没有从这份材料里读出问题" in office.get(address).text
    refused = office.post(f"{address}/confirm", data=fields)
    assert refused.status_code == 422
    office.post(address, data={**fields, "action": "take_all"})
    fields = fields_of(office.get(address).text)
    assert office.post(f"{address}/confirm", data=fields).status_code == 303
    assert count(empty_app, Item) >= 1


def test_a_work_plan_has_tasks_where_feedback_has_problems(empty_app: Flask, office: FlaskClient) -> None:
    address, fields = a_draft(
        office, content="存在问题：一是支部主题党日形式不够丰富；二是学习不够深入。", kind="work_plan"
    )
    assert ">任务<" in office.get(address).text
    office.post(f"{address}/confirm", data=fields)
    with empty_app.app_context():
        assert set(db.session.scalars(select(Item.kind))) == {"task"}


def _encrypted() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")


def _broken() -> bytes:
    return (DATA / "feedback-typed.docx").read_bytes()[:9000]


def _workbook() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("空.docx", b"", "空的"),
        ("加密.docx", _encrypted(), "已加密"),
        ("损坏.docx", _broken(), "另存为"),
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), ".docx"),
        ("扫描.pdf", b"%PDF-1.7\n", "PDF"),
        ("冒名.docx", _workbook(), "表格"),
        ("照片.txt", b"\x89PNG\r\n\x1a\n" + bytes(40), "图片"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do_and_keeps_what_was_typed(
    empty_app: Flask, office: FlaskClient, name: str, data: bytes, words: str
) -> None:
    typed = {"kind": "audit", "title": "审计反馈", "received_on": "2026-03-16", "issuing_body": "市审计局"}
    answer = office.post("/intake", data={**typed, "file": (io.BytesIO(data), name)})
    assert answer.status_code == 422
    assert words in answer.text
    kept = fields_of(answer.text, "form")
    assert {field: kept[field][0] for field in typed} == typed
    assert count(empty_app, IntakeDraft) == 0


def test_a_file_over_the_limit_is_413_and_keeps_what_was_typed(empty_app: Flask, office: FlaskClient) -> None:
    with empty_app.app_context(), writing():
        put({"rules.upload_mb": 1}, actor=SYSTEM)
    answer = office.post("/intake", data={"title": "大文件", "file": (io.BytesIO(bytes((1 << 20) + 1)), "大.docx")})
    assert answer.status_code == 413
    assert "1 MB" in answer.text
    assert fields_of(answer.text, "form")["title"] == ["大文件"]
    words = office.post("/intake", data={"title": "长文", "content": "字" * (1 << 19)})
    assert words.status_code == 413


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"title": ""}, "请填写此项"),
        ({"received_on": ""}, "请填写此项"),
        ({"received_on": "昨天"}, "认不出这个日期"),
        ({"received_on": "20991231"}, "晚于今天"),
        ({"title": "长" * 201}, "最多 200 个字"),
        ({"content": ""}, "请上传文件，或粘贴全文"),
        ({"content": "　\n"}, "请上传文件，或粘贴全文"),
        ({"title": "含\x00控制字符"}, "控制字符"),
    ],
)
def test_a_form_filled_in_wrongly_is_refused_at_the_field(
    empty_app: Flask, office: FlaskClient, typed: dict[str, str], words: str
) -> None:
    answer = take_in(office, **{"content": "一是学习不够深入。", **typed})
    assert answer.status_code == 422
    assert words in answer.text
    assert count(empty_app, IntakeDraft) == 0


def test_an_upload_need_not_be_chosen_again_when_another_field_was_wrong(empty_app: Flask, office: FlaskClient) -> None:
    refused = take_in(office, title="", name="反馈意见.docx")
    assert "已收到文件“反馈意见.docx”" in refused.text
    fields = fields_of(refused.text, "form")
    assert office.post("/intake", data={**fields, "title": "巡察反馈"}).status_code == 303
    with empty_app.app_context():
        assert db.session.scalars(select(IntakeDraft.file_name)).one() == "反馈意见.docx"
    forged = office.post("/intake", data={**fields, "kept": fields["kept"][0] + "x"})
    assert forged.status_code == 422


def test_file_and_words_together_are_refused_and_both_kept(office: FlaskClient) -> None:
    with (DATA / "feedback-typed.docx").open("rb") as stream:
        typed = {"title": "反馈", "received_on": "20260316", "kind": "audit", "content": "一是学习不深。"}
        refused = office.post("/intake", data={**typed, "file": (stream, "反馈.docx")})
    assert refused.status_code == 422
    fields = fields_of(refused.text, "form")
    assert fields["content"] == ["一是学习不深。"]
    assert office.post("/intake", data={**fields, "content": ""}).status_code == 303
    assert office.post("/intake", data={**fields, "title": "另一份", "without_file": "y"}).status_code == 303


def test_a_source_taken_in_before_is_named_at_once(office: FlaskClient) -> None:
    address, fields = a_draft(office)
    office.post(f"{address}/confirm", data=fields)
    answer = take_in(office)
    assert answer.status_code == 409
    assert "巡察2026-1" in answer.text


def test_drafts_are_listed_for_their_maker_and_can_be_discarded_by_nobody_else(
    empty_app: Flask, browser: Browser
) -> None:
    mine, yours = browser("陈静"), browser("林琳")
    address, _fields = a_draft(mine)
    assert address in mine.get("/intake").text
    assert address not in yours.get("/intake").text
    assert yours.post(f"{address}/discard").status_code == 403
    assert mine.post(f"{address}/discard").status_code == 303
    assert mine.get(address).status_code == 404
    with empty_app.app_context():
        actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions[-1] == "intake.discard"


@pytest.mark.parametrize("name", ["周涛", "李强", "赵倩"])
def test_nobody_but_the_office_takes_anything_in(empty_app: Flask, browser: Browser, name: str) -> None:
    address, fields = a_draft(browser("陈静"))
    stranger = browser(name)
    assert stranger.get("/intake").status_code == 403
    assert take_in(stranger, title="别的").status_code == 403
    assert stranger.get(address).status_code == 403
    assert stranger.post(address, data=fields).status_code == 403
    assert stranger.post(f"{address}/confirm", data=fields).status_code == 403
    assert count(empty_app, Item) == 0


def test_a_page_that_was_cut_on_its_way_saves_nothing(empty_app: Flask, office: FlaskClient) -> None:
    address, fields = a_draft(office)
    cut = {**fields, "number": fields["number"][:-1]}
    assert office.post(address, data={**cut, "action": "save"}).status_code == 422
    assert office.post(address, data={**fields, "kind": ["nonsense", *fields["kind"][1:]]}).status_code == 422
    assert fields_of(office.get(address).text)["text"] == fields["text"]


def test_a_paragraph_left_out_can_be_taken_from_the_text(office: FlaskClient) -> None:
    address, fields = a_draft(office)
    office.post(address, data={**fields, "action": "drop:5"})
    page = office.get(address).text
    assert 'value="take:5"' in page
    office.post(address, data={**fields_of(page), "action": "take:5"})
    assert fields_of(office.get(address).text)["paragraph"].count("5") == 1


def test_the_pages_speak_english(office: FlaskClient) -> None:
    address, _fields = a_draft(office)
    english = {"Accept-Language": "en"}
    assert "Take in feedback" in office.get("/intake", headers=english).text
    page = office.get(address, headers=english).text
    assert "Confirm 27" in page
    assert "读取结果" not in page
