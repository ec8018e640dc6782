"""What a report leaves to the next year."""

from pathlib import Path

import pytest
from factories import a_unit, an_account
from flask import Flask

from tracker.access.rules import Role
from tracker.core.db import db, writing
from tracker.core.errors import DomainError
from tracker.intake import operations as intake
from tracker.items.models import Item
from tracker.items.rules import ItemKind
from tracker.org.queries import load_actor
from tracker.reports.following import Following, part_of, points_of
from tracker.reports.operations import take_in_part

REPORT = (Path(__file__).parents[1] / "data" / "report-2021.txt").read_text(encoding="utf-8").strip().split("\n")


def test_the_problems_that_a_report_says_remain_are_read_one_by_one() -> None:
    points = points_of(REPORT, part_of(REPORT, Following.PROBLEMS))
    assert [point.number for point in points] == ["一是", "二是", "三是"]
    assert points[1].text.startswith("党支部主题党日活动形式还不够丰富。")
    assert points[2].text.endswith("理论水平有待提升")


def test_the_plans_of_a_report_are_read_one_by_one() -> None:
    points = points_of(REPORT, part_of(REPORT, Following.PLANS))
    assert [point.number for point in points] == ["（一）", "（二）", "（三）", "（四）", "（五）"]
    assert points[0].text.startswith("注重政治建设，扛起主体责任。")


def test_a_report_without_such_a_part_leaves_nothing() -> None:
    assert list(part_of(["一、工作情况", "抓好整改。"], Following.PLANS)) == []
    assert points_of(["一、工作情况"], range(0)) == []


@pytest.mark.parametrize(("which", "kind", "count"), [("problems", ItemKind.PROBLEM, 3), ("plans", ItemKind.TASK, 5)])
def test_a_part_becomes_a_source_once_it_is_confirmed(app: Flask, which: str, kind: ItemKind, count: int) -> None:
    with writing():
        office = load_actor(db.session(), an_account("陈静", Role.OFFICE, a_unit("市直机关工委")))
        draft = take_in_part(REPORT, Following(which), year=2021, actor=office)
    with writing():
        source = intake.confirm(draft, is_checked=False, actor=office)
    assert source.title.startswith("2021年度述职报告")
    items = db.session.query(Item).order_by(Item.number).all()
    assert [item.kind for item in items] == [kind] * count


def test_a_report_without_points_is_refused(app: Flask) -> None:
    with writing():
        office = load_actor(db.session(), an_account("陈静", Role.OFFICE, a_unit("市直机关工委")))
    with pytest.raises(DomainError, match="没有读到“下步打算”"), writing():
        take_in_part(["三、下步打算", "继续努力。"], Following.PLANS, year=2021, actor=office)
