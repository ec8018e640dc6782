"""The supervision notice as a Word file; its words are always Chinese."""

from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from tracker.nudges.models import NoticeItem, SupervisionNotice
from tracker.nudges.rules.notices import NoticeState, overdue_days
from tracker.office.docx_writing import Document
from tracker.office.numerals import chinese_date

TITLE = "督办通知单"
HEADINGS = ("序号", "事项编号", "具体问题", "整改时限", "逾期天数")


@dataclass(frozen=True)
class Paper:
    """What the paper carries beside the notice: who issues it, and the day it is printed."""

    organ: str
    today: date
    taken_at: datetime


def file_name(notice: SupervisionNotice) -> str:
    """The name of the file: number, or unit while there is none."""
    return f"{TITLE}（{notice.number or notice.unit.name}）.docx"


def write_docx(notice: SupervisionNotice, paper: Paper) -> bytes:
    """The paper: 送审稿 until it is signed, and from then on as it was signed."""
    is_draft = notice.state is NoticeState.DRAFT
    day = notice.signed_on or paper.today
    document = Document(f"{TITLE}\n（送审稿）" if is_draft else TITLE, made_at=paper.taken_at)
    signer = notice.signer.name if notice.signer else "　　　　"
    document.spread(f"编号：{notice.number or '（签发时编号）'}", f"签发人：{signer}")
    document.line(f"{notice.unit.name}：")
    count = len(notice.lines)
    document.paragraph(f"经查，你单位牵头的以下{count}个事项需重点督办（截至{chinese_date(day)}），现予通知。")
    document.heading(1, "一、督办事项")
    rows = [_row(place, line, day, is_draft=is_draft) for place, line in enumerate(notice.lines, start=1)]
    document.table(HEADINGS, rows)
    document.heading(1, "二、督办要求")
    document.paragraph(notice.demand)
    document.heading(1, "三、反馈时限")
    document.paragraph(f"请于{chinese_date(notice.feedback_due_on)}前将办理情况书面反馈。")
    document.signature(paper.organ, chinese_date(day))
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _row(place: int, line: NoticeItem, day: date, *, is_draft: bool) -> list[str]:
    due_on, due_text = (line.item.due_on, line.item.due_text) if is_draft else (line.due_on, line.due_text)
    deadline = due_text or (chinese_date(due_on) if due_on else "长期坚持")
    late = overdue_days(due_on, day)
    return [str(place), line.item.number, line.item.finding, deadline, f"{late}天" if late else "未逾期"]
