"""The office's own templates: taken in, looked through, tried, renamed, replaced and retired, and who may."""

import io
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import docx
import pytest
from desk.reading import a_reader, text_of
from factories import a_source, a_unit, an_issued_item
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from tests.office.hostile import a_template, related, with_part
from tracker.access.rules import Role
from tracker.audit.models import AuditEntry
from tracker.core.db import db, writing
from tracker.core.queries import list_hashes
from tracker.reports.models import ReportTemplate
from tracker.reports.shipped_templates import Shipped, shipped_template

SOUND = a_template("{{ title }}", "截至{{ as_of }}：", "{%p for line in text %}", "{{ line.text }}", "{%p endfor %}")
NOON = datetime(2026, 12, 31, 4, 0, tzinfo=UTC)
FAULTY = a_template("{{ titel }}", "{%p for line in text %}", "{{ line.words }}", "{%p endfor %}")


@pytest.fixture
def office(empty_app: Flask) -> FlaskClient:
    with empty_app.app_context(), writing():
        an_issued_item(source=a_source("市委第二巡察组反馈"), lead_unit=a_unit("组织部"), finding="学习不够经常")
    return a_reader(empty_app, "陈静", Role.OFFICE)


def take_in(client: FlaskClient, content: bytes = SOUND, **changed: Any) -> TestResponse:
    data = {"name": "上报市委", "file": (io.BytesIO(content), "报告.docx")} | changed
    return client.post("/reports/templates/new", data=data)


def kept(app: Flask) -> list[tuple[str, str, bool]]:
    with app.app_context():
        found = db.session.scalars(select(ReportTemplate).order_by(ReportTemplate.id))
        return [(each.name, each.file_name, each.is_retired) for each in found]


def at(app: Flask, name: str = "上报市委") -> str:
    """The address of a template."""
    with app.app_context():
        found = db.session.scalars(select(ReportTemplate.id).where(ReportTemplate.name == name)).one()
        return f"/reports/templates/{found}"


def acts(app: Flask) -> list[str]:
    with app.app_context():
        found = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id))
        return [action.removeprefix("report_template.") for action in found if action.startswith("report_template")]


def sent(client: FlaskClient, address: str, **data: Any) -> TestResponse:
    """The form of a page sent with the version that stands in it."""
    version = re.search(r'name="version"[^>]*value="(\d+)"', client.get(address).text)
    assert version
    return client.post(address, data={"version": version[1], **data})


def test_a_template_is_taken_in_tried_renamed_replaced_and_retired(empty_app: Flask, office: FlaskClient) -> None:
    assert "还没有本机关的模板" in office.get("/reports/templates").text
    assert take_in(office).location == "/reports/templates"
    listed = text_of(office, "/reports/templates")
    assert "上报市委" in listed
    assert "陈静" in listed
    address = at(empty_app)
    assert office.get(f"{address}/file").data == SOUND
    tried = office.get(f"{address}/trial")
    assert "试填_报告.docx" in unquote(tried.headers["Content-Disposition"])
    printed = [paragraph.text for paragraph in docx.Document(io.BytesIO(tried.data)).paragraphs]
    assert "履行抓党建工作责任情况报告" in printed[0]
    assert any("市委第二巡察组" in words for words in printed)

    assert sent(office, f"{address}/name", name="上报市委（新）").status_code == 303
    other = a_template("{{ title }}", "{{ total }}", "{%p for line in text %}", "{{ line.text }}", "{%p endfor %}")
    assert sent(office, f"{address}/replace", file=(io.BytesIO(other), "报告二")).status_code == 303
    assert kept(empty_app) == [("上报市委（新）", "报告二.docx", False)]
    assert office.get(f"{address}/file").data == other
    assert office.post(f"{address}/retire").status_code == 303
    assert office.post(f"{address}/retire").status_code == 303
    assert "已停用" in text_of(office, "/reports/templates")
    assert acts(empty_app) == ["take_in", "download", "fill", "rename", "replace", "download", "retire"]


def test_all_faults_are_listed_with_their_paragraphs_and_nothing_is_kept(empty_app: Flask, office: FlaskClient) -> None:
    answer = take_in(office, FAULTY, name="我的模板")
    assert answer.status_code == 422
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))
    assert "模板有 3 处要修改，没有保存。" in page
    for told in (
        "正文第1段 {{ titel }} 没有“titel”这个名称。",
        "正文第3段 {{ line.words }} 没有“line.words”这个名称。",
        "整个文件 — 缺少必需的名称“title”。",
    ):
        assert told in page
    assert "我的模板" in answer.text
    assert kept(empty_app) == []
    with empty_app.app_context():
        assert list_hashes(db.session()) == set()


HOSTILE = (
    (a_template("{{ title.__class__.__mro__ }}"), "没有“title.__class__.__mro__”这个名称"),
    (a_template("{% for a in range(1000000000) %}{% endfor %}"), "列表要写成"),
    (with_part(SOUND, "word/media/a.bin", bytes(50 << 20)), "解压后过大"),
    (with_part(SOUND, "word/vbaProject.bin", b"x"), "带有宏"),
    (related(SOUND, "attachedTemplate", "http://10.0.0.1/a.dotm", external=True), "外部内容"),
    (b"hello", "文件内容不是 Word 文档"),
)


