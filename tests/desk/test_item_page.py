"""The item page: what everybody sees, what they may do, and how often it asks the database."""

import io
import re
from datetime import date
from html import unescape
from types import SimpleNamespace

import pytest
from factories import an_account, by_date, sign_in
from flask import Flask
from flask.testing import FlaskClient

from tests.closure.closing_office import DEMAND, ClosingOffice
from tests.desk.reading import counted_queries
from tracker.access.rules import SYSTEM, Role, reach
from tracker.closure.rules import Decision
from tracker.core import clock, files, hooks
from tracker.core.db import db, writing
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.queries import list_items
from tracker.org.models import Person
from tracker.progress import operations as progress
from tracker.progress.queries import list_measures
from tracker.progress.rules import OutcomeKind
from tracker.reminders.operations import ensure_default_rules

TABS = ("", "?tab=people", "?tab=evidence", "?tab=closure", "?tab=source")


@pytest.fixture
def office(empty_app: Flask) -> ClosingOffice:
    with empty_app.app_context(), writing():
        return ClosingOffice()


def client_of(app: Flask, office: ClosingOffice, person: Person) -> FlaskClient:
    client = app.test_client()
    with app.app_context():
        sign_in(client, db.session.get_one(Person, office.id_of(person)))
    return client


def page_for(app: Flask, office: ClosingOffice, person: Person, tab: str = "") -> str:
    answer = client_of(app, office, person).get(f"/items/{office.number}{tab}")
    assert answer.status_code == 200
    return answer.text


def fill(office: ClosingOffice, times: int) -> None:
    """So many measures, entries, files, results and rounds."""
    for n in range(times):
        stored = files.store(io.BytesIO(f"{n}-{times}".encode()), limit_bytes=100)
        with writing():
            item, liaison = office.item(lock=True), office.acts(office.liaison)
            there = list_measures(db.session(), item.id)
            texts = [*(each.text for each in there), f"措施{n}甲", f"措施{n}乙"]
            progress.amend_measures(item, there, texts, actor=liaison)
            progress.tick(list_measures(db.session(), item.id)[-2], actor=liaison)
            progress.write_entry(item, f"进展{n}", actor=liaison)
            progress.add_evidence(item, stored, f"材料{n}.pdf", actor=liaison)
            progress.add_outcome(item, OutcomeKind.MEETING, "1", actor=liaison)
        office.apply()
        office.decide(office.head, 1, Decision.RETURN, DEMAND)


@pytest.mark.parametrize("tab", TABS)
def test_the_page_asks_the_database_nine_times_at_most_however_much_hangs_on_the_item(
    empty_app: Flask, office: ClosingOffice, tab: str
) -> None:
    with empty_app.app_context():
        fill(office, 4)
        with writing():
            ensure_default_rules()
    page_for(empty_app, office, office.liaison)  # a process asks once whether the organ is set up
    for person in (office.liaison, office.clerk, office.leader):
        client = client_of(empty_app, office, person)
        with counted_queries(empty_app) as statements:
            assert "下一次：" in client.get(f"/items/{office.number}{tab}").text
        assert len(statements) <= 9, statements


def test_a_stranger_does_not_learn_that_the_item_exists(empty_app: Flask, office: ClosingOffice) -> None:
    client = client_of(empty_app, office, office.stranger)
    for tab in TABS:
        answer = client.get(f"/items/{office.number}{tab}")
        assert answer.status_code == 404
        assert "第一议题" not in answer.text
    assert client.get("/items/巡察2026-9-999").status_code == 404


def test_the_returned_chip_tells_the_round_and_the_demand_stands_on_the_page(
    empty_app: Flask, office: ClosingOffice
) -> None:
    with empty_app.app_context():
        fill(office, 2)
    page = page_for(empty_app, office, office.liaison)
    assert "退回补充整改 · 第2轮" in page
    assert DEMAND in page
    assert "补充材料并再次申请销号" in page


def test_what_cannot_be_done_is_explained(empty_app: Flask, office: ClosingOffice) -> None:
    page = page_for(empty_app, office, office.liaison)
    assert "还没有佐证材料，上传后才能申请销号" in page
    assert page.count("btn-primary") == 1


def test_the_applicant_reads_why_others_must_decide(empty_app: Flask, office: ClosingOffice) -> None:
    with empty_app.app_context():
        office.prove()
        with writing():
            an_account("副部长", Role.UNIT_HEAD, office.lead)
        office.apply(office.head)
    page = page_for(empty_app, office, office.head)
    assert "您是申请人，须由其他人审核" in page
    assert "副部长" in page
    assert "撤回申请" in page


