"""Closed items looked at again: one held, one came back, one waits; what is kept up for ever is checked."""

from datetime import timedelta

from tracker.access.rules import Action, reach
from tracker.core import clock
from tracker.core.db import db
from tracker.core.files import StoredFile
from tracker.demo.life import OFFICE
from tracker.demo.script import Act, Cast, Script
from tracker.items import operations as items
from tracker.progress.operations import Received
from tracker.reinspections import operations as looks
from tracker.reinspections import queries
from tracker.reinspections.models import Reinspection
from tracker.reinspections.operations import Result, Seen, Wish
from tracker.reinspections.rules import LookEvent, Population, Size

INSPECTOR, SEED = "何芳", "318"


def look_again(script: Script, numbers: list[str], lasting: str, stored: StoredFile) -> None:
    """A draw of three from one source; checks of its lasting items, one of them due again, and of one of another."""
    script.at(-13, 9, _drawn(numbers[0]))
    script.at(-13, 10, _given)
    script.at(-6, 15, _found(0, LookEvent.PASS, "查阅近三个月会议记录和签到表，制度执行正常，成效保持。", stored))
    script.at(-5, 16, _found(1, LookEvent.REBOUND, "抽查上月台账，同类问题又出现3处，责任人未按月核对。", stored))
    script.at(-104, 10, _checked(lasting, "每月集中学习均有记录，坚持得好。", 110, stored))
    script.at(-65, 10, _checked(numbers[22], "查看季度检查记录，制度坚持执行。", 30, stored))
    script.at(
        -34,
        10,
        _checked(numbers[22], "上月有一次没有按制度执行，已当场提醒，缩短检查间隔。", 30, stored, is_kept=False),
    )
    for number in numbers[23:]:
        script.at(-52, 10, _checked(number, "实地查看，制度坚持执行，没有反弹。", 90, stored))


def come_back(script: Script, number: str) -> None:
    """A draft by hand that resembles a closed item, which its page offers to be linked with."""
    finding = "第一议题制度坚持不够经常，上季度有1个月未组织集中学习"
    script.at(-1, 11, lambda cast: _draw_up(cast, number, finding))


def _draw_up(cast: Cast, number: str, finding: str) -> None:
    items.draw_up_by_hand(cast.item(number).source, finding, actor=cast.actor(OFFICE))


def _drawn(number: str) -> Act:
    def act(cast: Cast) -> None:
        population = Population(source_id=cast.item(number).source_id)
        wish = Wish(population, Size(number=3), SEED, "第一次回头看，种子由纪检监察工委现场摇号")
        looks.draw(wish, actor=cast.actor(OFFICE))

    return act


def _looks(cast: Cast) -> list[Reinspection]:
    session, actor = db.session(), cast.actor(OFFICE)
    chosen = queries.LookFilter(draw_id=queries.last_serial(session))
    of_draw = queries.list_looks(session, queries.select_looks(actor, chosen))
    held = [look.id for look in of_draw]
    return list(queries.list_held(session, held, reach(actor, Action.REINSPECT), lock=True))


def _given(cast: Cast) -> None:
    until = clock.today() + timedelta(days=15)
    looks.assign(_looks(cast), cast.person(INSPECTOR).id, until, actor=cast.actor(OFFICE))


def _found(place: int, event: LookEvent, findings: str, stored: StoredFile) -> Act:
    def act(cast: Cast) -> None:
        shown = [Received(stored, "检查记录.docx")]
        result = Result(event, clock.today(), findings, shown)
        looks.record_result(_looks(cast)[place], result, actor=cast.actor(INSPECTOR))

    return act


def _checked(number: str, findings: str, days: int, stored: StoredFile, *, is_kept: bool = True) -> Act:
    def act(cast: Cast) -> None:
        shown = [Received(stored, "季度检查记录.docx")]
        seen = Seen(is_kept, clock.today(), findings, clock.today() + timedelta(days=days), shown)
        looks.check(cast.item(number), seen, actor=cast.actor(OFFICE))

    return act
