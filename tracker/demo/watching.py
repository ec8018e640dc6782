"""What the office does so that the work goes on: reporting rounds, nudges, calls, a notice, a superior's form."""

import io
from datetime import timedelta
from uuid import NAMESPACE_OID, uuid5

from tracker.access.rules import reach
from tracker.core import clock
from tracker.core.db import db
from tracker.demo.life import LIAISONS, OFFICE
from tracker.demo.script import Act, Cast, Script
from tracker.intake.operations import ledger
from tracker.items import operations as items
from tracker.nudges import operations as nudges
from tracker.nudges import queries as notices
from tracker.nudges.models import SupervisionNotice
from tracker.nudges.rules.nudging import Told
from tracker.org import operations as org
from tracker.outbox import operations as messages
from tracker.rounds import operations as rounds
from tracker.rounds import queries as reports
from tracker.rounds.models import OwedReport
from tracker.rounds.rules import RhythmKind, Shift, Show
from tracker.sources import operations as sources
from tracker.sources.queries import find_milestone
from tracker.sources.rules import MilestoneKind
from tracker.submissions import operations as submissions
from tracker.submissions import queries as forms

BEGIN = -75
EARLIER = "对照措施逐项推进，本期完成阶段检查，发现的问题已列出清单限时解决。"
LATELY = "清单所列问题已解决八成，其余本月内完成，相关制度正在征求意见。"
HEADINGS = ("序号", "存在问题", "整改措施", "责任单位", "责任人", "整改时限", "整改进展", "是否销号", "备注")


def watch(script: Script, numbers: list[str]) -> None:
    """Rounds over the items of one source for ten weeks, the present one due in five days; its superior's form."""
    day = min((script.today + timedelta(days=5)).day, 28)
    script.at(BEGIN, 9, _rhythm(numbers[0], day))
    for accepting in range(BEGIN + 7, -6, 7):
        script.at(accepting, 17, _accepted(numbers[0]))
    script.at(-29, 9, _handed_in(EARLIER, *LIAISONS))
    script.at(-3, 9, _handed_in(LATELY, "组织部"))
    script.at(-3, 17, _accepted(numbers[0]))
    script.at(-2, 9, _handed_in(LATELY, "办公室", "宣传部"))
    script.at(-2, 16, _returned(numbers[0], "宣传部"))
    script.at(-40, 9, _form(numbers[0]))
    script.at(-31, 9, _issued(numbers[0], is_signed=True))
    script.at(-1, 9, _issued(numbers[0], is_signed=False))
    script.at(-1, 16, _substitute)
    script.at(-145, 9, _dates(numbers[0], {MilestoneKind.PLAN: -131, MilestoneKind.RECTIFICATION_ENDS: 8}))
    script.at(-133, 15, _plan_handed_in(numbers[0]))
    script.at(-100, 15, _staged(numbers[19], {"完成制度修订": -70, "组织一次专项检查": 6}))


def press(script: Script, late: str, other: str) -> None:
    """Two late items: for one everything up to the notice that was sent, for the other a draft."""
    script.at(-6, 9, _nudged(late))
    script.at(-5, 10, _replied(late, "已请示分管领导，本周五前报送阶段情况。"))
    script.at(-3, 15, _called(late, "赵丽", "两项课题周五前交初稿，其余一项需延期。"))
    script.at(-3, 16, _drafted(late))
    script.at(-2, 10, _signed(late, "张敏"))
    script.at(-2, 11, _sent(late))
    script.at(-1, 10, _drafted(other))


def _rhythm(number: str, day: int) -> Act:
    def act(cast: Cast) -> None:
        source, actor, today = cast.item(number).source, cast.actor(OFFICE), clock.today()
        rounds.set_rhythm(source, RhythmKind.MONTHLY, day=day, shift=Shift.BEFORE, starts_on=today, actor=actor)

    return act


def _handed_in(text: str, *units: str) -> Act:
    """Liaisons report all that they owe; what is long-term has not changed."""

    def act(cast: Cast) -> None:
        session = db.session()
        for unit in units:
            actor = cast.actor(LIAISONS[unit])
            owed = [each.id for each in reports.list_reports(session, reports.select_own(actor, clock.today()))]
            for report in reports.list_locked(session, actor, owed, clock.today()).values():
                is_unchanged = report.item.due_on is None
                told = "长期坚持事项，按季度检查。" if is_unchanged else text
                rounds.give([rounds.Told(report, told, is_unchanged=is_unchanged)], actor=actor)

    return act


def _accepted(number: str) -> Act:
    """The office accepts whatever waits."""

    def act(cast: Cast) -> None:
        if waiting := _waiting(cast, number):
            rounds.accept_reports(waiting, actor=cast.actor(OFFICE))

    return act


def _returned(number: str, unit: str) -> Act:
    def act(cast: Cast) -> None:
        waiting = [each for each in _waiting(cast, number) if each.unit.name == unit]
        if waiting:
            rounds.return_report(waiting[0], "只写了推进，没有写做了什么、还差什么。", actor=cast.actor(OFFICE))

    return act


def _waiting(cast: Cast, number: str) -> list[OwedReport]:
    session, seen_by, source_id = db.session(), reach(cast.actor(OFFICE)), cast.item(number).source_id
    of_source = (
        each for each in reports.list_rounds(session, reports.select_rounds(seen_by)) if each.source_id == source_id
    )
    queries = [reports.select_reports(seen_by, each.id, show=Show.WAITING, unit_id=None) for each in of_source]
    return [report for query in queries for report in reports.list_reports(session, query)]


