"""The application form (销号申请表) as a Word file; its words are always Chinese."""

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO

from tracker.closure.models import Application, Review
from tracker.closure.rules import APPLICATION_LABELS, DECISION_LABELS, PLEDGE, ApplicationState, Decision
from tracker.core import clock
from tracker.core.i18n import force_locale
from tracker.items.models import Item
from tracker.items.rules import DEADLINE_LABELS, days_late
from tracker.office.docx_forms import FormField
from tracker.office.docx_writing import Document
from tracker.office.numerals import chinese_date
from tracker.org.models import Person
from tracker.sources.rules import STEP_LABELS

TITLE = "整改事项销号申请表"
NOBODY_SIGNED = "签字：　　　　　　　　年　　月　　日"
# Room for an opinion in handwriting, in lines.
OPINION_LINES = 4


def file_name(application: Application) -> str:
    """The name of the file: the item's number, and the round from the second on."""
    round_ = f"第{application.round}轮" if application.round > 1 else ""
    return f"销号申请表（{application.item.number}{round_}）.docx"


def write_docx(application: Application, *, taken_at: datetime) -> bytes:
    """The form as it was filed, with the opinions so far and room to sign for the others."""
    with force_locale("zh"):
        document = Document(TITLE, made_at=taken_at)
        document.form([*_about(application), *_told(application), *_opinions(application)])
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _about(application: Application) -> list[list[FormField]]:
    item, filed_on = application.item, clock.local(application.filed_at).date()
    round_ = f"（第{application.round}轮）" if application.round > 1 else ""
    return [
        [FormField("编号", item.number), FormField("申请单位", item.lead_unit.name if item.lead_unit else "")],
        [FormField("申请日期", f"{chinese_date(filed_on)}{round_}"), FormField("整改时限", _deadline(item))],
        [FormField("问题来源", item.source.title)],
        [FormField("问题", item.finding)],
        [FormField("产生原因", item.cause or "—")],
    ]


def _deadline(item: Item) -> str:
    words = item.due_text or chinese_date(item.due_on)
    moved = f"（原定{chinese_date(item.first_due_on)}）" if item.first_due_on != item.due_on else ""
    return f"{words}{moved}" if words else str(DEADLINE_LABELS[item.deadline_kind]) if item.deadline_kind else "—"


def _told(application: Application) -> list[list[FormField]]:
    filed = application.filed
    told = [each.told or ("已完成" if each.done_on else "未完成") for each in filed.measures]
    unfinished = [f"未完成的原因：{application.explanation}"] if application.explanation else []
    whole = [f"总的情况：{application.statement}" if told else application.statement]
    results = [f"{each.words}{f'（{each.note}）' if each.note else ''}" for each in filed.outcomes]
    fields = [
        FormField("整改措施", _numbered(each.text for each in filed.measures) or "—"),
        FormField("完成情况（逐条）", "\n".join([*_numbered_lines(told), *unfinished, *whole])),
        FormField("完成时间", _finished(application)),
        FormField("整改成效", "；".join(results) or "—"),
        FormField("举一反三", "\n".join(filter(None, (application.similar_checked, application.similar_found))) or "—"),
    ]
    if application.mechanism:
        fields.append(FormField("长效机制", application.mechanism))
    fields.append(FormField("佐证目录", "\n".join(f"{each.serial}. {each.name}" for each in filed.evidence) or "—"))
    pledge = str(PLEDGE) if application.is_pledged else "—"
    applicant = f"单位（盖章）　　　　　　　　申请人：{_name(application.applicant, application.applicant_for)}"
    fields.append(FormField("真实性承诺", pledge, foot=applicant, lines=3))
    return [[each] for each in fields]


def _finished(application: Application) -> str:
    """The day, and whether it kept the present deadline and the one first given; until it is closed that of filing."""
    item = application.item
    is_closed = application.state is ApplicationState.CLOSED
    day = item.closed_on if is_closed and item.closed_on else clock.local(application.filed_at).date()
    kept = _kept(days_late(day, item.due_on)) if item.due_on else "无固定时限"
    if item.due_on and item.first_due_on and item.first_due_on != item.due_on:
        kept += f"；按原定时限{_kept(days_late(day, item.first_due_on))}"
    return f"{chinese_date(day)}{'销号' if is_closed else '申请'}（{kept}）"


def _kept(days: int) -> str:
    return f"逾期{days}天" if days else "按期"


def _opinions(application: Application) -> list[list[FormField]]:
    rows = [[_opinion(review)] for review in application.reviews]
    is_settled = application.state is not ApplicationState.PENDING
    conclusion = str(APPLICATION_LABELS[application.state]) if is_settled else ""
    if application.state is ApplicationState.CLOSED and application.item.closed_on:
        conclusion = f"{chinese_date(application.item.closed_on)}销号"
    return [*rows, [FormField("结论", conclusion, lines=2)]]


def _opinion(review: Review) -> FormField:
    words = str(STEP_LABELS[review.kind])
    label = f"{words[:-2]}\n{words[-2:]}"
    if review.decision is None or review.decided_at is None:
        return FormField(label, "", foot=NOBODY_SIGNED, lines=OPINION_LINES)
    said = (
        review.opinion if review.decision is Decision.PASS else f"{DECISION_LABELS[review.decision]}：{review.opinion}"
    )
    day = chinese_date(review.decided_on or clock.local(review.decided_at).date())
    foot = f"{_signed(review)}　{day}"
    return FormField(label, said or str(DECISION_LABELS[review.decision]), foot=foot, lines=OPINION_LINES)


def _signed(review: Review) -> str:
    """Who decided; what was entered from paper says so and names the paper."""
    if review.paper is None:
        return _name(review.decider, review.decider_for)
    number = review.paper.document_number or review.paper.title
    of_paper = f"线下签批，代录，{number}" if number else "线下签批，代录"
    return f"{review.who}（{of_paper}）"


def _name(person: Person | None, stands_for: Person | None) -> str:
    name = person.name if person else "—"
    return f"{name}（代 {stands_for.name}）" if stands_for else name


def _numbered(texts: Iterable[str]) -> str:
    return "\n".join(_numbered_lines(texts))


def _numbered_lines(texts: Iterable[str]) -> list[str]:
    return [f"{place}. {text}" for place, text in enumerate(texts, start=1)]
