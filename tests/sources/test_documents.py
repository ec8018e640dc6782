"""Papers filed beside a source."""

import io

from desk.reading import a_reader, text_of
from factories import SYSTEM, a_source, a_unit, an_item
from flask import Flask
from sqlalchemy import select

from tracker.access.rules import Role
from tracker.core.db import db, writing
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.sources.models import SourceDocument

SCAN = b"%PDF-1.4 signed"


def test_the_signed_scan_of_a_plan_is_filed_beside_its_source_once_and_taken_off(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        at = f"/sources/{a_source().id}"
    office = a_reader(empty_app, "陈静", Role.OFFICE)

    def file() -> int:
        data = {"title": "整改方案签批件", "file": (io.BytesIO(SCAN), "扫描/方案.pdf")}
        return office.post(f"{at}/documents/new", data=data).status_code

    assert office.post(f"{at}/documents/new", data={"title": "整改方案签批件"}).status_code == 422
    assert [file(), file()] == [303, 409]
    page = text_of(office, at)
    assert "整改方案签批件" in page
    assert "方案.pdf" in page
    assert "扫描/" not in page
    with empty_app.app_context():
        scan = f"{at}/documents/{db.session.scalars(select(SourceDocument.id)).one()}"
    assert office.get(scan).data == SCAN
    liaison = a_reader(empty_app, "王敏", Role.LIAISON, "组织部")
    assert liaison.get(scan).status_code == 403
    assert office.post(f"{scan}/remove").status_code == 303
    assert office.get(scan).status_code == 404
    with empty_app.app_context():
        assert db.session.scalars(select(SourceDocument.removed_at)).one() is not None


def test_lists_of_one_issued_source_carry_its_document_number_and_drafts_do_not(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        an_item(a_source(document_number="市直工委〔2026〕5号"), lead_unit=a_unit())
    office = a_reader(empty_app, "陈静", Role.OFFICE)
    page = text_of(office, "/items/print?list=problems")
    assert "送审稿" in page
    assert "市直工委〔2026〕5号" not in page
    with empty_app.app_context(), writing():
        items.issue(db.session.scalars(select(Item)).all(), actor=SYSTEM)
    page = text_of(office, "/items/print?list=problems")
    assert "送审稿" not in page
    assert "文号：市直工委〔2026〕5号" in page
