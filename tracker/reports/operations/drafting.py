"""Drafting a report: its facts are read as known at one instant, its text is written by a wording."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from tracker.access.rules import Action, Actor, Reach, ensure_may
from tracker.audit.operations import record, take_instant
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import DomainError, Forbidden
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.figures.questions import Question, check_knowable
from tracker.office.text_templates import TemplateFault
from tracker.org.queries import get_unit
from tracker.reports import facts_text, queries, texts
from tracker.reports.checks import Judge
from tracker.reports.kinds import (
    EDITION_LABELS,
    SHIPPED,
    Edition,
    ReportKind,
    ReportState,
    check_draft,
    check_period,
    check_size,
    check_text,
)
from tracker.reports.models import Report, ReportItem, ReportSource
from tracker.reports.naming import Named, catalogue
from tracker.reports.rules import Facts, Passage, marked
from tracker.reports.wording import draft as as_draft
from tracker.reports.wording import is_heading, left_out, shipped
from tracker.reports.wording import write as write_passage
from tracker.sources.queries import get_known


@dataclass(frozen=True)
class Order:
    """What a report is ordered as. ``wording`` is the name of a shipped one, or the id of one of the office.

    ``typical`` are the numbers of items chosen by hand; without them a rule chooses.
    """

    kind: ReportKind
    title: str
    first_on: date
    as_of: date
    decimals: int
    wording: str
    unit_id: int | None = None
    source_ids: tuple[int, ...] = ()
    edition: Edition = Edition.ABOVE
    typical: tuple[str, ...] = ()
    template: str = ""

    @property
    def is_public(self) -> bool:
        """Whether what is withheld must not be told."""
        return self.edition is Edition.PUBLIC or self.kind is ReportKind.PUBLIC


def order_of(report: Report) -> Order:
    """What a report was ordered as."""
    return Order(
        kind=report.kind,
        title=report.title,
        first_on=report.first_on,
        as_of=report.as_of,
        decimals=report.decimals,
        wording=report.wording,
        unit_id=report.unit_id,
        source_ids=report.source_ids,
        edition=report.edition,
        typical=tuple(json.loads(report.typical)),
        template=report.template,
    )


def order_on(report: Report, as_of: date) -> Order:
    """The same report as of another day."""
    order = order_of(report)
    return replace(order, as_of=as_of, first_on=min(order.first_on, as_of))


def ensure_writes(actor: Actor, unit_id: int | None) -> None:
    """Raise Forbidden unless a person may write reports about these units."""
    ensure_may(actor, Action.WRITE_REPORT)
    if not queries.manages(actor, unit_id):
        raise Forbidden(_l("您没有权限编写这个范围的报告。"))


def moment() -> datetime:
    """An instant before which nothing will be recorded any more, in a transaction that writes."""
    return take_instant(db.session())[0]


def collect(session: Session, order: Order, *, known_at: datetime, seen: Reach, actor: Actor) -> Facts:
    """Read the facts of a report within a reach, as known at an instant; nothing is written.

    Raises DomainError for a day to come, a period turned round and too many items, NotFound for a source out of sight.
    """
    check_period(order.first_on, order.as_of)
    check_knowable(order.as_of, None, today=clock.today(), now=clock.now())
    if order.unit_id is not None:
        get_unit(session, order.unit_id)
    for source_id in order.source_ids:
        get_known(session, source_id, actor)
    question = question_of(order, known_at)
    check_size(queries.count_asked(session, question, seen))
    days = (order.first_on, order.as_of)
    facts = queries.gather_facts(session, days, question, seen, taken_at=known_at, typical=order.typical)
    return replace(facts, is_public=order.is_public)


def question_of(order: Order, known_at: datetime) -> Question:
    """What a report asks of the figures."""
    return Question(order.as_of, known_at, source_ids=order.source_ids, unit_id=order.unit_id)


def figures_of(facts: Facts, decimals: int) -> Mapping[str, Named]:
    """The figures of a report by name."""
    return catalogue(facts, decimals)


def wording_text(session: Session, wording: str) -> str:
    """The text of a wording; raises NotFound for one of the office that is gone."""
    if wording.isdigit():
        return queries.get_wording(session, int(wording)).text
    if wording not in {name for names in SHIPPED.values() for name in names}:
        raise DomainError(_l("没有这份行文模板。"), field="wording")
    return shipped(wording)


def draft(order: Order, facts: Facts, *, actor: Actor) -> Report:
    """Write a report from its facts; what the wording had to leave out is kept beside the text."""
    ensure_writes(actor, order.unit_id)
    session = db.session()
    passage = write_by(wording_text(session, order.wording), facts, order.decimals)
    return _keep(order, facts, as_draft(passage), told_refused(passage), actor=actor)


def write_by(wording: str, facts: Facts, decimals: int) -> Passage:
    """A passage by a wording; raises DomainError where the wording can't be used (any more)."""
    try:
        return write_passage(wording, facts, decimals)
    except TemplateFault as fault:
        message = _l("行文模板不能用：%(what)s", what=fault.message)
        raise DomainError(message, field="wording") from fault


