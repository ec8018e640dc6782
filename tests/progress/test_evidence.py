"""Evidence as browsers send it, with script and without: what is taken, refused, shown, handed out and removed."""

import io
from collections.abc import Iterator

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.closure.closing_office import ClosingOffice, browser_of
from tests.core.test_filetypes import JPEG, PAGE, PDF, PNG, packed
from tracker.access.rules import SYSTEM
from tracker.audit.queries import select_entries
from tracker.core import files
from tracker.core.db import db, writing
from tracker.progress import queries
from tracker.settings.operations import put

DOCX = packed("[Content_Types].xml", "word/document.xml")


@pytest.fixture
def office(empty_app: Flask) -> ClosingOffice:
    with empty_app.app_context(), writing():
        return ClosingOffice()


@pytest.fixture
def liaison(empty_app: Flask, office: ClosingOffice) -> FlaskClient:
    return browser_of(empty_app, office, office.liaison)


def upload(client: FlaskClient, office: ClosingOffice, *sent: tuple[bytes, str], field: str = "file") -> TestResponse:
    data = {field: [(io.BytesIO(content), name) for content, name in sent]}
    return client.post(f"/items/{office.number}/evidence/new", data=data, content_type="multipart/form-data")


def upload_one(client: FlaskClient, office: ClosingOffice, content: bytes, name: str) -> TestResponse:
    """As the page's script sends it."""
    data = {"file": (io.BytesIO(content), name)}
    return client.post(f"/items/{office.number}/evidence/upload", data=data, content_type="multipart/form-data")


def names(app: Flask, office: ClosingOffice) -> list[str]:
    with app.app_context():
        return [each.name for each in queries.list_evidence(db.session(), office.item().id)]


def allow(app: Flask, **values: object) -> None:
    with app.app_context(), writing():
        put({key.replace("__", "."): value for key, value in values.items()}, actor=SYSTEM)


def kept(app: Flask) -> Iterator[str]:
    with app.app_context():
        return (path.name for path in files.folder().rglob("*") if path.is_file())


def acts(app: Flask, action: str) -> int:
    with app.app_context():
        return len(db.session.scalars(select_entries(action=action)).all())


def a_pdf(pages: int) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _page in range(pages):
        document.new_page(595, 842)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_several_files_are_uploaded_at_once_under_their_own_names(
    empty_app: Flask, office: ClosingOffice, liaison: FlaskClient
) -> None:
    assert upload(liaison, office, (JPEG, "签到表.jpg"), (DOCX, "办法（终稿）.docx")).status_code == 303
    assert names(empty_app, office) == ["签到表.jpg", "办法（终稿）.docx"]
    answer = upload(liaison, office, (JPEG, "签到表.jpg"), (PNG, "照片.png"))
    assert "没有重复保存" in liaison.get(answer.location).text
    assert names(empty_app, office) == ["签到表.jpg", "办法（终稿）.docx", "照片.png"]


def test_a_script_sends_one_file_and_is_answered_in_data(
    empty_app: Flask, office: ClosingOffice, liaison: FlaskClient
) -> None:
    answer = upload_one(liaison, office, PDF, "办法.pdf")
    assert (answer.status_code, answer.json) == (201, {"serial": 1, "name": "办法.pdf"})
    again = upload_one(liaison, office, PDF, "办法.pdf")
    assert again.status_code == 409
    assert again.json
    assert "没有重复保存" in again.json["refusal"]
    nothing = liaison.post(f"/items/{office.number}/evidence/upload")
    assert (nothing.status_code, nothing.json) == (422, {"refusal": "请选择至少一个文件。"})
    assert names(empty_app, office) == ["办法.pdf"]


