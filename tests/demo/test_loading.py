"""The made-up office that everybody sees first: it loads on whatever day it is, and each of its people can work."""

import random
from datetime import UTC, date, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from tests.conftest import SqliteBed
from tests.factories import a_unit, an_account, sign_in
from tracker.access.rules import SYSTEM, Role
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.demo.loading import load
from tracker.demo.people import PASSWORD
from tracker.items.models import Item
from tracker.nudges.models import SupervisionNotice
from tracker.org.models import Account, Person
from tracker.reinspections.models import Reinspection
from tracker.rounds.models import OwedReport
from tracker.settings import operations as settings
from tracker.submissions.models import Submission


@pytest.mark.parametrize("bed", ["sqlite"], indirect=True)
def test_the_made_up_office_loads_on_any_day_and_all_its_people_have_a_desk(bed: SqliteBed, empty_app: Flask) -> None:
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    day = date(2026, 1, 1) + timedelta(days=chance.randrange(700))
    print(f"seed {seed}: {day}")
    with time_machine.travel(clock.instant_at(day, chance.randrange(24)).astimezone(UTC)):
        with empty_app.app_context():
            assert load()
            assert not load(), "the second time it is there"
            told = empty_app.test_cli_runner().invoke(args=["demo", "people"])
            assert (told.exit_code, told.stderr) == (0, "")
            assert PASSWORD in told.stdout
            assert [count(table) for table in (Item, Submission)] == [47, 2]
            assert {"sent", "draft"} <= set(db.session.scalars(select(SupervisionNotice.state)))
            assert sorted(db.session.scalars(select(Reinspection.state))) == ["passed", "rebound", "waiting"]
            assert {"accepted", "returned", "owed"} <= set(db.session.scalars(select(OwedReport.state)))
            names = db.session.scalars(select(Person.name).join(Account)).all()
        assert len(names) == 15
        for name in names:
            assert f"{name}，您好" in desk_of(empty_app, name)


def test_outside_of_the_demo_nobody_is_told_how_to_sign_in(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        an_account("陈静", Role.OFFICE, a_unit("市直机关工委"))
        settings.put({"organ.name": "市直机关工委"}, actor=SYSTEM)
    told = empty_app.test_cli_runner().invoke(args=["demo", "people"])
    assert (told.exit_code, told.stdout) == (1, "")
    assert "没有演示账号" in told.stderr


def count(table: type[db.Model]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def desk_of(app: Flask, name: str) -> str:
    client = app.test_client()
    with app.app_context():
        sign_in(client, db.session.scalars(select(Person).filter_by(name=name)).one())
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.text
