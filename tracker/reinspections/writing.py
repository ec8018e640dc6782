"""The record of a draw (回头看抽查记录) as a Word file; its words are always Chinese."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from tracker.items.rules import ItemKind
from tracker.office.docx_writing import Document
from tracker.office.numerals import chinese_date
from tracker.reinspections.models import Draw, Reinspection
from tracker.reinspections.rules import LookState

TITLE = "回头看抽查记录"
STATE_WORDS = {LookState.WAITING: "待回头看", LookState.PASSED: "未反弹", LookState.REBOUND: "反弹"}
KIND_WORDS = {ItemKind.PROBLEM: "问题", ItemKind.TASK: "任务"}
HEADINGS = ("序号", "编号", "具体问题", "牵头单位", "销号时间", "检查人", "检查日期", "结果", "检查情况", "后续处理")


def file_name(draw: Draw) -> str:
    """The name of the file."""
    return f"{TITLE}（第{draw.serial}次）.docx"


def write_docx(draw: Draw, looks: Sequence[Reinspection], *, taken_at: datetime) -> bytes:
    """How the sample was drawn, each item with what was found, and room to sign."""
    document = Document(TITLE, made_at=taken_at, is_lying=True)
    document.spread(f"第{draw.serial}次抽查", f"抽取日期：{chinese_date(draw.drawn_on)}")
    document.paragraph(_method(draw))
    rows = [_row(place, look) for place, look in enumerate(looks, start=1)]
    document.table(HEADINGS, rows)
    done = sum(look.state is not LookState.WAITING for look in looks)
    rebound = sum(look.state is LookState.REBOUND for look in looks)
    document.line(f"合计：本表{len(looks)}个，已回头看{done}个，其中反弹{rebound}个。")
    if any(look.is_for_others for look in looks):
        document.line("注：标“代录”的结果由整改办代检查人录入。")
    document.line(f"取数时间：{taken_at:%Y-%m-%d %H:%M}")
    document.signature(
        "检查人（签名）：　　　　　　　　", "整改办负责人（签名）：　　　　　　　　", "　　　年　　月　　日"
    )
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _method(draw: Draw) -> str:
    size = f"按{draw.share}%抽取" if draw.share is not None else f"要求抽取{draw.wanted}个"
    name = f"{draw.by.name}（代 {draw.for_.name}）" if draw.for_ else draw.by.name
    told = [
        f"抽查范围：{_scope(draw)}。",
        f"截至{chinese_date(draw.drawn_on)}符合范围的已销号事项{draw.population}个，{size}，实际抽取{draw.size}个；",
        f"随机种子“{draw.seed}”，抽取人{name}。",
        "抽取方法：全部编号排序后，用 Python 标准库 random.Random(种子).sample(编号, 数量) 抽取，",
        "凭总体名单和种子可重复验证。",
    ]
    return (f"{draw.note}。\n" if draw.note else "") + "".join(told)


def _scope(draw: Draw) -> str:
    parts = [
        f"来源“{draw.source.title}”" if draw.source else "全部来源",
        f"{draw.unit.name}及下级单位" if draw.unit else "全部单位",
        KIND_WORDS[draw.kind] if draw.kind else "问题和任务",
    ]
    parts += [f"销号满{draw.older}个月"] if draw.older is not None else []
    parts += [f"销号不超过{draw.younger}个月"] if draw.younger is not None else []
    return "，".join(parts)


def _row(place: int, look: Reinspection) -> list[str]:
    state = STATE_WORDS[look.state] + ("（代录）" if look.is_for_others else "")
    return [
        str(place),
        look.item.number,
        look.item.finding,
        look.unit.name if look.unit else "",
        look.closed_on.isoformat(),
        look.inspector.name if look.inspector else "",
        look.inspected_on.isoformat() if look.inspected_on else "",
        state,
        look.findings,
        _following(look),
    ]


def _following(look: Reinspection) -> str:
    if look.recurred is not None:
        return f"新立{look.recurred.number}"
    return "申请重新整改" if look.correction is not None else ""
