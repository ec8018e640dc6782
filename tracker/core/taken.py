"""What every export says of itself: who took it out of the system, when and from where."""

from datetime import datetime

# The last sheet of a workbook, on which it stands; a list brought back leaves that sheet unread.
TAKEN_SHEET = "导出信息"


def taken_by(name: str, at: datetime, address: str = "") -> str:
    """The line, always Chinese as all that is handed in; ``at`` is local."""
    where = f"　导出地址：{address}" if address else ""
    return f"导出人：{name}　导出时间：{at:%Y-%m-%d %H:%M}{where}"
