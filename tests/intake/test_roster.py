"""Units and people out of one workbook."""

import io
import re
from typing import Any

import pytest
from factories import a_person, a_unit, an_account, sign_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.intake.pages import fields_of
from tests.office.workbooks import a_workbook
from tracker.access.rules import Role
from tracker.core.db import db, writing
from tracker.org.models import Account, Grant, Person, Unit

UNITS = [["单位名称", "上级单位"], ["组织部", None], ["干部科", "组织部"]]
HEAD = ["序号", "姓名", "单位", "登录名", "角色", "职务", "邮箱", "联系电话"]
PEOPLE = [
    ["市直机关工委人员名册"],
    HEAD,
    [1, "王敏", "组织部", "wangmin", "单位负责人", "部长", "wm@organ.example", 13800001111],
    [2, "李磊", "干部科", "lilei", "联络员、经办人", None, None, None],
    [3, "张三", "组织部", None, None, None, None, None],
    ["合计", 3],
]


@pytest.fixture
def administrator(empty_app: Flask, client: FlaskClient) -> FlaskClient:
    with empty_app.app_context(), writing():
        sign_in(client, an_account("钱进", Role.ADMINISTRATOR, a_unit("市直机关工委")))
    return client


def upload(client: FlaskClient, *sheets: Any) -> TestResponse:
    return client.post("/intake/roster", data={"file": (io.BytesIO(a_workbook(*sheets).getvalue()), "名册.xlsx")})


def confirm(client: FlaskClient, page: TestResponse) -> TestResponse:
    return client.post("/intake/roster", data={**fields_of(page.text, "intake-acts"), "action": "write"})


def count(app: Flask, table: Any) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_units_and_people_are_seen_then_written_and_a_code_lets_each_in(
    empty_app: Flask, administrator: FlaskClient
) -> None:
    page = upload(administrator, UNITS, PEOPLE)
    assert "市直机关工委 / 组织部 / 干部科" in page.text
    assert (count(empty_app, Unit), count(empty_app, Account)) == (1, 1)
    done = confirm(administrator, page)
    codes = re.findall(r"<code>([A-Z0-9]{5}-[A-Z0-9]{5})</code>", done.text)
    assert len(codes) == 2
    with empty_app.app_context():
        assert db.session.scalars(select(Unit.path).order_by(Unit.id)).all()[1:] == [
            "市直机关工委/组织部",
            "市直机关工委/组织部/干部科",
        ]
        roles = db.session.execute(select(Person.name, Grant.role).join(Grant).order_by(Grant.id)).all()[1:]
        assert [tuple(each) for each in roles] == [
            ("王敏", Role.UNIT_HEAD),
            ("李磊", Role.LIAISON),
            ("李磊", Role.HANDLER),
        ]
        assert db.session.scalars(select(Person.phone).where(Person.name == "王敏")).one() == "13800001111"
    stranger = empty_app.test_client()
    entered = stranger.post("/sign-in/code", data={"login": "wangmin", "code": codes[0]})
    assert entered.status_code == 303


def test_the_same_workbook_again_changes_nothing(empty_app: Flask, administrator: FlaskClient) -> None:
    confirm(administrator, upload(administrator, UNITS, PEOPLE))
    before = count(empty_app, Person), count(empty_app, Grant)
    again = upload(administrator, UNITS, PEOPLE)
    assert "没有需要写入的内容" in again.text
    assert (count(empty_app, Person), count(empty_app, Grant)) == before


def test_what_differs_of_somebody_who_is_there_is_shown_and_roles_are_only_added(
    empty_app: Flask, administrator: FlaskClient
) -> None:
    confirm(administrator, upload(administrator, UNITS, PEOPLE))
    changed = [HEAD, [1, "王敏", "组织部", "wangmin", "联络员", "副部长", None, None]]
    page = upload(administrator, changed)
    assert "<del>部长</del> → <ins>副部长</ins>" in page.text
    confirm(administrator, page)
    with empty_app.app_context():
        person = db.session.scalars(select(Person).where(Person.name == "王敏")).one()
        assert (person.title, person.mail) == ("副部长", "wm@organ.example")
        assert {each.role for each in person.grants} == {Role.UNIT_HEAD, Role.LIAISON}


def test_a_plain_name_of_the_unit_becomes_the_person_with_the_account(
    empty_app: Flask, administrator: FlaskClient
) -> None:
    with empty_app.app_context(), writing():
        person_id = a_person("王敏", a_unit("组织部")).id
    confirm(administrator, upload(administrator, PEOPLE[:3]))
    with empty_app.app_context():
        assert db.session.scalars(select(Account.person_id).where(Account.login == "wangmin")).one() == person_id


def test_each_fault_names_its_cell_and_nothing_is_written(empty_app: Flask, administrator: FlaskClient) -> None:
    with empty_app.app_context(), writing():
        an_account("赵倩", Role.LIAISON, a_unit("组织部"))
    rows = [
        HEAD,
        [1, None, "组织部", None, None, None, None, None],
        [2, "甲", "组织部", "x y", "联络员", None, None, None],
        [3, "乙", "组织部", "yi", "班长", None, None, None],
        [4, "丙", "宣传部", "bing", "联络员", None, None, None],
        [5, "丁", "组织部", "ding", "联络员", None, "not a mail", None],
        [6, "戊", "组织部", "zhaoqian-zq", "联络员", None, None, None],
        [7, "己", "组织部", None, "联络员", None, None, None],
        [8, "庚", "组织部", "geng", "联络员", None, None, None],
        [9, "辛", "组织部", "geng", "联络员", None, None, None],
    ]
    circle = [["单位名称", "上级单位"], ["一科", "二科"], ["二科", "一科"], ["三科", "没有的部"]]
    page = upload(administrator, rows, circle)
    told = page.text[page.text.index("error-summary") : page.text.index("</section>")]
    places = [
        "B2",
        "D3",
        "E4",
        "没有单位“宣传部”",
        "G6",
        "是赵倩的",
        "有角色的人要有登录名",
        "已出现过",
        "绕成了圈",
        "没有上级单位",
    ]
    assert [place for place in places if place not in told] == []
    assert "确认写入" not in page.text
    assert count(empty_app, Account) == 2


def test_a_table_without_names_says_what_a_heading_needs(administrator: FlaskClient) -> None:
    assert "没有认出表头" in upload(administrator, [["问题", "时限"], ["学习少", "6月"]]).text
    assert "请选择表格文件" in administrator.post("/intake/roster", data={}).text


def test_only_administrators_bring_people_in_and_only_their_own(empty_app: Flask, client: FlaskClient) -> None:
    with empty_app.app_context(), writing():
        a_unit("宣传部")
        sign_in(client, an_account("周涛", Role.ADMINISTRATOR, a_unit("组织部")))
    page = upload(client, [["单位名称"], ["新的部"]], [HEAD, [1, "甲", "宣传部", "jia", "联络员", None, None, None]])
    assert "只有本机关的系统管理员可以新增单位" in page.text
    assert "您只能管理本单位和下级单位的人员" in page.text
    with empty_app.app_context(), writing():
        sign_in(client, an_account("陈静", Role.OFFICE, a_unit("市直机关工委")))
    assert client.get("/intake/roster").status_code == 403
