"""What wordings and drafts may name: every figure of the facts under one name, and the lists beside them."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tracker.core.i18n import gettext as _
from tracker.core.i18n import lazy_gettext as _l
from tracker.figures.rules import DEFINITIONS, RATES, FigureName
from tracker.items.rules import ItemKind
from tracker.office.numerals import chinese_date
from tracker.office.text_templates import Record, Rows, Shape
from tracker.reports.rules import COUNTS, Answer, Facts, Figure, Scope, SourceFacts, UnfinishedItem
from tracker.reports.statements import phrase_of
from tracker.reports.texts import chip, plain
from tracker.sources.rules import SourceKind

# Longer lists are read in the attached tables, where every item has its row.
NAMED_IN_TEXT = 30
STATES = (FigureName.DRAFT, FigureName.ISSUED, FigureName.WORKING, FigureName.APPLIED, FigureName.SUSTAINED)
_STATE_WORDS = ("待下发", "待签收", "整改中", "已申请销号待审批", "持续整改")
_COUNTED = (*COUNTS, FigureName.TOTAL, FigureName.OPEN)
_STANCE = {
    SourceKind.INSPECTION: "巡视巡察反馈",
    SourceKind.SUPERVISION: "督查反馈",
    SourceKind.APPRAISAL: "述职评议点评指出",
    SourceKind.DEMOCRATIC_LIFE: "民主生活会、组织生活会查摆",
    SourceKind.CAMPAIGN: "专题教育查摆",
    SourceKind.AUDIT: "审计指出",
    SourceKind.SELF_CHECK: "自查发现",
    SourceKind.MEETING: "会议议定",
    SourceKind.WORK_PLAN: "年度部署",
    SourceKind.ASSIGNMENT: "上级交办",
}
# Figures that are no count of the tally, with what they are and how they are counted.
OTHERS: Mapping[str, tuple[object, object]] = {
    "sources": (_l("来源数"), _l("本年度反馈的，或年初尚有未销号事项的来源。")),
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


def catalogue(facts: Facts, decimals: int) -> dict[str, Named]:
    """Every figure by its name, in the order of the page: problems, tasks, what was done, then each source."""
    return {named.figure.name: named for named in _all(facts, decimals)}


def _all(facts: Facts, decimals: int) -> Iterator[Named]:
    for scope, group in ((facts.problems, _("全部问题")), (facts.tasks, _("全部任务"))):
        if scope.sources:
            yield from _of_scope(scope, str(group), decimals)
            yield _other("unfinished", str(group), _unfinished(facts, scope))
    yield from _done(facts)
    for source in facts.sources:
        group, scope = source.title, facts.scope_of(source)
        yield _other("fed_back", group, Figure(f"{scope.prefix}fed_back", str(source.fed_back), _numbers(source)))
        for name in ("aspects", "categories"):
            yield _other(name, group, Figure(scope.prefix + name, str(getattr(source, name))))
        yield from _of_scope(scope, group, decimals)


def _numbers(source: SourceFacts) -> tuple[str, ...]:
    return tuple(item.number for item in source.items)


def _of_scope(scope: Scope, group: str, decimals: int) -> Iterator[Named]:
    figures = [scope.figure(name) for name in _COUNTED] + [scope.rate(name, decimals) for name in RATES]
    for name, figure in zip((*_COUNTED, *RATES), figures, strict=True):
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
        "sources": len({source.title for source in facts.sources}),
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
    withheld = tuple(item.number for item in counted if item.is_withheld)
    yield _other("withheld", group, Figure("withheld", str(len(withheld)), withheld))


_SOURCE_FIELDS = ("fed_back", "aspects", "categories", *(str(name) for name in (*_COUNTED, *RATES)))
SHAPE: Shape = {
    **{str(name): None for name in (*_COUNTED, *RATES)},
    **{name: None for name in OTHERS if name not in ("people", "unfinished", "fed_back", "aspects", "categories")},
    **dict.fromkeys(("year", "as_of", "targets", "items", "problem_sources", "task_sources")),
    "unfinished_problems": None,
    "unfinished_tasks": None,
    "unfinished_in_table": None,
    "tasks": Record(str(name) for name in (*_COUNTED, *RATES)),
    "states": Rows({"label", "count"}),
    "task_states": Rows({"label", "count"}),
    "results": Rows({"label", "count", "measure"}),
    "people": Rows({"label", "count"}),
    "typical": Rows({"number", "text", "done"}),
    "unfinished": Rows({"number", "text", "lead_unit", "deadline", "next_step"}),
    "appraisal_points": Rows({"number", "text", "is_closed", "done", "lead_unit", "deadline", "next_step"}),
    "sources": Rows({"title", "phrase", "accountable_body", *_SOURCE_FIELDS}),
    "sources_of_tasks": Rows({"title", "phrase", "accountable_body", *_SOURCE_FIELDS}),
}
# What is no figure, and the lists, in words for whoever edits a wording.
_EXPLAINED: Mapping[str, object] = {
    "year": _l("报告年度"),
    "as_of": _l("统计截止日"),
    "targets": _l("整改什么：按来源种类列出，如“巡视巡察反馈、督查反馈的突出问题”"),
    "items": _l("问题和任务共有多少；没有时为 0，可用于条件"),
    "problem_sources": _l("有问题的来源有几个；可用于条件"),
    "task_sources": _l("有任务的来源有几个；可用于条件"),
    "unfinished_problems": _l("没有整改到位的问题数"),
    "unfinished_tasks": _l("没有整改到位的任务数"),
    "unfinished_in_table": _l("没有整改到位的多于 30 个，不在正文逐项列出；可用于条件"),
    "tasks": _l("任务的同名数字，如 tasks.total"),
    "states": _l("未销号问题的各状态"),
    "task_states": _l("未销号任务的各状态"),
    "results": _l("不为零的整改成效"),
    "people": _l("人员处理，按类别"),
    "typical": _l("典型事项：本期最后销号的，每个来源一个，至多 3 个"),
    "unfinished": _l("没有整改到位的事项，至多 30 个"),
    "appraisal_points": _l("述职评议点评指出的问题，逐条"),
    "sources": _l("有问题的来源，带各自的数字"),
    "sources_of_tasks": _l("有任务的来源，带各自的数字"),
}


class Explained(NamedTuple):
    """A name that a wording may use, what it stands for, and the names within it."""

    name: str
    words: str
    within: tuple[str, ...]


def described() -> list[Explained]:
    """All that a wording may name, in words."""
    found = []
    for name, within in SHAPE.items():
        words = _EXPLAINED.get(name) or (OTHERS[name][0] if name in OTHERS else DEFINITIONS[FigureName(name)].label)
        found.append(Explained(name, str(words), tuple(sorted(within or ()))))
    return found


_RESULTS = (
    ("regulations_new", "新建制度", "项"),
    ("regulations_revised", "修订制度", "项"),
    ("recovered", "追缴挽回资金", "万元"),
    ("meetings", "召开整改工作会议", "次"),
)


def values(facts: Facts, figures: Mapping[str, Named]) -> dict[str, Any]:
    """What a wording is filled with: ``SHAPE`` with its values."""

    def value(name: str) -> Count | Words:
        figure = figures[name].figure
        return Count.of(figure) if figure.value.isdigit() else Words.of(figure)

    def of(prefix: str) -> dict[str, Any]:
        return {str(name): value(prefix + name) if prefix + name in figures else 0 for name in (*_COUNTED, *RATES)}

    problems, tasks = of(""), of("tasks/")
    listed = _by_kind(facts, figures, value)
    to_do = [each for each in facts.unfinished if each.number not in facts.withheld]
    return {
        **problems,
        **{name: value(name) for name in OTHERS if name in figures},
        "tasks": tasks,
        "year": str(facts.year),
        "as_of": chinese_date(facts.as_of),
        "targets": _targets(facts),
        "items": facts.everything.tally.total,
        "problem_sources": len(facts.problems.sources),
        "task_sources": len(facts.tasks.sources),
        "sources": listed[ItemKind.PROBLEM],
        "sources_of_tasks": listed[ItemKind.TASK],
        "states": _states(problems),
        "task_states": _states(tasks),
        "results": [
            {"label": label, "count": value(name), "measure": measure}
            for name, label, measure in _RESULTS
            if figures[name].figure.value != "0"
        ],
        "people": [{"label": label, "count": value(f"people/{label}")} for label, _n in facts.outcomes.people],
        "typical": [
            {"number": each.number, "text": quoted(each.text), "done": _ended(each.done)}
            for each in facts.typical
            if each.number not in facts.withheld
        ],
        "appraisal_points": [_answer(each) for each in facts.answers if each.number not in facts.withheld],
        "unfinished_problems": value("unfinished") if "unfinished" in figures else 0,
        "unfinished_tasks": value("tasks/unfinished") if "tasks/unfinished" in figures else 0,
        "unfinished_in_table": len(to_do) > NAMED_IN_TEXT,
        "unfinished": [_to_do(each) for each in to_do] if len(to_do) <= NAMED_IN_TEXT else [],
    }


def _by_kind(facts: Facts, figures: Mapping[str, Named], value: Any) -> dict[ItemKind, list[dict[str, Any]]]:
    found: dict[ItemKind, list[dict[str, Any]]] = {kind: [] for kind in ItemKind}
    for source in facts.sources:
        prefix = facts.scope_of(source).prefix
        told = {"title": source.title, "phrase": phrase_of(source), "accountable_body": source.accountable_body}
        found[source.item_kind].append(told | {name: value(prefix + name) for name in _SOURCE_FIELDS})
    return found


def _states(counts: Mapping[str, Any]) -> list[dict[str, Any]]:
    pairs = zip(STATES, _STATE_WORDS, strict=True)
    return [{"label": words, "count": counts[state]} for state, words in pairs if counts[state]]


def _targets(facts: Facts) -> str:
    return "和".join(
        "、".join(dict.fromkeys(_STANCE[source.kind] for source in scope.sources)) + f"的{word}"
        for scope, word in ((facts.problems, "突出问题"), (facts.tasks, "重点任务"))
        if scope.sources
    )


def quoted(text: str) -> str:
    """Somebody else's words in quotation marks, their own marks turned into inner ones."""
    return f"“{text.strip().rstrip('。；;').replace('“', '‘').replace('”', '’')}”"


def _ended(text: str) -> str:
    return text.strip().rstrip("。；;")


def _to_do(item: UnfinishedItem) -> dict[str, str]:
    step = _ended(item.next_step.strip().removeprefix("下一步").lstrip("，："))
    unit, deadline = item.lead_unit or "待明确", item.deadline or "待明确"
    told = {"number": item.number, "text": quoted(item.text), "lead_unit": unit}
    return told | {"deadline": deadline, "next_step": step}


def _answer(point: Answer) -> dict[str, Any]:
    to_do = UnfinishedItem(point.number, point.text, point.deadline, point.lead_unit, point.next_step)
    return _to_do(to_do) | {"is_closed": point.is_closed, "done": _ended(point.done)}


def printed(value: Any) -> str:
    """A value within a draft: figures with their names, words on one line."""
    if isinstance(value, Count | Words):
        return chip(value.figure)
    words = plain(str(value))
    # At the beginning of a line this sign would open a part.
    return "＃" + words[1:] if words.startswith("#") else words
