"""Keeping the office's own Word templates, and filling one with the figures of today to see how it comes out."""

from datetime import date
from typing import BinaryIO, NamedTuple

from sqlalchemy.orm import Session

from tracker.access.rules import Action, Actor, ensure_may
from tracker.audit.operations import record
from tracker.core import clock, files
from tracker.core.db import db
from tracker.core.errors import AlreadyThere, Conflict
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.figures.questions import Question
from tracker.office.docx_marks import Fault
from tracker.office.docx_templates import check
from tracker.reports import queries
from tracker.reports.models import ReportTemplate
from tracker.reports.operations.section import write
from tracker.reports.rules import Facts, Passage
from tracker.reports.shipped_templates import SHIPPED_NAMES, Shipped, shipped_template
from tracker.reports.templating import REQUIRED, SHAPE, Head, Lines, render_report
from tracker.reports.wording import level_of
from tracker.settings.queries import load


class Upload(NamedTuple):
    """A file that is in the store, under the name it came with."""

    name: str
    sha256: str


def faults_of(stream: BinaryIO) -> list[Fault]:
    """Everything that keeps a file from being a template; slow, so to be called outside any transaction.

    Raises DomainError for what is no Word file, too large or hostile.
    """
    return check(stream, SHAPE, REQUIRED)


def take_in(name: str, file: Upload, *, actor: Actor) -> ReportTemplate:
    """Keep a template that has no faults. Raises AlreadyThere for the same again, Conflict for a name in use."""
    ensure_may(actor, Action.WRITE_REPORT)
    same = queries.find_template(db.session(), name)
    if same is not None and same.file_sha256 == file.sha256:
        raise AlreadyThere(_l("这个模板已经保存过了。"))
    _check_free(same, name)
    template = ReportTemplate(name=name)
    _put(template, file, actor)
    db.session.add(template)
    db.session.flush()
    record(actor, "report_template.take_in", name, file=file.name, sha256=file.sha256)
    return template


def rename(template: ReportTemplate, name: str, *, actor: Actor, version: int | None = None) -> None:
    """Call a template otherwise. Raises Conflict for a name in use or a retired one, Stale for an older ``version``."""
    ensure_may(actor, Action.WRITE_REPORT)
    label = str(_l("模板名称"))
    check_version(template, version, typed={label: name}, stored={label: template.name})
    _check_in_use(template)
    if template.name == name:
        return
    _check_free(queries.find_template(db.session(), name), name)
    record(actor, "report_template.rename", name, changed={"name": [template.name, name]})
    template.name = name


def replace(template: ReportTemplate, file: Upload, *, actor: Actor, version: int | None = None) -> None:
    """Put another file in the place of a template's; what was made with the old one stays as it is.

    Raises Conflict for a retired one, Stale for an older ``version``.
    """
    ensure_may(actor, Action.WRITE_REPORT)
    label = str(_l("模板文件"))
    check_version(template, version, typed={label: file.name}, stored={label: template.file_name})
    _check_in_use(template)
    if template.file_sha256 == file.sha256:
        raise AlreadyThere(_l("文件与现在的模板相同，没有改动。"))
    record(actor, "report_template.replace", template.name, file=file.name, sha256=file.sha256)
    _put(template, file, actor)


def retire(template: ReportTemplate, *, actor: Actor) -> None:
    """Let a template be chosen no more; again is no change."""
    ensure_may(actor, Action.WRITE_REPORT)
    if not template.is_retired:
        template.is_retired = True
        record(actor, "report_template.retire", template.name, file=template.file_name)


def _put(template: ReportTemplate, file: Upload, actor: Actor) -> None:
    template.file_name, template.file_sha256 = file.name, file.sha256
    template.kept_by_id, template.kept_at = actor.person_id, clock.now()


def _check_free(same: ReportTemplate | None, name: str) -> None:
    if same is not None:
        raise Conflict(_l("已有一个模板叫“%(name)s”，请换一个名称，或在那个模板上更换文件。", name=name), field="name")


def _check_in_use(template: ReportTemplate) -> None:
    if template.is_retired:
        raise Conflict(_l("模板“%(name)s”已停用，不能再改。", name=template.name))


def content_of(template: ReportTemplate | Shipped) -> bytes:
    """The file of a template, the office's own or one that comes with the program."""
    if isinstance(template, Shipped):
        return shipped_template(template)
    return files.path_of(template.file_sha256).read_bytes()


class Trial(NamedTuple):
    """All that a template is filled with to see how it comes out."""

    template: bytes
    name: str
    facts: Facts
    decimals: int
    title: str
    lines: Lines
    head: Head

    def fill(self) -> bytes:
        """The file; slow, so to be called outside any transaction. Raises DomainError."""
        return render_report(
            self.template, self.facts, self.decimals, title=self.title, lines=self.lines, head=self.head
        )


def gather_trial(session: Session, template: ReportTemplate | Shipped, *, actor: Actor) -> Trial:
    """The section of this year as of today, to be filled into a template."""
    ensure_may(actor, Action.WRITE_REPORT)
    settings, today = load(session), clock.today()
    decimals = settings["rules.rate_decimals"]
    section = write(session, today.year, Question(today), decimals=decimals, actor=actor)
    return Trial(
        content_of(template),
        f"试填_{name_of(template)}",
        section.facts,
        decimals,
        f"{today.year}年度履行抓党建工作责任情况报告（整改落实部分）",
        lines_of(section.passage),
        Head(organ=settings["organ.name"] or settings["organ.short_name"]),
    )


def name_of(template: ReportTemplate | Shipped) -> str:
    """What the file of a template is called."""
    return SHIPPED_NAMES[template] if isinstance(template, Shipped) else template.file_name


def lines_of(passage: Passage) -> Lines:
    """The paragraphs of a passage with their levels, its heading first."""
    return [(level_of(line), line) for line in passage.text.split("\n") if line]


def note_download(template: ReportTemplate | Shipped, *, actor: Actor, as_of: date | None = None) -> None:
    """Tell the trail who took a template away, or with ``as_of`` the one that was filled with that day's figures."""
    told = {"as_of": as_of} if as_of else {}
    act = "report_template.fill" if as_of else "report_template.download"
    subject = template.name if isinstance(template, ReportTemplate) else str(SHIPPED_NAMES[template])
    record(actor, act, subject, file=name_of(template), **told)
