"""Dates inside an item: laid down by the office, handed in by the unit, shown with their lights."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from factories import a_source, a_unit, a_working_item, an_account, sign_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tracker.access.rules import SYSTEM, Role
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.items import operations as items
from tracker.items.models import Item, Milestone
from tracker.items.rules import DeadlineKind, Event
from tracker.org.models import Person

TODAY = date(2026, 5, 20)
WELL = {"title": "制度出台", "due_on": "20260531", "owner": ""}


class Staged:
    """An item put right in stages until 30 June, and who works with it."""

    def __init__(self) -> None:
        root, unit = a_unit("市直机关工委"), a_unit("组织部")
        self.clerk = an_account("陈静", Role.OFFICE, root)
        self.liaison = an_account("李磊", Role.LIAISON, unit)
        self.stranger = an_account("周强", Role.LIAISON, a_unit("宣传部"))
        item = a_working_item(self.liaison, source=a_source(), lead_unit=unit, due_on=date(2026, 6, 30))
        item.deadline_kind = DeadlineKind.STAGED
        self.number = item.number


@pytest.fixture
def staged(empty_app: Flask) -> Staged:
    with empty_app.app_context(), writing():
        return Staged()


def browser(app: Flask, person: Person) -> FlaskClient:
    client = app.test_client()
    with app.app_context():
        sign_in(client, db.session.merge(person))
    return client


def send(client: FlaskClient, staged: Staged, path: str = "milestones/new", **typed: Any) -> Any:
    with clock.moved_to(clock.instant_at(TODAY, 9)):
        return client.post(f"/items/{staged.number}/{path}", data=WELL | typed)


def fetched(client: FlaskClient, staged: Staged, path: str) -> Any:
    with clock.moved_to(clock.instant_at(TODAY, 9)):
        return client.get(f"/items/{staged.number}/{path}")


def page(client: FlaskClient, staged: Staged) -> str:
    with clock.moved_to(clock.instant_at(TODAY, 9)):
        return client.get(f"/items/{staged.number}").text


def stored(app: Flask) -> list[Milestone]:
    with app.app_context():
        return list(db.session.scalars(select(Milestone).order_by(Milestone.id)))


def test_the_office_lays_dates_down_and_the_unit_hands_in(empty_app: Flask, staged: Staged) -> None:
    office, unit = browser(empty_app, staged.clerk), browser(empty_app, staged.liaison)
    assert "设定节点" in page(office, staged)
    assert "设定节点" not in page(unit, staged)
    assert send(office, staged, due_on="20260525").status_code == 303
    for client in (office, unit):
        assert "制度出台" in page(client, staged)
        assert "还剩 5 天" in page(client, staged)
    (milestone,) = stored(empty_app)
    paper = {"handed_in_on": "20260520", "document_number": "组〔2026〕9号", "file": (BytesIO(b"x"), "制度.docx")}
    assert send(unit, staged, f"milestones/{milestone.id}/hand-in", **paper).status_code == 303
    shown = page(office, staged)
    assert all(word in shown for word in ("已报送", "组〔2026〕9号", "制度.docx"))
    assert fetched(office, staged, f"milestones/{milestone.id}/file").data == b"x"
    assert send(office, staged, f"milestones/{milestone.id}/remove").status_code == 409


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"title": ""}, "title"),
        ({"due_on": "x"}, "due_on"),
        ({"due_on": "20260301"}, "due_on"),
        ({"due_on": "20260701"}, "due_on"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(
    empty_app: Flask, staged: Staged, typed: dict[str, str], field: str
) -> None:
    answer = send(browser(empty_app, staged.clerk), staged, **typed)
    assert (answer.status_code, f'id="{field}-error"' in answer.text) == (422, True)
    assert stored(empty_app) == []


def test_a_double_click_lays_down_one_and_a_second_person_meets_a_conflict(empty_app: Flask, staged: Staged) -> None:
    office = browser(empty_app, staged.clerk)
    assert [send(office, staged).status_code for _ in range(2)] == [303, 409]
    (milestone,) = stored(empty_app)
    path = f"milestones/{milestone.id}"
    assert send(office, staged, path, due_on="20260601", owner="老张", version="1").status_code == 303
    assert send(office, staged, path, due_on="20260602", version="1").status_code == 409
    (milestone,) = stored(empty_app)
    assert (milestone.due_on, milestone.set_on) == (date(2026, 6, 1), TODAY)
    assert "老张" in page(office, staged)
    assert send(office, staged, f"{path}/remove").status_code == 303
    assert stored(empty_app) == []


def test_the_unit_lays_down_none_and_a_stranger_finds_nothing(empty_app: Flask, staged: Staged) -> None:
    send(browser(empty_app, staged.clerk), staged)
    (milestone,) = stored(empty_app)
    unit, stranger = browser(empty_app, staged.liaison), browser(empty_app, staged.stranger)
    assert send(unit, staged, title="另一个").status_code == 403
    assert send(unit, staged, f"milestones/{milestone.id}", version="1").status_code == 403
    assert send(stranger, staged, f"milestones/{milestone.id}/hand-in", handed_in_on="20260520").status_code == 404
    assert fetched(stranger, staged, f"milestones/{milestone.id}/file").status_code == 404


def test_a_closed_item_takes_no_more_dates(empty_app: Flask, staged: Staged) -> None:
    with empty_app.app_context(), writing():
        item = db.session.scalars(select(Item)).one()
        items.move_on(item, Event.APPLY, actor=SYSTEM)
        items.move_on(item, Event.CLOSE, actor=SYSTEM, closed_on=clock.today())
    office = browser(empty_app, staged.clerk)
    assert "设定节点" not in page(office, staged)
    assert send(office, staged).status_code == 409
