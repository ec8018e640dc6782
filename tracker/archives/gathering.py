"""Which files make up an archive: those of the store as they lie there, and the papers made for it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import NamedTuple

from tracker.archives import papers
from tracker.archives.queries import Material
from tracker.archives.rules import NAME_LIMIT, TITLE_LIMIT, Part, Piece
from tracker.closure.models import Paper, Review
from tracker.closure.writing import file_name as application_name
from tracker.closure.writing import write_docx as write_application
from tracker.core import clock, files
from tracker.core.errors import NotFound
from tracker.exports.files import LEDGER_TITLE, Handing, title_of, to_docx, to_xlsx
from tracker.exports.plan import plan_title, to_plan
from tracker.exports.rows import PrintRow
from tracker.items.lists import ListName
from tracker.items.models import Decided, Item
from tracker.items.rules import ItemKind
from tracker.office.pdf_pages import count_pages
from tracker.sources.models import HandedIn
from tracker.sources.rules import MILESTONE_LABELS

LIMIT_BYTES = 1 << 40
FOR_OTHERS, ON_PAPER = "代录", "线下签批，代录"
LISTS = (ListName.PROBLEMS, ListName.RESPONSIBILITY, ListName.RECTIFICATION)


class Told(NamedTuple):
    """What the list of files tells of a file besides its name."""

    author: str = ""
    dated_on: date | None = None
    document_number: str = ""
    remark: str = ""


NOTHING = Told()


@dataclass
class Gatherer:
    """Makes pieces of what was read; ``made_at`` is the local instant of the archive."""

    material: Material
    handing: Handing
    made_at: datetime
    _pages: dict[str, int | None] = field(default_factory=dict)

    def of_source(self) -> Iterator[Piece]:
        """What belongs to the source: its text and file, papers filed beside it, its dates, the plan and the lists."""
        source, rows, part = self.material.source, self.material.rows, Part.MATERIAL
        told = Told(source.issuing_body, source.received_on)
        if source.file_sha256:
            yield self._kept("", part, f"{source.title}（原文件）", source.file_name, source.file_sha256, told)
        if self.material.paragraphs:
            text = papers.about_text(self.material, self.made_at)
            yield self._made("", part, f"{source.title}（原文）", "反馈原文.docx", text, told)
        for each in self.material.documents:
            told = Told(self.handing.organ, clock.local(each.added_at).date())
            yield self._kept("", part, each.title, each.file_name, each.file_sha256, told)
        for node in self.material.milestones:
            yield from self._handed_in("", part, node.title or str(MILESTONE_LABELS[node.kind]), node)
        plan = to_plan(source, rows, self.handing)
        told = Told(document_number=source.document_number)
        yield self._made("", part, plan_title(source), "整改方案.docx", plan, told)
        yield from self._lists()

    def _lists(self) -> Iterator[Piece]:
        rows = self.material.rows
        is_tasks = any(row.item.kind is ItemKind.TASK for row in rows)
        for name in (ListName.TASKS,) if is_tasks else LISTS:
            title = title_of(name, is_ledger=False)
            yield self._made("", Part.MATERIAL, title, f"{title}.docx", to_docx(name, rows, self.handing))
        name = ListName.TASKS if is_tasks else ListName.RECTIFICATION
        ledger = to_xlsx(name, rows, self.handing, is_ledger=True)
        yield self._made("", Part.MATERIAL, LEDGER_TITLE, f"{LEDGER_TITLE}.xlsx", ledger)

    def of_item(self, row: PrintRow) -> Iterator[Piece]:
        """What belongs to one item, part after part."""
        item, number, source = row.item, row.item.number, self.material.source
        found, title = papers.about_feedback(row, self.material, self.made_at), papers.FEEDBACK_TITLE
        told = Told(source.issuing_body, source.received_on)
        yield self._made(number, Part.FEEDBACK, f"{title}：{item.finding}", f"{title}.docx", found, told)
        plan, title = papers.about_plan(row, self.material, self.made_at), papers.PLAN_TITLE
        yield self._made(number, Part.PLAN, title, f"{title}.docx", plan)
        if (progress := papers.about_progress(row, self.material, self.made_at)) is not None:
            title = papers.PROGRESS_TITLE
            yield self._made(number, Part.PROGRESS, title, f"{title}.docx", progress)
        for node in self.material.nodes.get(item.id, ()):
            yield from self._handed_in(number, Part.PROGRESS, node.title, node)
        yield from self._evidence(item)
        yield from self._signed(item)
        yield from self._closing(item)

    def _evidence(self, item: Item) -> Iterator[Piece]:
        for each in self.material.evidence.get(item.id, ()):
            words = FOR_OTHERS if each.is_for_others else ""
            told = Told(each.by.name, clock.local(each.added_at).date(), remark=words)
            yield self._kept(item.number, Part.EVIDENCE, each.name, each.name, each.sha256, told)
        for check in self.material.checks.get(item.id, ()):
            for file in check.files:
                title, told = f"长期坚持检查：{file.name}", Told(dated_on=check.checked_on)
                yield self._kept(item.number, Part.EVIDENCE, title, file.name, file.sha256, told)

    def _signed(self, item: Item) -> Iterator[Piece]:
        """Whatever was decided on paper: reviews, extensions, changes, corrections, supervision notices."""
        for application in self.material.applications.get(item.id, ()):
            yield from (self._paper(item, review, review.paper) for review in application.reviews if review.paper)
        for extension in self.material.extensions.get(item.id, ()):
            for step in extension.steps:
                yield from self._scan(item, f"第{extension.nth}次延期审批", step)
        for amendment in self.material.amendments.get(item.id, ()):
            yield from self._scan(item, "事项变更审批", amendment)
        for correction in self.material.corrections.get(item.id, ()):
            yield from self._scan(item, "冲正或重新整改审批", correction)
        for line in self.material.notices.get(item.id, ()):
            notice = line.notice
            told = Told(dated_on=notice.signed_on, document_number=notice.number or "")
            yield self._kept(item.number, Part.SIGNED, "督办通知单", notice.scan_name, notice.scan_sha256, told)

    def _paper(self, item: Item, review: Review, paper: Paper) -> Piece:
        told = Told(review.who, paper.dated_on, paper.document_number, ON_PAPER)
        title = paper.title or "销号审批签批件"
        return self._kept(item.number, Part.SIGNED, title, paper.file_name, paper.file_sha256, told)

    def _scan(self, item: Item, title: str, decided: Decided) -> Iterator[Piece]:
        if decided.scan_sha256:
            told = Told(decided.signature, decided.paper_on, remark=ON_PAPER)
            yield self._kept(item.number, Part.SIGNED, title, decided.scan_name, decided.scan_sha256, told)

    def _closing(self, item: Item) -> Iterator[Piece]:
        for application in self.material.applications.get(item.id, ()):
            content, name = write_application(application, taken_at=self.made_at), application_name(application)
            told = Told(item.lead_unit.name if item.lead_unit else "", clock.local(application.filed_at).date())
            title = f"销号申请表（第{application.round}轮）"
            yield self._made(item.number, Part.CLOSING, title, name, content, told)
        for look in self.material.looks.get(item.id, ()):
            for file in look.files:
                title, told = f"回头看材料：{file.name}", Told(dated_on=look.inspected_on)
                yield self._kept(item.number, Part.CLOSING, title, file.name, file.sha256, told)

    def _handed_in(self, number: str, part: Part, title: str, node: HandedIn) -> Iterator[Piece]:
        if node.file_sha256:
            told = Told(dated_on=node.handed_in_on, document_number=node.document_number)
            yield self._kept(number, part, title, node.file_name, node.file_sha256, told)

    def _made(self, number: str, part: Part, title: str, name: str, content: bytes, told: Told = NOTHING) -> Piece:
        """A paper made for the archive, put into the store; by the organ and of the day of the archive unless told."""
        stored = files.store(BytesIO(content), limit_bytes=LIMIT_BYTES)
        told = told._replace(author=told.author or self.handing.organ, dated_on=told.dated_on or self.handing.on)
        return _piece(number, part, title, name, stored.sha256, stored.size_bytes, told)

    def _kept(self, number: str, part: Part, title: str, name: str, sha256: str, told: Told) -> Piece:
        """A file as it lies in the store; one that is lost there is told, and not left out."""
        try:
            path = files.path_of(sha256)
        except NotFound:
            return _piece(number, part, title, name, sha256, 0, told._replace(remark=papers.MISSING))
        return _piece(number, part, title, name, sha256, path.stat().st_size, told, self._count_pages(sha256, name))

    def _count_pages(self, sha256: str, name: str) -> int | None:
        """The pages of a PDF; of everything else nobody knows before it is printed."""
        if not name.lower().endswith(".pdf"):
            return None
        if sha256 not in self._pages:
            self._pages[sha256] = count_pages(files.path_of(sha256)) or None
        return self._pages[sha256]


def _piece(
    number: str, part: Part, title: str, name: str, sha256: str, size: int, told: Told, pages: int | None = None
) -> Piece:
    return Piece(
        item_number=number,
        part=part,
        title=title[:TITLE_LIMIT],
        name=name[:NAME_LIMIT],
        sha256=sha256,
        size_bytes=size,
        author=told.author,
        document_number=told.document_number,
        dated_on=told.dated_on,
        pages=pages,
        remark=told.remark,
    )


def gather(gatherer: Gatherer, tell: Callable[[int, int], None]) -> list[Piece]:
    """All pieces, those of the source first and then item by item; ``tell`` hears how many items of how many."""
    rows = gatherer.material.rows
    pieces = list(gatherer.of_source())
    for done, row in enumerate(rows, start=1):
        pieces += gatherer.of_item(row)
        tell(done, len(rows))
    return pieces


def numbers_of(rows: Iterable[PrintRow]) -> dict[str, int]:
    """The ids of the items by their numbers."""
    return {row.item.number: row.item.id for row in rows}
