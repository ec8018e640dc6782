"""Last year's report with the text of a report that was written: what may be put in, and whose figures count."""

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import docx
import pytest
from desk.reading import a_reader, text_of
from flask import Flask
from flask.testing import FlaskClient
from own_files.taking import here, lines, sent, take_in
from own_files.worlds import NEW_YEARS_EVE, at, close, the_round

from tracker.access.rules import Action, Role, reach
from tracker.audit.models import AuditEntry
from tracker.core.db import db, writing
from tracker.office.docx_passages import DocxPassages
from tracker.org.queries import load_actor
from tracker.own_files.models import OwnFile
from tracker.reports import operations, queries
from tracker.reports.kinds import words_of
from tracker.reports.models import Report

TITLE = "2026年度述职报告（整改部分）"


@pytest.fixture(autouse=True)
def _new_years_eve() -> Iterator[None]:
    with at(NEW_YEARS_EVE):
        yield


@pytest.fixture
def office(empty_app: Flask, furnish: Callable[..., None]) -> FlaskClient:
    furnish(the_round)
    return a_reader(empty_app, "陈静", Role.OFFICE)


def a_draft(client: FlaskClient, **changed: str) -> str:
    """Order a yearly report; its id."""
    order = {"kind": "annual", "title": TITLE, "edition": "above", "decimals": "1", "unit": "", "wording": "annual"}
    order |= {"as_of": "2026-12-31", "first_on": "2026-01-01", **changed}
    answer = client.post("/reports/new", data=order)
    assert answer.status_code == 303, answer.text
    return answer.location.rpartition("/")[2]


def change(app: Flask, report: str, act: Callable[[Report, Any], object]) -> None:
    """Change a report as the office would."""
    with app.app_context():
        actor = _actor(report)
        with writing():
            act(queries.lock_report(db.session(), int(report), actor), actor)


def _actor(report: str) -> Any:
    written = db.session.get(Report, int(report))
    assert written is not None
    assert written.written_by is not None
    return load_actor(db.session(), written.written_by)


def write(app: Flask, report: str, text: str) -> None:
    change(app, report, lambda held, actor: operations.save(held, title=TITLE, text=text, actor=actor))


def take_over(app: Flask, report: str, *, accepted: list[str] | None = None) -> None:
    """Take the figures of a draft anew, as of today; None accepts all."""
    with app.app_context():
        actor = _actor(report)
        with writing():
            known_at = operations.moment()
        found = queries.get_report(db.session(), int(report), actor)
        order, seen = operations.order_on(found, known_at.date()), reach(actor, Action.WRITE_REPORT)
        facts = operations.collect(db.session(), order, known_at=known_at, seen=seen, actor=actor)
    change(app, report, lambda held, by: operations.take_over(held, facts, accepted=accepted, actor=by))


def told(app: Flask, action: str) -> dict[str, Any]:
    """The details of the last such act in the trail."""
    with app.app_context():
        found = db.session.query(AuditEntry).filter_by(action=action).order_by(AuditEntry.id.desc()).first()
        assert found is not None
        return dict(json.loads(found.details))


def test_the_text_of_a_report_that_was_written_takes_the_place_of_the_marked_sentences(
    empty_app: Flask, office: FlaskClient
) -> None:
    take_in(office, report_id=a_draft(office, wording="annual-process"))
    page = office.get(here(empty_app)).text
    assert TITLE in page
    assert "凡材料不全的一律退回补充整改" in page
    assert "列入台账的问题共" not in page
    made = docx.Document(io.BytesIO(office.get(f"{here(empty_app)}/file").data))
    assert any("凡材料不全的一律退回补充整改" in each.text for each in made.paragraphs)
    assert take_in(office, year="2025", report_id="9999999").status_code == 422


def test_a_draft_with_an_untrue_sentence_is_kept_out_of_the_file_until_it_is_mended(
    empty_app: Flask, office: FlaskClient
) -> None:
    report = a_draft(office)
    take_in(office, report_id=report)
    write(empty_app, report, "市纪委市监委内部督查反馈的问题已全部完成整改。")
    page = office.get(here(empty_app)).text
    assert "所选报告还不能写入" in page
    assert "“市纪委市监委内部督查反馈的问题已全部完成整改。”" in page
    assert "尚有3个未销号，不能表述为全部完成" in page
    assert f'href="/reports/{report}"' in page
    assert f'href="{here(empty_app)}/file"' not in page
    assert f'href="{here(empty_app)}/issue"' not in page
    refused = office.get(f"{here(empty_app)}/file")
    assert (refused.status_code, "已全部完成整改。”不能写入往年报告" in refused.text) == (422, True)
    write(empty_app, report, "市纪委市监委内部督查反馈的问题正在抓紧整改。")
    assert "正在抓紧整改" in "".join(lines(office, here(empty_app)))


def test_a_draft_that_holds_an_old_figure_back_is_kept_out_of_the_file(empty_app: Flask, office: FlaskClient) -> None:
    report = a_draft(office)
    take_in(office, report_id=report)
    write(empty_app, report, "已销号⟦24|closed⟧个。")
    close(empty_app, 1)
    take_over(empty_app, report, accepted=[])
    assert "“24”还是旧数，现在是“25”" in text_of(office, here(empty_app))
    assert office.get(f"{here(empty_app)}/file").status_code == 422
    take_over(empty_app, report)
    assert "已销号25个。" in "".join(lines(office, here(empty_app)))


