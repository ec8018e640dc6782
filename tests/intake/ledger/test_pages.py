"""The pages of ledgers: from an uploaded table to items, and every refusal on the way."""

import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.intake.conftest import Browser
from tests.intake.ledger.tables import HEAD, a_row
from tests.intake.pages import DATA
from tests.office.workbooks import a_workbook
from tracker.access.rules import SYSTEM
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.intake.models import ColumnMeaning, LedgerDraft
from tracker.intake.views import ledgers
from tracker.items.models import Item
from tracker.items.operations import Assignment, assign
from tracker.jobs.registry import get_job
from tracker.jobs.running import run_now
from tracker.work import operations as work
from tracker.work.models import Task
from tracker.work.rules import LEASE, TRIES_MAX, TaskState

TOLD = {"what": "new", "kind": "supervision", "title": "市委督查室反馈", "received_on": "20260316"}


def count(app: Flask, table: Any = Item) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def upload(client: FlaskClient, data: bytes, name: str = "台账.xlsx", **told: Any) -> TestResponse:
    return client.post("/intake/ledgers", data={**TOLD, **told, "file": (io.BytesIO(data), name)})


def upload_rows(client: FlaskClient, *rows: Any, **told: Any) -> str:
    answer = upload(client, a_workbook([HEAD, *rows]).getvalue(), **told)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def press(client: FlaskClient, app: Flask, address: str, action: str = "carry_out", **chosen: Any) -> TestResponse:
    with app.app_context():
        version = db.session.get_one(LedgerDraft, int(address.rpartition("/")[2])).version
    return client.post(address, data={"version": version, "state": "auto", "action": action, **chosen})


def test_the_sample_goes_in_by_two_presses(empty_app: Flask, office: FlaskClient) -> None:
    answer = upload(office, (DATA / "ledger.xlsx").read_bytes(), received_on="20220110")
    address = answer.headers["Location"]
    page = office.get(address).text
    assert count(empty_app) == 0
    assert "确认导入 27 行" in page
    assert "新增“纪检监察工委”" in page

    refused = press(office, empty_app, address)
    assert refused.status_code == 422
    assert "还没有建立" in refused.text
    assert press(office, empty_app, address, creates_missing="y").status_code == 303
    assert count(empty_app) == 27
    assert "已导入" in office.get(address).text
    assert press(office, empty_app, address).status_code == 409
    assert count(empty_app) == 27


def test_what_is_missing_is_named_at_its_field(office: FlaskClient) -> None:
    assert "请选择表格文件" in office.post("/intake/ledgers", data=TOLD).text
    answer = upload(office, a_workbook([HEAD, a_row()]).getvalue(), title="")
    assert answer.status_code == 422
    assert "请填写此项" in answer.text
    assert "20260316" in answer.text


@pytest.mark.parametrize(
    ("data", "name", "status", "words"),
    [
        (b"%PDF-1.7", "台账.xlsx", 422, "PDF"),
        (b"\x89PNG\r\n\x1a\n", "台账.xlsx", 422, "图片"),
        (b"", "台账.xlsx", 422, "空的"),
        (b"x," * (6 << 20), "台账.csv", 413, "10 MB"),
    ],
)
def test_what_is_no_table_is_refused_and_the_rest_stays_typed(
    office: FlaskClient, data: bytes, name: str, status: int, words: str
) -> None:
    answer = upload(office, data, name)
    assert answer.status_code == status
    assert words in answer.text
    assert TOLD["title"] in answer.text


def test_faults_are_listed_and_handed_back_in_the_same_workbook(empty_app: Flask, office: FlaskClient) -> None:
    address = upload_rows(office, a_row("甲"), a_row("乙", 整改时限="尽快"))
    page = office.get(address).text
    assert "Sheet J3" in page
    assert press(office, empty_app, address, creates_missing="y").status_code == 422
    assert count(empty_app) == 0

    marked = load_workbook(io.BytesIO(office.get(f"{address}/errors.xlsx").data)).worksheets[0]
    told = [row[-1].value for row in marked.iter_rows()]
    assert told[:2] == [None, "导入问题"]
    assert told[2].startswith("J：认不出时限“尽快”")

    assert press(office, empty_app, address, creates_missing="y", only_good="y").status_code == 303
    assert count(empty_app) == 1


def test_a_heading_that_was_explained_is_known_from_then_on(empty_app: Flask, office: FlaskClient) -> None:
    rows = [["问题", "责任单位", "牵办的人"], ["学习少", "组织部", "张敏"]]
    address = upload(office, a_workbook(rows).getvalue()).headers["Location"]
    assert "牵办的人" in office.get(address).text
    press(office, empty_app, address, "plan", unknown_heading="牵办的人", meant_field="owner")

    assert "新的姓名 1 个：张敏" in office.get(address).text
    again = upload(office, a_workbook(rows).getvalue()).headers["Location"]
    assert "不认识" not in office.get(again).text
    assert count(empty_app, ColumnMeaning) == 1