def told_refused(passage: Passage) -> str:
    """The sentences that were left out, as a report keeps them."""
    return json.dumps([[each.sentence, each.why] for each in passage.refused], ensure_ascii=False)


def _keep(order: Order, facts: Facts, text: str, refused: str, *, actor: Actor) -> Report:
    session = db.session()
    check_text(text)
    report = Report(
        kind=order.kind,
        edition=order.edition,
        title=order.title,
        first_on=order.first_on,
        as_of=order.as_of,
        known_at=facts.known_at,
        decimals=order.decimals,
        unit_id=order.unit_id,
        wording=order.wording,
        template=order.template,
        text=text,
        facts=facts_text.write(facts),
        refused=refused,
        typical=json.dumps(order.typical, ensure_ascii=False),
        written_by_id=actor.person_id,
        written_at=clock.now(),
        sources=[ReportSource(source_id=source_id) for source_id in sorted(set(order.source_ids))],
    )
    session.add(report)
    session.flush()
    keep_items(report, facts)
    told = {"report_kind": order.kind, "edition": order.edition, "as_of": order.as_of, "known_at": facts.known_at}
    record(actor, "report.draft", order.title, **told)
    return report


def keep_items(report: Report, facts: Facts) -> None:
    """Keep which items a report tells of: who may read it, and what it may tell, depends on them as they are now."""
    session, numbers = db.session(), [item.number for source in facts.sources for item in source.items]
    session.execute(delete(ReportItem).where(ReportItem.report_id == report.id))
    session.execute(insert(ReportItem).from_select(["report_id", "item_id"], queries.select_told(report.id, numbers)))


def make_edition(report: Report, edition: Edition, *, actor: Actor) -> Report:
    """Make another edition of a text: the same words and facts; for the public without what is withheld.

    ``report`` must have been read with a lock. Raises DomainError where that edition is there, be it unseen.
    """
    ensure_writes(actor, report.unit_id)
    session = db.session()
    if edition in queries.lock_editions(session, report):
        message = _l("已经有%(edition)s。", edition=EDITION_LABELS[edition])
        raise DomainError(message, field="edition")
    order = replace(order_of(report), edition=edition)
    facts, text = replace(facts_text.read(report.facts), is_public=order.is_public), report.text
    if order.is_public:
        facts = marked(facts, queries.list_withheld(session, report.id))
        text = _for_public(text, facts)
    made = _keep(order, facts, text, "[]", actor=actor)
    made.of_id, made.held = report.of_id or report.id, report.held
    session.flush()
    return made


def _for_public(text: str, facts: Facts) -> str:
    """The text without the sentences that tell of what is withheld, and with how many items these are."""
    judge = Judge(facts)
    lines = [(is_heading(line), texts.sentences(texts.fragments(line, {}))) for line in text.split("\n")]
    kept = [
        [sentence for sentence, is_hiding in zip(told, hides, strict=True) if not is_hiding]
        for (_heading, told), hides in zip(lines, judge.telling.hiding(lines, facts.withheld), strict=True)
    ]
    kept.append(list(left_out(chain(*kept), judge, facts)))
    written = ("".join(texts.written(each.fragments) for each in told) for told in kept)
    return "\n".join(filter(None, written))


def drop(report: Report, *, actor: Actor, version: int | None = None) -> None:
    """Give a draft up; ``report`` must have been read with a lock. It stays in the database and in the trail.

    Raises Stale for an older ``version``, Conflict for a report that is no draft.
    """
    ensure_writes(actor, report.unit_id)
    check_draft(report.state)
    check_version(report, version)
    report.state = ReportState.DROPPED
    db.session().flush()
    record(actor, "report.drop", report.title)
