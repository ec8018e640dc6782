"""The forms of intake: what came in, and the outline as a person corrects it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import current_app
from flask_wtf.file import FileField
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.fields.choices import SelectChoice

from tracker.core.errors import DomainError
from tracker.core.forms import CONTROL, CivilDateField, Form, Required, VersionedForm, text
from tracker.core.i18n import lazy_gettext as _l
from tracker.intake.rules.lines import Counts, Line, LineKind
from tracker.intake.rules.outcome import NUMBER_LIMIT, TEXT_LIMITS, Fault
from tracker.sources.rules import KIND_LABELS, TASK_KINDS, SourceKind

ROWS_OF_TEXT = 34
# Word's and the web's other line breaks, as they come with a pasted text.
BREAKS = re.compile("[\x0b\x0c\x85\u2028\u2029]")

FAULT_WORDS: Mapping[Fault, object] = {
    Fault.EMPTY: _l("没有文字，请填写或删去这一行。"),
    Fault.TEXT_TOO_LONG: _l("文字太长：标题最多 500 字，问题最多 4000 字。"),
    Fault.NUMBER_TOO_LONG: _l("编号最多 20 个字。"),
}
assert (TEXT_LIMITS[LineKind.aspect], TEXT_LIMITS[LineKind.problem], NUMBER_LIMIT) == (500, 4000, 20)


def _unbroken(value: Any) -> Any:
    return BREAKS.sub("\n", value) if isinstance(value, str) else value


class KeptFileForm(Form):
    """A form that remembers an upload which was read, so that it need not be chosen again."""

    kept = HiddenField()

    def keep(self, file_name: str, sha256: str) -> None:
        """Remember an upload that was read, so that it need not be chosen again when the form is refused."""
        self.kept.data = _signer().dumps([file_name, sha256])

    @property
    def kept_file(self) -> tuple[str, str] | None:
        """Name and hash of the upload read before; None when there is none or the field was tampered with."""
        try:
            name, sha256 = _signer().loads(self.kept.data or "")
        except (BadData, ValueError):
            return None
        return name, sha256


class BeginForm(KeptFileForm):
    """What came in: kind, title, day and body, with the text pasted or as a file."""

    kind = SelectField(_l("来源类型"), choices=[SelectChoice(kind.value, label) for kind, label in KIND_LABELS.items()])
    title = text(
        _l("标题"), 200, required=True, description=_l("与以后清单、报告里的称呼一致，如“市委第二巡察组反馈意见”。")
    )
    received_on = CivilDateField(
        _l("反馈日期"),
        validators=[Required(_l("请填写此项。"))],
        description=_l("问题从这一天起计入，立行立改的期限也从这一天算。"),
    )
    issuing_body = text(_l("反馈机构"), 200, description=_l("如“市委第二巡察组”，可以不填。"))
    file = FileField(
        _l("上传文件"),
        render_kw={"accept": ".docx,.txt,.doc,.wps"},
        description=_l("Word 文档（.docx）或文本文件（.txt）。"),
    )
    content = text(
        _l("或粘贴全文"),
        12 << 20,
        area=True,
        filters=(_unbroken,),
        render_kw={"rows": 12},
        description=_l("从标题到落款整篇粘贴即可，不是问题的段落会自动忽略并说明理由。"),
    )
    without_file = BooleanField(_l("不用这个文件"))


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="intake.kept")


class PreviewForm(VersionedForm):
    """The outline under correction; its rows are read by ``typed_lines``."""

    is_checked = BooleanField(_l("已核对，按读取结果录入"))


def typed_lines(sent: "MultiDict[str, str]") -> list[Line]:
    """The rows as a person left them: five fields of equal names for each, in the order of the page.

    Control characters, which nobody sees, are taken out. Raises DomainError when the page was cut or tampered with.
    """
    names = ("kind", "number", "text", "paragraph", "why")
    columns = [[clean(value) for value in sent.getlist(name)] for name in names]
    try:
        rows = list(zip(*columns, strict=True))
        return [
            Line(LineKind(kind), number, words, int(paragraph[:6]) if paragraph else None, why)
            for kind, number, words, paragraph, why in rows
        ]
    except ValueError as error:
        raise DomainError(_l("页面内容不完整，没有保存。请刷新页面后再改。")) from error


def clean(value: str) -> str:
    """What was typed without invisible characters and space around, with one kind of line break."""
    return CONTROL.sub("", BREAKS.sub("\n", value.replace("\r\n", "\n"))).strip(" \t\n\u3000")


def level_labels(kind: SourceKind) -> Mapping[str, object]:
    """The levels a row may have: plans and meetings hold tasks where feedback holds problems."""
    lowest = _l("任务") if kind in TASK_KINDS else _l("问题")
    return {
        LineKind.aspect: _l("方面"),
        LineKind.category: _l("类别"),
        LineKind.problem: lowest,
        LineKind.ignored: _l("忽略"),
    }


@dataclass(frozen=True)
class Row:
    """One line on the page: ``at`` its place, ``serial`` the number it will get, ``height`` of its text box."""

    at: int
    line: Line
    serial: int | None
    height: int
    fault: object = ""

    @property
    def label_number(self) -> int:
        """The place as people count."""
        return self.at + 1


@dataclass(frozen=True)
class Block:
    """Neighbouring rows that are all read, or all ignored and folded away."""

    is_ignored: bool
    rows: Sequence[Row]


def blocks(lines: Sequence[Line], faults: Mapping[int, Fault]) -> list[Block]:
    """The rows of the page, neighbouring ignored ones folded together."""
    serial = 0
    rows = []
    for at, line in enumerate(lines):
        is_problem = line.kind is LineKind.problem
        serial += is_problem
        height = sum(1 + len(part) // ROWS_OF_TEXT for part in (line.text or " ").split("\n"))
        fault = FAULT_WORDS[faults[at]] if at in faults else ""
        rows.append(Row(at, line, serial if is_problem else None, height, fault))
    grouped = groupby(rows, key=lambda row: row.line.kind is LineKind.ignored)
    return [Block(is_ignored, list(group)) for is_ignored, group in grouped]


@dataclass(frozen=True)
class Comparison:
    """One level's count as the text declares it (None when it does not) and as it was read."""

    label: object
    declared: int | None
    counted: int

    @property
    def difference(self) -> object:
        """How many more or fewer were read; empty when they agree or nothing is declared."""
        if self.declared is None or self.declared == self.counted:
            return ""
        if self.counted > self.declared:
            return _l("多 %(n)d 个", n=self.counted - self.declared)
        return _l("少 %(n)d 个", n=self.declared - self.counted)


def comparisons(kind: SourceKind, declared: Counts, counted: Counts) -> list[Comparison]:
    """Declared against counted, level by level."""
    labels = level_labels(kind)
    return [
        Comparison(labels[level], getattr(declared, name), getattr(counted, name))
        for level, name in (
            (LineKind.aspect, "aspects"),
            (LineKind.category, "categories"),
            (LineKind.problem, "problems"),
        )
    ]


@dataclass(frozen=True)
class SourceText:
    """One paragraph of the text beside the outline; ``row`` is the first line read from it."""

    index: int
    text: str
    row: int | None


def source_text(paragraphs: Sequence[str], lines: Sequence[Line]) -> list[SourceText]:
    """The text paragraph by paragraph, each with the row it went into."""
    first: dict[int, int] = {}
    for at, line in enumerate(lines):
        if line.paragraph is not None:
            first.setdefault(line.paragraph, at)
    return [SourceText(index, words, first.get(index)) for index, words in enumerate(paragraphs)]
