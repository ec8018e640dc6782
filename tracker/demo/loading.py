"""Loading the made-up committee office: units, people, feedback and half a year of work, dated relative to today."""

import io
from datetime import timedelta
from pathlib import Path

from tracker.access.rules import SYSTEM
from tracker.closure.rules import Decision
from tracker.core import clock, files
from tracker.core.db import db, writing
from tracker.core.errors import Conflict
from tracker.core.files import StoredFile
from tracker.core.i18n import lazy_gettext as _l
from tracker.demo import people
from tracker.demo.life import (
    accepted,
    acknowledged,
    assigned,
    chained,
    confirmed,
    decided,
    declared,
    gained,
    issued,
    reported,
    to_the_application,
    to_the_closing,
)
from tracker.demo.looking import come_back, look_again
from tracker.demo.meeting import meet
from tracker.demo.report import report
from tracker.demo.requesting import request
from tracker.demo.script import Act, Cast, Script
from tracker.demo.watching import press, watch
from tracker.intake.operations import Plan, carry_out
from tracker.intake.rules import read_outline
from tracker.items import operations as items
from tracker.items.rules import DeadlineKind, ItemKind
from tracker.office.docx_writing import Document
from tracker.office.text_reading import read_text
from tracker.org import operations as org
from tracker.org import queries as org_queries
from tracker.org.passwords import hash_password
from tracker.progress.rules import OutcomeKind
from tracker.settings import operations as settings
from tracker.settings.queries import load as load_settings
from tracker.sources import operations as sources
from tracker.sources.rules import USUAL_CHAIN, SourceKind, StepKind

BY_DATE, AT_ONCE, LONG = DeadlineKind.BY_DATE, DeadlineKind.AT_ONCE, DeadlineKind.LONG_TERM
LEAD_UNITS = ("组织部", "宣传部", "纪检监察工委", "办公室")
LEADERS = ("李强", "张敏")


def load() -> bool:
    """Load the demo into an empty database; False when it is there already.

    Raises Conflict when a database holds something else, or a demo whose loading was cut off.
    """
    if is_loaded():
        return False
    session = db.session()
    if org_queries.list_units(session):
        raise Conflict(
            _l("数据库里已有其他数据，或演示数据上次没有装完。演示请使用空的数据文件夹（可删除 demo/ 后重试）。")
        )
    session.rollback()
    stored = _evidence()
    script = Script(clock.today())
    script.at(-220, 8, _people(hash_password(people.PASSWORD)))
    _self_check(script, stored)
    _supervision(script, stored)
    _campaign(script, stored)
    _appraisal(script)
    _work_plan(script)
    _watch(script, stored)
    meet(script)
    report(script)
    script.play()
    with writing():
        settings.put({"organ.name": people.ORGAN, "organ.short_name": people.SHORT_NAME}, actor=SYSTEM)
    return True


def is_loaded() -> bool:
    """Whether what the database holds is the demo."""
    organ: str = load_settings(db.session())["organ.name"]
    return organ == people.ORGAN


def _evidence() -> StoredFile:
    document = Document("整改情况报告", made_at=clock.now())
    document.paragraph("经研究，制定并落实整改措施三条，完善相关制度，形成长效机制。附会议纪要、签到表。")
    target = io.BytesIO()
    document.save(target)
    target.seek(0)
    return files.store(target, limit_bytes=10 << 20)


def _people(password_hash: str) -> Act:
    def act(_cast: Cast) -> None:
        root = org.add_unit(people.ROOT, parent=None, actor=SYSTEM)
        units = {people.ROOT: root} | {name: org.add_unit(name, parent=root, actor=SYSTEM) for name in people.UNITS}
        for each in people.PEOPLE:
            mail = f"{each.login}@example.invalid"
            details = org.Details(each.name, units[each.unit].id, title=each.title, mail=mail, phone=each.phone)
            person = org.add_person(details, actor=SYSTEM)
            org.open_account(person, each.login, actor=SYSTEM, password_hash=password_hash)
            for role in each.roles:
                org.grant(person, role, units[each.role_unit or each.unit], actor=SYSTEM)

    return act


def _received(script: Script, day: int, kind: SourceKind, title: str, issuing_body: str, name: str) -> None:
    def act(cast: Cast) -> None:
        data = (Path(__file__).parent / name).read_bytes()
        paragraphs = read_text(data)
        reading = read_outline(paragraphs)
        plan = Plan(
            kind=kind,
            title=title,
            received_on=clock.today(),
            lines=reading.lines,
            declared=reading.declared,
            paragraphs=[paragraph.text for paragraph in paragraphs],
            issuing_body=issuing_body,
        )
        carry_out(plan, actor=cast.actor("陈静"))

    script.at(day, 9, act)


