"""What lies in an archive and in which folder, how its files are numbered, and what stands in the way of one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.core.errors import Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.zipping import part_of_path

NUMBER_LIMIT, REASON_LIMIT, TITLE_LIMIT, NAME_LIMIT = 60, 1000, 300, 255
# So much of a finding stands in the name of its folder: Windows knows paths of 260 characters.
FINDING_IN_NAME = 30
# So many numbers are named of what stands in the way.
NAMED = 10


class Part(StrEnum):
    """The parts of a folder, in order; MATERIAL is that of the source itself, the others those of an item."""

    MATERIAL = "material"
    FEEDBACK = "feedback"
    PLAN = "plan"
    PROGRESS = "progress"
    EVIDENCE = "evidence"
    SIGNED = "signed"
    CLOSING = "closing"


PART_LABELS: Mapping[Part, object] = {
    Part.MATERIAL: _l("来源材料"),
    Part.FEEDBACK: _l("反馈"),
    Part.PLAN: _l("方案和责任"),
    Part.PROGRESS: _l("进展"),
    Part.EVIDENCE: _l("佐证材料"),
    Part.SIGNED: _l("签批件"),
    Part.CLOSING: _l("销号"),
}

# Names of folders are handed in with the files, so never translated.
PART_FOLDERS: Mapping[Part, str] = {
    Part.FEEDBACK: "01反馈",
    Part.PLAN: "02方案和责任",
    Part.PROGRESS: "03进展",
    Part.EVIDENCE: "04佐证材料",
    Part.SIGNED: "05签批件",
    Part.CLOSING: "06销号",
}
MATERIAL_FOLDER = "000_来源材料"


@dataclass(frozen=True)
class Piece:
    """A file of an archive before it is numbered: bytes of the store by their hash, or made for the archive.

    ``item_number`` is empty for what belongs to the source. ``pages`` is None where nobody has counted them.
    """

    item_number: str
    part: Part
    title: str
    name: str
    sha256: str
    size_bytes: int
    author: str = ""
    document_number: str = ""
    dated_on: date | None = None
    pages: int | None = None
    remark: str = ""


@dataclass(frozen=True)
class Placed:
    """A piece with its place: ``position`` counts through the archive, ``code`` is its 档号, ``path`` where it lies."""

    position: int
    code: str
    folder: str
    path: str
    piece: Piece


def folder_of(item_number: str, source_number: str, finding: str) -> str:
    """The name of an item's folder: its place in the source first, so that it is found in the order of numbers."""
    place = item_number.removeprefix(f"{source_number}-")
    return part_of_path(f"{place}_{item_number}_{finding.strip()[:FINDING_IN_NAME]}".replace(".", "．"))


def code_of(number: str, item_number: str, source_number: str, serial: int) -> str:
    """The 档号 of a file: that of the archive, the item's place in the source, the place in the folder."""
    place = item_number.removeprefix(f"{source_number}-") if item_number else "000"
    return f"{number}-{place}-{serial:02d}"


def place_all(pieces: Sequence[Piece], *, number: str, source_number: str, folders: Mapping[str, str]) -> list[Placed]:
    """Number the pieces as they come, by item; ``folders`` are the names of the items' folders by their numbers.

    The place in the folder stands before each name, so no two are the same.
    """
    placed, serial, before = [], 0, None
    for position, piece in enumerate(pieces, start=1):
        serial = serial + 1 if piece.item_number == before else 1
        before = piece.item_number
        folder = folders.get(piece.item_number, MATERIAL_FOLDER)
        inside = f"{folder}/{PART_FOLDERS[piece.part]}" if piece.part in PART_FOLDERS else folder
        path = f"{inside}/{serial:02d}_{part_of_path(piece.name)}"
        code = code_of(number, piece.item_number, source_number, serial)
        placed.append(Placed(position, code, folder, path, piece))
    return placed


def check_archivable(*, total: int, still_open: Sequence[str], asked: Collection[str]) -> None:
    """Raise DomainError for a source that is not done: nothing in it, items open, or requests undecided.

    What is kept up for ever (持续整改) is open whatever the source counts in its rates: it is still looked after.
    """
    if not total:
        raise DomainError(_l("这个来源还没有事项，不需要归档。"))
    if still_open:
        message = _l(
            "还有%(n)d个事项没有销号（持续整改的也算），不能归档：%(numbers)s。未销号的事项编号不变，结转下年。",
            n=len(still_open),
            numbers=_named(still_open),
        )
        raise Conflict(message)
    if asked:
        message = _l("还有申请没有办结，请先办结再归档：%(numbers)s。", numbers=_named(sorted(asked)))
        raise Conflict(message)


def _named(numbers: Sequence[str]) -> str:
    more = "……" if len(numbers) > NAMED else ""
    return "、".join(numbers[:NAMED]) + more


def check_number(number: str) -> str:
    """The number of an archive without blanks around it; raises DomainError for an empty one."""
    if not number.strip():
        raise DomainError(_l("请填写档号。"), field="number")
    return number.strip()


def check_reason(reason: str) -> str:
    """Why an archive is lifted; raises DomainError where nothing is said."""
    if not reason.strip():
        raise DomainError(_l("请写明撤销归档的原因。"), field="reason")
    return reason.strip()


def refuse_write(source: str, number: str, archived_on: date) -> None:
    """Raise Conflict for a change to what is archived."""
    raise Conflict(
        _l(
            "来源“%(source)s”已于%(day)s归档（档号%(number)s），只能查阅，不能修改。确需修改的，请整改办先撤销归档并写明原因。",
            source=source,
            day=archived_on,
            number=number,
        )
    )
