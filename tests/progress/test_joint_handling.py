"""Items of two sources handled jointly (并案), on real databases."""

import pytest
from factories import a_source, a_telling, a_working_item, an_issued_item
from flask import Flask
from sqlalchemy import select

from tests.closure.closing_office import ClosingOffice, browser_of
from tracker.access.rules import reach
from tracker.amendments import operations as amendments
from tracker.amendments.rules import Amended
from tracker.audit.models import AuditEntry
from tracker.closure import operations as closure
from tracker.core.db import db, writing
from tracker.core.errors import AlreadyThere, Conflict, DomainError, Forbidden
from tracker.items import operations as items
from tracker.items import queries as ledger
from tracker.items.models import Item
from tracker.items.rules import State
from tracker.org.models import Person
from tracker.progress import operations, queries
from tracker.progress.models import JointHandling
from tracker.progress.rules import Joining, check_joinable

PLAN, OWN = ["召开部署会", "印发办法"], ["逐条整改"]
REASON = "两轮巡察指出同一问题"


class JointOffice(ClosingOffice):
    """A second item of the same unit from another source; the first of the office carries it."""

    def __init__(self) -> None:
        super().__init__()
        other = a_source("市审计局审计反馈")
        second = a_working_item(self.handler, source=other, lead_unit=self.lead, leader_id=self.leader.id)
        self.second = second.number
        operations.add_measures(self.item(), PLAN, actor=self.acts(self.liaison))
        operations.add_measures(second, OWN, actor=self.acts(self.liaison))

    def get(self, number: str, *, lock: bool = False) -> Item:
        return ledger.get_item(db.session(), number, reach(self.acts(self.clerk)), lock=lock)

    def join(self, person: Person | None = None, reason: str = REASON) -> JointHandling:
        with writing():
            carrier = self.get(self.number, lock=True)
            item, actor = self.get(self.second, lock=True), self.acts(person or self.clerk)
            return operations.join(item, carrier, reason, actor=actor)

    def part(self, reason: str = "上级要求分别整改") -> None:
        with writing():
            operations.part(self.get(self.second, lock=True), reason, actor=self.acts(self.clerk))

    def measures(self, number: str) -> list[tuple[str, bool]]:
        found = queries.list_measures(db.session(), self.get(number).id)
        return [(each.text, each.done_on is not None) for each in found]

    def tick(self, number: str) -> None:
        with writing():
            first = queries.list_measures(db.session(), self.get(number, lock=True).id)[0]
            operations.tick(first, actor=self.acts(self.liaison))


@pytest.fixture
def office(app: Flask) -> JointOffice:
    with writing():
        return JointOffice()


def test_what_is_done_on_the_carrier_counts_for_all(office: JointOffice) -> None:
    office.prove("会议记录.pdf")
    office.join()
    assert office.measures(office.second) == [(text, False) for text in PLAN]
    office.tick(office.number)
    office.prove("签到表.jpg", b"more")
    with writing():
        operations.write_entry(office.item(lock=True), "已开会部署", actor=office.acts(office.liaison))
    second = office.get(office.second)
    assert (
        office.measures(office.second) == office.measures(office.number) == [("召开部署会", True), ("印发办法", False)]
    )
    evidence = queries.list_evidence(db.session(), second.id)
    assert [(each.serial, each.name, each.is_joint) for each in evidence] == [
        (1, "会议记录.pdf", True),
        (2, "签到表.jpg", True),
    ]
    (entry,) = queries.list_entries(db.session(), second.id)
    assert (entry.text, entry.is_joint) == ("已开会部署", True)
    with writing():
        first = queries.get_evidence(db.session(), office.item(lock=True).id, 1)
        operations.remove_evidence(first, actor=office.acts(office.liaison))
    assert [each.name for each in queries.list_evidence(db.session(), second.id)] == ["签到表.jpg"]


def test_each_is_closed_by_its_own_application_with_what_is_shared(office: JointOffice) -> None:
    office.prove()
    office.join()
    office.tick(office.number)
    office.apply(statement="部署会已开，办法已印发。")
    assert (office.item().state, office.get(office.second).state) == (State.APPLIED, State.WORKING)
    begun = closure.begin(office.get(office.second))
    assert begun.telling.statement == "部署会已开，办法已印发。"
    assert not begun.telling.is_pledged, "the pledge is given anew"
    assert list(begun.telling.measures.values()) == [f"{each}，已落实。" for each in PLAN]
    with writing():
        second = office.get(office.second, lock=True)
        application = closure.apply(second, a_telling(second), actor=office.acts(office.liaison))
    assert [each.text for each in application.filed.measures] == PLAN
    assert [each.name for each in application.filed.evidence] == ["签到表.jpg"]


def test_undone_the_items_own_measures_stand_again_and_what_was_shared_stays(office: JointOffice) -> None:
    office.prove()
    office.join()
    office.part()
    assert office.get(office.second).carrier_id is None
    assert office.measures(office.second) == [(text, False) for text in OWN]
    assert len(queries.list_evidence(db.session(), office.get(office.second).id)) == 1
    office.tick(office.number)
    assert office.measures(office.second) == [(OWN[0], False)], "it goes its own way"
    actions = db.session.scalars(
        select(AuditEntry.action).where(AuditEntry.action.in_(["item.join", "item.part"]))
    ).all()
    assert sorted(actions) == ["item.join", "item.part"]
    with pytest.raises(Conflict, match="没有并案"):
        office.part()


