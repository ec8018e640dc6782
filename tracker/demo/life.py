"""What happens to an item of the demo, told as acts of a script."""

from dataclasses import replace
from datetime import timedelta

from tracker.closure import operations as closure
from tracker.closure import queries as applications
from tracker.closure.rules import Decision
from tracker.core import clock
from tracker.core.db import db
from tracker.core.files import StoredFile
from tracker.demo.script import Act, Cast, Script
from tracker.items import operations as items
from tracker.items.rules import Deadline, DeadlineKind
from tracker.org import queries as org
from tracker.progress import operations as progress
from tracker.progress import queries as work
from tracker.progress.rules import OutcomeKind
from tracker.sources import operations as sources
from tracker.sources.rules import StepKind

LIAISONS = {"组织部": "李磊", "办公室": "孙浩", "宣传部": "赵倩", "纪检监察工委": "吴迪"}
HEADS = {"组织部": "王敏", "办公室": "刘洋", "宣传部": "赵丽", "纪检监察工委": "周涛"}
HANDLERS = {"组织部": "郑凯", "办公室": "孙浩", "宣传部": "赵倩", "纪检监察工委": "吴迪"}
OFFICE = "陈静"
MEASURES = ("制定专项整改措施并报班子审定", "明确专人落实，按月调度进展", "举一反三开展自查，完善相关制度")


def assigned(number: str, unit: str, leader: str, kind: DeadlineKind, due: int | None, *, supporting: str = "") -> Act:
    """The office names who answers and by when; ``due`` counts days from the feedback."""

    def act(cast: Cast) -> None:
        item, units = cast.item(number), org.find_units(db.session(), [unit, supporting])
        due_on = None if due is None else item.source.received_on + timedelta(days=due)
        assignment = items.Assignment(
            lead_unit_id=units[unit].id,
            leader_id=cast.person(leader).id,
            supervisor_id=cast.person("张敏" if leader == "李强" else "李强").id,
            owner_id=cast.person(HEADS[unit]).id,
            supporting_unit_ids=[units[supporting].id] if supporting else [],
            deadline=Deadline(kind, due_on, "立行立改" if kind is DeadlineKind.AT_ONCE else ""),
        )
        items.assign(item, assignment, actor=cast.actor(OFFICE))
        progress.add_measures(item, MEASURES, actor=cast.actor(OFFICE))

    return act


def chained(number: str, *steps: StepKind) -> Act:
    """The office lays down by which steps the source of an item is closed."""
    return lambda cast: sources.set_chain(cast.item(number).source, steps, actor=cast.actor(OFFICE))


def issued(*numbers: str) -> Act:
    """The office issues drafts."""
    return lambda cast: items.issue([cast.item(number) for number in numbers], actor=cast.actor(OFFICE))


def accepted(number: str) -> Act:
    """The lead unit's liaison accepts and names the handler."""

    def act(cast: Cast) -> None:
        item = cast.item(number)
        unit = item.lead_unit.name if item.lead_unit else ""
        items.accept(item, handler_id=cast.person(HANDLERS[unit]).id, actor=cast.actor(LIAISONS[unit]))

    return act


def _liaison(cast: Cast, number: str) -> tuple[str, str]:
    item = cast.item(number)
    unit = item.lead_unit.name if item.lead_unit else ""
    return unit, LIAISONS[unit]


def reported(number: str, text: str, *, ticks: int = 0) -> Act:
    """The liaison writes an entry and ticks the first measures."""

    def act(cast: Cast) -> None:
        _unit, liaison = _liaison(cast, number)
        actor, item = cast.actor(liaison), cast.item(number)
        progress.write_entry(item, text, actor=actor)
        for measure in work.list_measures(db.session(), item.id)[:ticks]:
            if measure.done_on is None:
                progress.tick(measure, actor=actor)

    return act


def proved(number: str, stored: StoredFile, name: str) -> Act:
    """The liaison attaches evidence."""

    def act(cast: Cast) -> None:
        _unit, liaison = _liaison(cast, number)
        progress.add_evidence(cast.item(number), stored, name, actor=cast.actor(liaison))

    return act


def gained(number: str, kind: OutcomeKind, amount: str, note: str) -> Act:
    """The liaison counts a result."""

    def act(cast: Cast) -> None:
        _unit, liaison = _liaison(cast, number)
        progress.add_outcome(cast.item(number), kind, amount, note=note, actor=cast.actor(liaison))

    return act