def _numbers(script: Script, day: int, prefix: str, count: int) -> list[str]:
    year = (script.today + timedelta(days=day)).year
    return [f"{prefix}{year}-1-{serial:03d}" for serial in range(1, count + 1)]


def _share_out(script: Script, day: int, numbers: list[str], deadlines: list[tuple[DeadlineKind, int | None]]) -> None:
    for index, (number, (kind, due)) in enumerate(zip(numbers, deadlines, strict=True)):
        unit = LEAD_UNITS[index % 4]
        supporting = LEAD_UNITS[(index + 1) % 4] if index % 3 == 0 else ""
        script.at(day, 14, assigned(number, unit, LEADERS[index % 2], kind, due, supporting=supporting))


def _supervision(script: Script, stored: StoredFile) -> None:
    """Twenty-seven problems in every state, some late."""
    begin = -150
    title, body = "市纪委市监委内部督查反馈", "市纪委市监委督查组"
    _received(script, begin, SourceKind.SUPERVISION, title, body, "supervision.txt")
    numbers = _numbers(script, begin, "督查", 27)
    deadlines: list[tuple[DeadlineKind, int | None]] = [(AT_ONCE, None)] * 6
    deadlines += [(BY_DATE, due) for due in (60, 60, 75, 75, 90, 90, 100, 120, 120, 140, 146, 153, 156, 170, 180, 200)]
    deadlines += [(LONG, None)] * 5
    _share_out(script, begin + 3, numbers, deadlines)
    script.at(begin + 4, 9, chained(numbers[0], *USUAL_CHAIN, StepKind.SUPERIOR))
    script.at(begin + 6, 9, issued(*numbers))
    for number in numbers[:25]:
        script.at(begin + 8, 10, accepted(number))
    for number in numbers[25:]:
        script.at(begin + 12, 10, accepted(number))
    for index, number in enumerate(numbers[:16]):
        late = 4 if index == 8 else 0
        due = deadlines[index][1] or 15
        to_the_closing(
            script,
            number,
            stored,
            begin + max(due - 2 + late, 14 + index % 2) if due > 15 else begin + 34 + index,
            is_on_paper=index % 5 == 4,
        )
    script.at(-20, 15, confirmed(body, "青纪函〔2026〕12号", stored, *numbers[:8]))
    for index, kind, amount in ((0, OutcomeKind.REGULATION_NEW, "2"), (1, OutcomeKind.REGULATION_REVISED, "1")):
        script.at(begin + 25, 17, gained(numbers[index], kind, amount, "学习、调度等制度"))
    script.at(begin + 40, 17, gained(numbers[12], OutcomeKind.RECOVERED, "1.26", "退回超标准报销差旅费"))
    script.at(begin + 40, 17, gained(numbers[10], OutcomeKind.TALKED_TO, "3", "约谈有关处室负责人"))
    _still_open(script, stored, numbers)
    for number in numbers[22:]:
        script.at(-60, 10, reported(number, "已纳入季度检查，持续推进，上季度检查未发现反弹。", ticks=2))


def _still_open(script: Script, stored: StoredFile, numbers: list[str]) -> None:
    to_the_application(script, numbers[16], stored, -5)
    script.at(-4, 15, decided(numbers[16], 1, Decision.PASS, "情况属实，同意申请销号。"))
    to_the_application(script, numbers[17], stored, -6)
    script.at(-5, 15, decided(numbers[17], 1, Decision.PASS, "同意申请销号。"))
    script.at(-2, 10, decided(numbers[17], 2, Decision.PASS, "佐证齐全，同意报审。"))
    to_the_application(script, numbers[18], stored, -14)
    script.at(-13, 15, decided(numbers[18], 1, Decision.PASS, "同意申请销号。"))
    script.at(-10, 10, decided(numbers[18], 2, Decision.RETURN, "缺上月学习记录，请补签到表；措施三未见检查结果。"))
    script.at(-30, 10, reported(numbers[19], "已制定措施，正在推进，因人员变动进度偏慢。", ticks=1))
    script.at(-20, 10, reported(numbers[20], "主要措施已落实，正在完善制度。", ticks=2))
    script.at(-3, 10, declared(numbers[20], "主要措施已落实，取得阶段性成效，制度印发后长期坚持。"))
    script.at(-2, 11, acknowledged(numbers[20]))
    script.at(-1, 11, declared(numbers[19], "两条措施已落实，其余一条正在推进。"))
    to_the_application(script, numbers[21], stored, -1)


