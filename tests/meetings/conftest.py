"""An office with two units on the last Friday of July."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from factories import a_source, a_unit, an_account, an_issued_item, an_item
from flask import Flask
from meetings.halls import Office

from tracker.access.rules import SYSTEM, Role
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.items import operations as items
from tracker.items.rules import Event
from tracker.org import queries as people
from tracker.org.models import Person
from tracker.progress import operations as progress


@pytest.fixture
def friday() -> Iterator[None]:
    with time_machine.travel("2026-07-31T10:00:00+08:00", tick=False):
        yield


@pytest.fixture
def office(empty_app: Flask, friday: None) -> Office:
    with time_machine.travel("2026-07-01T10:00:00+08:00", tick=False), empty_app.app_context(), writing():
        root, unit, other = a_unit("市直机关工委"), a_unit("组织部"), a_unit("宣传部")
        an_account("陈静", Role.OFFICE, root)
        an_account("李强", Role.LEADER, root)
        an_account("王敏", Role.UNIT_HEAD, unit)
        an_account("周宁", Role.UNIT_HEAD, other)
        an_account("孙丽", Role.ADMINISTRATOR, root)
        source = a_source()
        made = {
            "改好": an_issued_item(source=source, lead_unit=unit, finding="已经改好的问题"),
            "拖着": an_issued_item(source=source, lead_unit=unit, due_on=date(2026, 7, 15), finding="拖着没改的问题"),
            "别部": an_issued_item(source=source, lead_unit=other, due_on=date(2026, 12, 31), finding="别的部的问题"),
            "草稿": an_item(source, finding="还没有下发的问题"),
        }
        for event in (Event.ACCEPT, Event.APPLY, Event.CLOSE):
            items.move_on(
                made["改好"], event, actor=SYSTEM, **({"closed_on": clock.today()} if event is Event.CLOSE else {})
            )
        actor = people.load_actor(db.session(), db.session.query(Person).filter_by(name="王敏").one())
        aside = progress.Aside("经费没有落实", "八月补齐")
        items.move_on(made["拖着"], Event.ACCEPT, actor=SYSTEM)
        progress.write_entry(made["拖着"], "已列出清单", actor=actor, aside=aside)
        return Office(empty_app, {name: item.number for name, item in made.items()})
