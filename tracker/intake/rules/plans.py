"""Papers that set tasks instead of finding fault: yearly plans, minutes of meetings, lists of tasks."""

import re
from collections.abc import Sequence

from tracker.intake.rules.outline import Node, Outline
from tracker.intake.rules.pieces import Piece
from tracker.intake.rules.purposes import Purpose, bare_title

TITLE_PIECES = 4
TITLE = re.compile(
    r".{0,40}(?:工作要点|工作计划|工作安排|重点任务|重点工作|任务分解|任务清单|任务分工|会议纪要|议定事项|行动方案|行动计划)"
    r".{0,16}"
)
ABOUT_FAULTS = re.compile("问题|反馈|巡[视察]|督查|整改|不足")
TASKS = re.compile(r"(?:主要|重点|具体|年度|工作|目标|.{0,4}议定)*(?:任务|措施|举措|事项|工作安排|重点工作|工作内容)")
FRAME = re.compile(
    r"指导思想|基本原则|(?:总体|工作)(?:要求|思路|目标|原则|步骤|部署)|(?:有关|几点)要求|(?:工作|组织)?保障(?:措施)?"
    r"|(?:加强)?组织(?:领导|保障|实施)|(?:时间|进度)安排|会议(?:要求|强调)"
)
TASK_LIKE = frozenset({Purpose.done, Purpose.praise, Purpose.demand, Purpose.plan})


def sets_tasks(pieces: Sequence[Piece]) -> bool:
    """Tell by its title whether a paper sets tasks; one about faults found does not."""
    titles = [piece.raw.strip() for piece in pieces[:TITLE_PIECES] if piece.opens and piece.marker is None]
    return any(TITLE.fullmatch(title) and not ABOUT_FAULTS.search(title) for title in titles)


def take_tasks(outline: Outline) -> None:
    """Let the outline of a paper that sets tasks be read: what would be a demand among problems is an entry here."""
    outline.of_tasks = True
    for node in outline.root.below():
        _settle(node)
        if node.piece is None or node.purpose is not None:
            continue
        for piece in node.body:
            if outline.purposes.get(piece.order) in TASK_LIKE:
                del outline.purposes[piece.order]


def _settle(node: Node) -> None:
    if node.piece is None:
        opening = node.body[0].text.strip() if node.body else ""
        if node.purpose in TASK_LIKE and node.children and not FRAME.match(opening):
            node.purpose = Purpose.problems
        return
    title = bare_title(node.title)
    if FRAME.fullmatch(title):
        node.purpose = Purpose.overview
    elif TASKS.fullmatch(title):
        node.purpose = Purpose.problems if node.children else None
