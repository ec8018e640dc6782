"""The papers of a meeting as they are handed out."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from meetings.halls import Office

from tracker.audit.models import AuditEntry
from tracker.core.db import db
from tracker.meetings import queries

PAPERS = ("brief.docx", "outline.docx", "bulletin.docx", "minutes.docx", "slides.pptx", "tables.xlsx")


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_tells_what_was_frozen_and_taking_it_is_recorded(office: Office, name: str) -> None:
    meeting_id = office.call()
    browser = office.browser("李强")
    assert browser.get(f"/meetings/{meeting_id}/papers/{name}").status_code == 409
    office.freeze(meeting_id)
    text = text_of(browser.get(f"/meetings/{meeting_id}/papers/{name}").data)
    assert "2026年7月31日" in text
    office.close("别部")
    assert text_of(browser.get(f"/meetings/{meeting_id}/papers/{name}").data) == text
    with office.app.app_context():
        sha256 = queries.get_freeze(db.session(), meeting_id).content_hash
        taken, _again = db.session.query(AuditEntry).filter_by(action="meeting.download")
    assert sha256[:8] in text
    assert (taken.actor_name, name in taken.details) == ("李强", True)


@pytest.mark.parametrize("name", [each for each in PAPERS if each != "bulletin.docx"])
def test_a_paper_for_a_unit_head_holds_the_own_items_alone(office: Office, name: str) -> None:
    meeting_id = office.call()
    office.decide(meeting_id, text="别部不该看到的决定", deadline_text="8月20日前")
    office.freeze(meeting_id)
    text = text_of(office.browser("周宁").get(f"/meetings/{meeting_id}/papers/{name}").data)
    assert "拖着没改的问题" not in text
    assert "组织部" not in text
    assert "别部不该看到的决定" not in text
    assert "会议没有议定事项" not in text


def test_a_bulletin_is_for_those_who_see_all_of_it(office: Office) -> None:
    meeting_id = office.call()
    office.freeze(meeting_id)
    assert office.browser("周宁").get(f"/meetings/{meeting_id}/papers/bulletin.docx").status_code == 403


def text_of(content: bytes) -> str:
    """All words in an Office file, its charts and notes too."""
    with ZipFile(BytesIO(content)) as package:
        parts = [name for name in package.namelist() if name.endswith(".xml") and "theme" not in name]
        return "".join(re.sub(r"<[^>]+>", "", package.read(name).decode()) for name in parts)
