"""Every figure of the facts under one name, with its words and its definition."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tracker.core.i18n import gettext as _
from tracker.core.i18n import lazy_gettext as _l
from tracker.figures.definitions import DEFINITIONS
from tracker.figures.rules import RATES, FigureName
from tracker.figures.years import YEAR_DEFINITIONS
from tracker.items.rules import ItemKind
from tracker.reports.rules import COUNTS, Facts, Figure, Scope, SourceFacts

STATES = (FigureName.DRAFT, FigureName.ISSUED, FigureName.WORKING, FigureName.APPLIED, FigureName.SUSTAINED)
COUNTED = (*COUNTS, FigureName.TOTAL, FigureName.OPEN)
# Figures that are no count of the tally, with what they are and how they are counted.
OTHERS: Mapping[str, tuple[object, object]] = {
    "source_count": (_l("来源数"), _l("本年度反馈的，或年初尚有未销号事项的来源。")),
    "lead_units": (_l("牵头单位数"), _l("列入统计的事项的牵头单位，每个单位计一次。")),
    "measures_total": (_l("整改措施"), _l("列入统计的事项的整改措施条数。")),
    "measures_done": (_l("已落实措施"), _l("到统计截止日已经落实的整改措施条数。")),
    "regulations_new": (_l("新建制度"), _l("本年度登记的整改成效。")),
    "regulations_revised": (_l("修订制度"), _l("本年度登记的整改成效。")),
    "recovered": (_l("追缴挽回资金（万元）"), _l("本年度登记的整改成效，按填报的数字列出。")),
    "meetings": (_l("召开整改工作会议"), _l("本年度登记的整改成效。")),
    "people": (_l("人员处理"), _l("本年度登记的整改成效，按类别列出，有一类不为零时零也列出。")),
    "unfinished": (_l("没有整改到位的"), _l("统计截止日尚未销号的事项，逐项列出。")),
    "withheld": (_l("不公开的"), _l("标明不公开的事项，公开稿不逐项列出。")),
    "fed_back": (_l("反馈数"), _l("来源反馈的全部事项，含后来核减的。")),
    "aspects": (_l("方面"), _l("来源中有事项的方面数。")),
    "categories": (_l("类别"), _l("来源中有事项的类别数。")),
}


class Count(int):
    """A number with its figure: to be compared in conditions and printed with its name."""

    figure: Figure

    @classmethod
    def of(cls, figure: Figure) -> "Count":
        """The number of a figure."""
        made = cls(figure.value)
        made.figure = figure
        return made


class Words(str):
    """A printed value with its figure, such as a rate."""

    figure: Figure

    @classmethod
    def of(cls, figure: Figure) -> "Words":
        """The printed value of a figure."""
        made = cls(figure.value)
        made.figure = figure
        return made


class Named(NamedTuple):
    """A figure as the page lists it: of what (empty: all problems), its words and its definition."""

    group: str
    label: str
    definition: str
    figure: Figure


def joined(group: str, label: str) -> str:
    """What a figure is called, behind its scope."""
    return str(_("%(group)s：%(label)s", group=group, label=label)) if group else label


def catalogue(facts: Facts, decimals: int) -> dict[str, Named]:
    """Every figure by its name, in the order of the page: problems, tasks, what was done, then each source."""
    return {named.figure.name: named for named in _all(facts, decimals)}


def _all(facts: Facts, decimals: int) -> Iterator[Named]:
    for scope, group in ((facts.problems, _("全部问题")), (facts.tasks, _("全部任务"))):
        if scope.sources:
            yield from _of_scope(scope, str(group), decimals)
            yield _other("unfinished", str(group), _unfinished(facts, scope))
            yield from _of_year(facts, scope, str(group))
    yield from _done(facts)
    for source in facts.sources:
        group, scope = _called(facts, source), source.scope
        yield _other("fed_back", group, Figure(f"{scope.prefix}fed_back", str(source.fed_back), _numbers(source)))
        for name in ("aspects", "categories"):
            yield _other(name, group, Figure(scope.prefix + name, str(getattr(source, name))))
        yield from _of_scope(scope, group, decimals)


def _of_year(facts: Facts, scope: Scope, group: str) -> Iterator[Named]:
    kind = ItemKind.TASK if scope.prefix else ItemKind.PROBLEM
    for each in facts.yearly:
        if each.kind is kind:
            told = YEAR_DEFINITIONS[each.name]
            figure = Figure(scope.prefix + each.name, str(len(each.item_numbers)), each.item_numbers)
            yield Named(group, str(told.label), str(told.sentence), figure)


def _called(facts: Facts, source: SourceFacts) -> str:
    """The title of a source, with the day of its feedback where another has the same."""
    alike = {each.id for each in facts.sources if each.title == source.title}
    return f"{source.title}（{source.received_on}）" if len(alike) > 1 else source.title


def _numbers(source: SourceFacts) -> tuple[str, ...]:
    return tuple(item.number for item in source.items)


def _of_scope(scope: Scope, group: str, decimals: int) -> Iterator[Named]:
    figures = [scope.figure(name) for name in COUNTED] + [scope.rate(name, decimals) for name in RATES]
    for name, figure in zip((*COUNTED, *RATES), figures, strict=True):
        told = DEFINITIONS[name]
        yield Named(group, str(told.label), str(told.sentence), figure)


def _other(name: str, group: str, figure: Figure) -> Named:
    label, definition = OTHERS[name]
    return Named(group, str(label), str(definition), figure)


def _unfinished(facts: Facts, scope: Scope) -> Figure:
    within = set(scope.numbers(FigureName.OPEN))
    named = tuple(item.number for item in facts.unfinished if item.number in within)
    return Figure(f"{scope.prefix}unfinished", str(len(named)), named)


def _done(facts: Facts) -> Iterator[Named]:
    group, done = str(_("措施与成效")), facts.outcomes
    counted = [item for source in facts.sources for item in source.items if item.is_counted]
    units = {item.lead_unit for item in counted} - {""}
    plain_ones = {
        "source_count": len({source.title for source in facts.sources}),
        "measures_total": facts.measures_total,
        "measures_done": facts.measures_done,
        "regulations_new": done.regulations_new,
        "regulations_revised": done.regulations_revised,
        "recovered": f"{done.recovered:f}" if done.recovered else "0",
        "meetings": done.meetings,
    }
    yield _other("lead_units", group, Figure("lead_units", str(len(units)), tuple(each.number for each in counted)))
    for name, value in plain_ones.items():
        yield _other(name, group, Figure(name, str(value)))
    for label, count in done.people:
        named = _other("people", group, Figure(f"people/{label}", str(count)))
        yield named._replace(label=label)
    yield _other("withheld", group, withheld(facts))


def withheld(facts: Facts) -> Figure:
    """How many of the items that are counted are not for the public."""
    listed = (item for source in facts.sources for item in source.items if item.is_counted and item.is_withheld)
    numbers = tuple(item.number for item in listed)
    return Figure("withheld", str(len(numbers)), numbers)
