"""What a Word template of an office may name, told name by name, and a report filled into one."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from tracker.core.i18n import force_locale
from tracker.core.i18n import lazy_gettext as _l
from tracker.figures.rules import FigureName
from tracker.figures.years import YearFigure
from tracker.office import docx_templates
from tracker.office.docx_writing import clean
from tracker.office.numerals import chinese_date
from tracker.office.text_templates import Record, Rows, Shape
from tracker.reports import naming, vocabulary
from tracker.reports.rules import Facts, ItemFacts
from tracker.reports.writing import notes

# A template without these prints no report.
REQUIRED = ("title", "text")
_ATTACHED = (
    *("position", "number", "source", "aspect", "category", "text"),
    *("leader", "lead_unit", "deadline", "state", "closed_on"),
)
_OF_REPORT: Shape = {
    **dict.fromkeys(("title", "organ", "document_number", "signer", "issued_on", "known_at", "attachment_left_out")),
    "text": Rows({"level", "text"}),
    "attachment": Rows(_ATTACHED),
    "definition_notes": Rows({"text"}),
}
SHAPE: Shape = {**_OF_REPORT, **vocabulary.SHAPE}

_TOLD: Mapping[str, object] = {
    "title": _l("报告的标题。"),
    "organ": _l("本机关的名称，取自设置。"),
    "document_number": _l("发文字号；印发前是空的。"),
    "signer": _l("签发人；没有填时是空的。"),
    "issued_on": _l("印发日期，如“2026年12月31日”；印发前是空的。"),
    "known_at": _l("取数的日期和时间。"),
    "attachment_left_out": _l("附表按规定不予公开而没有列出的事项数；没有时是 0。"),
    "text.level": _l("1 是一级标题（一、），2 是二级标题（（一）），0 是正文。"),
    "text.text": _l("这一段的文字，标题带序号。"),
    "attachment.position": _l("序号，从 1 起。"),
    "attachment.text": _l("问题或任务的内容。"),
    "attachment.source": _l("来源的标题。"),
    "attachment.aspect": _l("所属方面。"),
    "attachment.category": _l("所属类别。"),
    "attachment.leader": _l("责任领导。"),
    "attachment.state": _l("销号状态；逾期的后面注明。"),
    "attachment.closed_on": _l("销号日期，如“2026.6.29”；没有销号的是空的。"),
    "definition_notes.text": _l("数据口径的一条，带序号。"),
}


class Group(NamedTuple):
    """Names that belong together; ``opening`` and ``closing`` are the marks of a list, empty for plain names."""

    title: object
    names: Sequence[tuple[str, object]]
    opening: str = ""
    closing: str = ""


_TITLES: Mapping[str, object] = {
    "": _l("报告"),
    "text": _l("正文，逐段"),
    "attachment": _l("附表，逐个事项"),
    "definition_notes": _l("数据口径，逐条"),
    "figures": _l("数字：问题和成效"),
    **vocabulary.LISTS,
}


def documented() -> Iterator[Group]:
    """Every name that a template may hold, each with its mark and a sentence; lists after plain names."""
    plain = [name for name, within in SHAPE.items() if within is None]
    figures = [name for name in plain if name not in _OF_REPORT and name not in vocabulary.TOLD]
    yield Group(_TITLES[""], [_named(name) for name in plain if name not in figures])
    for name in ("text", "attachment", "definition_notes"):
        yield _list(name, SHAPE[name])
    yield Group(_TITLES["figures"], [_named(name) for name in figures])
    for name, within in vocabulary.SHAPE.items():
        if within is not None:
            yield _list(name, within)


def _list(name: str, within: Record | Rows | None) -> Group:
    told = [
        field
        for field in (*_ATTACHED, *_TOLD, *vocabulary.TOLD, *naming.OTHERS, *FigureName, *YearFigure)
        if field.rpartition(".")[2] in (within or ())
    ]
    fields = list(dict.fromkeys(str(field).rpartition(".")[2] for field in told))
    is_list = isinstance(within, Rows)
    owner, kind = ("each", "tr" if name == "attachment" else "p") if is_list else (name, "")
    names = [(f"{{{{ {owner}.{field} }}}}", sentence(f"{name}.{field}")) for field in fields]
    marks = (f"{{%{kind} for each in {name} %}}", f"{{%{kind} endfor %}}") if is_list else ("", "")
    return Group(_TITLES[name], names, *marks)


def _named(name: str) -> tuple[str, object]:
    return f"{{{{ {name} }}}}", sentence(name)


def sentence(name: str) -> object:
    """What a name stands for, ``list.field`` included; raises KeyError for one that nobody has told of."""
    return _TOLD[name] if name in _TOLD else vocabulary.sentence(name)


class Head(NamedTuple):
    """What stands on a paper besides its text; empty before it is issued."""

    organ: str = ""
    document_number: str = ""
    signer: str = ""
    issued_on: date | None = None


Lines = Sequence[tuple[int, str]]


def render_report(
    template: bytes,
    facts: Facts,
    decimals: int,
    *,
    title: str,
    lines: Lines,
    head: Head,
) -> bytes:
    """A report in a template: ``lines`` are its paragraphs with their level, 0 for text, 1 and 2 for headings.

    The attachment lists what the facts don't withhold. Reads nothing of the database; to be called outside any
    transaction. Raises DomainError with what is wrong with the template.
    """
    with force_locale("zh"):
        told = vocabulary.values(facts, naming.catalogue(facts, decimals))
        told |= {
            "title": title.replace("\n", ""),
            "organ": head.organ,
            "document_number": head.document_number,
            "signer": head.signer,
            "issued_on": chinese_date(head.issued_on) if head.issued_on else "",
            "known_at": f"{chinese_date(facts.known_at.date())} {facts.known_at:%H:%M}",
            "text": [{"level": level, "text": text} for level, text in lines],
            "attachment": list(_attached(facts)),
            "attachment_left_out": len(facts.withheld),
            "definition_notes": [{"text": line} for line in notes(facts)],
        }
        return docx_templates.render(template, _plain(told), SHAPE, title=title, made_at=facts.known_at)


def _attached(facts: Facts) -> Iterator[dict[str, Any]]:
    listed = [(source, item) for source in facts.sources for item in source.items]
    withheld = facts.withheld
    shown = [(source, item) for source, item in listed if item.number not in withheld]
    for position, (source, item) in enumerate(shown, start=1):
        yield {"position": position, "source": source.title, **_row(item)}


def _row(item: ItemFacts) -> dict[str, str]:
    day = item.closed_on
    same = ("number", "aspect", "category", "text", "leader", "lead_unit", "deadline", "state")
    return {name: getattr(item, name) for name in same} | {
        "closed_on": f"{day.year}.{day.month}.{day.day}" if day else ""
    }


def _plain(value: Any) -> Any:
    """Numbers and words that a file can hold, within lists and records."""
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return int(value) if isinstance(value, int) else clean(str(value))