def test_an_unknown_unit_can_be_said_to_be_one_that_is_there(empty_app: Flask, office: FlaskClient) -> None:
    address = upload_rows(office, a_row("甲", 牵头单位="组织处"))
    press(office, empty_app, address, "plan", unknown_unit="组织处", meant_unit="组织部")
    assert press(office, empty_app, address).status_code == 303

    with empty_app.app_context():
        item = db.session.scalars(select(Item)).one()
        assert item.lead_unit is not None
        assert item.lead_unit.name == "组织部"


def test_nothing_is_written_that_was_not_shown(empty_app: Flask, office: FlaskClient) -> None:
    press(office, empty_app, upload_rows(office, a_row("甲", 备注="旧")))
    edited = upload_rows(office, a_row("甲", 备注="新"))
    with empty_app.app_context(), writing():
        item = db.session.scalars(select(Item)).one()
        assign(item, Assignment(goal="别人改的"), actor=SYSTEM)

    assert press(office, empty_app, edited).status_code == 303
    assert "请再看一遍后确认" in office.get(edited).text
    with empty_app.app_context():
        assert db.session.scalars(select(Item.remark)).one() == "旧"
    press(office, empty_app, edited)
    with empty_app.app_context():
        assert db.session.scalars(select(Item.remark)).one() == "新"


def test_two_windows_do_not_choose_against_each_other(empty_app: Flask, office: FlaskClient) -> None:
    address = upload_rows(office, a_row("甲"))
    press(office, empty_app, address, "plan", state="draft")
    stale = office.post(address, data={"version": 1, "state": "working", "action": "carry_out"})

    assert stale.status_code == 409
    assert count(empty_app) == 0


def test_a_ledger_is_its_owner_s_alone(empty_app: Flask, office: FlaskClient, browser: Browser) -> None:
    address = upload_rows(office, a_row("甲"))

    for name in ("林琳", "周涛"):
        other = browser(name)
        assert other.get(address).status_code == 404
        assert other.post(address, data={"version": 1}).status_code == 404
        assert other.post(f"{address}/discard").status_code == 404
        assert other.get(f"{address}/errors.xlsx").status_code == 404
    assert browser("赵倩").get("/intake/ledgers").status_code == 403


def test_a_unit_updates_its_own_items_by_number_and_cannot_bring_in_new_ones(
    empty_app: Flask, office: FlaskClient, browser: Browser
) -> None:
    press(office, empty_app, upload_rows(office, a_row("甲"), a_row("乙")), state="working")
    with empty_app.app_context():
        numbers = db.session.scalars(select(Item.number).order_by(Item.number)).all()
    unit = browser("周涛")
    address = upload_rows(unit, a_row("甲", 编号=numbers[0], 整改措施="学"), a_row("丙"))
    assert "这一行没有编号" in unit.get(address).text
    assert press(unit, empty_app, address, only_good="y").status_code == 303
    assert count(empty_app) == 2
    assert "修改事项" in unit.get(address).text


def test_a_draft_that_was_discarded_is_gone(empty_app: Flask, office: FlaskClient) -> None:
    address = upload_rows(office, a_row("甲"))
    assert office.post(f"{address}/discard").status_code == 303
    assert office.get(address).status_code == 404
    assert count(empty_app, LedgerDraft) == 0


def do_tasks(app: Flask) -> Any:
    with app.app_context():
        return run_now(get_job("do-tasks"), clock.now())


def test_a_large_ledger_is_done_by_the_scheduler_and_shows_how_far_it_is(
    empty_app: Flask, office: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledgers, "AT_ONCE_BYTES", 0)
    address = upload_rows(office, *(a_row(f"第{n}个问题") for n in range(40)))
    assert "排队中" in office.get(address).text
    assert do_tasks(empty_app) == {"done": 1, "refused": 0}
    assert "确认导入 40 行" in office.get(address).text
    press(office, empty_app, address)
    assert count(empty_app) == 0
    assert do_tasks(empty_app) == {"done": 1, "refused": 0}
    assert count(empty_app) == 40
    assert "已导入" in office.get(address).text
    assert do_tasks(empty_app) == {"done": 0, "refused": 0}


def test_a_refusal_in_the_background_is_told_on_the_page(
    empty_app: Flask, office: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledgers, "AT_ONCE_BYTES", 0)
    address = upload_rows(office, a_row("甲", 责任人="张敏"))
    do_tasks(empty_app)
    press(office, empty_app, address)
    assert do_tasks(empty_app) == {"done": 0, "refused": 1}
    assert "还没有建立：张敏" in office.get(address).text
    assert count(empty_app) == 0


def test_a_task_whose_process_dies_is_taken_up_again_and_given_up_after_the_third_death(empty_app: Flask) -> None:
    with empty_app.app_context():
        with writing():
            task_id = work.enqueue("ledger", {}, by_id=None).id
        for _death in range(TRIES_MAX):
            with writing():
                claimed = work.claim(token="dies")
                assert claimed is not None
                assert work.claim(token="other") is None
                claimed.lease_until = clock.now() - LEASE - timedelta(seconds=1)
        with writing():
            assert work.claim(token="fourth") is None
        task = db.session.get_one(Task, task_id)
        assert task.state is TaskState.FAILED
        assert "多次中断" in task.failure
