"""The form of an extension (延期申请表) as a Word file; its words are always Chinese."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from tracker.core import clock
from tracker.extensions.models import Extension, ExtensionStep
from tracker.extensions.rules import ExtensionState, Level, Verdict
from tracker.office.docx_writing import Document
from tracker.office.numerals import chinese_date

TITLE = "延期申请表"
LEVEL_WORDS = {Level.OFFICE: "整改办意见", Level.LEADER: "责任领导意见"}
STATE_WORDS = {
    ExtensionState.PENDING: "待审批",
    ExtensionState.GRANTED: "同意延期",
    ExtensionState.REFUSED: "不同意延期",
    ExtensionState.RETRACTED: "申请已撤回",
    ExtensionState.UNDONE: "已冲正，原同意延期",
}
TO_SIGN = "\n\n签名：　　　　　　年　　月　　日"


def file_name(extension: Extension) -> str:
    """The name of the file: what it is, of which item, the how manieth time."""
    return f"{TITLE}（{extension.item.number}第{extension.nth}次）.docx"


def write_docx(extension: Extension, *, taken_at: datetime) -> bytes:
    """The form with all opinions given so far, ready to sign where they are missing."""
    item = extension.item
    asked = (
        f"{extension.asked_by.name}（代 {extension.asked_for.name}）"
        if extension.asked_for
        else extension.asked_by.name
    )
    document = Document(TITLE, made_at=taken_at)
    document.spread(f"编号：{item.number}", f"申请日期：{chinese_date(clock.civil_date(extension.asked_at))}")
    rows = [
        ("申请单位", extension.unit.name if extension.unit else ""),
        ("申请人", asked),
        ("具体问题", item.finding),
        ("原定时限", chinese_date(item.first_due_on)),
        ("现行时限", chinese_date(extension.due_on)),
        ("第几次延期", f"第{extension.nth}次"),
        ("目前完成程度", extension.progress),
        ("申请理由", extension.reason),
        ("申请延期至", chinese_date(extension.asked_until)),
        ("保障措施", extension.safeguards),
        *((LEVEL_WORDS[step.kind], _opinion(step)) for step in extension.steps),
        ("结论", _conclusion(extension)),
    ]
    document.table(("项目", "内容"), [list(row) for row in rows])
    document.line(f"取数时间：{taken_at:%Y-%m-%d %H:%M}")
    if any(step.is_on_paper for step in extension.steps):
        document.line("注：标“代录”的意见由整改办依据签批件录入；扫描件不能证明签字人的身份。")
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _opinion(step: ExtensionStep) -> str:
    if step.verdict is None:
        return TO_SIGN
    words = f"同意延期至{chinese_date(step.until)}" if step.verdict is Verdict.GRANT else "不同意延期"
    day = step.paper_on or (clock.civil_date(step.decided_at) if step.decided_at else None)
    lines: Sequence[str] = (words, step.opinion, f"{step.signature}　{chinese_date(day)}")
    told = "\n".join(line for line in lines if line.strip())
    return f"{told}\n（代录：{step.entered_by.name}）" if step.entered_by else told


def _conclusion(extension: Extension) -> str:
    words = STATE_WORDS[extension.state]
    return f"{words}至{chinese_date(extension.granted_until)}" if extension.granted_until else words
