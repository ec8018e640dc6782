"""Issuing reports: what stands against it is named, and what was issued never changes."""

from io import BytesIO
from unittest import mock

import docx
import pytest
from factories import sign_in
from flask import Flask

from tests.reports.drafting import (
    DAY,
    SHA,
    a_report,
    again,
    close_another,
    locked,
    text_of,
)
from tracker.access.rules import Actor
from tracker.core.db import db, writing
from tracker.core.errors import Conflict, DomainError
from tracker.org.models import Person
from tracker.reports import drift, facts_text, operations, queries, texts
from tracker.reports.kinds import Edition, ReportState
from tracker.reports.operations import Imprint
from tracker.reports.operations.editing import shown_figures
from tracker.reports.operations.issuing import found_in, is_sealed
from tracker.reports.shipped_templates import Shipped


def test_a_report_that_was_issued_never_changes_and_says_what_has_changed_since(office: Actor) -> None:
    report = a_report(office)
    with writing():
        operations.issue(locked(report, office), Imprint(DAY, "〔2026〕9号"), sha256=SHA, actor=office, version=1)
    report = queries.get_report(db.session(), report.id, office)
    assert (report.state, report.issued_by_name, report.file_sha256) == (ReportState.ISSUED, "陈静", SHA)
    assert is_sealed(report)
    issued = text_of(report)
    close_another(office)
    now = operations.figures_of(again(report, office), report.decimals)
    assert "closed" in {each.name for each in drift.compare(report.text, shown_figures(report), now, told=now)}
    for act in (
        lambda held: operations.save(held, title="x", text="x", actor=office),
        lambda held: operations.rewrite(held, wording="progress", actor=office),
        lambda held: operations.take_over(held, facts_text.read(held.facts), actor=office),
        lambda held: operations.issue(held, Imprint(DAY), sha256=SHA, actor=office),
        lambda held: operations.drop(held, actor=office),
    ):
        with pytest.raises(Conflict), writing():
            act(locked(report, office))
    assert text_of(queries.get_report(db.session(), report.id, office)) == issued


def test_rendering_the_facts_of_an_issued_report_again_gives_the_same_text(office: Actor) -> None:
    report = a_report(office)
    figures = {name: named.figure for name, named in operations.figures_of(facts_text.read(report.facts), 1).items()}
    assert texts.refilled(report.text, figures) == report.text
    with writing():
        operations.issue(locked(report, office), Imprint(DAY), sha256=SHA, actor=office)
    with writing():
        held = locked(report, office)
        held.facts = held.facts.replace("第1个问题", "别的问题")
    assert not is_sealed(queries.get_report(db.session(), report.id, office))


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("市纪委市监委内部督查反馈的问题已全部完成整改。", "不能表述为全部完成"),
        ("已完成4个问题整改。", "已销号2个，不是4个"),
        ("销号率100%。", "销号率应为50%"),
        ("针对第3个问题（督查2026-1-003），已整改到位。", "尚未销号"),
        ("全年召开会议XX次。", "没填的空"),
        ("召开整改会议⟦0|meetings⟧次，反馈的问题全部完成整改。", "不能表述为全部完成"),
    ],
)
def test_a_sentence_that_is_not_true_is_named_and_not_issued(office: Actor, typed: str, why: str) -> None:
    report = a_report(office)
    with writing():
        operations.save(locked(report, office), title=report.title, text=f"{report.text}\n{typed}", actor=office)
    found = found_in(queries.get_report(db.session(), report.id, office))
    assert [(each.sentence, each.is_grave) for each in found] == [(texts.printed(typed), True)]
    assert why in found[0].why
    with pytest.raises(DomainError, match="不能印发"), writing():
        operations.issue(locked(report, office), Imprint(DAY), sha256=SHA, is_looked_at=True, actor=office)


def test_a_blank_that_is_marked_and_a_percentage_of_two_numbers_stand_in_nobodys_way(office: Actor) -> None:
    report = a_report(office)
    typed = "走访【XX】次。参训40人，合格38人，合格率95%。"
    with writing():
        operations.save(locked(report, office), title=report.title, text=f"{report.text}\n{typed}", actor=office)
    assert found_in(queries.get_report(db.session(), report.id, office)) == []


def test_a_percentage_of_unknown_numbers_has_to_be_looked_at(office: Actor) -> None:
    report = a_report(office)
    with writing():
        operations.save(locked(report, office), title="x", text=report.text + "\n投入增长12.5%。", actor=office)
    with pytest.raises(DomainError, match="逐条核对"), writing():
        operations.issue(locked(report, office), Imprint(DAY), sha256=SHA, actor=office)
    with writing():
        operations.issue(locked(report, office), Imprint(DAY), sha256=SHA, is_looked_at=True, actor=office)


def test_title_number_signer_and_day_are_sealed_with_the_text(office: Actor) -> None:
    report = a_report(office)
    with writing():
        imprint = Imprint(DAY, "市直工委〔2026〕9号", "王建国")
        operations.issue(locked(report, office), imprint, sha256=SHA, actor=office)
    for name, other in (
        ("title", "别的标题"),
        ("number", "〔2026〕10号"),
        ("signer", "别人"),
        ("edition", Edition.INNER),
    ):
        report = queries.get_report(db.session(), report.id, office)
        assert is_sealed(report)
        setattr(report, name, other)
        assert not is_sealed(report), name
        db.session.rollback()


def test_a_report_that_is_refused_leaves_no_file_behind(app: Flask, office: Actor) -> None:
    report = a_report(office)
    with writing():
        operations.save(locked(report, office), title=report.title, text="销号率100%。", actor=office)
    client = app.test_client()
    sign_in(client, db.session.get_one(Person, office.person_id))
    with mock.patch("tracker.reports.views.issuing.store") as store:
        answer = client.post(f"/reports/{report.id}/issue", data={"issued_on": str(DAY), "version": "2"})
    assert answer.status_code == 422
    assert "销号率应为50%" in answer.text
    store.assert_not_called()


def test_number_and_signer_are_printed_on_a_red_head(app: Flask, office: Actor) -> None:
    report = a_report(office, template=Shipped.RED_HEAD)
    client = app.test_client()
    sign_in(client, db.session.get_one(Person, office.person_id))
    sent = {"issued_on": str(DAY), "number": "市直工委〔2026〕9号", "signer": "王建国", "version": "1"}
    assert client.post(f"/reports/{report.id}/issue", data=sent).status_code == 303
    printed = docx.Document(BytesIO(client.get(f"/reports/{report.id}/file").data))
    assert "市直工委〔2026〕9号\t签发人：王建国" in [each.text for each in printed.paragraphs]