def test_its_measures_are_changed_on_the_carrier_alone_by_request(office: JointOffice) -> None:
    office.join()
    with pytest.raises(Conflict, match=office.number):
        office.tick(office.second)
    with writing(), pytest.raises(Conflict, match="并案"):
        second = office.get(office.second, lock=True)
        wanted = amendments.standing(second) | {Amended.MEASURES: "另一条"}
        amendments.ask(second, wanted, "调整", actor=office.acts(office.liaison))
    with writing():
        carrier = office.get(office.number, lock=True)
        operations.amend_measures(
            carrier,
            queries.list_measures(db.session(), carrier.id),
            ["印发办法", "开展督查"],
            actor=office.acts(office.clerk),
        )
    assert office.measures(office.second) == [("印发办法", False), ("开展督查", False)]


def test_a_second_press_is_told_and_a_reason_is_needed(office: JointOffice) -> None:
    with pytest.raises(DomainError, match="理由"):
        office.join(reason=" ")
    office.join()
    with pytest.raises(AlreadyThere):
        office.join()


def test_only_the_office_joins(office: JointOffice) -> None:
    for person in (office.liaison, office.head, office.leader):
        with pytest.raises(Forbidden):
            office.join(person)


OPEN = {"state": State.WORKING, "source_id": 1, "lead_unit_id": 1}
FIRST = Joining("甲-001", **{**OPEN, "source_id": 2})


@pytest.mark.parametrize(
    ("item", "carrier", "why"),
    [
        (Joining("甲-001", **{**OPEN, "source_id": 2}), FIRST, "自己"),
        (Joining("乙-001", **{**OPEN, "source_id": 2}), FIRST, "不同来源"),
        (Joining("乙-001", **{**OPEN, "lead_unit_id": 9}), FIRST, "牵头单位不同"),
        (Joining("乙-001", **OPEN, is_joined=True), FIRST, "先解除"),
        (Joining("乙-001", **OPEN, carries=True), FIRST, "先解除"),
        (Joining("乙-001", **OPEN, is_closed_off=True), FIRST, "知悉范围"),
        (Joining("乙-001", **OPEN), Joining("甲-001", **{**OPEN, "source_id": 2}, is_joined=True), "承办的那个"),
        *(
            (Joining("乙-001", **{**OPEN, "state": each}), FIRST, "不能并案")
            for each in (State.DRAFT, State.APPLIED, State.CLOSED, State.WITHDRAWN)
        ),
        (Joining("乙-001", **OPEN), Joining("甲-001", **{**OPEN, "source_id": 2, "state": State.CLOSED}), "不能并案"),
    ],
)
def test_circles_chains_and_what_is_over_are_refused(item: Joining, carrier: Joining, why: str) -> None:
    with pytest.raises(Conflict, match=why):
        check_joinable(item, carrier)


def test_what_is_handled_jointly_is_not_reassigned(office: JointOffice) -> None:
    office.join()
    for number in (office.number, office.second):
        with writing(), pytest.raises(Conflict, match="并案"):
            held, actor = office.get(number, lock=True), office.acts(office.clerk)
            items.reassign(held, unit_id=office.other.id, reason="职责调整", actor=actor)


def test_pages_and_lists_show_it_and_the_office_makes_and_undoes_it(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        office = JointOffice()
        foreign = an_issued_item(source=a_source("专项督查反馈"), lead_unit=office.other).number
    clerk, liaison = browser_of(empty_app, office, office.clerk), browser_of(empty_app, office, office.liaison)
    address = f"/items/{office.second}/join"
    assert liaison.get(address).status_code == 403
    page = clerk.get(address).text
    assert office.number in page
    assert foreign not in page
    version = office_version(empty_app, office)
    sent = {"carrier": office.number, "reason": REASON, "version": version}
    assert clerk.post(address, data={**sent, "reason": ""}).status_code == 422
    assert clerk.post(address, data={**sent, "carrier": foreign}).status_code == 422
    assert clerk.post(address, data={**sent, "version": "0"}).status_code == 409
    assert clerk.post(address, data=sent).status_code == 303
    page = liaison.get(f"/items/{office.second}").text
    for words in (f"并案，同 {office.number}", f"由 {office.number} 承办", REASON, "召开部署会"):
        assert words in page
    assert "完成：召开部署会" not in page, "it is ticked on the carrier"
    page = liaison.get(f"/items/{office.number}").text
    assert "由本事项承办" in page
    assert office.second in page
    listed = clerk.get("/items?list=rectification").text
    assert f"与 {office.number} 并案" in listed
    assert "并案承办1项" in listed
    assert f"与{office.number}并案整改，由其承办" in clerk.get("/items/print?list=rectification").text
    assert (
        clerk.post(
            f"/items/{office.second}/part", data={"reason": "分开", "version": office_version(empty_app, office)}
        ).status_code
        == 303
    )
    assert "解除与" in clerk.get(f"/items/{office.second}").text


def office_version(app: Flask, office: JointOffice) -> int:
    with app.app_context():
        return office.get(office.second).version
