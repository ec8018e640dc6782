"""The minutes of a meeting: who was there, what was said to each point, what was decided."""

from dataclasses import dataclass
from datetime import date

from tracker.core.i18n import force_locale
from tracker.meetings.papers import wording
from tracker.meetings.papers.material import Material
from tracker.office.docx_writing import Document
from tracker.office.numerals import chinese, chinese_date

NO_DAY = "时限由牵头单位提出"


@dataclass(frozen=True)
class MinutesPoint:
    """A point of the agenda and what was said to it."""

    title: str
    note: str = ""


@dataclass(frozen=True)
class MinutesDecision:
    """What was decided: who does it with whom, by when (the text as it was said, or a day), and how it is accepted."""

    position: int
    text: str
    lead_unit: str
    supporting: tuple[str, ...] = ()
    due_on: date | None = None
    deadline_text: str = ""
    acceptance: str = ""


@dataclass(frozen=True)
class MinutesContent:
    """All that minutes tell. ``number`` is empty until they are issued, ``issued_on`` the day that they are."""

    title: str
    kind: str
    held_on: date
    organ: str = ""
    number: str = ""
    issued_on: date | None = None
    host: str = ""
    attendees: str = ""
    points: tuple[MinutesPoint, ...] = ()
    decisions: tuple[MinutesDecision, ...] = ()
    is_whole: bool = True


@force_locale("zh")
def write_minutes(content: MinutesContent, material: Material) -> bytes:
    """The minutes as a Word file, with the figures that the meeting looked at."""
    mark = "" if content.issued_on else "（草稿）"
    document = Document(f"{content.title}\n会议纪要{mark}", made_at=material.frozen.known_at)
    if content.number or content.issued_on:
        document.spread(content.number, chinese_date(content.issued_on))
    for label, words in _head(content):
        document.paragraph(f"{label}：{words}")
    document.heading(1, "一、会议议题")
    for number, point in enumerate(content.points, start=1):
        document.heading(2, f"（{chinese(number)}）{point.title}")
        document.paragraph(point.note.strip() or "（无记录）")
    if not content.points:
        document.paragraph("（无议题）")
    document.heading(1, "二、议定事项")
    for decision in content.decisions:
        document.paragraph(_decided(decision.position, decision))
    if not content.is_whole:
        document.paragraph("（只列领取人可以查阅的议定事项，序号与会议纪要一致。）")
    elif not content.decisions:
        document.paragraph("会议没有议定事项。")
    document.heading(1, "三、会议所用数据")
    document.paragraph(f"截至{material.as_of}，{wording.overall(material.tally, material)}")
    if content.organ:
        document.signature(content.organ, chinese_date(content.issued_on))
    wording.add_basis(document, material)
    return document.to_bytes()


def _head(content: MinutesContent) -> list[tuple[str, str]]:
    told = [
        ("会议时间", chinese_date(content.held_on)),
        ("会议类型", content.kind),
        ("主持人", content.host),
        ("出席人员", content.attendees),
    ]
    return [(label, words) for label, words in told if words.strip()]


def _decided(number: int, decision: MinutesDecision) -> str:
    what = decision.text.strip().rstrip("。；;")
    supporting = f"，配合单位：{'、'.join(decision.supporting)}" if decision.supporting else ""
    due = decision.deadline_text.strip() or chinese_date(decision.due_on)
    day = f"完成时限：{due}" if due else NO_DAY
    acceptance = f"；验收标准：{decision.acceptance.strip().rstrip('。')}" if decision.acceptance.strip() else ""
    who = f"牵头单位：{wording.unit_name(decision.lead_unit)}{supporting}"
    return f"{number}. {what}。（{who}；{day}{acceptance}。）"
