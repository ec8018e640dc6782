"""Calling a meeting, its agenda, freezing its data, comparing what was frozen."""

import re
from dataclasses import replace
from datetime import date

import pytest
from factories import a_source, a_unit, an_item
from flask import Flask
from flask.testing import FlaskClient
from meetings.halls import CALLED, Office
from sqlalchemy import event, update

from tracker.access.rules import SYSTEM, reach
from tracker.core.db import db, writing
from tracker.core.errors import Conflict, DomainError, Stale
from tracker.figures.queries import tally_wholes
from tracker.items import operations as items
from tracker.items.rules import ItemKind
from tracker.meetings import operations, queries
from tracker.meetings.frozen import read
from tracker.meetings.models import MeetingFreeze
from tracker.meetings.rules import PointKind
from tracker.meetings.standings import by_unit, tally_of
from tracker.sources.models import Source
from tracker.sources.rules import Counting


def test_an_agenda_proposes_what_there_is_to_say(office: Office) -> None:
    first = office.call(held_on=date(2026, 7, 30), as_of=date(2026, 7, 30))
    office.decide(first)
    second = office.call()
    with office.app.app_context():
        kinds = {
            each: [point.kind for point in queries.get_meeting(db.session(), each, SYSTEM).points]
            for each in (first, second)
        }
    assert kinds[first] == [PointKind.UNITS, PointKind.OVERDUE, PointKind.OWN]
    assert kinds[second] == [PointKind.LAST, PointKind.UNITS, PointKind.OVERDUE, PointKind.OWN]


def test_frozen_data_are_those_of_the_ledger_with_what_the_units_told(office: Office) -> None:
    meeting_id = office.call()
    office.freeze(meeting_id)
    with office.app.app_context():
        session = db.session()
        frozen = read(queries.get_freeze(session, meeting_id).content)
        meeting = queries.get_meeting(session, meeting_id, SYSTEM)
        question = operations.question_of(meeting, frozen.known_at)
        assert tally_wholes(session, [question], reach(SYSTEM))[0] == tally_of(frozen)
    assert (frozen.figures["total"], frozen.figures["closed"], frozen.figures["closure_rate"]) == (4, 1, "25%")
    worst = by_unit(frozen)[0]
    (late,) = worst.unfinished
    assert (worst.unit, late.progress, late.obstacle, late.next_step) == (
        "组织部",
        "已列出清单",
        "经费没有落实",
        "八月补齐",
    )


def test_a_meeting_about_one_source_counts_as_it_settled_and_keeps_counting_so(office: Office) -> None:
    with office.app.app_context(), writing():
        source = a_source("普遍问题", counting=Counting.PARTS)
        common = items.draw_up(source, "共性问题", actor=SYSTEM)
        items.split(common, [a_unit("办公室"), a_unit("机关纪委")], actor=SYSTEM)
        source_id = source.id
    meeting_id = office.call(source_id=source_id)
    office.freeze(meeting_id)
    with office.app.app_context(), writing():
        frozen = read(queries.get_freeze(db.session(), meeting_id).content)
        db.session.get_one(Source, source_id).counting = Counting.WHOLES
    assert (frozen.figures["total"], tally_of(frozen).total) == (2, 2)
    assert "按分项统计" in frozen.definition
    shown = office.browser("陈静").get(f"/meetings/{meeting_id}").text
    assert "counting=parts" in shown
    assert "新增" not in shown
    assert len(frozen.items) == 3


def test_what_is_recorded_later_changes_nothing_that_was_frozen(office: Office) -> None:
    meeting_id = office.call()
    office.freeze(meeting_id)
    browser = office.browser("陈静")
    before = browser.get(f"/meetings/{meeting_id}").text
    office.close("别部")
    after = browser.get(f"/meetings/{meeting_id}").text
    assert "25%" in before
    assert "没有销号和重开" in before
    assert "新销号1" in after
    assert "25%（1 ÷ 4）" in re.sub(r"<[^>]+>", "", after)
    with office.app.app_context():
        assert read(queries.get_freeze(db.session(), meeting_id).content).figures["closed"] == 1


