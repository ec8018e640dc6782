"""What units and the office ask for on the way: later deadlines, changes, a closed item taken up again."""

from datetime import timedelta

from tracker.amendments import operations as amendments
from tracker.amendments.models import Amendment
from tracker.amendments.rules import Amended
from tracker.core.db import db
from tracker.corrections import operations as corrections
from tracker.corrections.rules import CorrectionKind
from tracker.demo.life import LIAISONS, OFFICE
from tracker.demo.script import Act, Cast, Script
from tracker.extensions import operations as extensions
from tracker.extensions import queries as delays
from tracker.extensions.rules import Verdict
from tracker.requests.queries import find_pending
from tracker.requests.rules import RequestEvent


def request(script: Script, numbers: list[str], task: str, closed: str) -> None:
    """One extension granted and one waiting, one change approved and one waiting, one item to be taken up again."""
    script.at(-24, 9, _delay_asked(numbers[20], 60, "制度须经职代会审议，会议改在下月召开。"))
    script.at(-23, 10, _delay_granted(numbers[20], OFFICE, "理由属实，同意报审。"))
    script.at(-22, 10, _delay_granted(numbers[20], "李强", "同意，不得再延。"))
    script.at(-1, 9, _delay_asked(numbers[19], 30, "分管人员变动，整改方案需重新审定。"))
    script.at(-12, 9, _change_asked(task, Amended.GOAL, "建成示范点三个，总结一套做法。", "上级明确了示范点标准。"))
    script.at(-11, 15, _change_approved(task, "符合实际，同意变更。"))
    script.at(-1, 10, _change_asked(numbers[24], Amended.SUPPORTING_UNITS, "纪检监察工委", "改由该委配合监督检查。"))
    script.at(-1, 15, _reopening_asked(closed, "回头看发现台账又有漏登，须重新整改。"))


def _liaison(cast: Cast, number: str) -> str:
    unit = cast.item(number).lead_unit
    assert unit is not None, number
    return LIAISONS[unit.name]


def _delay_asked(number: str, days: int, reason: str) -> Act:
    def act(cast: Cast) -> None:
        item = cast.item(number)
        assert item.due_on is not None, number
        until = item.due_on + timedelta(days=days)
        wish = extensions.Wish(until, reason, "已完成两条措施，其余一条正在征求意见。", "倒排工期，每周调度一次。")
        extensions.ask(item, wish, actor=cast.actor(_liaison(cast, number)))

    return act


def _delay_granted(number: str, decider: str, opinion: str) -> Act:
    def act(cast: Cast) -> None:
        asked = delays.find_pending(db.session(), cast.item(number).id)
        assert asked is not None, number
        ruling = extensions.Ruling(Verdict.GRANT, asked.asked_until, opinion)
        extensions.decide(asked, ruling, actor=cast.actor(decider))

    return act


def _change_asked(number: str, field: Amended, text: str, reason: str) -> Act:
    def act(cast: Cast) -> None:
        item = cast.item(number)
        wanted = {**amendments.standing(item), field: text}
        amendments.ask(item, wanted, reason, actor=cast.actor(_liaison(cast, number)))

    return act


def _change_approved(number: str, opinion: str) -> Act:
    def act(cast: Cast) -> None:
        asked = find_pending(db.session(), Amendment, cast.item(number).id)
        assert asked is not None, number
        amendments.decide(asked, RequestEvent.APPROVE, opinion, actor=cast.actor(OFFICE))

    return act


def _reopening_asked(number: str, reason: str) -> Act:
    def act(cast: Cast) -> None:
        corrections.ask(cast.item(number), CorrectionKind.REOPEN, reason, actor=cast.actor(OFFICE))

    return act
