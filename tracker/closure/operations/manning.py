"""Who will decide the steps of an item: planned before it is issued, copied when it is applied for."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from tracker.closure import queries
from tracker.closure.rules import PlannedStep, find_unmanned, manned, plan_chain
from tracker.core.db import db
from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.models import Item
from tracker.sources.rules import STEP_LABELS, StepKind


class Obstacle(NamedTuple):
    """An item whose chain has a step that nobody is left to decide."""

    number: str
    step: StepKind


def plan_steps(item: Item, *, excluded: Collection[int]) -> list[PlannedStep]:
    """The steps of an application of these applicants; raises DomainError when one finds nobody."""
    planned = _plan([item], excluded)[item.id]
    unmanned = find_unmanned(manned(planned), excluded=excluded)
    if unmanned is not None:
        message = _l(
            "“%(step)s”环节除您和其他环节的审核人外，没有可以审核的人，暂不能申请销号。"
            "请联系整改办补充审核人或设置回避后的审核人，或由本单位其他人申请。",
            step=STEP_LABELS[unmanned],
        )
        raise DomainError(message)
    return planned


def _plan(of: Sequence[Item], excluded: Collection[int] = ()) -> Mapping[int, list[PlannedStep]]:
    manning = queries.list_manning(db.session(), of)
    return {
        item_id: plan_chain(each.steps, parties=each.parties, own=each.own, of_source=each.of_source, excluded=excluded)
        for item_id, each in manning.items()
    }


def list_obstacles(of: Sequence[Item]) -> list[Obstacle]:
    """Items with a step whose usual reviewers all keep out, with no route set; whoever issues sets one first."""
    planned = _plan([item for item in of if item.lead_unit_id is not None])
    found = [(item.number, find_unmanned(manned(planned.get(item.id, [])), excluded=())) for item in of]
    return [Obstacle(number, step) for number, step in found if step is not None]


def check_manned(of: Sequence[Item]) -> None:
    """Hook ``before_issue``: raise DomainError naming the items and steps for which a route is to be set first."""
    obstacles = list_obstacles(of)
    if obstacles:
        told = "、".join(f"{each.number}（{STEP_LABELS[each.step]}）" for each in obstacles)
        message = _l(
            "以下事项的审核环节只剩牵头单位的人或当事人，请先在事项页面的“回避设置”里指定由谁审核，再下发：%(items)s。",
            items=told,
        )
        raise DomainError(message)