def test_freezing_again_asks_why_and_keeps_what_was_frozen_before(office: Office) -> None:
    meeting_id = office.call()
    office.freeze(meeting_id)
    office.close("别部")
    with pytest.raises(DomainError, match="重新锁定请写明原因"):
        office.freeze(meeting_id)
    office.freeze(meeting_id, reason="补录一件销号")
    with office.app.app_context():
        rates = [
            read(queries.get_freeze(db.session(), meeting_id, serial).content).figures["closure_rate"]
            for serial in (1, 2)
        ]
    assert rates == ["25%", "50%"]
    page = office.browser("陈静").get(f"/meetings/{meeting_id}?freeze=1").text
    assert "陈静锁定，第1次" in page
    assert "补录一件销号" in page


def test_what_is_frozen_by_somebody_who_reads_english_is_chinese_all_the_same(office: Office) -> None:
    meeting_id, browser = office.call(), office.browser("陈静")
    browser.post("/language", data={"language": "en"})
    assert "Freeze" in browser.get(f"/meetings/{meeting_id}").text
    assert browser.post(f"/meetings/{meeting_id}/freeze", data={}).status_code == 303
    with office.app.app_context():
        frozen = read(queries.get_freeze(db.session(), meeting_id).content)
    assert frozen.scope == "全部单位；全部来源；问题和任务"
    assert frozen.definition.startswith("全部反馈事项")


def test_a_day_that_has_not_come_is_not_frozen(office: Office) -> None:
    meeting_id = office.call(held_on=date(2026, 8, 3), as_of=date(2026, 8, 3))
    with pytest.raises(DomainError, match="还没有到"):
        office.freeze(meeting_id)


def test_content_that_somebody_changed_in_the_database_is_reported_on_the_page(office: Office) -> None:
    meeting_id = office.call()
    office.freeze(meeting_id)
    with office.app.app_context(), writing():
        content = queries.get_freeze(db.session(), meeting_id).content
        changed = content.replace('"closed":1', '"closed":2')
        assert changed != content
        db.session.execute(update(MeetingFreeze).values(content=changed))
    assert "与校验码不符" in office.browser("陈静").get(f"/meetings/{meeting_id}").text


def test_a_meeting_changed_while_its_data_are_read_is_not_frozen_with_them(office: Office) -> None:
    meeting_id = office.call()
    with office.app.app_context(), writing():
        actor = office.actor("陈静")
        meeting = queries.lock_meeting(db.session(), meeting_id, actor)
        frozen = operations.collect(db.session(), meeting, seen=reach(actor), at=operations.moment())
        version = meeting.version
        operations.change(meeting, replace(CALLED, item_kind=ItemKind.TASK), actor=actor)
    with pytest.raises(Conflict, match="有人修改了会议"), office.app.app_context(), writing():
        meeting = queries.lock_meeting(db.session(), meeting_id, SYSTEM)
        operations.freeze(meeting, frozen, actor=office.actor("陈静"), version=version)


def test_data_read_before_others_were_frozen_do_not_replace_them(office: Office) -> None:
    meeting_id = office.call()
    with office.app.app_context(), writing():
        actor = office.actor("陈静")
        meeting = queries.lock_meeting(db.session(), meeting_id, actor)
        early = operations.collect(db.session(), meeting, seen=reach(actor), at=operations.moment())
    office.freeze(meeting_id)
    with pytest.raises(Conflict), office.app.app_context(), writing():
        meeting = queries.lock_meeting(db.session(), meeting_id, SYSTEM)
        operations.freeze(meeting, early, reason="慢了一步", actor=office.actor("陈静"))


def test_a_meeting_to_come_shows_the_figures_of_today_and_every_link_of_them_answers(office: Office) -> None:
    meeting_id = office.call(held_on=date(2026, 8, 31), as_of=date(2026, 8, 31))
    browser = office.browser("李强")
    page = browser.get(f"/meetings/{meeting_id}").text
    assert "截至2026年7月31日" in page
    links = set(re.findall(r'href="(/figures/items[^"]+)"', page))
    assert links
    for link in links:
        assert browser.get(link.replace("&amp;", "&")).status_code == 200


def test_changed_content_is_neither_shown_on_the_wall_nor_printed(office: Office) -> None:
    meeting_id = office.call()
    office.freeze(meeting_id)
    with office.app.app_context(), writing():
        db.session.execute(update(MeetingFreeze).values(content="{}"))
    browser = office.browser("陈静")
    for address in ("", "/present", "/compare", "/papers", "/papers/brief.docx"):
        answer = browser.get(f"/meetings/{meeting_id}{address}")
        assert answer.status_code == 409, address
        assert "与校验码不符" in answer.text


