"""The leader in the meeting: why 87.5 %? Last month you said 90. And the same answer at the end of the year."""

import re
from datetime import date, timedelta

import pytest
from factories import a_source, a_unit, an_account, an_issued_item, sign_in
from flask import Flask
from flask.testing import FlaskClient
from stories.office import on

from tracker.access.rules import SYSTEM, Role
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import Event
from tracker.jobs.delivery import deliver
from tracker.jobs.registry import remind
from tracker.org.models import Person
from tracker.outbox.models import Message
from tracker.progress import operations as progress
from tracker.sources.models import Source
from tracker.sources.rules import SourceKind

INSPECTED, APPRAISED = "市委第二巡察组反馈", "述职评点"
JUNE, JULY = {"title": "6月调度会", "day": "2026-06-30"}, {"title": "7月调度会", "day": "2026-07-31"}


def move(number: str, *events: Event, day: date | None = None) -> None:
    """Move an item on, each event in the same transaction."""
    item = db.session.query(Item).filter_by(number=number).one()
    for event in events:
        told = {"closed_on": day or clock.today()} if event is Event.CLOSE else {}
        items.move_on(item, event, actor=SYSTEM, on=day if event is Event.CLOSE else None, reason="签字件", **told)


def close(*numbers: str) -> None:
    for number in numbers:
        move(number, Event.ACCEPT, Event.APPLY, Event.CLOSE)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