def _called(number: str, whom: str, answer: str) -> Act:
    def act(cast: Cast) -> None:
        rounds.log_call(cast.item(number), whom=whom, answer=answer, called_at=None, actor=cast.actor(OFFICE))

    return act


def _nudged(number: str) -> Act:
    def act(cast: Cast) -> None:
        told = (Told.HANDLER, Told.LIAISON)
        sentence = "已过整改时限，请三个工作日内报送阶段情况。"
        nudges.nudge([cast.item(number)], told, sentence, batch=_press(number), actor=cast.actor(OFFICE))

    return act


def _replied(number: str, text: str) -> Act:
    def act(cast: Cast) -> None:
        (sent,) = notices.list_of_batch(db.session(), _press(number))
        unit = cast.item(number).lead_unit
        assert unit is not None, number
        liaison = cast.actor(LIAISONS[unit.name])
        assert liaison.person_id is not None
        messages.mark_all_read(liaison.person_id)
        nudges.reply(sent, text, actor=liaison)

    return act


def _press(number: str) -> str:
    """What one press of the button is known by: 32 hexadecimal digits."""
    return uuid5(NAMESPACE_OID, number).hex


def _drafted(number: str) -> Act:
    """The office drafts a notice, unless a rule has done so already."""

    def act(cast: Cast) -> None:
        item = cast.item(number)
        if not notices.list_on_notices(db.session(), [item.id]):
            nudges.draft([item], actor=cast.actor(OFFICE))

    return act


def _notice(cast: Cast, number: str) -> SupervisionNotice:
    (notice,) = notices.list_on_notices(db.session(), [cast.item(number).id]).values()
    return notices.get_notice(db.session(), notice.id, cast.actor(OFFICE), lock=True)


def _signed(number: str, leader: str) -> Act:
    """The leader signs, after the office has given the unit its usual time from that day."""

    def act(cast: Cast) -> None:
        notice, day = _notice(cast, number), nudges.usual_feedback_day()
        nudges.edit(notice, demand=notice.demand, feedback_due_on=day, actor=cast.actor(OFFICE))
        nudges.sign_here(notice, actor=cast.actor(leader))

    return act


def _sent(number: str) -> Act:
    return lambda cast: nudges.send(_notice(cast, number), actor=cast.actor(OFFICE))


def _substitute(cast: Cast) -> None:
    """Away for a week."""
    days = {"since": clock.today(), "until": clock.today() + timedelta(days=7)}
    absent, substitute = cast.person("周涛"), cast.person("吴迪")
    org.name_substitute(absent, substitute, **days, reason="参加党校培训", actor=cast.actor("周涛"))


def _blank() -> io.BytesIO:
    from openpyxl import Workbook

    book, stream = Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    sheet.append(["督查反馈问题整改情况月报表"])
    sheet.append(["填报单位：", None, None, "截至日期：    年  月  日"])
    sheet.append(HEADINGS)
    sheet.append([None])
    sheet.append(["合计：{{总数}}个，已销号{{已销号}}个，销号率{{销号率}}"])
    for letter, width in zip("ABCDEFGHI", (6, 36, 36, 16, 10, 14, 36, 10, 12), strict=True):
        sheet.column_dimensions[letter].width = width
    book.save(stream)
    return stream


def _dates(number: str, days: dict[MilestoneKind, int]) -> Act:
    """What the source itself has to keep, in days from today."""
    today = clock.today()

    def act(cast: Cast) -> None:
        for kind, day in days.items():
            date = sources.Date(kind, "", today + timedelta(days=day))
            sources.set_milestone(cast.item(number).source, date, actor=cast.actor(OFFICE))

    return act


def _plan_handed_in(number: str) -> Act:
    def act(cast: Cast) -> None:
        milestone = find_milestone(db.session(), cast.item(number).source_id, MilestoneKind.PLAN, "")
        assert milestone is not None, number
        actor, on = cast.actor(OFFICE), clock.today()
        sources.hand_in(milestone, sources.Handed(on, "青直工委〔2026〕12号"), actor=actor)

    return act


def _staged(number: str, days: dict[str, int]) -> Act:
    """Dates inside an item, in days from today."""
    today = clock.today()

    def act(cast: Cast) -> None:
        for title, day in days.items():
            items.add_milestone(cast.item(number), title, today + timedelta(days=day), actor=cast.actor(OFFICE))

    return act


def _form(number: str) -> Act:
    """The blank that the superior wants filled every month."""

    def act(cast: Cast) -> None:
        table = ledger.receive_table(_blank(), "月报表（空表）.xlsx", limit_bytes=10 << 20)
        source = cast.item(number).source
        submissions.draw_up(
            table, source, "督查反馈问题整改情况月报表", recipient="市纪委市监委", actor=cast.actor(OFFICE)
        )

    return act


def _issued(number: str, *, is_signed: bool) -> Act:
    """The form filled as of the day, handed in once it is signed."""

    def act(cast: Cast) -> None:
        session, actor = db.session(), cast.actor(OFFICE)
        source_id = cast.item(number).source_id
        (form,) = (each for each in forms.list_forms(session) if each.source_id == source_id)
        issue = forms.last_issue(session, form.id) + 1
        gathered = submissions.gather(session, form, as_of=clock.today(), issue=issue, actor=actor)
        kept = submissions.issue(
            form, submissions.keep(gathered), due_on=clock.today() + timedelta(days=2), actor=actor
        )
        if is_signed:
            told = {"signed_by": "李强", "handed_in_on": clock.today(), "due_on": kept.due_on, "note": ""}
            submissions.hand_in(kept, actor=actor, version=kept.version, scan=None, **told)

    return act
