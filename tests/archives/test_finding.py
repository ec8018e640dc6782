"""A problem is found two years later by number or words: its folder with every file, within a person's reach."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from archives.worlds import a_world, actor, archived, person, the_source
from factories import sign_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tracker.archives import operations
from tracker.archives.models import Archive, ArchiveFile
from tracker.audit.models import AuditEntry
from tracker.core.db import db, writing
from tracker.items import operations as items
from tracker.items.models import Item

NUMBER = "巡察2026-1-001"


@pytest.fixture
def filed(empty_app: Flask) -> Iterator[Flask]:
    """A source archived on 8 January 2027, looked at two years later."""
    with empty_app.app_context(), time_machine.travel("2027-01-08T10:00:00+08:00", tick=False):
        a_world(empty_app)
        archived()
    with time_machine.travel("2029-03-01T10:00:00+08:00", tick=False):
        yield empty_app


def signed_in(app: Flask, name: str = "陈静") -> FlaskClient:
    client = app.test_client()
    with app.app_context():
        sign_in(client, person(name))
    return client


def real(client: FlaskClient, address: str) -> str:
    """The address with the ids of the database: archive 1 is the first, source 1 the first."""
    with client.application.app_context():
        archives = [id for (id,) in db.session.query(Archive.id).order_by(Archive.id)]
        source_id = the_source().id
    address = re.sub(r"/(archives/new|sources)/1\b", rf"/\1/{source_id}", address)
    return re.sub(r"/archives/(\d)\b", lambda found: f"/archives/{archives[int(found[1]) - 1]}", address)


def page(client: FlaskClient, address: str = "/archives", status: int = 200, **asked: Any) -> str:
    answer = client.get(f"{real(client, address)}?{urlencode(asked)}")
    assert answer.status_code == status, answer.text[:500]
    return answer.text


def post(client: FlaskClient, address: str, data: dict[str, str]) -> TestResponse:
    return client.post(real(client, address), data=data)


def download(client: FlaskClient, nth: int = 1) -> TestResponse:
    return client.get(real(client, f"/archives/{nth}/archive.zip"))


def folders(html: str) -> list[str]:
    return re.findall(r'href="/archives/\d+/folders/[^"]+">([^<]+)</a>', html)


def test_a_problem_is_found_by_its_number_or_words_two_years_later_and_its_folder_lists_its_files(
    filed: Flask,
) -> None:
    client = signed_in(filed)
    for words in ("1", "001", NUMBER, "第一议题", "议题 坚持"):
        assert folders(page(client, words=words)) == [NUMBER], words
    html = page(client, f"/archives/1/folders/{NUMBER}")
    assert re.findall(r'<tr class="group"><td colspan="7">([^<]+)<', html) == ["反馈", "方案和责任", "进展", "佐证材料"]
    assert re.findall(r'href="/archives/\d+/files/\d+">([^<]+)</a>', html) == [
        f"ZGB-2026-01-001-{n:02d}" for n in range(1, 6)
    ]
    (address,) = re.findall(r'href="(/archives/\d+/files/\d+)">ZGB-2026-01-001-04', html)
    answer = client.get(address)
    assert (answer.status_code, answer.data[:5]) == (200, b"%PDF-")
    with filed.app_context():
        assert db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first().action == "archive.read_file"  # type: ignore[union-attr]


def test_archives_are_listed_by_year_and_found_by_source_and_number(filed: Flask) -> None:
    client = signed_in(filed)
    assert "ZGB-2026-01" in page(client)
    assert "ZGB-2026-01" in page(client, year=2027)
    assert "这一年没有归档的来源" in page(client, year=2026)
    for words in ("巡察组", "ZGB"):
        html = page(client, words=words)
        assert f'href="{real(client, "/archives/1")}"' in html
        assert len(folders(html)) == 4
    assert "没有找到这样的卷" in page(client, words="没有这样的词")
    assert "没有找到这样的卷" in page(client, "/archives/1", words="没有这样的词")


def test_the_whole_zip_is_for_whoever_may_read_all_of_it_and_each_handing_out_is_noted(filed: Flask) -> None:
    for name, status in (("陈静", 200), ("李强", 200), ("李磊", 403), ("吴审", 403)):
        assert download(signed_in(filed, name)).status_code == status, name
    answer = download(signed_in(filed))
    assert answer.data[:2] == b"PK"
    assert "%E5%BD%92%E6%A1%A3" in answer.headers["Content-Disposition"]
    with filed.app_context():
        noted = [each.action for each in db.session.query(AuditEntry) if each.action == "archive.download"]
        assert len(noted) == 3


def test_a_unit_finds_the_folders_of_its_own_items_and_nothing_else(filed: Flask) -> None:
    client = signed_in(filed, "周宁")
    assert folders(page(client, "/archives/1")) == ["巡察2026-1-004"]
    assert folders(page(client, words="巡察")) == ["巡察2026-1-004"]
    with filed.app_context():
        first = db.session.query(ArchiveFile.id).order_by(ArchiveFile.id).first()
    assert first is not None
    for address in (f"/archives/1/folders/{NUMBER}", f"/archives/1/files/{first[0]}"):
        page(client, address, 404)
    page(client, "/archives/1/material", 403)
    page(client, "/archives/new/1", 403)
    page(client, "/archives/1/lift", 403)
    assert "下载整份档案" not in page(client, "/archives/1")
    assert post(client, "/archives/1/lift", {"reason": "试"}).status_code == 403


def test_named_readers_keep_an_archived_item_from_others(filed: Flask) -> None:
    with filed.app_context(), writing():
        archive = operations.queries.find_present(db.session(), the_source().id)
        assert archive is not None
        operations.lift(archive, reason="补充知悉范围", version=archive.version, actor=actor("陈静"))
    with filed.app_context():
        with writing():
            item = db.session.query(Item).filter_by(number=NUMBER).one()
            items.name_item_readers(item, [person("李磊")], actor=actor("陈静"))
        archive_id = archived("ZGB-2026-02").id
    client = signed_in(filed, "李强")
    assert NUMBER not in page(client, "/archives/2")
    page(client, "/archives/2/archive.zip", 403)
    page(client, f"/archives/2/folders/{NUMBER}", 404)
    # Plan, lists and ledger of the source tell of every item.
    page(client, "/archives/2/material", 403)
    with filed.app_context():
        made = select(ArchiveFile.id).where(ArchiveFile.archive_id == archive_id, ArchiveFile.item_id.is_(None))
        ids = db.session.scalars(made).all()
    assert ids
    for file_id in ids:
        page(client, f"/archives/2/files/{file_id}", 404)
    assert download(signed_in(filed), 2).status_code == 200


def test_pages_of_the_source_and_its_items_say_that_they_are_archived_and_offer_nothing_to_do(filed: Flask) -> None:
    client = signed_in(filed)
    item, source = page(client, f"/items/{NUMBER}"), page(client, "/sources/1")
    for html in (item, source):
        assert "已归档" in html
        assert "ZGB-2026-01" in html
    assert "现在可以做" not in item
    assert real(client, "/sources/1/edit") not in source
    assert "当前没有" not in item


def test_the_office_archives_from_the_page_and_lifts_with_a_reason(empty_app: Flask) -> None:
    with time_machine.travel("2027-01-08T10:00:00+08:00", tick=False):
        with empty_app.app_context():
            a_world(empty_app)
        client = signed_in(empty_app)
        assert "还没有归档的来源" in page(client)
        assert 'value="巡察2026-1"' in page(client, "/archives/new/1")
        assert post(client, "/archives/new/1", {"number": " "}).status_code == 422
        answer = post(client, "/archives/new/1", {"number": "巡察2026-1"})
        assert (answer.status_code, answer.location) == (303, real(client, "/archives/1"))
        assert post(client, "/archives/new/1", {"number": "巡察2026-1"}).location == real(client, "/archives/1")
        assert "排队中" in page(client, "/archives/1")
        assert "目录还没有生成" in page(client, f"/archives/1/folders/{NUMBER}")
        page(client, "/archives/1/archive.zip", 404)
        assert post(client, "/archives/1/lift", {"reason": "", "version": "2"}).status_code == 422
        assert post(client, "/archives/1/lift", {"reason": "补件", "version": "1"}).status_code == 409
        assert post(client, "/archives/1/lift", {"reason": "补件", "version": "2"}).location == real(
            client, "/sources/1"
        )
        assert post(client, "/archives/1/lift", {"reason": "补件", "version": "3"}).status_code == 409
        assert "这份档案已于" in page(client, "/archives/1")


def test_a_source_with_open_items_says_which_and_leads_to_them(empty_app: Flask) -> None:
    with time_machine.travel("2027-01-08T10:00:00+08:00", tick=False):
        with empty_app.app_context():
            a_world(empty_app, is_open=True)
        client = signed_in(empty_app)
        html = page(client, "/archives/new/1")
        assert "还有1个事项没有销号，不能归档" in html
        assert 'href="/items/%E5%B7%A1%E5%AF%9F2026-1-005"' in html or 'href="/items/巡察2026-1-005"' in html
        answer = post(client, "/archives/new/1", {"number": "1"})
        assert answer.status_code == 409
        assert "还有1个事项没有销号" in answer.text
