"""Frozen data made by chance: any state, any days, parts of common problems, secret ones."""

from datetime import date, timedelta

from hypothesis import strategies as st

from tracker.core import clock
from tracker.items.rules import DeadlineKind, ItemKind, OwnWord, State
from tracker.meetings.frozen import Frozen, FrozenDecision, FrozenItem, FrozenWait

AS_OF = date(2026, 7, 31)
UNITS = ((1, "组织部"), (2, "宣传部"), (None, ""))
DECIDED = FrozenDecision(1, "列出时间表", 1, "组织部", AS_OF, "会议2026-1-001", State.WORKING, "已列", "", 900)
TEXT = st.text("整改落实情况，abc“”", max_size=12)


@st.composite
def frozen_items(draw: st.DrawFn, number: int) -> FrozenItem:
    unit_id, unit = draw(st.sampled_from(UNITS))
    state = draw(st.sampled_from([each for each in State if each is not State.VOID]))
    due_on = draw(st.none() | st.integers(-60, 60).map(lambda days: AS_OF + timedelta(days=days)))
    first = draw(st.integers(-60, 60).map(lambda days: AS_OF + timedelta(days=days))) if due_on else None
    is_closed = state is State.CLOSED
    return FrozenItem(
        id=number,
        number=f"巡察2026-1-{number:03d}",
        finding=draw(TEXT),
        kind=draw(st.sampled_from(ItemKind)),
        source_id=1,
        source="市委第二巡察组反馈",
        received_on=AS_OF - timedelta(days=draw(st.integers(0, 300))),
        aspect=draw(TEXT),
        unit_id=unit_id,
        unit=unit,
        leader=draw(TEXT),
        owner="",
        state=state,
        own_word=draw(st.sampled_from(OwnWord)),
        deadline_kind=draw(st.sampled_from(DeadlineKind)) if due_on else DeadlineKind.LONG_TERM,
        due_on=due_on,
        first_due_on=first,
        closed_on=AS_OF - timedelta(days=draw(st.integers(0, 60))) if is_closed else None,
        confirmed_on=draw(st.none() | st.just(AS_OF)) if is_closed else None,
        parent=draw(st.sampled_from(["", "", "巡察2026-1-900"])),
        progress=draw(TEXT),
        progress_on=draw(st.none() | st.just(AS_OF)),
        obstacle=draw(TEXT),
        next_step=draw(TEXT),
        asked_until=draw(st.none() | st.just(AS_OF + timedelta(days=30))),
        is_left_out=state is State.SUSTAINED and draw(st.booleans()),
    )


@st.composite
def worlds(draw: st.DrawFn) -> Frozen:
    items = tuple(draw(frozen_items(number)) for number in range(1, draw(st.integers(0, 8)) + 1))
    ids = [each.id for each in items]
    waits = draw(st.lists(st.sampled_from(ids), unique=True)) if ids else []
    return Frozen(
        title="7月整改工作调度会",
        held_on=AS_OF,
        scope="全部单位；全部来源；问题",
        as_of=AS_OF,
        known_at=clock.instant_at(AS_OF, 9),
        near_days=7,
        decimals=1,
        definition="销号率 = 已销号 ÷ 反馈总数",
        figures={},
        items=items,
        waits=tuple(FrozenWait(each, AS_OF, "李磊", "理由", AS_OF + timedelta(days=9)) for each in waits),
        last_decisions=(
            FrozenDecision(1, "列出时间表", 1, "组织部", AS_OF, "会议2026-1-001", State.WORKING, "已列", "", 900),
        ),
    )
