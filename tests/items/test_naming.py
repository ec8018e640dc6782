"""Naming who answers: what is typed, what is refused, what is kept."""

from datetime import date

import pytest
from factories import a_person, a_source, a_unit, actor_of, an_account, an_issued_item, an_item, by_date, sign_in
from flask import Flask
from flask.testing import FlaskClient

from tracker.access.rules import SYSTEM, Role, reach
from tracker.core.db import db, writing
from tracker.core.errors import Conflict, DomainError
from tracker.items import operations, queries
from tracker.items.models import Item
from tracker.items.operations import Names, Typed, UnknownPeople, understand
from tracker.items.rules import DeadlineKind, Event
from tracker.org import queries as org
from tracker.org.models import Person
from tracker.sources.models import Source
from tracker.sources.queries import get_source

NUMBER = "巡察2026-1-001"


@pytest.fixture
def office(empty_app: Flask) -> FlaskClient:
    """A browser of the rectification office; one draft is there."""
    with empty_app.app_context():
        with writing():
            an_item(a_source())
            a_unit("组织部")
            a_unit("宣传部")
            person = an_account("陈静", Role.OFFICE, a_unit("市直机关工委"))
        client = empty_app.test_client()
        sign_in(client, db.session.get_one(Person, person.id))
    return client


def stored(app: Flask, number: str = NUMBER) -> Item:
    with app.app_context():
        return queries.get_item(db.session(), number, reach(SYSTEM))


def a_form(**values: object) -> dict[str, object]:
    """What a browser sends: every field, most of them empty."""
    names = [
        "supporting_units",
        "leader",
        "supervisor",
        "owner",
        "deadline_kind",
        "due_on",
        "due_text",
        "cause",
        "goal",
        "remark",
    ]
    return {**dict.fromkeys(names, ""), "version": "1", "lead_unit": "组织部", **values}


def test_the_form_shows_what_stands_and_saves_what_is_typed(empty_app: Flask, office: FlaskClient) -> None:
    assert "第一议题制度坚持不够经常" in office.get(f"/items/{NUMBER}/assign").text
    sent = a_form(
        supporting_units="宣传部",
        leader="李强",
        owner="王敏",
        adds_people="y",
        deadline_kind="by_date",
        due_on="20260630",
        due_text="2026年6月底前，并长期坚持",
        then_sustained="y",
        cause="认识不到位",
    )
    answer = office.post(f"/items/{NUMBER}/assign", data=sent)
    assert answer.status_code == 303, answer.text
    item = stored(empty_app)
    assert item.lead_unit is not None
    assert item.leader is not None
    assert item.owner is not None
    assert (item.lead_unit.name, item.leader.name, item.owner.name) == ("组织部", "李强", "王敏")
    assert item.owner.unit_id == item.lead_unit_id
    assert [support.unit.name for support in item.supports] == ["宣传部"]
    assert (item.deadline_kind, item.due_on, item.then_sustained) == (DeadlineKind.BY_DATE, date(2026, 6, 30), True)
    assert "2026年6月底前，并长期坚持" in office.get(f"/items/{NUMBER}/assign").text


def test_a_deadline_may_be_given_in_words_alone_and_cleared(empty_app: Flask, office: FlaskClient) -> None:
    office.post(f"/items/{NUMBER}/assign", data=a_form(due_text="立行立改"))
    item = stored(empty_app)
    assert (item.deadline_kind, item.due_on) == (DeadlineKind.AT_ONCE, date(2026, 3, 31))
    office.post(f"/items/{NUMBER}/assign", data=a_form(version=str(item.version)))
    assert stored(empty_app).deadline_kind is None


def test_a_new_name_is_added_only_when_that_is_confirmed(empty_app: Flask, office: FlaskClient) -> None:
    answer = office.post(f"/items/{NUMBER}/assign", data=a_form(owner="王敏"))
    assert answer.status_code == 422
    assert "“王敏”是新的姓名" in answer.text
    assert 'name="adds_people"' in answer.text
    assert stored(empty_app).lead_unit_id is None
    with empty_app.app_context():
        assert org.find_people(db.session(), ["王敏"]) == {}


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"lead_unit": "组织"}, "您是不是要填：组织部"),
        ({"lead_unit": "不存在"}, "没有名为“不存在”的单位"),
        ({"supporting_units": "宣传部、组识部"}, "您是不是要填：组织部"),
        ({"due_on": "2026-03-15"}, "早于反馈日期"),
        ({"due_on": "2026-02-30"}, "认不出这个日期"),
        ({"due_text": "尽快"}, "认不出时限“尽快”"),
        ({"deadline_kind": "by_date"}, "请填写整改时限的日期"),
        ({"cause": "字" * 4001}, "最多 4000 个字"),
        ({"owner": "王\x07敏"}, "控制字符"),
        ({"leader": "人" * 41}, "超过 40 个字"),
    ],
)
def test_wrong_input_is_said_at_its_field_and_nothing_typed_is_lost(
    empty_app: Flask, office: FlaskClient, sent: dict[str, str], words: str
) -> None:
    answer = office.post(f"/items/{NUMBER}/assign", data=a_form(goal="年底前建章立制", **sent))
    assert answer.status_code == 422
    assert words in answer.text
    assert "年底前建章立制" in answer.text
    assert stored(empty_app).version == 1


