"""The dates that a source itself has to keep: laid down, lit, handed in with number and file."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from factories import a_source, a_unit, an_account, sign_in
from flask import Flask
from flask.testing import FlaskClient

from tracker.access.rules import Role
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.core.errors import DomainError
from tracker.sources import queries
from tracker.sources.models import SourceMilestone
from tracker.sources.rules import MilestoneKind, Standing, check_milestone, months_later, standing_of

TODAY = date(2026, 4, 10)
DUE = date(2026, 4, 16)


@pytest.mark.parametrize(
    ("due_on", "handed_in_on", "standing"),
    [
        (date(2026, 4, 9), None, Standing.LATE),
        (TODAY, None, Standing.NEAR),
        (date(2026, 4, 17), None, Standing.NEAR),
        (date(2026, 4, 18), None, Standing.AHEAD),
        (date(2026, 4, 9), TODAY, Standing.HANDED_IN),
    ],
)
def test_how_a_milestone_stands(due_on: date, handed_in_on: date | None, standing: Standing) -> None:
    assert standing_of(due_on, handed_in_on, TODAY) is standing


def test_a_month_later_is_the_same_day_or_the_last_of_a_shorter_month() -> None:
    assert months_later(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_later(date(2026, 11, 30), 3) == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("title", "due_on"), [(" ", DUE), ("中期评估", date(2026, 3, 1)), ("中期评估", date(2026, 7, 1))]
)
def test_a_milestone_has_a_name_and_lies_between_feedback_and_deadline(title: str, due_on: date) -> None:
    with pytest.raises(DomainError):
        check_milestone(title, due_on, earliest=date(2026, 3, 16), latest=date(2026, 6, 30))


@pytest.fixture
def source_id(empty_app: Flask, client: FlaskClient) -> int:
    with empty_app.app_context(), writing():
        person = an_account("陈静", Role.OFFICE, a_unit("市直机关工委"))
        a_unit("组织部")
        source_id = a_source(received_on=date(2026, 3, 16)).id
        sign_in(client, person)
    return source_id


def save(client: FlaskClient, source_id: int, path: str = "new", **typed: Any) -> Any:
    well = {"kind": "plan", "due_on": "20260416", "title": "", "unit": "", "owner": ""}
    with clock.moved_to(clock.instant_at(TODAY, 9)):
        return client.post(f"/sources/{source_id}/milestones/{path}", data=well | typed)


def fetched(client: FlaskClient, source_id: int, path: str) -> Any:
    with clock.moved_to(clock.instant_at(TODAY, 9)):
        return client.get(f"/sources/{source_id}/milestones/{path}")


def shown(client: FlaskClient, source_id: int) -> str:
    with clock.moved_to(clock.instant_at(TODAY, 9)):
        return client.get(f"/sources/{source_id}").text


def stored(app: Flask, source_id: int) -> list[SourceMilestone]:
    with app.app_context():
        return list(queries.list_milestones(db.session(), source_id))


def test_the_usual_dates_come_with_their_usual_day_and_light_up(client: FlaskClient, source_id: int) -> None:
    assert "还没有节点" in shown(client, source_id)
    assert 'value="2026-04-16"' in fetched(client, source_id, "new?kind=plan").text
    assert 'value="2026-06-16"' in fetched(client, source_id, "new?kind=head_report").text
    assert save(client, source_id, unit="组织部", owner="老张").status_code == 303
    page = shown(client, source_id)
    assert "整改方案报送" in page
    assert "组织部、老张" in page
    assert "还剩 6 天" in page
    assert save(client, source_id, kind="other", title="中期评估", due_on="20260406").status_code == 303
    assert "逾期 4 天" in shown(client, source_id)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"due_on": ""}, "due_on"),
        ({"due_on": "20260301"}, "due_on"),
        ({"kind": "other"}, "title"),
        ({"title": "长" * 201}, "title"),
        ({"unit": "没有这个单位"}, "unit"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(
    empty_app: Flask, client: FlaskClient, source_id: int, typed: dict[str, str], field: str
) -> None:
    answer = save(client, source_id, **typed)
    assert (answer.status_code, f'id="{field}-error"' in answer.text) == (422, True)
    assert stored(empty_app, source_id) == []


def test_a_double_click_lays_down_one_and_a_second_person_meets_a_conflict(
    empty_app: Flask, client: FlaskClient, source_id: int
) -> None:
    assert [save(client, source_id).status_code for _ in range(2)] == [303, 409]
    (milestone,) = stored(empty_app, source_id)
    assert save(client, source_id, str(milestone.id), due_on="20260420", version="1").status_code == 303
    assert save(client, source_id, str(milestone.id), due_on="20260421", version="1").status_code == 409
    (milestone,) = stored(empty_app, source_id)
    assert (milestone.due_on, milestone.set_on) == (date(2026, 4, 20), TODAY)


def test_what_is_handed_in_is_shown_with_number_and_file(empty_app: Flask, client: FlaskClient, source_id: int) -> None:
    save(client, source_id)
    (milestone,) = stored(empty_app, source_id)
    assert milestone.kind is MilestoneKind.PLAN
    path = f"{milestone.id}/hand-in"
    assert save(client, source_id, path, handed_in_on="20260411").status_code == 422, "a day to come"
    paper = {"document_number": "市直工委〔2026〕5号", "file": (BytesIO(b"plan"), "整改方案.docx")}
    assert save(client, source_id, path, handed_in_on="20260301").status_code == 422, "before the feedback"
    assert save(client, source_id, path, handed_in_on="20260410", version="1", **paper).status_code == 303
    page = shown(client, source_id)
    assert "市直工委〔2026〕5号" in page
    assert "整改方案.docx" in page
    assert "已报送" in page
    assert fetched(client, source_id, f"{milestone.id}/file").data == b"plan"
    assert save(client, source_id, path, handed_in_on="20260409", version="1").status_code == 409, "from an old page"
    assert 'name="version"' in fetched(client, source_id, path).text
    assert save(client, source_id, path, handed_in_on="20260409", version="2").status_code == 303
    (milestone,) = stored(empty_app, source_id)
    assert milestone.file_name == "整改方案.docx", "without a new file the old one stays"
    assert save(client, source_id, str(milestone.id), kind="head_report", version="3").status_code == 409
    assert save(client, source_id, f"{milestone.id}/remove").status_code == 409


def test_one_laid_down_by_mistake_is_taken_away(empty_app: Flask, client: FlaskClient, source_id: int) -> None:
    save(client, source_id)
    (milestone,) = stored(empty_app, source_id)
    assert fetched(client, source_id, f"{milestone.id}/file").status_code == 404
    assert save(client, source_id, f"{milestone.id}/remove").status_code == 303
    assert stored(empty_app, source_id) == []
    assert save(client, source_id, f"{milestone.id}/remove").status_code == 404


def test_readers_see_the_dates_and_change_none(empty_app: Flask, client: FlaskClient, source_id: int) -> None:
    save(client, source_id)
    with empty_app.app_context():
        with writing():
            leader = an_account("李强", Role.LEADER, a_unit("市直机关工委"))
        sign_in(client, leader)
    assert "整改方案报送" in shown(client, source_id)
    assert save(client, source_id, kind="head_report").status_code == 403
