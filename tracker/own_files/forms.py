"""The forms of the office's own reports: the file, what it is about, which sentences go, blanks and years."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, IntegerField, SelectChoice, SelectField
from wtforms.validators import NumberRange

from tracker.core import clock
from tracker.core.addresses import read_id
from tracker.core.errors import DomainError
from tracker.core.forms import CONTROL, CivilDateField, Required, VersionedForm, one_line, trim
from tracker.core.forms import text as words
from tracker.core.i18n import lazy_gettext as _l
from tracker.own_files.rules.answers import Answered
from tracker.own_files.rules.blanks import Waiting
from tracker.own_files.rules.marks import Answer, Way
from tracker.own_files.rules.years import WrongYear
from tracker.reports.kinds import NUMBER_LIMIT, SIGNER_LIMIT
from tracker.reports.models import Report
from tracker.reports.operations import Imprint

NEEDED = _l("请填写此项。")
YEARS = range(1900, 2200)
VALUE_LIMIT = 200


class AboutForm(VersionedForm):
    """Of which year a report is to tell, with figures of which day."""

    year = IntegerField(
        _l("报告年度"),
        [Required(NEEDED), NumberRange(2000, 2100, _l("请填写四位年份。"))],
        description=_l("新报告写哪一年。"),
    )
    as_of = CivilDateField(_l("统计截止日"), [Required(NEEDED)])
    decimals = SelectField(_l("百分比"), coerce=int)
    report_id = SelectField(
        _l("新文取自"),
        coerce=read_id,
        default=None,
        description=_l("选一份写好的报告时，正文、数字、统计截止日和百分比都取自那份报告；不选时按台账写。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = (_l("取整数"), _l("1位小数"), _l("2位小数"))
        self.decimals.choices = [SelectChoice(number, label) for number, label in enumerate(labels)]

    @property
    def told(self) -> dict[str, Any]:
        """Year, day, decimals and the report whose text is put in."""
        return {name: self[name].data for name in ("year", "as_of", "decimals", "report_id")}

    def offer(self, reports: Sequence[Report]) -> None:
        """Fill in the reports whose text may be put in."""
        listed = [SelectChoice(str(each.id), f"{each.title}（{each.as_of}）") for each in reports]
        self.report_id.choices = [SelectChoice("", _l("按台账写")), *listed]


class TakeInForm(AboutForm):
    """A report to be written anew."""

    file = FileField(
        _l("往年报告"),
        description=_l(
            "上一年的述职报告，.docx 或文本；旧的 .doc 先转成 .docx。只改整改部分和空白，其余内容和格式都不变。"
        ),
        render_kw={"accept": ".docx,.doc,.wps,.txt"},
    )


def this_year() -> dict[str, Any]:
    """What a report is usually about: this year, as of today."""
    today: date = clock.today()
    return {"year": today.year, "as_of": today}


class IssueForm(VersionedForm):
    """Issuing the report with the file that is made now."""

    number = words(_l("文号"), NUMBER_LIMIT, description=_l("如 市直工委〔2026〕12号；可不填。"))
    issued_on = CivilDateField(_l("印发日期"), [Required(_l("请填写印发日期。"))], default=clock.today)
    signer = words(_l("签发人"), SIGNER_LIMIT, description=_l("随报告封存；可不填。"))
    is_looked_at = BooleanField(_l("以上提示已逐条核对"))

    @property
    def imprint(self) -> Imprint:
        """What is told of the report when it goes out; the file is the office's own, so nothing is printed on it."""
        return Imprint(self.issued_on.data or clock.today(), self.number.data or "", self.signer.data or "")

    @property
    def told(self) -> dict[str, Any]:
        """What was looked at."""
        return {"is_looked_at": self.is_looked_at.data, "version": self.seen_version}


class SentencesForm(VersionedForm):
    """From which sentence to which the new text takes the place of the old one, counted from 0."""

    first = IntegerField(_l("从这一句起"), [Required(_l("请选择从哪一句开始替换。"))])
    last = IntegerField(_l("到这一句止"), [Required(_l("请选择到哪一句为止。"))])


class HeadingForm(VersionedForm):
    """The paragraph that the section begins with, counted from 0."""

    paragraph = IntegerField(_l("整改部分从哪一段开始"), [Required(_l("请选择一段。"))])


class BlanksForm(VersionedForm):
    """Answers to blanks and years; their fields are named after their places in the file."""


def answers_in(typed: Mapping[str, str], every: Sequence[Answered]) -> dict[str, Answer]:
    """What was answered, by sentence; what was typed is kept whichever way was chosen.

    Raises DomainError for text that is too long or cannot stand in a file.
    """
    found = ((each, _answer(typed, each.sentence, each)) for each in every)
    return {each.key: answer for each, answer in found if answer is not None}


def _answer(typed: Mapping[str, str], sentence: Waiting, each: Answered) -> Answer | None:
    values = {blank.key: _value(typed.get(f"value-{blank.key}", "")) for blank in sentence.blanks}
    values = {key: value for key, value in values.items() if value}
    chosen = typed.get(f"way-{sentence.key}", Way.OWN)
    way = Way(chosen) if chosen in set(Way) else Way.OWN
    if way in (Way.FIGURE, Way.INSTEAD) and each.proposal is None:
        way = Way.OWN
    return Answer(way, values) if values or way is not Way.OWN else None


def _value(text: str) -> str:
    value = str(one_line(trim(text)))
    if len(value) > VALUE_LIMIT:
        raise DomainError(_l("“%(words)s…”太长，最多 %(max)d 个字。", words=value[:20], max=VALUE_LIMIT))
    if CONTROL.search(value):
        raise DomainError(_l("含有不可见的控制字符，请删除后重新粘贴。"))
    return value


def years_in(typed: Mapping[str, str], wrong: Sequence[WrongYear]) -> dict[str, int]:
    """The new year for each that does not fit, 0 where it stays. Raises DomainError for what is none."""
    return {each.key: _year(trim(typed.get(f"year-{each.key}", ""))) for each in wrong}


def _year(text: str) -> int:
    if not text:
        return 0
    if not (len(text) == 4 and text.isascii() and text.isdigit() and int(text) in YEARS):
        raise DomainError(_l("“%(words)s”不是年份，请填写四位年份，不改就留空。", words=text[:20]))
    return int(text)
