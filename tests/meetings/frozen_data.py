"""Frozen data made by hand: an item, a meeting, a world of any size. No database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tracker.figures.rules import FigureName
from tracker.items.rules import COUNTED, DeadlineKind, ItemKind, OwnWord, State
from tracker.meetings.frozen import Frozen, FrozenDecision, FrozenItem, FrozenWait, digest
from tracker.meetings.papers.material import Material
from tracker.meetings.standings import tally_of

AS_OF = date(2026, 7, 31)
CLOSED = {"state": State.CLOSED, "closed_on": date(2026, 7, 1)}
KNOWN_AT = datetime(2026, 7, 30, 9, 5, 12, tzinfo=UTC)
DEFINITION = "销号率 = 已销号 ÷ 反馈总数（含持续整改、含已批准延期，不含核减）；全部销号才显示100%。"
FINDING = "党建与业务“两张皮”问题仍然存在，责任落实不到位"
KEPT = (FigureName.TOTAL, FigureName.CLOSED, FigureName.OPEN, FigureName.OVERDUE)


def an_item(id: int = 1, **values: Any) -> FrozenItem:
    """An item at work in the 组织部, due in August."""
    usual: dict[str, Any] = {
        "number": f"巡察2026-1-{id:03}",
        "finding": FINDING,
        "kind": ItemKind.PROBLEM,
        "source_id": 1,
        "source": "市委巡察反馈",
        "received_on": date(2026, 3, 1),
        "aspect": "落实全面从严治党责任方面",
        "unit_id": 1,
        "unit": "组织部",
        "leader": "王某",
        "owner": "李某",
        "state": State.WORKING,
        "own_word": OwnWord.NONE,
        "deadline_kind": DeadlineKind.BY_DATE,
        "due_on": date(2026, 8, 20),
        "first_due_on": None,
        "closed_on": None,
        "confirmed_on": None,
    }
    item = usual | values
    return FrozenItem(id=id, **(item | {"first_due_on": item["first_due_on"] or item["due_on"]}))


def a_frozen(*items: FrozenItem, **values: Any) -> Frozen:
    """A meeting that looks at these items."""
    as_of = values.get("as_of", AS_OF)
    usual = {
        "title": "党建工作整改调度会",
        "held_on": as_of,
        "scope": "全部单位、全部来源",
        "as_of": as_of,
        "known_at": KNOWN_AT,
        "near_days": 7,
        "decimals": 1,
        "definition": DEFINITION,
        "figures": {},
        "items": items,
    }
    frozen = Frozen(**(usual | values))
    tally = tally_of(frozen)
    return replace(frozen, figures=values.get("figures", {name.value: getattr(tally, name) for name in KEPT}))


def material_of(frozen: Frozen, **values: Any) -> Material:
    """What papers are made of, with the hash of it all."""
    return Material(frozen, digest(frozen.to_text()), **values)


def a_world(units: int, items: int, *, unit_name: str = "第{}机关党委", title: str = "党建工作整改调度会") -> Frozen:
    """So many items, dealt out to so many units: about two thirds closed, some overdue, some asking for something."""
    dealt = tuple(_dealt(id, 1 + id % units, unit_name) for id in range(1, items + 1))
    waits = tuple(
        FrozenWait(each.id, date(2026, 7, 20), "孙某", "涉及历史资料核对，需要延长时间", until=each.asked_until)
        for each in dealt
        if each.state is State.APPLIED or each.asked_until
    )
    decisions = (
        FrozenDecision(
            1, "组织部牵头核对党费台账", 1, unit_name.format(1), date(2026, 7, 15), "会议2026-1-001", State.CLOSED
        ),
        FrozenDecision(2, "宣传部提出阵地管理办法", 2, unit_name.format(2), None),
    )
    values = {"waits": waits, "last_title": "六月调度会", "last_decisions": decisions} if items else {}
    return a_frozen(*dealt, title=title, **values)


def _dealt(id: int, unit: int, unit_name: str) -> FrozenItem:
    whose = {"unit_id": unit, "unit": unit_name.format(unit), "finding": f"{FINDING}（第{id}个）"}
    due_on = date(2026, 6, 1) + timedelta(days=id * 7 % 120)
    if id % 3:
        return an_item(id, **whose, state=State.CLOSED, due_on=due_on, closed_on=min(due_on, AS_OF))
    told = {"progress": "已完成台账核对，正在修订制度", "progress_on": date(2026, 7, 25)} if id % 2 else {}
    more = {"obstacle": "资料分散在三个部门", "next_step": "八月上旬集中补齐"} if id % 4 else {}
    asked = {"asked_until": date(2026, 9, 30)} if id % 5 == 0 else {}
    state = list(State)[id % 5]
    return an_item(id, **whose, state=state, due_on=due_on, **told, **more, **asked)


texts = st.text(alphabet=st.sampled_from("党建责任=+@<&\x07\n 1a"), max_size=30)
days = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@st.composite
def items_of_any_kind(draw: st.DrawFn, id: int) -> FrozenItem:
    """An item in any state of any unit, with any words."""
    state = draw(st.sampled_from(sorted(COUNTED | {State.WITHDRAWN})))
    due_on = draw(st.none() | days)
    return an_item(
        id,
        state=state,
        unit_id=(unit := draw(st.integers(1, 4))),
        unit=f"第{unit}支部",
        finding=draw(texts),
        own_word=draw(st.sampled_from(OwnWord)) if state is not State.CLOSED else OwnWord.NONE,
        due_on=due_on,
        deadline_kind=DeadlineKind.BY_DATE if due_on else DeadlineKind.LONG_TERM,
        closed_on=draw(days) if state is State.CLOSED else None,
        progress=draw(texts),
        obstacle=draw(texts),
        parent=draw(st.sampled_from(["", "", "", "巡察2026-1-900"])),
    )


@st.composite
def frozen_data(draw: st.DrawFn) -> Frozen:
    """Any frozen data of up to a dozen items."""
    items = [draw(items_of_any_kind(id)) for id in range(1, draw(st.integers(0, 12)) + 1)]
    asking = [each for each in items if each.state is State.APPLIED]
    waits = tuple(FrozenWait(each.id, AS_OF, "孙某", draw(texts)) for each in asking)
    return a_frozen(*items, waits=waits, decimals=draw(st.integers(0, 2)))