def declared(number: str, statement: str) -> Act:
    """The liaison declares an item basically completed."""

    def act(cast: Cast) -> None:
        _unit, liaison = _liaison(cast, number)
        closure.declare_basically(cast.item(number), statement, on=clock.today(), actor=cast.actor(liaison))

    return act


def acknowledged(number: str) -> Act:
    """The office accepts it."""

    def act(cast: Cast) -> None:
        declaration = applications.find_open_declaration(db.session(), cast.item(number).id)
        assert declaration is not None, number
        closure.accept(declaration, "阶段性成效属实，继续整改。", actor=cast.actor(OFFICE))

    return act


def applied(number: str, statement: str) -> Act:
    """The liaison applies for closure."""

    def act(cast: Cast) -> None:
        _unit, liaison = _liaison(cast, number)
        item = cast.item(number)
        telling = replace(
            closure.begin(item).telling,
            statement=statement,
            similar_checked="对照反馈意见，逐项排查了本单位各科室、各支部的同类情况。",
            similar_found="发现2处台账登记不及时，已当场补齐。",
            mechanism="纳入年度工作计划，每季度检查一次，责任到人。",
            is_pledged=True,
        )
        closure.apply(item, telling, actor=cast.actor(liaison))

    return act


def decided(number: str, step: int, decision: Decision, opinion: str) -> Act:
    """Step 1 is the unit's head, 2 the office, 3 the leader who answers."""

    def act(cast: Cast) -> None:
        item = cast.item(number)
        unit, _liaison_name = _liaison(cast, number)
        leader = item.leader.name if item.leader else ""
        application = applications.find_pending(db.session(), item.id, lock=True)
        assert application is not None, number
        decider = (HEADS[unit], OFFICE, leader)[step - 1]
        closure.decide(application.reviews[step - 1], decision, opinion, actor=cast.actor(decider))

    return act


def signed(number: str, scan: StoredFile, opinion: str) -> Act:
    """The leader signed the form on paper; the office enters it."""

    def act(cast: Cast) -> None:
        item = cast.item(number)
        application = applications.find_pending(db.session(), item.id, lock=True)
        assert application is not None, number
        told = closure.OnPaper(clock.today(), (scan, "销号申请表（签字件）.docx"))
        passed, actor = Decision.PASS, cast.actor(OFFICE)
        closure.decide_on_paper(
            application.reviews[2], passed, opinion, told=told, decider_id=item.leader_id, actor=actor
        )

    return act


def confirmed(body: str, document_number: str, scan: StoredFile, *numbers: str) -> Act:
    """The superior confirmed by a letter what is closed here."""

    def act(cast: Cast) -> None:
        told = closure.OnPaper(clock.today(), (scan, "认定函.docx"), body, "", document_number)
        for number in numbers:
            closure.confirm(cast.item(number), Decision.PASS, "予以认定", told=told, actor=cast.actor(OFFICE))

    return act


def to_the_application(script: Script, number: str, stored: StoredFile, day: int) -> None:
    """Everything up to the application on that day."""
    script.at(day - 20, 10, reported(number, "已召开专题会研究，制定专项整改措施，明确专人负责。", ticks=1))
    script.at(day - 6, 15, reported(number, "各项措施已落实到位，相关制度已印发执行。", ticks=3))
    script.at(day - 1, 9, proved(number, stored, "整改情况报告及佐证.docx"))
    script.at(day, 9, applied(number, "三条措施均已完成：制定专项措施、按月调度、完善制度，问题已整改到位，佐证齐全。"))


def to_the_closing(script: Script, number: str, stored: StoredFile, day: int, *, is_on_paper: bool = False) -> None:
    """From the application to the last signature on that day, here or on paper."""
    to_the_application(script, number, stored, day - 3)
    script.at(day - 3, 16, decided(number, 1, Decision.PASS, "情况属实，同意申请销号。"))
    script.at(day - 1, 10, decided(number, 2, Decision.PASS, "佐证齐全，符合销号条件。"))
    last = signed(number, stored, "同意销号。") if is_on_paper else decided(number, 3, Decision.PASS, "同意销号。")
    script.at(day, 11, last)