def test_a_stale_save_shows_both_texts(empty_app: Flask, office: FlaskClient) -> None:
    assert office.post(f"/items/{NUMBER}/assign", data=a_form(cause="第一人填的")).status_code == 303
    answer = office.post(f"/items/{NUMBER}/assign", data=a_form(cause="第二人填的"))
    assert answer.status_code == 409
    assert "第二人填的" in answer.text
    assert "第一人填的" in answer.text


def test_only_the_office_may_name_and_only_within_its_reach(empty_app: Flask, office: FlaskClient) -> None:
    with empty_app.app_context():
        with writing():
            unit = a_unit("办公室")
            liaison = an_account("孙浩", Role.LIAISON, unit)
            an_issued_item(source=a_source("另一轮"), lead_unit=unit)
        client = empty_app.test_client()
        sign_in(client, db.session.get_one(Person, liaison.id))
    assert client.get(f"/items/{NUMBER}/assign").status_code == 403
    assert client.post("/items/巡察2026-2-001/assign", data=a_form()).status_code == 403
    assert office.get("/items/没有/assign").status_code == 404


def test_namesakes_are_told_apart_by_unit(app: Flask) -> None:
    with writing():
        first, second = a_unit("组织部"), a_unit("宣传部")
        item = an_item(lead_unit=first)
        a_person("王敏", first)
        other = a_person("王敏", second)
        item_id, other_id = item.id, other.id

    def meant(typed: Typed) -> operations.Assignment:
        item = db.session.get_one(Item, item_id)
        names = Names(db.session(), [typed])
        return understand(typed, names, item=item, actor=SYSTEM, adds_people=False)

    with writing():
        assert meant(Typed(owner="王敏")).owner_id != other_id
        assert meant(Typed(leader="王敏（宣传部）")).leader_id == other_id
        with pytest.raises(DomainError, match="有 2 个人叫“王敏”") as refusal:
            meant(Typed(leader="王敏"))
        assert refusal.value.field == "leader"
        operations.assign(db.session.get_one(Item, item_id), meant(Typed(leader="王敏(宣传部)")), actor=SYSTEM)
    with writing():
        # Who is there already is meant, however many bear the name.
        assert meant(Typed(leader="王敏")).leader_id == other_id
        with pytest.raises(UnknownPeople):
            meant(Typed(leader="王敏（市直机关工委）"))


def test_many_are_set_at_once_and_what_is_left_empty_stays(empty_app: Flask, office: FlaskClient) -> None:
    with empty_app.app_context(), writing():
        source = org_source()
        for _number in range(99):
            an_item(source)
        source_id = source.id
    page = office.get(f"/items/assign-many?source={source_id}&list=problems&all_matching=1").text
    assert "将处理以下 100 个事项" in page
    seen = " ".join(f"巡察2026-1-{serial:03d}@1" for serial in range(1, 101))
    answer = office.post("/items/assign-many", data={"seen": seen, "lead_unit": "组织部", "deadline": "6月底前"})
    assert answer.status_code == 303
    item = stored(empty_app, "巡察2026-1-100")
    assert item.lead_unit is not None
    assert (item.lead_unit.name, item.due_on, item.due_text) == ("组织部", date(2026, 6, 30), "6月底前")
    office.post("/items/assign-many", data={"seen": f"{NUMBER}@{stored(empty_app).version}", "remark": "重点"})
    assert (stored(empty_app).remark, stored(empty_app).due_text) == ("重点", "6月底前")


def org_source() -> Source:
    """The source of the first item, as numbers are taken from it."""
    return get_source(db.session(), queries.get_item(db.session(), NUMBER, reach(SYSTEM)).source_id, lock=True)