def test_a_script_of_somebody_without_rights_gets_nowhere(empty_app: Flask, office: ClosingOffice) -> None:
    for person, status in ((office.leader, 403), (office.stranger, 404)):
        assert upload_one(browser_of(empty_app, office, person), office, PDF, "办法.pdf").status_code == status
    assert names(empty_app, office) == []


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (PAGE, "照片.jpg", "从名称看是图片，内容却是网页"),
        (PDF, "照片.jpg", "从名称看是图片，内容却是PDF"),
        (b"MZ\x90\x00" + b"\x00" * 99, "报告.docx", "内容是程序或脚本"),
        (b"text", "安装.exe", "程序和脚本不能作为佐证材料"),
        (b"", "空.pdf", "0 字节"),
    ],
)
def test_what_is_not_what_its_name_says_is_refused_by_name_and_nothing_of_it_is_kept(
    empty_app: Flask, office: ClosingOffice, liaison: FlaskClient, content: bytes, name: str, words: str
) -> None:
    before = set(kept(empty_app))
    for answer in (upload(liaison, office, (content, name)), upload_one(liaison, office, content, name)):
        assert answer.status_code == 422
        told = answer.json["refusal"] if answer.is_json and answer.json else answer.text
        assert f"“{name}”：" in told
        assert words in told
    assert names(empty_app, office) == []
    assert set(kept(empty_app)) == before


def test_limits_are_those_of_the_settings(empty_app: Flask, office: ClosingOffice, liaison: FlaskClient) -> None:
    allow(empty_app, rules__evidence_mb=1, rules__evidence_item_mb=1, rules__evidence_endings="pdf,jpg")
    page = liaison.get(f"/items/{office.number}/evidence/new").text
    assert "可上传：pdf,jpg" in page
    for content, name, status, words in (
        (PDF + b"x" * (1 << 20), "大.pdf", 413, "1 MB"),
        (DOCX, "办法.docx", 422, "只接收这些格式：jpg、pdf"),
        (PDF + b"x" * 700_000, "中.pdf", 303, ""),
        (PDF + b"y" * 700_000, "再一个.pdf", 413, "超过 1 MB 的上限"),
    ):
        answer = upload(liaison, office, (content, name))
        assert (answer.status_code, words in answer.text) == (status, True), name
    assert names(empty_app, office) == ["中.pdf"]
    liaison.post(f"/items/{office.number}/evidence/1/remove")
    assert upload(liaison, office, (PDF + b"y" * 700_000, "再一个.pdf")).status_code == 303


def test_one_bad_file_among_several_keeps_them_all_out(
    empty_app: Flask, office: ClosingOffice, liaison: FlaskClient
) -> None:
    answer = upload(liaison, office, (PDF, "好.pdf"), (PAGE, "坏.jpg"))
    assert answer.status_code == 422
    assert "“坏.jpg”" in answer.text
    assert names(empty_app, office) == []
    assert "请选择至少一个文件" in upload(liaison, office).text


def test_the_camera_is_off_until_an_administrator_allows_it(
    empty_app: Flask, office: ClosingOffice, liaison: FlaskClient
) -> None:
    address = f"/items/{office.number}/evidence/new"
    assert "capture" not in liaison.get(address).text
    assert upload(liaison, office, (JPEG, "现场.jpg"), field="photo").status_code == 422
    allow(empty_app, security__camera=True)
    page = liaison.get(address).text
    assert 'capture="environment"' in page
    assert upload(liaison, office, (JPEG, "现场.jpg"), field="photo").status_code == 303
    assert names(empty_app, office) == ["现场.jpg"]


@pytest.mark.parametrize(
    ("name", "bare"),
    [("../../../etc/passwd", "passwd"), ("甲\u202egpj.txt", "甲gpj.txt")],
)
def test_a_hostile_name_is_only_a_name(
    empty_app: Flask, office: ClosingOffice, liaison: FlaskClient, name: str, bare: str
) -> None:
    assert upload(liaison, office, (b"x", name)).status_code == 303
    assert names(empty_app, office) == [bare]