def test_day_and_decimals_are_those_of_the_report_whatever_was_typed(empty_app: Flask, office: FlaskClient) -> None:
    report = a_draft(office, as_of="2026-06-20", decimals="2")
    take_in(office, report_id=report)
    with empty_app.app_context():
        kept = db.session.query(OwnFile).one()
        assert (str(kept.as_of), kept.decimals) == ("2026-06-20", 2)
    page = text_of(office, here(empty_app))
    assert "2026-06-20" in page
    assert "2026-12-31" not in page
    sent(office, f"{here(empty_app)}/about", as_of="2026-12-31", decimals="0", report_id=report)
    take_over(empty_app, report)
    assert "2026-12-31" in text_of(office, here(empty_app))
    assert "2026-12-31" in text_of(office, "/reports/own-files")


def test_a_report_about_another_year_is_refused_and_says_which_it_is_about(
    empty_app: Flask, office: FlaskClient
) -> None:
    report = a_draft(office)
    why = "所选报告写的是 2026-01-01 至 2026-12-31，不包括报告年度 2025"
    refused = take_in(office, year="2025", report_id=report)
    assert (refused.status_code, why in refused.text) == (422, True)
    take_in(office, report_id=report)
    again = sent(office, f"{here(empty_app)}/about", year="2025", report_id=report)
    assert (again.status_code, why in again.text) == (422, True)


def test_the_trail_tells_whose_text_was_taken_away_as_of_and_as_known_when(
    empty_app: Flask, office: FlaskClient
) -> None:
    report = a_draft(office, as_of="2026-12-19", known_at="2026-12-20T10:00:00+08:00")
    take_in(office, report_id=report)
    lines(office, here(empty_app))
    found = told(empty_app, "own_file.download")
    assert (found["as_of"], found["report"], found["report_state"]) == ("2026-12-19", TITLE, "draft")
    assert found["known_at"].startswith("2026-12-20T")
    assert str(words_of("report_state", found["report_state"])) == "起草中"
    with empty_app.app_context(), writing():
        db.session.query(OwnFile).update({OwnFile.report_id: None})
    lines(office, here(empty_app))
    assert told(empty_app, "own_file.download")["known_at"].startswith("2026-12-31T")


def test_a_file_whose_report_was_given_up_opens_and_leads_to_another(empty_app: Flask, office: FlaskClient) -> None:
    report = a_draft(office)
    take_in(office, report_id=report)
    assert office.post(f"/reports/{report}/drop", data={"version": "1"}).status_code == 303
    address = here(empty_app)
    for page in ("", "/blanks"):
        answer = office.get(address + page)
        assert (answer.status_code, "新文选用的报告已经作废" in answer.text) == (200, True)
        assert f'href="{address}/about"' in answer.text
    refused = office.get(f"{address}/file")
    assert (refused.status_code, "新文选用的报告已经作废" in refused.text) == (422, True)
    assert sent(office, address, first="0", last="0").status_code == 303
    assert sent(office, f"{address}/about", report_id="").status_code == 303
    assert office.get(f"{address}/file").status_code == 200


def test_the_report_that_is_chosen_is_offered_however_many_newer_ones_there_are(
    empty_app: Flask, office: FlaskClient
) -> None:
    report = a_draft(office, as_of="2026-12-01")
    take_in(office, report_id=report)
    newer = a_draft(office)
    with empty_app.app_context(), writing():
        first = db.session.get(Report, int(newer))
        assert first is not None
        names = ("kind", "title", "first_on", "as_of", "known_at", "decimals", "wording", "text", "facts", "written_at")
        kept = {name: getattr(first, name) for name in names}
        db.session.add_all(Report(**kept) for _ in range(50))
    page = office.get(f"{here(empty_app)}/about").text
    assert f'<option selected value="{report}">' in page
    assert sent(office, f"{here(empty_app)}/about", report_id=report).status_code == 303


@pytest.mark.parametrize("has_report", [True, False])
def test_the_file_is_made_of_what_was_read_once_and_outside_any_transaction(
    empty_app: Flask, office: FlaskClient, monkeypatch: pytest.MonkeyPatch, has_report: bool
) -> None:
    take_in(office, report_id=a_draft(office) if has_report else "")
    held: list[bool] = []
    written: list[int] = []
    replaced, write_section = DocxPassages.replaced, operations.write

    def watched(text: DocxPassages, edits: Any) -> bytes:
        held.append(db.session().in_transaction())
        return replaced(text, edits)

    def counted(*args: Any, **kwargs: Any) -> Any:
        written.append(1)
        return write_section(*args, **kwargs)

    monkeypatch.setattr(DocxPassages, "replaced", watched)
    monkeypatch.setattr(operations, "write", counted)
    assert office.get(f"{here(empty_app)}/file").status_code == 200
    assert held == [False]
    assert len(written) == (0 if has_report else 1)