@pytest.mark.parametrize(("content", "told"), HOSTILE)
def test_a_hostile_file_is_refused_on_the_page(
    empty_app: Flask, office: FlaskClient, content: bytes, told: str
) -> None:
    answer = take_in(office, content)
    assert (answer.status_code, told in answer.text) == (422, True), answer.text
    assert kept(empty_app) == []


def test_a_second_press_keeps_it_once_and_a_name_in_use_is_refused(empty_app: Flask, office: FlaskClient) -> None:
    assert [take_in(office).status_code, take_in(office).status_code] == [303, 303]
    assert len(kept(empty_app)) == 1
    other = shipped_template(Shipped.PLAIN)
    taken = take_in(office, other)
    assert (taken.status_code, "已有一个模板叫“上报市委”" in taken.text) == (409, True)
    assert take_in(office, other, name="自带的").status_code == 303
    assert sent(office, f"{at(empty_app, '自带的')}/name", name="上报市委").status_code == 409
    assert sent(office, f"{at(empty_app)}/replace", file=(io.BytesIO(SOUND), "同.docx")).status_code == 303
    assert acts(empty_app) == ["take_in", "take_in"]


def test_a_name_is_free_again_once_its_template_is_retired(empty_app: Flask, office: FlaskClient) -> None:
    take_in(office)
    old = at(empty_app)
    office.post(f"{old}/retire")
    assert take_in(office).status_code == 303
    assert [retired for _name, _file, retired in kept(empty_app)] == [True, False]
    assert sent(office, f"{old}/name", name="旧").status_code == 409
    assert office.get(f"{old}/file").status_code == 200


def test_wrong_input_is_told_at_its_field_and_a_second_person_is_told_of_the_first(
    empty_app: Flask, office: FlaskClient
) -> None:
    assert take_in(office, file=(io.BytesIO(), "")).status_code == 422
    assert take_in(office, name="").status_code == 422
    assert take_in(office, name="长" * 61).status_code == 422
    take_in(office)
    stale = office.post(f"{at(empty_app)}/name", data={"version": "0", "name": "别的"})
    assert (stale.status_code, "别的" in stale.text) == (409, True)
    again = office.post(f"{at(empty_app)}/replace", data={"version": "0", "file": (io.BytesIO(FAULTY), "a.docx")})
    assert again.status_code == 422
    assert office.get("/reports/templates/999/file").status_code == 404


@pytest.mark.parametrize("which", Shipped)
def test_shipped_templates_are_downloaded_and_tried(empty_app: Flask, office: FlaskClient, which: Shipped) -> None:
    assert office.get(f"/reports/templates/shipped/{which}/file").data == shipped_template(which)
    tried = docx.Document(io.BytesIO(office.get(f"/reports/templates/shipped/{which}/trial").data))
    assert [cell.text for cell in tried.tables[0].rows[1].cells][4] == "学习不够经常"
    assert office.get("/reports/templates/shipped/other/file").status_code == 404
    assert acts(empty_app) == ["download", "fill"]


def test_every_name_is_told_on_the_page_of_names(office: FlaskClient) -> None:
    page = text_of(office, "/reports/templates/names")
    for told in ("{{ title }} 报告的标题。", "{%tr for each in attachment %}", "{{ tasks.closure_rate }} 销号率："):
        assert told in page


@pytest.mark.parametrize("role", [Role.LEADER, Role.VIEWER, Role.UNIT_HEAD, Role.LIAISON, Role.ADMINISTRATOR])
def test_only_the_office_sees_templates(empty_app: Flask, office: FlaskClient, role: Role) -> None:
    take_in(office)
    address, other = at(empty_app), a_reader(empty_app, "王敏", role)
    pages = ("/reports/templates", "/reports/templates/new", "/reports/templates/names", f"{address}/file")
    pages += (f"{address}/trial", f"{address}/replace", f"{address}/name", "/reports/templates/shipped/plain/file")
    assert {other.get(page).status_code for page in pages} == {403}
    assert take_in(other).status_code == 403
    assert other.post(f"{address}/retire").status_code == 403
    assert "报告模板" not in other.get("/reports").text


def test_the_list_of_a_hundred_templates_asks_as_often_as_that_of_one(empty_app: Flask, office: FlaskClient) -> None:
    take_in(office)
    few = count_queries(empty_app, office, "/reports/templates")
    with empty_app.app_context(), writing():
        told = {"file_name": "a.docx", "file_sha256": "0" * 64, "kept_at": NOON}
        db.session.add_all([ReportTemplate(name=f"模板{nth}", **told) for nth in range(99)])
    assert count_queries(empty_app, office, "/reports/templates") <= few <= 8
    assert office.get("/reports/templates").text.count("/trial") == 102


def count_queries(app: Flask, browser: FlaskClient, address: str) -> int:
    """How many statements a page takes."""
    with app.app_context():
        engine = db.engine
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        assert browser.get(address).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return sum(not each.startswith(("PRAGMA", "BEGIN")) for each in statements)
