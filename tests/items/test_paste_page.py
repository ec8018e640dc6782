"""Pasting names and deadlines: shown first, written on the second press, all or none."""

import re
from datetime import date

import pytest
from factories import a_source, a_unit, an_account, an_issued_item, an_item, sign_in
from flask import Flask

from tracker.access.rules import SYSTEM, Role, reach
from tracker.core.db import db, writing
from tracker.items import operations, queries
from tracker.items.models import Item
from tracker.items.rules import DeadlineKind
from tracker.org import queries as org
from tracker.org.models import Person
from tracker.sources.models import Source

BLOCK = "责任单位\t配合单位\t责任领导\t整改时限\n组织部\t宣传部\t李强\t6月底前\n\t\t\t立行立改\n宣传部\t\t\t长期坚持"


class Office:
    """A browser of the rectification office, and a source with three drafts."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            with writing():
                source = a_source()
                self.numbers = [an_item(source).number for _serial in range(3)]
                a_unit("组织部")
                a_unit("宣传部")
                person = an_account("陈静", Role.OFFICE, a_unit("市直机关工委"))
                self.source_id = source.id
            self.client = app.test_client()
            sign_in(self.client, db.session.get_one(Person, person.id))

    def preview(self, text: str, column: str = "") -> str:
        answer = self.post(text, column, step="preview")
        self.status = answer.status_code
        self.seen = re.search(r'name="seen" type="hidden" value="([^"]*)"', answer.text)
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.text))

    def write(self, text: str, column: str = "") -> int:
        """Preview, then press the second button; the status of the answer."""
        self.preview(text, column)
        assert self.seen is not None
        return self.post(text, column, step="write", seen=self.seen[1]).status_code

    def post(self, text: str, column: str, **values: str):  # type: ignore[no-untyped-def]
        sent = {"source": self.source_id, "column": column, "text": text, **values}
        return self.client.post("/items/paste", data=sent)

    def item(self, place: int) -> Item:
        with self.app.app_context():
            return queries.get_item(db.session(), self.numbers[place - 1], reach(SYSTEM))


@pytest.fixture
def office(empty_app: Flask) -> Office:
    return Office(empty_app)


def test_a_block_is_shown_old_and_new_and_written_on_the_second_press(office: Office) -> None:
    page = office.preview(BLOCK)
    assert office.status == 200
    assert "将修改 3 个事项" in page
    assert "牵头单位：组织部" in page
    assert "写入时将新增人员：李强" in page
    assert "整改时限：6月底前（2026-06-30）" in page
    assert "整改时限：立行立改（2026-03-31）" in page
    assert office.item(1).lead_unit is None
    assert office.write(BLOCK) == 303
    first, second, third = (office.item(place) for place in (1, 2, 3))
    assert first.lead_unit is not None
    assert first.leader is not None
    assert (first.lead_unit.name, first.leader.name, first.due_on) == ("组织部", "李强", date(2026, 6, 30))
    assert (second.lead_unit, second.deadline_kind, second.due_on) == (None, DeadlineKind.AT_ONCE, date(2026, 3, 31))
    assert (third.deadline_kind, third.due_on, third.due_text) == (DeadlineKind.LONG_TERM, None, "长期坚持")


def test_a_single_column_needs_to_be_named(office: Office) -> None:
    assert "看不出各列是什么" in office.preview("组织部\n宣传部")
    assert office.status == 422
    assert office.write("组织部\n\n宣传部", "lead_unit") == 303
    assert [office.item(place).lead_unit_id is None for place in (1, 2, 3)] == [False, True, False]


def test_every_wrong_cell_is_named_by_row_and_column_and_nothing_is_written(office: Office) -> None:
    text = "编号\t责任单位\t整改时限\n001\t组识部\t尽快\n002\t组织部\t2026.3.1\n9\t组织部\t\n003\t宣传部\t6月底前"
    page = office.preview(text)
    assert office.status == 422
    assert "有 4 处需要修改，还没有写入任何内容" in page
    for words in (
        "第 2 行 牵头单位：没有名为“组识部”的单位，您是不是要填：组织部",
        "第 2 行 整改时限：认不出时限“尽快”",
        "第 3 行 整改时限：整改时限 2026-03-01 早于反馈日期",
        "第 4 行 编号：没有编号为 9 的事项",
    ):
        assert words in page
    assert "确认写入" not in page
    answer = office.post(text, "", step="write", seen="")
    assert answer.status_code == 422
    assert "组识部" in answer.text
    assert office.item(3).lead_unit_id is None


def test_what_was_changed_after_the_preview_is_refused_with_its_number_and_the_text_stays(office: Office) -> None:
    office.preview("组织部\n组织部", "lead_unit")
    seen = office.seen[1]  # type: ignore[index]
    with office.app.app_context(), writing():
        item = queries.get_item(db.session(), office.numbers[1], reach(SYSTEM), lock=True)
        operations.assign(item, operations.Assignment(cause="别人刚填"), actor=SYSTEM)
    answer = office.post("组织部\n组织部", "lead_unit", step="write", seen=seen)
    assert answer.status_code == 409
    assert office.numbers[1] in answer.text
    assert ">\n组织部\n组织部</textarea>" in answer.text.replace("\r", "")
    assert office.item(1).lead_unit_id is None


def test_pasting_the_same_again_changes_nothing(office: Office) -> None:
    assert office.write(BLOCK) == 303
    versions = [office.item(place).version for place in (1, 2, 3)]
    page = office.preview(BLOCK)
    assert "没有需要写入的" in page
    assert office.post(BLOCK, "", step="write", seen="").status_code == 303
    assert [office.item(place).version for place in (1, 2, 3)] == versions


def test_an_owner_is_looked_for_in_the_lead_unit_of_the_row(office: Office) -> None:
    with office.app.app_context(), writing():
        units = org.find_units(db.session(), ["组织部", "宣传部"])
        people = {name: an_account("王敏", None, unit) if name == "组织部" else None for name, unit in units.items()}
        second = Person(name="王敏", unit=units["宣传部"])
        db.session.add(second)
        assert people
    assert office.write("牵头单位\t责任人\n宣传部\t王敏\n组织部\t王敏") == 303
    owners = [office.item(place).owner for place in (1, 2)]
    assert [owner.unit_id for owner in owners if owner] == [office.item(1).lead_unit_id, office.item(2).lead_unit_id]
    assert "有 2 个人叫“王敏”，请写明单位" in office.preview("王敏", "leader")


def test_an_item_past_naming_may_stand_in_the_block_but_not_be_changed(office: Office) -> None:
    with office.app.app_context(), writing():
        source = db.session.get_one(Source, office.source_id, with_for_update=True)
        number = an_issued_item(source=source, lead_unit=org.find_units(db.session(), ["组织部"])["组织部"]).number
        item = queries.get_item(db.session(), number, reach(SYSTEM), lock=True)
        operations.accept(item, handler_id=an_account("郑凯", None, item.lead_unit).id, actor=SYSTEM)  # type: ignore[arg-type]
        operations.move_on(item, operations.changes.Event.APPLY, actor=SYSTEM)
    assert office.write("宣传部\n\n\n组织部", "lead_unit") == 303
    page = office.preview("\n\n\n宣传部", "lead_unit")
    assert "现在是“申请销号”，不能再指定" in page


def test_an_issued_item_is_reassigned_not_pasted_over(office: Office) -> None:
    assert office.write("牵头单位\t整改时限\n组织部\t6月底前") == 303
    with office.app.app_context(), writing():
        operations.issue([queries.get_item(db.session(), office.numbers[0], reach(SYSTEM), lock=True)], actor=SYSTEM)
    assert "第 1 行 牵头单位：已下发的事项更换牵头单位须用“改派”" in office.preview("宣传部", "lead_unit")


@pytest.mark.parametrize("text", ["", " \n\t", "甲\x00乙", "=1+1\t2"])
def test_wrong_input_is_refused_with_its_words(office: Office, text: str) -> None:
    office.preview(text)
    assert office.status == 422


def test_only_the_office_may_paste_and_only_into_a_source_that_is_there(office: Office, empty_app: Flask) -> None:
    with empty_app.app_context():
        with writing():
            liaison = an_account("孙浩", Role.LIAISON, org.find_units(db.session(), ["组织部"])["组织部"])
        client = empty_app.test_client()
        sign_in(client, db.session.get_one(Person, liaison.id))
    assert client.get("/items/paste").status_code == 403
    office.source_id = 999_999
    assert office.post("组织部", "lead_unit", step="preview").status_code in (404, 422)


def test_one_new_name_in_many_rows_is_one_person(office: Office) -> None:
    assert office.write("牵头单位\t责任人\n组织部\t王敏\n组织部\t王敏\n宣传部\t王敏") == 303
    with office.app.app_context():
        people = org.find_people(db.session(), ["王敏"])["王敏"]
    assert [office.item(place).owner_id for place in (1, 2, 3)] == [people[0].id] * 3
