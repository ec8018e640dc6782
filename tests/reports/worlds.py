"""Facts to write sections of: one by hand, and any number at random."""

import itertools
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tracker.figures.rules import FigureName, Tally
from tracker.items.rules import ItemKind
from tracker.reports.rules import COUNTS, Facts, ItemFacts, Outcomes, SourceFacts, TypicalItem, UnfinishedItem, is_in
from tracker.sources.rules import NUMBER_PREFIXES, TASK_KINDS, SourceKind

F = FigureName
NEW_YEARS_EVE = date(2026, 12, 31)
KNOWN_AT = datetime(2026, 12, 31, 9, 12, 33, tzinfo=ZoneInfo("Asia/Shanghai"))
STATES = (F.DRAFT, F.ISSUED, F.WORKING, F.APPLIED, F.SUSTAINED, F.CLOSED, F.WITHDRAWN)
TITLES = (
    "市纪委市监委内部督查反馈",
    "市委第二巡察组反馈意见",
    "2025年度抓党建工作述职评议点评",
    "机关党支部自查",
    "2026年度工作要点",
    "学习教育查摆问题清单",
)


IDS = itertools.count(1)


def an_item(serial: int, *counted_in: FigureName, prefix: str = "督查", **facts: Any) -> ItemFacts:
    usual = {"text": f"第{serial}个“两张皮”问题，3项制度未完成", "lead_unit": "办公室", "deadline": "2026年6月30日"}
    return ItemFacts(f"{prefix}2026-1-{serial:03d}", counted_in=frozenset(counted_in), **(usual | facts))


def a_source(items: Iterable[ItemFacts], **facts: Any) -> SourceFacts:
    """A source whose tally is counted from its items, unless it is given."""
    listed = tuple(items)
    usual = {
        "id": next(IDS),
        "title": TITLES[0],
        "kind": SourceKind.SUPERVISION,
        "received_on": date(2026, 3, 16),
        "tally": tally_of(listed),
    }
    return SourceFacts(items=listed, **(usual | facts))


def tally_of(items: tuple[ItemFacts, ...]) -> Tally:
    fields = [name for name in COUNTS if name in Tally.__dataclass_fields__]
    return Tally(**{str(name): sum(is_in(item, name) for item in items) for name in fields})


def facts_of(*sources: SourceFacts, **facts: Any) -> Facts:
    """Facts as of New Year's Eve, with every open item named as unfinished."""
    still_open = [item for source in sources for item in source.items if is_in(item, F.OPEN)]
    named = tuple(UnfinishedItem(one.number, one.text, one.deadline, one.lead_unit, "补齐记录") for one in still_open)
    usual = {"year": 2026, "as_of": NEW_YEARS_EVE, "known_at": KNOWN_AT, "unfinished": named}
    return Facts(sources=sources, **(usual | facts))


def three_of_27_open() -> SourceFacts:
    """The supervision round of the samples: 24 closed, 2 at work, 1 sustained."""
    states = [F.CLOSED] * 24 + [F.WORKING] * 2 + [F.SUSTAINED]
    return a_source((an_item(serial, state) for serial, state in enumerate(states, 1)), aspects=3, categories=9)


@st.composite
def sources(draw: st.DrawFn, title: str) -> SourceFacts:
    kind = draw(st.sampled_from(SourceKind))
    states = draw(st.lists(st.sampled_from(STATES), max_size=12))
    items = tuple(
        an_item(serial, state, *draw(_marks(state)), prefix=f"{NUMBER_PREFIXES[kind]}{TITLES.index(title)}-")
        for serial, state in enumerate(states, 1)
    )
    return a_source(
        items,
        title=title,
        kind=kind,
        item_kind=ItemKind.TASK if kind in TASK_KINDS else ItemKind.PROBLEM,
        aspects=draw(st.integers(0, 4)),
        categories=draw(st.integers(0, 12)),
        accountable_body=draw(st.sampled_from(["", "市直纪检监察工委"])),
        declared_problems=draw(st.sampled_from([None, len(items), len(items), len(items) + 1])),
    )


def _marks(state: FigureName) -> st.SearchStrategy[set[FigureName]]:
    """What else may be true of an item in that state."""
    if state is F.WITHDRAWN:
        return st.just(set())
    if state is F.CLOSED:
        return st.sets(st.sampled_from([F.CONFIRMED, F.AT_ONCE, F.EXTENDED, F.CLOSED_ON_TIME]))
    word = st.sampled_from([set(), {F.COMPLETED_BY_UNIT}, {F.BASICALLY_COMPLETED}])
    return st.builds(set.union, word, st.sets(st.sampled_from([F.OVERDUE, F.AT_ONCE, F.EXTENDED])))


@st.composite
def worlds(draw: st.DrawFn) -> Facts:
    titles = draw(st.lists(st.sampled_from(TITLES), unique=True, max_size=4))
    drawn = [draw(sources(title)) for title in titles]
    closed = [item for source in drawn for item in source.items if is_in(item, F.CLOSED)]
    return facts_of(
        *drawn,
        measures_done=draw(st.integers(0, 20)),
        measures_total=draw(st.integers(0, 20)),
        outcomes=draw(_outcomes()),
        typical=tuple(TypicalItem(item.number, item.text, "已补齐2份记录。") for item in closed[:2]),
    )


def _outcomes() -> st.SearchStrategy[Outcomes]:
    few = st.integers(0, 3)
    money = st.decimals(0, 1000, places=2)
    people = st.lists(
        st.tuples(st.sampled_from(["批评教育", "诫勉谈话"]), few), max_size=2, unique_by=lambda pair: pair[0]
    )
    return st.builds(Outcomes, few, few, st.one_of(st.just(Decimal(0)), money), few, people.map(tuple))