def _self_check(script: Script, stored: StoredFile) -> None:
    begin = -200
    title = "上年度述职报告“存在问题”部分"
    _received(script, begin, SourceKind.SELF_CHECK, title, "市直机关工委党支部", "self_check.txt")
    numbers = _numbers(script, begin, "自查", 3)
    _share_out(script, begin + 2, numbers, [(BY_DATE, 90), (BY_DATE, 120), (LONG, None)])
    script.at(begin + 3, 9, issued(*numbers))
    for number in numbers:
        script.at(begin + 4, 10, accepted(number))
    to_the_closing(script, numbers[0], stored, begin + 85)
    to_the_closing(script, numbers[1], stored, begin + 126)
    script.at(begin + 60, 15, gained(numbers[0], OutcomeKind.MEETING, "4", "专题研究党建工作"))
    script.at(-40, 10, reported(numbers[2], "坚持每月集中学习，已组织业务培训两期。", ticks=1))


def _campaign(script: Script, stored: StoredFile) -> None:
    begin = -100
    title = "专题教育查摆问题"
    _received(script, begin, SourceKind.CAMPAIGN, title, "市直机关工委领导班子", "campaign.txt")
    numbers = _numbers(script, begin, "专题", 5)
    _share_out(
        script, begin + 3, numbers, [(BY_DATE, 80), (BY_DATE, 93), (AT_ONCE, None), (BY_DATE, 102), (LONG, None)]
    )
    script.at(begin + 5, 9, issued(*numbers))
    for number in numbers:
        script.at(begin + 7, 10, accepted(number))
    to_the_closing(script, numbers[0], stored, begin + 70)
    to_the_closing(script, numbers[2], stored, begin + 40)
    script.at(-25, 10, reported(numbers[1], "年度课题已完成七项，其余三项正在调研。", ticks=1))
    to_the_application(script, numbers[4], stored, -30)
    script.at(-29, 10, decided(numbers[4], 1, Decision.PASS, "同意。"))
    script.at(-27, 10, decided(numbers[4], 2, Decision.SUSTAIN, "需长期坚持，转为持续整改，每季度检查一次。"))

    def withdraw(cast: Cast) -> None:
        items.withdraw(cast.item(numbers[3]), actor=cast.actor("陈静"), reason="与督查反馈问题重复，经上级同意核减。")

    script.at(begin + 30, 10, withdraw)


def _watch(script: Script, stored: StoredFile) -> None:
    numbers = _numbers(script, -150, "督查", 27)
    watch(script, numbers)
    press(script, _numbers(script, -100, "专题", 2)[-1], numbers[16])
    request(script, numbers, _numbers(script, -90, "要点", 3)[-1], _numbers(script, -200, "自查", 2)[-1])
    look_again(script, numbers, _numbers(script, -200, "自查", 3)[-1], stored)
    come_back(script, _numbers(script, -8, "述评", 1)[0])


def _appraisal(script: Script) -> None:
    """Fresh feedback: issued, partly accepted, one disputed, one still a draft."""
    begin = -8
    title = "上年度抓基层党建工作述职评议点评"
    _received(script, begin, SourceKind.APPRAISAL, title, "市委组织部", "appraisal.txt")
    numbers = _numbers(script, begin, "述评", 4)
    _share_out(script, begin + 1, numbers, [(BY_DATE, 40), (BY_DATE, 60), (BY_DATE, 90), (BY_DATE, 13)])
    script.at(begin + 3, 9, issued(numbers[0], numbers[1], numbers[3]))
    script.at(begin + 4, 10, accepted(numbers[0]))

    def ask(cast: Cast) -> None:
        actor = cast.actor("赵倩")
        unit = org_queries.find_units(db.session(), ["办公室"])["办公室"]
        items.ask_reassignment(
            cast.item(numbers[1]), reason="该项工作由办公室统筹，建议改派。", unit_id=unit.id, actor=actor
        )

    script.at(begin + 5, 10, ask)


def _work_plan(script: Script) -> None:
    begin = -90

    def draw_up(cast: Cast) -> None:
        actor = cast.actor("陈静")
        source = sources.draw_up(SourceKind.WORK_PLAN, "年度机关党建重点任务", clock.today(), actor=actor)
        for text in ("开展“五个一”主题活动", "组织机关党务干部轮训", "建设党建示范点三个", "开展帮扶村结对共建"):
            items.draw_up(source, text, kind=ItemKind.TASK, actor=actor)

    script.at(begin, 9, draw_up)
    numbers = _numbers(script, begin, "要点", 4)
    _share_out(script, begin + 1, numbers, [(BY_DATE, 95), (BY_DATE, 60), (BY_DATE, 120), (BY_DATE, 150)])
    script.at(begin + 2, 9, issued(*numbers))
    for number in numbers:
        script.at(begin + 3, 10, accepted(number))
    script.at(-15, 10, reported(numbers[0], "已组织四项活动，最后一项下周举行。", ticks=2))