def test_all_or_none_are_set_and_the_one_that_was_changed_is_named(empty_app: Flask, office: FlaskClient) -> None:
    with empty_app.app_context(), writing():
        second = an_item(org_source())
        operations.assign(second, operations.Assignment(cause="别人刚填"), actor=SYSTEM)
        number = second.number
    sent = {"seen": f"{NUMBER}@1 {number}@1", "lead_unit": "组织部", "remark": "打过的字"}
    answer = office.post("/items/assign-many", data=sent)
    assert answer.status_code == 409
    assert f"已被别人修改：{number}" in answer.text
    assert "打过的字" in answer.text
    assert stored(empty_app).lead_unit_id is None


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({"seen": f"{NUMBER}@1"}, 422, "请至少填写一项"),
        ({"seen": "", "remark": "字"}, 422, "没有选中"),
        ({"seen": f"{NUMBER}@1", "deadline": "尽快"}, 422, "认不出时限"),
        ({"seen": f"{NUMBER}@1", "deadline": "2026-03-15"}, 422, f"{NUMBER}：整改时限"),
        ({"seen": "巡察2026-1-999@1", "remark": "字"}, 404, "没有找到"),
        ({"seen": f"{NUMBER}@x", "remark": "字"}, 409, NUMBER),
    ],
)
def test_a_wrong_bulk_form_changes_nothing(
    empty_app: Flask, office: FlaskClient, sent: dict[str, str], status: int, words: str
) -> None:
    answer = office.post("/items/assign-many", data=sent)
    assert answer.status_code == status
    assert words in answer.text
    assert stored(empty_app).version == 1


def test_nothing_chosen_and_what_is_past_naming_are_said(empty_app: Flask, office: FlaskClient) -> None:
    assert "没有选中可以指定的事项" in office.get("/items/assign-many").text
    with empty_app.app_context(), writing():
        item = an_issued_item(source=org_source(), lead_unit=a_unit("办公室"))
        operations.accept(item, handler_id=a_person().id, actor=SYSTEM)
        operations.move_on(item, Event.APPLY, actor=SYSTEM)
        source_id = item.source_id
    page = office.get(f"/items/assign-many?source={source_id}").text
    assert "将处理以下 1 个事项" in page
    assert "另有 1 个" in page


def test_the_office_of_a_lower_unit_names_only_for_items_of_that_unit(app: Flask) -> None:
    with writing():
        lower = a_unit("组织部")
        item = an_item(lead_unit=lower)
        free = an_item(a_source("另一轮"))
        actor = actor_of(an_account("何芳", Role.OFFICE, lower))
        operations.assign(item, operations.Assignment(cause="可以"), actor=actor)
        with pytest.raises(DomainError):
            operations.assign(free, operations.Assignment(cause="不可以"), actor=actor)


def test_an_issued_item_changes_its_lead_unit_only_by_reassignment_and_keeps_a_deadline(app: Flask) -> None:
    with writing():
        item, other = an_issued_item(lead_unit=a_unit("组织部")), a_unit("宣传部")
        for assignment in (
            operations.Assignment(lead_unit_id=other.id),
            operations.Assignment(lead_unit_id=None),
            operations.Assignment(deadline=None),
        ):
            with pytest.raises(Conflict):
                operations.assign(item, assignment, actor=SYSTEM)
        same = operations.Assignment(lead_unit_id=item.lead_unit_id, deadline=by_date(date(2026, 7, 31)))
        with pytest.raises(Conflict, match="变更申请"):
            operations.assign(item, same, actor=SYSTEM)
        operations.amend(item, same, reason="经批准", actor=SYSTEM)
        assert (item.due_on, item.first_due_on) == (date(2026, 7, 31), date(2026, 6, 30))


@pytest.mark.parametrize("name", ["leader_id", "supervisor_id", "owner_id", "goal", "supporting_unit_ids"])
def test_nothing_of_the_printed_plan_of_an_issued_item_is_assigned_directly(app: Flask, name: str) -> None:
    with writing():
        item, someone, other = an_issued_item(lead_unit=a_unit("组织部")), a_person("刘洋"), a_unit("宣传部")
        value = {"goal": "建章立制", "supporting_unit_ids": [other.id]}.get(name, someone.id)
        with pytest.raises(Conflict, match="变更申请"):
            operations.assign(item, operations.Assignment(**{name: value}), actor=SYSTEM)
        operations.assign(item, operations.Assignment(cause="认识不到位", remark="重点"), actor=SYSTEM)
        assert (item.cause, item.remark) == ("认识不到位", "重点")


def test_the_words_of_a_deadline_do_not_outlive_it(empty_app: Flask, office: FlaskClient) -> None:
    given = a_form(deadline_kind="by_date", due_on="2026-06-30", due_text="2026年6月底前")
    assert office.post(f"/items/{NUMBER}/assign", data=given).status_code == 303
    moved = given | {"due_on": "2026-12-31", "version": str(stored(empty_app).version)}
    assert office.post(f"/items/{NUMBER}/assign", data=moved).status_code == 303
    item = stored(empty_app)
    assert (item.due_on, item.due_text) == (date(2026, 12, 31), "")
    words = moved | {"due_text": "2026年底前", "version": str(item.version)}
    office.post(f"/items/{NUMBER}/assign", data=words)
    kept = words | {"remark": "重点", "version": str(stored(empty_app).version)}
    office.post(f"/items/{NUMBER}/assign", data=kept)
    item = stored(empty_app)
    assert (item.due_on, item.due_text, item.remark) == (date(2026, 12, 31), "2026年底前", "重点")