def test_who_orders_the_agenda_after_somebody_else_is_shown_both(office: Office) -> None:
    meeting_id = office.call()
    with office.app.app_context(), writing():
        meeting, actor = queries.lock_meeting(db.session(), meeting_id, SYSTEM), office.actor("陈静")
        points = [operations.Point(PointKind.OWN, "研究经费"), operations.Point(PointKind.UNITS, "各单位情况")]
        operations.set_agenda(meeting, points, actor=actor, version=1)
    with office.app.app_context(), writing(), pytest.raises(Stale):
        meeting = queries.lock_meeting(db.session(), meeting_id, SYSTEM)
        operations.set_agenda(meeting, points[:1], actor=office.actor("陈静"), version=1)
    page = office.browser("陈静").get(f"/meetings/{meeting_id}").text
    assert page.index("研究经费") < page.index("各单位情况")


def test_an_agenda_is_ordered_worded_and_shortened_on_its_page(office: Office) -> None:
    meeting_id, browser = office.call(), office.browser("陈静")
    typed = {
        "version": "1",
        "points-0-kind": "units",
        "points-0-order": "2",
        "points-0-title": "各单位情况",
        "points-1-kind": "overdue",
        "points-1-title": "逾期",
        "points-1-is_dropped": "y",
        "points-2-kind": "own",
        "points-2-order": "1",
        "points-2-title": "研究经费",
    }
    assert browser.post(f"/meetings/{meeting_id}/agenda", data=typed).status_code == 303
    with office.app.app_context():
        points = queries.get_meeting(db.session(), meeting_id, SYSTEM).points
        assert [(each.kind, each.title) for each in points] == [
            (PointKind.OWN, "研究经费"),
            (PointKind.UNITS, "各单位情况"),
        ]


def test_the_overview_of_figures_tells_what_changed_since_the_last_meeting(office: Office) -> None:
    assert "较7月整改工作调度会" not in office.browser("李强").get("/figures").text
    meeting_id = office.call()
    office.freeze(meeting_id)
    office.close("别部")
    page = office.browser("李强").get("/figures").text
    assert "较7月整改工作调度会" in page
    assert re.search(r'href="/figures/difference[^"]*since_known_at=[^"]*"', page)


def test_two_frozen_meetings_are_compared_item_by_item(office: Office) -> None:
    first = office.call(held_on=date(2026, 7, 30), as_of=date(2026, 7, 30), title="第一次会议")
    office.freeze(first)
    office.close("别部")
    second = office.call()
    office.freeze(second)
    page = office.browser("陈静").get(f"/meetings/{second}/compare").text
    assert "新销号1" in page
    assert "别的部的问题" in page
    assert "拖着没改的问题" not in page
    assert "与锁定的不符" not in page
    other = office.browser("周宁").get(f"/meetings/{second}/compare").text
    assert "别的部的问题" in other
    own = office.browser("王敏").get(f"/meetings/{second}/compare").text
    assert "别的部的问题" not in own
    assert "新销号" not in own


def test_a_meeting_on_other_items_is_not_offered_for_comparison(office: Office) -> None:
    first = office.call(item_kind=ItemKind.TASK)
    office.freeze(first)
    second = office.call()
    office.freeze(second)
    page = office.browser("陈静").get(f"/meetings/{second}/compare")
    assert "没有可以比较的会议" in page.text
    assert office.browser("陈静").get(f"/meetings/{second}/compare?with={first}").status_code == 422


@pytest.mark.parametrize(
    ("address", "most"),
    [("/meetings", 8), ("/meetings/{id}", 8), ("/meetings/{id}/present", 9), ("/meetings/{id}/compare", 10)],
)
def test_pages_of_a_meeting_ask_the_same_number_of_queries_however_many_items(
    office: Office, address: str, most: int
) -> None:
    meeting_id = office.call()
    office.freeze(meeting_id)
    browser = office.browser("陈静")
    browser.get("/meetings")
    few = count_queries(office.app, browser, address.format(id=meeting_id))
    with office.app.app_context(), writing():
        source = db.session.query(Source).one()
        for nth in range(30):
            an_item(source, finding=f"又一个问题{nth}")
    office.freeze(meeting_id, reason="又来了三十个")
    assert count_queries(office.app, browser, address.format(id=meeting_id)) <= few
    assert few <= most


def count_queries(app: Flask, browser: FlaskClient, address: str) -> int:
    """How many statements a page takes."""
    with app.app_context():
        engine = db.engine
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        assert browser.get(address).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return sum(not each.startswith(("PRAGMA", "BEGIN")) for each in statements)