def test_a_leader_can_nudge_and_sees_who_is_next(empty_app: Flask, office: ClosingOffice) -> None:
    page = page_for(empty_app, office, office.leader)
    assert "/nudges/new?chosen=" in page
    assert "申请销号</a>" not in page
    assert "由经办人组织整改" in page
    assert "孙浩" in page


def test_the_next_decider_is_named_and_finds_the_way_to_the_decision(empty_app: Flask, office: ClosingOffice) -> None:
    with empty_app.app_context():
        review_id = office.proved_and_applied().reviews[0].id
    assert "等待单位负责人审核" in page_for(empty_app, office, office.liaison)
    assert f"/reviews/{review_id}" in page_for(empty_app, office, office.head)


def test_the_timeline_tells_the_story_newest_first(empty_app: Flask, office: ClosingOffice) -> None:
    with empty_app.app_context():
        office.proved_and_applied()
        office.decide(office.head, 1, Decision.PASS, "属实")
        office.decide(office.clerk, 2, Decision.RETURN, DEMAND)
    page = page_for(empty_app, office, office.liaison)
    told = [
        f"陈静（整改办初审）退回：{DEMAND}",
        "刘洋（单位负责人审核）同意：属实",
        "王敏申请销号（第1轮）",
        "王敏上传佐证1“签到表.jpg”",
        "系统签收，经办人孙浩",
        "系统下发给组织部",
        "系统立项，自2026-03-16起计入",
    ]
    places = [page.index(each) for each in told]
    assert places == sorted(places)


def test_a_backdated_change_says_so(empty_app: Flask, office: ClosingOffice) -> None:
    with empty_app.app_context(), writing():
        item = office.item(lock=True)
        issued = items.draw_up(item.source, "补录的问题", actor=office.acts(office.clerk))
        assigned = items.Assignment(lead_unit_id=office.lead.id, deadline=by_date(date(2026, 6, 30)))
        items.assign(issued, assigned, actor=office.acts(office.clerk))
        items.issue([issued], actor=office.acts(office.clerk), on=date(2026, 3, 20))
        number = issued.number
    answer = client_of(empty_app, office, office.clerk).get(f"/items/{number}")
    assert "陈静下发给组织部（补录，2026-03-20生效）" in answer.text