def test_a_page_comes_back_as_a_file_to_keep_and_is_never_shown(
    empty_app: Flask, office: ClosingOffice, liaison: FlaskClient
) -> None:
    upload(liaison, office, (PAGE, "网页“1”.html"))
    answer = liaison.get(f"/items/{office.number}/evidence/1")
    assert answer.data == PAGE
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert "filename*=UTF-8''%E7%BD%91%E9%A1%B5" in disposition
    assert "no-store" in answer.headers["Cache-Control"]
    assert acts(empty_app, "evidence.download") == 1
    for page in ("view", "frame", "content"):
        refused = liaison.get(f"/items/{office.number}/evidence/1/{page}")
        assert refused.status_code == 404
        assert PAGE not in refused.data


def test_a_picture_is_shown_in_a_frame_that_can_do_nothing(
    empty_app: Flask, office: ClosingOffice, liaison: FlaskClient
) -> None:
    upload(liaison, office, (PNG, "照片.jpg"))
    assert "/evidence/1/view" in liaison.get(f"/items/{office.number}?tab=evidence").text
    page = liaison.get(f"/items/{office.number}/evidence/1/view").text
    assert '<iframe sandbox="allow-same-origin" src="' in page
    frame = liaison.get(f"/items/{office.number}/evidence/1/frame")
    assert "/evidence/1/content" in frame.text
    policy = frame.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-same-origin; default-src 'none'; img-src 'self'; style-src 'self';")
    assert "script" not in policy
    content = liaison.get(f"/items/{office.number}/evidence/1/content")
    assert (content.data, content.mimetype) == (PNG, "image/png")
    assert content.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none';")
    assert content.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in content.headers["Cache-Control"]
    assert acts(empty_app, "evidence.view") == 1


def test_a_pdf_is_shown_page_by_page_as_pictures(empty_app: Flask, office: ClosingOffice, liaison: FlaskClient) -> None:
    upload(liaison, office, (a_pdf(2), "办法.pdf"))
    address = f"/items/{office.number}/evidence/1"
    assert "第 1 页，共 2 页" in liaison.get(f"{address}/view").text
    assert "第 2 页，共 2 页" in liaison.get(f"{address}/view?page=9").text
    drawn = liaison.get(f"{address}/content?page=2")
    assert (drawn.mimetype, drawn.data[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    assert liaison.get(f"{address}/content?page=3").status_code == 404
    with empty_app.app_context():
        (looked,) = db.session.scalars(select_entries(action="evidence.view")).all()
        assert '"page":2' in looked.details.replace(" ", "")


def test_a_broken_pdf_says_so_and_may_be_downloaded(office: ClosingOffice, liaison: FlaskClient) -> None:
    upload(liaison, office, (PDF, "办法.pdf"))
    page = liaison.get(f"/items/{office.number}/evidence/1/view")
    assert page.status_code == 200
    assert "不能在线查看" in page.text
    assert liaison.get(f"/items/{office.number}/evidence/1/content").status_code == 404


def test_a_removed_file_is_gone_from_the_page_and_listed_for_the_office(
    empty_app: Flask, office: ClosingOffice, liaison: FlaskClient
) -> None:
    upload(liaison, office, (JPEG, "签到表.jpg"))
    assert liaison.post(f"/items/{office.number}/evidence/1/remove").status_code == 303
    for page in ("", "/view", "/frame", "/content"):
        assert liaison.get(f"/items/{office.number}/evidence/1{page}").status_code == 404
    page = liaison.get(f"/items/{office.number}?tab=evidence").text
    assert "还没有佐证材料" in page
    assert "王敏移除佐证1“签到表.jpg”" in page
    assert "已移除" not in page
    clerk = browser_of(empty_app, office, office.clerk).get(f"/items/{office.number}?tab=evidence").text
    assert "已移除 1 份" in clerk
    assert "<s>签到表.jpg</s>" in clerk
    assert acts(empty_app, "evidence.remove") == 1


def test_files_of_an_item_out_of_reach_are_not_found(empty_app: Flask, office: ClosingOffice) -> None:
    with empty_app.app_context():
        office.prove(content=PNG)
    for page in ("", "/view", "/frame", "/content"):
        address = f"/items/{office.number}/evidence/1{page}"
        assert browser_of(empty_app, office, office.stranger).get(address).status_code == 404
        assert browser_of(empty_app, office, office.leader).get(address).status_code == 200
