"""What figures are asked by: the day, the instant of knowledge, and which items."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from wtforms import HiddenField, IntegerField, SelectChoice, SelectField
from wtforms.validators import Length, NumberRange, Optional

from tracker.core import clock
from tracker.core.errors import DomainError
from tracker.core.forms import CivilDateField, Form, InstantField, VersionedForm, text
from tracker.core.i18n import gettext as _
from tracker.core.i18n import lazy_gettext as _l
from tracker.figures.differences import check_comparable
from tracker.figures.queries import Choices
from tracker.figures.questions import (
    BREAKDOWN_LABELS,
    CONDITIONS_MAX,
    SAVED_NAME_MAX,
    Question,
    check_knowable,
)
from tracker.figures.rules import Breakdown
from tracker.figures.trends import MOST, STEP_LABELS, USUAL, Step, days_of
from tracker.figures.years import check_year, day_in
from tracker.items.rules import KIND_LABELS, ItemKind
from tracker.sources.rules import COUNTING_LABELS, NEAR_DAYS, Counting


def _id(value: Any) -> int | None:
    return int(value) if value else None


def _chosen(field: Any) -> str:
    return next((str(choice.label) for choice in field.choices if str(choice.value) == str(field.data)), "")


def _options(everything: object, options: Iterable[tuple[Any, object]]) -> list[SelectChoice]:
    return [SelectChoice("", everything), *(SelectChoice(value, label) for value, label in options)]


class SaveForm(Form):
    """A question to be kept under a name."""

    name = text(_l("名称"), SAVED_NAME_MAX, required=True)
    conditions = HiddenField(validators=[Length(max=CONDITIONS_MAX)])


class RenameForm(VersionedForm):
    """Another name for a kept question."""

    name = text(_l("名称"), SAVED_NAME_MAX, required=True)


class QuestionForm(Form):
    """The query bar of the figures; its state is the address."""

    class Meta:
        csrf = False

    as_of = CivilDateField(_l("统计截止日"))
    known_at = InstantField(_l("按当时所知（可不填）"))
    since = CivilDateField(_l("对比日（可不填）"))
    since_known_at = InstantField(_l("对比日按当时所知（可不填）"))
    source = SelectField(_l("来源"), coerce=_id, default=None)
    unit = SelectField(_l("牵头单位（含下级）"), coerce=_id, default=None)
    kind = SelectField(_l("类型"), default="")
    counting = SelectField(_l("计数"), default="")
    days = IntegerField(
        _l("临近时限（天）"), validators=[Optional(), NumberRange(1, 90, _l("请填写 1 到 90 之间的整数。"))]
    )
    due_on = CivilDateField(_l("整改时限为（可不填）"))
    by = SelectField(
        default=Breakdown.UNIT, choices=[SelectChoice(by.value, label) for by, label in BREAKDOWN_LABELS.items()]
    )

    def offer(self, choices: Choices) -> None:
        """Fill the lists one chooses from."""
        self.choices = choices
        self.source.choices = _options(_l("全部来源"), choices.sources)
        self.unit.choices = _options(_l("全部单位"), choices.units)
        self.kind.choices = _options(_l("问题和任务"), [(kind.value, label) for kind, label in KIND_LABELS.items()])
        self.counting.choices = _options(_l("按来源的约定"), COUNTING_LABELS.items())

    def question(self) -> Question:
        """What is asked, as of today unless another day is named.

        Raises DomainError when a field can't be read, or for what lies in the future.
        """
        if not self.validate():
            raise DomainError(_l("查询条件有误，请核对。"))
        question = Question(
            as_of=self.as_of.data or clock.today(),
            known_at=self.known_at.data,
            source_ids=(self.source.data,) if self.source.data else (),
            unit_id=self.unit.data,
            kind=ItemKind(self.kind.data) if self.kind.data else None,
            counting=self._counting(),
            near_days=self.days.data or NEAR_DAYS,
            due_on=self.due_on.data,
        )
        check_knowable(question.as_of, question.known_at, today=clock.today(), now=clock.now())
        return question

    def _counting(self) -> Counting:
        """How the items are counted: as the address says, else as the source that is asked for settled it."""
        if self.counting.data:
            return Counting(self.counting.data)
        return Counting.PARTS if self.source.data in self.choices.counting_parts else Counting.WHOLES

    def kept(self) -> str:
        """The question as it is kept: a day that was left open stays open."""
        args = {**self.address(), "by": self.by.data}
        if self.as_of.data is None:
            del args["as_of"]
        return urlencode(args)

    @property
    def narrowed(self) -> str:
        """The conditions in words, each with its label; empty where everything is asked for."""
        chosen = [(field.label.text, _chosen(field)) for field in (self.source, self.unit, self.kind) if field.data]
        chosen += [(self.due_on.label.text, self.due_on.data.isoformat())] if self.due_on.data else []
        return str(_("；")).join(f"{label}：{words}" for label, words in chosen)

    @property
    def asks_more(self) -> bool:
        """Whether any of the seldom used conditions is set."""
        seldom = (self.known_at, self.since, self.since_known_at, self.due_on, self.days, self.counting)
        return any(field.data or field.errors for field in seldom)

    def earlier(self, question: Question) -> Question | None:
        """The same question of the day compared with; None where none is named.

        An instant alone compares the same day as known at two times. Raises DomainError where it is the later one.
        """
        if self.since.data is None and self.since_known_at.data is None:
            return None
        known_at = self.since_known_at.data or question.known_at
        earlier = replace(question, as_of=self.since.data or question.as_of, known_at=known_at)
        check_comparable(earlier, question)
        return earlier

    def address(self) -> dict[str, Any]:
        """The same question as arguments of an address, with the day written out."""
        args = {
            "as_of": (self.as_of.data or clock.today()).isoformat(),
            "known_at": self.known_at.raw if self.known_at.data else "",
            "since": self.since.data.isoformat() if self.since.data else "",
            "since_known_at": self.since_known_at.raw if self.since_known_at.data else "",
            "source": str(self.source.data or ""),
            "unit": str(self.unit.data or ""),
            "kind": self.kind.data,
            "due_on": self.due_on.data.isoformat() if self.due_on.data else "",
            "days": str(self.days.data) if self.days.data not in (None, NEAR_DAYS) else "",
            "counting": self.counting.data,
        }
        return {name: value for name, value in args.items() if value}


class TrendForm(QuestionForm):
    """The query bar of a trend: the last day of it, how far apart its days lie, and how many there are."""

    step = SelectField(
        _l("间隔"), default=Step.MONTH, choices=[SelectChoice(step.value, label) for step, label in STEP_LABELS.items()]
    )
    points = IntegerField(_l("期数（可不填）"), validators=[Optional()])

    def shown_days(self, question: Question) -> list[date]:
        """The days shown, the earliest first. Raises DomainError for more than can be shown."""
        step = Step(self.step.data)
        count = self.points.data if self.points.data is not None else USUAL[step]
        if not 2 <= count <= MOST[step]:
            raise DomainError(_l("请填写 2 到 %(most)d 之间的整数。", most=MOST[step]), field="points")
        return days_of(question.as_of, step, count)

    def address(self) -> dict[str, Any]:
        """The same question as arguments of an address."""
        points = {"points": str(self.points.data)} if self.points.data is not None else {}
        return super().address() | {"step": self.step.data} | points


class YearForm(QuestionForm):
    """The query bar of a year: up to its last day, up to today while it is not over, or up to a day in it."""

    year = IntegerField(
        _l("年度"),
        validators=[Optional(), NumberRange(1950, 9998, _l("请填写四位的年份。"))],
    )

    def question(self) -> Question:
        """What is asked; its day tells the year. Raises DomainError as before, and for a day outside of the year."""
        question = super().question()
        if self.year.data is None:
            return question
        if self.as_of.data is None:
            return replace(question, as_of=day_in(self.year.data, clock.today()))
        check_year(question.as_of, self.year.data)
        return question

    def address(self) -> dict[str, Any]:
        """The same question as arguments of an address, with the day written out."""
        args = super().address()
        if self.year.data is not None and self.as_of.data is None:
            args["as_of"] = day_in(self.year.data, clock.today()).isoformat()
        return args