def test_the_next_reminder_is_shown_when_there_is_one(
    empty_app: Flask, office: ClosingOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = SimpleNamespace(on=date(2026, 4, 8), rule="到期前10天", people=("孙浩", "李强"))
    monkeypatch.setitem(hooks._hooks, "next_reminder", [lambda _item: told])
    page = page_for(empty_app, office, office.liaison)
    assert "<b>2026年4月8日</b> 到期前10天 → 孙浩、李强" in page


def test_only_readers_of_sources_see_more_of_the_text_than_the_items_own_paragraph(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        office = ClosingOffice(paragraphs=("一、总体", "（一）本单位的问题", "（二）别人的问题"))
        office.item(lock=True).paragraph = 1
    own = page_for(empty_app, office, office.liaison, "?tab=source")
    assert "（一）本单位的问题" in own
    assert "别人的问题" not in own
    whole = page_for(empty_app, office, office.clerk, "?tab=source")
    assert (
        whole.index("一、总体") < whole.index('<p class="own" id="own">（一）本单位的问题') < whole.index("别人的问题")
    )


def test_whose_grant_to_read_sources_ends_at_a_unit_sees_no_more_of_the_text_than_the_unit(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        office = ClosingOffice(paragraphs=("一、总体", "（一）本单位的问题", "（二）别人的问题"))
        office.item(lock=True).paragraph = 1
        viewer = an_account("赵云", Role.VIEWER, office.lead)
    own = page_for(empty_app, office, viewer, "?tab=source")
    assert "（一）本单位的问题" in own
    assert "别人的问题" not in own


def test_a_paragraph_that_tells_of_another_units_problem_too_is_not_shown_to_the_unit(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        office = ClosingOffice(paragraphs=("一是本单位的问题，二是别人的问题",))
        item = office.item(lock=True)
        item.paragraph = 0
        other = items.draw_up(item.source, "别人的问题", actor=office.acts(office.clerk), paragraph=0)
        wish = items.Assignment(lead_unit_id=office.other.id, deadline=by_date(date(2026, 6, 30)))
        items.assign(other, wish, actor=office.acts(office.clerk))
    assert "别人的问题" not in page_for(empty_app, office, office.liaison, "?tab=source")
    assert "别人的问题" in page_for(empty_app, office, office.clerk, "?tab=source")


def test_a_parent_shows_its_children_instead_of_work(empty_app: Flask, office: ClosingOffice) -> None:
    with empty_app.app_context(), writing():
        item = office.item(lock=True)
        parent = items.draw_up(item.source, "共性问题", actor=office.acts(office.clerk))
        items.split(parent, [office.lead, office.other], actor=office.acts(office.clerk))
        number = parent.number
    page = client_of(empty_app, office, office.clerk).get(f"/items/{number}").text
    assert f"{number}-01" in page
    assert f"{number}-02" in page
    assert "还没有整改措施" not in page


def test_every_word_that_was_typed_is_shown_and_none_is_run(empty_app: Flask, office: ClosingOffice) -> None:
    with empty_app.app_context(), writing():
        item, liaison = office.item(lock=True), office.acts(office.liaison)
        progress.write_entry(item, "<script>alert(1)</script>", actor=liaison)
        progress.add_measures(item, ["%(by)s<b>"], actor=liaison)
    page = page_for(empty_app, office, office.liaison)
    assert "<script>alert(1)" not in page
    assert page.count("&lt;script&gt;alert(1)") == 2
    assert "%(by)s&lt;b&gt;" in page


@pytest.mark.parametrize("tab", TABS)
def test_the_page_is_told_in_english_too(empty_app: Flask, office: ClosingOffice, tab: str) -> None:
    with empty_app.app_context():
        fill(office, 1)
    client = client_of(empty_app, office, office.liaison)
    with client.session_transaction() as session:
        session["language"] = "en"
    assert client.get(f"/items/{office.number}{tab}").status_code == 200


def test_an_unknown_tab_is_the_first_one(empty_app: Flask, office: ClosingOffice) -> None:
    assert "整改措施" in page_for(empty_app, office, office.liaison, "?tab=nonsense")


def test_an_item_with_nothing_to_do_says_nothing_of_doing(empty_app: Flask, office: ClosingOffice) -> None:
    with empty_app.app_context(), writing():
        item = db.session.get_one(Item, office.item().id)
        items.withdraw(item, actor=office.acts(office.clerk), reason="上级同意核减")
    page = page_for(empty_app, office, office.liaison)
    assert "已核减" in page
    assert "现在可以做" not in page
    assert "陈静核减：上级同意核减" in page


def test_every_button_leads_to_a_page_that_lets_this_person_in(empty_app: Flask, office: ClosingOffice) -> None:
    """The page and the operations agree: what is offered is not refused when it is opened."""
    numbers = [office.number]
    with empty_app.app_context(), writing():
        clerk, source = office.acts(office.clerk), office.item().source
        for state in range(3):
            item = items.draw_up(source, f"又一个问题{state}", actor=clerk)
            wish = items.Assignment(lead_unit_id=office.lead.id, deadline=by_date(date(2026, 6, 30)))
            items.assign(item, wish, actor=clerk)
            if state:
                items.issue([item], actor=clerk)
            if state == 2:
                items.withdraw(item, actor=clerk, reason="上级同意核减")
            numbers.append(item.number)
        items.ask_reassignment(
            item_of(numbers[2]), reason="不属本单位职责", unit_id=None, actor=office.acts(office.liaison)
        )
    opened = set()
    for person in (office.clerk, office.liaison, office.head, office.handler):
        client = client_of(empty_app, office, person)
        for number in numbers:
            aside = client.get(f"/items/{number}").text.split('class="card-plain box now"')[-1].split("</section>")[0]
            for address in re.findall(r'<a class="btn[^"]*" href="([^"]+)"', aside):
                assert client.get(unescape(address)).status_code == 200, address
                opened.add(address)
    assert len(opened) >= 15


def item_of(number: str) -> Item:
    (found,) = list_items(db.session(), [number], reach(SYSTEM))
    return found


def test_the_head_tells_the_working_days_left_and_where_they_are_reckoned(
    empty_app: Flask, office: ClosingOffice
) -> None:
    with clock.moved_to(clock.instant_at(date(2026, 6, 18), 9)):
        page = page_for(empty_app, office, office.liaison)
    assert "还剩12天" in page
    assert "还剩7个工作日" in page, "without Dragon Boat Festival, 19 to 21 June, and the weekend of the 27th"
    assert "/workdays/2026?since=2026-06-18&amp;days=7" in page
    with clock.moved_to(clock.instant_at(date(2026, 7, 1), 9)):
        assert "个工作日" not in page_for(empty_app, office, office.liaison)
