"""What a wording may name, in words, and the values with which it is filled."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from tracker.core.i18n import lazy_gettext as _l
from tracker.figures.definitions import DEFINITIONS
from tracker.figures.rules import RATES, FigureName
from tracker.figures.years import YEAR_DEFINITIONS, YearFigure
from tracker.items.rules import ItemKind
from tracker.office.numerals import chinese_date
from tracker.office.text_templates import Record, Rows, Shape
from tracker.reports.naming import COUNTED, OTHERS, STATES, Count, Named, Words
from tracker.reports.rules import Answer, Facts, UnfinishedItem
from tracker.reports.statements import phrase_of
from tracker.reports.texts import chip, plain
from tracker.sources.rules import SourceKind

# Longer lists are read in the attached tables, where every item has its row.
NAMED_IN_TEXT = 30
_STATE_WORDS = ("待下发", "待签收", "整改中", "已申请销号待审批", "持续整改")
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


_SOURCE_FIELDS = ("fed_back", "aspects", "categories", *(str(name) for name in (*COUNTED, *RATES)))
SHAPE: Shape = {
    **{str(name): None for name in (*COUNTED, *RATES, *YearFigure)},
    **{name: None for name in OTHERS if name not in ("people", "unfinished", "fed_back", "aspects", "categories")},
    **dict.fromkeys(("year", "as_of", "targets", "items", "problem_sources", "task_sources")),
    "unfinished_problems": None,
    "unfinished_tasks": None,
    "unfinished_in_table": None,
    "tasks": Record(str(name) for name in (*COUNTED, *RATES, *YearFigure)),
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
# What is no figure, for whoever edits a wording or a template; a field of a list under its name alone where it is the
# same in all lists.
TOLD: Mapping[str, object] = {
    "year": _l("报告年度，四位数字。"),
    "as_of": _l("统计截止日，如“2026年12月31日”。"),
    "targets": _l("整改针对什么，如“巡视巡察反馈的突出问题”。"),
    "items": _l("列入统计的问题和任务合计；没有时为 0，可用在条件里。"),
    "problem_sources": _l("有问题的来源数，可用在条件里。"),
    "task_sources": _l("有任务的来源数，可用在条件里。"),
    "unfinished_problems": _l("没有整改到位的问题数。"),
    "unfinished_tasks": _l("没有完成的任务数。"),
    "unfinished_in_table": _l("没有整改到位的多于 30 个、只列在附表里时为真，用在条件里。"),
    "number": _l("事项编号。"),
    "lead_unit": _l("牵头单位。"),
    "deadline": _l("整改时限。"),
    "next_step": _l("下一步措施。"),
    "label": _l("名称。"),
    "count": _l("数量。"),
    "measure": _l("量词，如“项”“万元”“次”。"),
    "typical.text": _l("问题的内容，带引号。"),
    "typical.done": _l("怎样整改的。"),
    "unfinished.text": _l("问题或任务的内容，带引号。"),
    "appraisal_points.text": _l("点评指出的问题，带引号。"),
    "appraisal_points.is_closed": _l("已销号时为真，用在条件里。"),
    "appraisal_points.done": _l("怎样整改的；没有销号的是空的。"),
    "phrase": _l("来源的叫法，如“市纪委市监委内部督查反馈的”。"),
    "accountable_body": _l("被协助指导的单位；是本机关时为空。"),
    "sources.title": _l("来源的标题。"),
    "sources_of_tasks.title": _l("来源的标题。"),
}
LISTS: Mapping[str, object] = {
    "tasks": _l("任务的同名数字"),
    "states": _l("未销号问题，按状态"),
    "task_states": _l("未销号任务，按状态"),
    "results": _l("不为零的整改成效，逐项"),
    "people": _l("人员处理，逐类"),
    "typical": _l("典型事项：本期最后销号的，每个来源一个，至多 3 个"),
    "unfinished": _l("没有整改到位的事项，至多 30 个"),
    "appraisal_points": _l("点评指出的问题，逐条"),
    "sources": _l("来源（问题），逐个"),
    "sources_of_tasks": _l("来源（任务），逐个"),
}


class Explained(NamedTuple):
    """A name that a wording may use, what it stands for, and the names within it."""

    name: str
    words: str
    within: tuple[str, ...]


def described() -> list[Explained]:
    """All that a wording may name, in words."""
    return [
        Explained(name, str(LISTS[name] if name in LISTS else sentence(name)), tuple(sorted(within or ())))
        for name, within in SHAPE.items()
    ]


def sentence(name: str) -> object:
    """What a name stands for, ``list.field`` included; raises KeyError for one that nobody has told of."""
    field = name.rpartition(".")[2]
    for key in (name, field):
        if key in TOLD:
            return TOLD[key]
    if field in set(YearFigure):
        label, told = YEAR_DEFINITIONS[YearFigure(field)]
    else:
        label, told = OTHERS[field] if field in OTHERS else DEFINITIONS[FigureName(field)]
    return _l("%(label)s：%(told)s", label=label, told=told)


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

    problems, tasks = _counts("", figures, value), _counts("tasks/", figures, value)
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
        "states": _states(problems),
        "task_states": _states(tasks),
        **_sources(facts, figures, value),
        **_results(facts, figures, value),
        **_items(facts),
        "unfinished_problems": value("unfinished") if "unfinished" in figures else 0,
        "unfinished_tasks": value("tasks/unfinished") if "tasks/unfinished" in figures else 0,
    }


_Value = Callable[[str], Count | Words]


def _counts(prefix: str, figures: Mapping[str, Named], value: _Value) -> dict[str, Any]:
    names = (*COUNTED, *RATES, *YearFigure)
    return {str(name): value(prefix + name) if prefix + name in figures else 0 for name in names}


def _results(facts: Facts, figures: Mapping[str, Named], value: _Value) -> dict[str, Any]:
    results = [
        {"label": label, "count": value(name), "measure": measure}
        for name, label, measure in _RESULTS
        if figures[name].figure.value != "0"
    ]
    people = [{"label": label, "count": value(f"people/{label}")} for label, _n in facts.outcomes.people]
    return {"results": results, "people": people}


def _items(facts: Facts) -> dict[str, Any]:
    """The items that are told one by one, without those that this text must not tell of."""
    to_do = [each for each in facts.unfinished if each.number not in facts.withheld]
    typical = [each for each in facts.typical if each.number not in facts.withheld]
    return {
        "typical": [{"number": each.number, "text": quoted(each.text), "done": _ended(each.done)} for each in typical],
        "appraisal_points": [_answer(each) for each in facts.answers if each.number not in facts.withheld],
        "unfinished": [_to_do(each) for each in to_do] if len(to_do) <= NAMED_IN_TEXT else [],
        "unfinished_in_table": len(to_do) > NAMED_IN_TEXT,
    }


def _sources(facts: Facts, figures: Mapping[str, Named], value: _Value) -> dict[str, Any]:
    found: dict[ItemKind, list[dict[str, Any]]] = {kind: [] for kind in ItemKind}
    for source in facts.sources:
        prefix = source.scope.prefix
        told = {"title": source.title, "phrase": phrase_of(source), "accountable_body": source.accountable_body}
        found[source.item_kind].append(told | {name: value(prefix + name) for name in _SOURCE_FIELDS})
    return {"sources": found[ItemKind.PROBLEM], "sources_of_tasks": found[ItemKind.TASK]}


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
