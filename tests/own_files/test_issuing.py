"""Issuing a report in the form of the office's own file: the file itself is what went out."""

from collections.abc import Callable, Iterator
from datetime import datetime
from unittest import mock

import pytest
from desk.reading import a_reader, text_of
from flask import Flask
from flask.testing import FlaskClient
from own_files.papers import a_plain_report
from own_files.taking import here, sent, take_in
from own_files.worlds import NEW_YEARS_EVE, at, the_round

from tests.own_files.test_chosen_reports import TITLE, a_draft, told, write
from tracker.access.rules import Role
from tracker.core.db import db
from tracker.reports.models import Report


@pytest.fixture(autouse=True)
def _new_years_eve() -> Iterator[None]:
    with at(NEW_YEARS_EVE):
        yield


@pytest.fixture
def office(empty_app: Flask, furnish: Callable[..., None]) -> FlaskClient:
    furnish(the_round)
    return a_reader(empty_app, "陈静", Role.OFFICE)


def test_a_report_is_issued_with_the_offices_own_file_which_is_kept_as_it_went_out(
    empty_app: Flask, office: FlaskClient
) -> None:
    report = a_draft(office)
    take_in(office, a_plain_report().getvalue(), report_id=report)
    address = here(empty_app)
    page = office.get(address).text
    assert "下载新报告不等于印发" in page
    assert f'href="{address}/issue"' in page
    assert "逐句核对，没有发现与台账不符的地方" in office.get(f"{address}/issue").text
    made = office.get(f"{address}/file").data
    assert sent(office, f"{address}/issue", number="〔2026〕9号").location == address
    with empty_app.app_context():
        kept = db.session.get(Report, int(report))
        assert kept is not None
        assert (kept.state, kept.number, kept.issued_by_name) == ("issued", "〔2026〕9号", "陈静")
        sha256, known_at = kept.file_sha256, kept.known_at
    assert office.get(f"/reports/{report}/file").data == made
    found = told(empty_app, "own_file.issue")
    assert (found["report"], found["file_sha256"], found["as_of"]) == (TITLE, sha256, "2026-12-31")
    assert datetime.fromisoformat(found["known_at"]) == known_at
    assert told(empty_app, "report.issue")["sha256"] == sha256
    page = text_of(office, address)
    assert "所选报告已经印发" in page
    assert "下载新报告不等于印发" not in page
    assert office.get(f"{address}/issue").status_code == 409
    office.get(f"{address}/file")
    assert told(empty_app, "own_file.download")["report_state"] == "issued"


def test_nothing_is_issued_while_a_blank_waits_or_a_sentence_is_untrue(empty_app: Flask, office: FlaskClient) -> None:
    report = a_draft(office)
    take_in(office, report_id=report)
    address = f"{here(empty_app)}/issue"
    refused = sent(office, address)
    assert (refused.status_code, "处空白没有作答" in refused.text) == (422, True)
    write(empty_app, report, "市纪委市监委内部督查反馈的问题已全部完成整改。")
    with mock.patch("tracker.own_files.views.issuing.files.store") as store:
        refused = sent(office, address)
    store.assert_not_called()
    assert (refused.status_code, "改好才能印发" in refused.text) == (422, True)
    with empty_app.app_context():
        assert db.session.query(Report.state).scalar() == "draft"


def test_what_was_changed_meanwhile_is_not_issued_unseen(empty_app: Flask, office: FlaskClient) -> None:
    report = a_draft(office)
    take_in(office, a_plain_report().getvalue(), report_id=report)
    old = {"version": "1", "number": "", "issued_on": "2026-12-31"}
    write(empty_app, report, "市纪委市监委内部督查反馈的问题正在抓紧整改。")
    assert office.post(f"{here(empty_app)}/issue", data=old).status_code == 409
    with empty_app.app_context():
        assert db.session.query(Report.state).scalar() == "draft"


def test_only_a_word_file_with_the_text_of_a_report_can_be_issued(empty_app: Flask, office: FlaskClient) -> None:
    take_in(office, a_plain_report().getvalue())
    page = text_of(office, here(empty_app))
    assert "新文按台账写，系统里没有印发它" in page
    assert office.get(f"{here(empty_app)}/issue").status_code == 404
    report = a_draft(office)
    sent(office, f"{here(empty_app)}/about", report_id=report)
    office.post(f"{here(empty_app)}/drop")
    take_in(office, "一、整改落实\n逐项整改。".encode(), "报告.txt", report_id=report)
    refused = sent(office, f"{here(empty_app)}/issue")
    assert (refused.status_code, "纯文本" in refused.text) == (422, True)