class Hall:
    """The office's browser and the leader's, and the numbers of the items."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with on(2026, 3, 16), app.app_context(), writing():
            root = a_unit("市直机关工委")
            self.units = [a_unit(name) for name in ("组织部", "宣传部")]
            an_account("陈静", Role.OFFICE, root, mail="chenjing@example.invalid")
            an_account("李强", Role.LEADER, root)
            head = an_account("王敏", Role.UNIT_HEAD, self.units[0])
            source = a_source(INSPECTED)
            due_on = date(2026, 12, 31)
            made = [
                an_issued_item(source=source, lead_unit=self.units[n % 2], finding=f"问题{n:02d}", due_on=due_on)
                for n in range(40)
            ]
            self.numbers = [item.number for item in made]
            self.head_id = head.id

    def browser(self, name: str) -> FlaskClient:
        client = self.app.test_client()
        with self.app.app_context():
            sign_in(client, db.session.query(Person).filter_by(name=name).one())
        return client

    def meet(self, title: str, day: str) -> str:
        """Call and freeze a meeting through its pages; its address."""
        office = self.browser("陈静")
        typed = {"kind": "dispatch", "title": title, "held_on": day, "item_kind": "problem"}
        address = office.post("/meetings/new", data=typed).headers["Location"]
        assert office.post(f"{address}/freeze", data={}).status_code == 303
        return str(address)

    def july(self) -> list[str]:
        """10 July: eight points of the appraisal; by the 31st seven more closed, one taken up again."""
        with on(2026, 7, 10), self.app.app_context(), writing():
            source = a_source(APPRAISED, clock.today(), kind=SourceKind.APPRAISAL)
            due_on = clock.today() + timedelta(days=90)
            made = [
                an_issued_item(source=source, lead_unit=self.units[0], finding=f"点评{n}", due_on=due_on)
                for n in range(8)
            ]
            new = [item.number for item in made]
        with on(2026, 7, 20), self.app.app_context(), writing():
            close(*self.numbers[36:39], *new[:4])
            move(self.numbers[0], Event.REOPEN)
        with on(2026, 7, 25), self.app.app_context(), writing():
            from tracker.org.queries import load_actor

            actor = load_actor(db.session(), db.session.get_one(Person, self.head_id))
            item = db.session.query(Item).filter_by(number=self.numbers[0]).one()
            aside = progress.Aside("签到表缺4月、5月", "请支部补签")
            progress.write_entry(item, "制度已修订", actor=actor, aside=aside)
        return new


@pytest.fixture
def hall(empty_app: Flask) -> Hall:
    return Hall(empty_app)


def test_the_leader_gets_the_same_answer_in_july_in_august_and_at_the_end_of_the_year(hall: Hall) -> None:
    with on(2026, 6, 29), hall.app.app_context(), writing():
        close(*hall.numbers[:36])
    with on(2026, 6, 30):
        june = hall.meet(**JUNE)
        assert "90%" in words(hall.browser("李强").get(june).text)
    new = hall.july()
    with on(2026, 7, 31):
        july = hall.meet(**JULY)
        leader = hall.browser("李强")
        shown = words(leader.get(july).text)
        assert "87.5%" in shown
        assert "42 ÷ 48" in shown
        compared = leader.get(f"{july}/compare").text
        assert "总数增8（述职评点7月10日反馈8个）；新销号7，反弹重开1。" in words(compared)
        # Of the seven closed four are new ones: twelve items by name, each once.
        named = {*new, *hall.numbers[36:39], hall.numbers[0]}
        assert set(re.findall(r'class="row-link"[^>]*>([^<]+)<', compared)) == named
        assert "制度已修订" in (wall := leader.get(f"{july}/present").text)
        assert "签到表缺4月、5月" in wall
        assert "请支部补签" in wall
        decided = {"text": "补齐学习记录", "lead_unit": "组织部", "deadline": "8月20日前", "acceptance": "记录齐全"}
        assert hall.browser("陈静").post(f"{july}/decisions/new", data=decided).status_code == 303
    with on(2026, 8, 3):
        page = hall.browser("陈静").get(f"{july}/minutes").text
        version = re.search(r'name="version"[^>]*value="(\d+)"', page)
        assert version is not None
        issued = {"number": "第7期", "issued_on": "2026-08-03", "version": version[1]}
        assert hall.browser("陈静").post(f"{july}/minutes", data=issued).status_code == 303
    reminded_in_time(hall)
    learnt_later(hall, june, july)


def reminded_in_time(hall: Hall) -> None:
    """The drafts must be issued by Thursday 6 August, and the office is told so before."""
    told: list[str] = []
    for day in (4, 5, 6):
        with on(2026, 8, day), hall.app.app_context():
            remind(clock.now())
            deliver(clock.now())
            told = [
                each.subject + each.body_text + each.body_html
                for each in db.session.query(Message)
                if each.person.name == "陈静"
            ]
    with hall.app.app_context():
        source = db.session.query(Source).filter_by(kind=SourceKind.MEETING).one()
        assert (source.received_on, source.document_number) == (date(2026, 8, 3), "第7期")
    assert any("议定事项下发" in each for each in told), told


def learnt_later(hall: Hall, june: str, july: str) -> None:
    """A closing of 29 July is entered on 4 August: the paper still says 87.5 %, the page says why it is 89.6 % now."""
    with on(2026, 8, 4, 15), hall.app.app_context(), writing():
        item = db.session.query(Item).filter_by(number=hall.numbers[39]).one()
        for event in (Event.ACCEPT, Event.APPLY):
            items.move_on(item, event, actor=SYSTEM, on=date(2026, 7, 28))
        items.move_on(
            item, Event.CLOSE, actor=SYSTEM, on=date(2026, 7, 29), closed_on=date(2026, 7, 29), reason="签字件"
        )
    for year, month, day in ((2026, 8, 4), (2026, 12, 25)):
        with on(year, month, day, 16):
            leader = hall.browser("李强")
            page = leader.get(july).text
            assert "87.5%（42 ÷ 48） → 89.6%（43 ÷ 48）" in words(page)
            (address,) = set(re.findall(r'href="(/figures/difference[^"]+as_of=2026-07-31[^"]+)"', page))
            behind = leader.get(address.replace("&amp;", "&")).text
            assert re.findall(r'class="row-link"[^>]*>([^<]+)<', behind) == [hall.numbers[39]]
            assert "90%" in words(leader.get(june).text)
            assert "新销号7，反弹重开1。" in words(leader.get(f"{july}/compare").text)
