"""The list to sign (交接清单) as a Word file; its words are always Chinese."""

from datetime import datetime
from io import BytesIO

from flask_babel import force_locale

from tracker.core import clock
from tracker.handovers.models import Handover
from tracker.handovers.rules import DUTY_LABELS
from tracker.office.docx_writing import Document
from tracker.office.numerals import chinese_date

TITLE = "整改工作交接清单"
HEADINGS = ("序号", "交接内容", "编号", "事项", "备注")


def file_name(made: Handover) -> str:
    """The name of the file: who gave to whom, and the day."""
    return f"{TITLE}（{made.giver.name}交{made.taker.name}，{clock.local(made.made_at):%Y%m%d}）.docx"


def write_docx(made: Handover, organ: str, *, taken_at: datetime) -> bytes:
    """The list with room for three signatures."""
    document = Document(TITLE, made_at=taken_at)
    document.spread(f"单位：{organ}", f"交接日期：{chinese_date(clock.local(made.made_at).date())}")
    document.paragraph(
        f"因{made.reason.rstrip('。')}，{made.giver.name}将名下下列{len(made.lines)}项整改工作移交{made.taker.name}。"
    )
    with force_locale("zh"):
        rows = [
            [str(line.position), str(DUTY_LABELS[line.duty]), line.number or "—", line.text, ""] for line in made.lines
        ]
    document.table(HEADINGS, rows)
    document.line("")
    for who in ("移交人（签字）", "接收人（签字）", "监交人（签字）"):
        document.spread(f"{who}：", "　　　　年　　月　　日")
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()
